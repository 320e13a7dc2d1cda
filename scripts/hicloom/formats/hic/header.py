"""The header of .hic files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.hic.binary import Cursor, Damaged, ints, text
from hicloom.formats.hic.grid import BP, WHOLE_GENOME, FragmentGrid, Grid, WholeGenome

MAGIC = b"HIC\0"
VERSION = 8
READABLE = (7, 8)
FOOTER_FIELD = 8
"""Where the position of the footer stands (int64)."""

_MAX = 2**31 - 1


class Fragments(NamedTuple):
    """Restriction fragments, and what of them make a bin.

    Attributes
    ----------
    resolutions : sequence of int
        Bin sizes (fragments), descending; none, if there are no such maps.
    sites : sequence of int64 arrays
        By chromosome: first base (1-based) of each fragment but the first, and its length at the
        end, as in Juicer's site files.
    """

    resolutions: Sequence[int] = ()
    sites: Sequence[NDArray[np.int64]] = ()


NO_FRAGMENTS = Fragments()


@dataclass(frozen=True)
class Header:
    """What a .hic file says of itself.

    Attributes
    ----------
    assembly : str
    chromsizes : mapping of str to int
        Lengths (bp) without that of the whole genome, which the file has first.
    resolutions : sequence of int
        Bin sizes (bp), descending.
    attributes : mapping of str to str
    fragments : Fragments
    """

    assembly: str
    chromsizes: Mapping[str, int]
    resolutions: Sequence[int]
    attributes: Mapping[str, str] = field(default_factory=dict)
    fragments: Fragments = NO_FRAGMENTS

    def grids(self, unit: str) -> list[Grid]:
        """The bins at each resolution in a unit, the coarsest first."""
        if unit == BP:
            return [Grid(self.chromsizes, size) for size in self.resolutions]
        sites, sizes = self.fragments.sites, self.fragments.resolutions
        counts = dict(zip(self.chromsizes, map(len, sites), strict=True)) if sizes else {}
        return [FragmentGrid(counts, size) for size in sizes]

    def encode(self) -> bytes:
        """The bytes of the header, with 0 as the position of the footer.

        Raises
        ------
        InputError
            If a name or a length is none that the format can hold.
        """
        _check(self.chromsizes)
        whole = WholeGenome.of(self.chromsizes).chromsizes
        sizes = {**whole, **self.chromsizes}
        return b"".join(
            [
                *(MAGIC, ints(VERSION, 0, 0), text(self.assembly)),
                ints(len(self.attributes)),
                *(text(key) + text(value) for key, value in self.attributes.items()),
                ints(len(sizes)),
                *(text(name) + ints(length) for name, length in sizes.items()),
                *(ints(len(self.resolutions)), ints(*self.resolutions)),
                *_fragments(self.fragments),
            ]
        )


def _fragments(fragments: Fragments) -> list[bytes]:
    """Resolutions in fragments, and if there are some the sites of all chromosomes, of which the
    whole genome has none."""
    sizes, sites = fragments
    counted = (ints(len(of_one)) + of_one.astype("<i4").tobytes() for of_one in sites)
    return [ints(len(sizes)), ints(*sizes), *((ints(0), *counted) if sizes else ())]


def _check(chromsizes: Mapping[str, int]) -> None:
    for name, length in chromsizes.items():
        if name.upper() == WHOLE_GENOME:
            raise InputError(f"chromosome '{name}': .hic keeps this name for the whole genome")
        if "\0" in name:
            raise InputError(f"chromosome {name!r}: .hic cannot hold a name with a zero byte")
        if not 0 < length <= _MAX:
            raise InputError(
                f"chromosome '{name}': .hic holds lengths of 1 to {_MAX}, not {length}"
            )


def read_header(cursor: Cursor) -> tuple[Header, int]:
    """The header at the start of a file, and the position of the footer.

    Raises
    ------
    Damaged
        If it is none, or of a version that is not read here.
    """
    if cursor.take(4) != MAGIC:
        raise Damaged("it is not a .hic file")
    if (version := cursor.int32()) not in READABLE:
        raise Damaged(f"it is of version {version}; versions 7 and 8 are read")
    footer, assembly = cursor.int64(), cursor.text()
    attributes = {cursor.text(): cursor.text() for _ in range(cursor.int32())}
    names = [(cursor.text(), cursor.int32()) for _ in range(cursor.int32())]
    if not names or names[0][0].upper() != WHOLE_GENOME:
        raise Damaged("its first chromosome is not the whole genome")
    resolutions = cursor.array("<i4", cursor.int32()).tolist()
    fragments = _read_fragments(cursor, len(names))
    return Header(assembly, dict(names[1:]), resolutions, attributes, fragments), footer


def _read_fragments(cursor: Cursor, chromosomes: int) -> Fragments:
    if not (sizes := cursor.array("<i4", cursor.int32()).tolist()):
        return NO_FRAGMENTS
    sites = [cursor.array("<i4", cursor.int32()).astype(np.int64) for _ in range(chromosomes)]
    return Fragments(sizes, sites[1:])
