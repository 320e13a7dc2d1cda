"""Pairs to bins: the one convention that every map follows.

A pair at 1-based position p lies in bin (p - 1) // size of its chromosome. Bins are numbered
through the genome, chromosome by chromosome, as cooler does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.chromsizes import read_chromsizes
from hicloom.formats.pairs import Block, Header

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Bins:
    """The bins of a genome: `size` bp each, the last of a chromosome what is left."""

    chromsizes: Mapping[str, int]
    size: int

    @cached_property
    def counts(self) -> Ints:
        """Number of bins of each chromosome, shape (chromosomes,)."""
        return -(-self.lengths // self.size)

    @cached_property
    def starts(self) -> Ints:
        """First bin of each chromosome and the number of all, shape (chromosomes + 1,)."""
        return np.concatenate(([0], np.cumsum(self.counts)))

    @property
    def cuts(self) -> Ints:
        """0-based starts of the bins, if they are of unequal size, chromosome by chromosome."""
        return np.empty(0, np.int64)

    def number(self, chrom: Ints, position: Ints) -> Ints:
        """The bin of each (1-based) position."""
        return self.starts[chrom] + (position - 1) // self.size

    def start(self, bins: Ints, chrom: Ints) -> Ints:
        """0-based start of each bin, which lies on this chromosome (bp)."""
        return (bins - self.starts[chrom]) * self.size

    def of(self, block: Block, keep: Mask | None = None) -> tuple[Ints, Ints]:
        """The bins of each pair, the smaller first: two int64 arrays of shape (lines,).

        With `keep`, of shape (lines,), only of the pairs where it is true.

        Raises
        ------
        InputError
            If a pair is on an unknown chromosome, or not within 1 and its length.
        """
        lines = np.arange(block.n) if keep is None else np.flatnonzero(keep)
        one, two = (self._side(block, side, lines) for side in "12")
        return np.minimum(one, two), np.maximum(one, two)

    def holds(self, block: Block) -> Mask:
        """Which pairs have both sides on chromosomes of these bins; shape (lines,)."""
        return (self._chroms(block, "1") >= 0) & (self._chroms(block, "2") >= 0)

    def block_major(self, bin1: Ints, bin2: Ints) -> Ints:
        """A number for each pixel that ascends by chrom1, chrom2, bin1, bin2.

        All are below the square of the number of bins.
        """
        chrom1, chrom2 = self._chrom(bin1), self._chrom(bin2)
        block = self.starts[chrom1] * self.starts[-1] + self.counts[chrom1] * self.starts[chrom2]
        row, column = bin1 - self.starts[chrom1], bin2 - self.starts[chrom2]
        return block + row * self.counts[chrom2] + column

    def from_block_major(self, keys: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Chromosome and start (0-based, bp) of bin 1, then of bin 2, of such numbers."""
        chrom1 = self._chrom(keys // self.starts[-1])
        inside = keys - self.starts[chrom1] * self.starts[-1]
        chrom2 = self._chrom(inside // self.counts[chrom1])
        inside -= self.counts[chrom1] * self.starts[chrom2]
        row, column = divmod(inside, self.counts[chrom2])
        start1 = self.start(self.starts[chrom1] + row, chrom1)
        return chrom1, start1, chrom2, self.start(self.starts[chrom2] + column, chrom2)

    def _chrom(self, bins: Ints) -> Ints:
        return np.searchsorted(self.starts, bins, side="right") - 1

    def _side(self, block: Block, side: str, lines: Ints) -> Ints:
        chrom, position = self._chroms(block, side)[lines], block.ints(f"pos{side}")[lines]
        _check(block, side, lines, chrom, position, np.append(self.lengths, 0)[chrom])
        return self.number(chrom, position)

    def _chroms(self, block: Block, side: str) -> Ints:
        """Number of each pair's chromosome; -1 for an unknown one."""
        codes, names = block.names(f"chrom{side}")
        return np.array([self._order.get(name, -1) for name in names], np.int64)[codes]

    @cached_property
    def lengths(self) -> Ints:
        """Length of each chromosome in bp, shape (chromosomes,)."""
        return np.fromiter(self.chromsizes.values(), np.int64)

    @cached_property
    def _order(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.chromsizes)}


def chosen_chromsizes(header: Header, source: str, path: Path | None) -> dict[str, int]:
    """Lengths (bp) of the chromosomes of a map: those of `path`, else those of the header.

    Raises
    ------
    InputError
        If there are none, or the header gives another length.
    """
    sizes = read_chromsizes(path) if path else header.chromsizes
    if not sizes:
        raise InputError(f"{source}: the header has no '#chromsize:' lines; give --chromsizes")
    for name, length in header.chromsizes.items():
        if sizes.get(name, length) != length:
            raise InputError(
                f"{path}: chromosome {name} has length {sizes[name]}, but {length} in the header"
                f" of {source}; use the chromsizes of the same assembly"
            )
    return sizes


def _check(block: Block, side: str, lines: Ints, chrom: Ints, position: Ints, length: Ints) -> None:
    unknown = chrom < 0
    outside = ~unknown & ((position < 1) | (position > length))
    if unknown.any():
        row = int(lines[unknown][0])
        name = block.strings(f"chrom{side}")[row].decode(errors="replace")
        raise block.error(
            row,
            f"chromosome '{name}' is not in the chromsizes;"
            " drop such pairs with hicloom filter --chromsizes",
        )
    if outside.any():
        place = int(np.flatnonzero(outside)[0])
        raise block.error(
            int(lines[place]),
            f"pos{side} is {position[place]}, expected 1 to {length[place]}, its chromosome's end",
        )
