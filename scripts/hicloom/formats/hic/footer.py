"""The footer of .hic files: master index, expected counts, norms."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.hic.binary import Cursor, doubles, ints, text
from hicloom.formats.hic.expected import Expected, read_expected
from hicloom.formats.hic.grid import BP

Vector = NDArray[np.float64]


class Place(NamedTuple):
    """Where something lies in the file, and its bytes."""

    position: int
    size: int


class NormKey(NamedTuple):
    """Which norm vector: norm, chromosome (from 0), resolution and its unit."""

    norm: str
    chrom: int
    resolution: int
    unit: str = BP


class Footer(NamedTuple):
    """What a footer says, of expected counts and norms those in one unit.

    Attributes
    ----------
    matrices : dict of Place
        By the numbers of two chromosomes in the file, where 0 is the whole genome.
    expected : dict of Expected
        By norm and resolution.
    norms : dict of Place
    norm_section : int
        Where the norms start.
    """

    matrices: dict[tuple[int, int], Place]
    expected: dict[tuple[str, int], Expected]
    norms: dict[NormKey, Place]
    norm_section: int


def encode_footer(matrices: Mapping[tuple[int, int], Place], expected: Sequence[Expected]) -> bytes:
    """The footer up to the norms.

    Raises
    ------
    InputError
        If it is larger than the format can hold.
    """
    index = (
        text(f"{one}_{two}") + place.position.to_bytes(8, "little") + ints(place.size)
        for (one, two), place in matrices.items()
    )
    body = b"".join(
        [
            *(ints(len(matrices)), *index),
            *(ints(len(expected)), *(vector.encode() for vector in expected)),
        ]
    )
    if len(body) >= 1 << 31:
        raise InputError(
            f"{len(matrices)} pairs of chromosomes have contacts: too many for a .hic file;"
            " leave small contigs out"
        )
    return ints(len(body)) + body


def encode_norms(
    expected: Sequence[Expected], vectors: Mapping[NormKey, Vector], position: int
) -> Iterator[bytes]:
    """The section of the norms, in pieces.

    Parameters
    ----------
    expected : sequence of Expected
    vectors : mapping of NormKey to float64 array
    position : int
        Where the section starts in the file.
    """
    head = ints(len(expected)) + b"".join(vector.encode() for vector in expected)
    keys = [(text(key.norm) + ints(key.chrom + 1) + text(key.unit), key) for key in vectors]
    at = position + len(head) + 4 + sum(len(name) + 16 for name, _ in keys)
    index = []
    for name, key in keys:
        size = 4 + 8 * len(vectors[key])
        index.append(name + ints(key.resolution) + at.to_bytes(8, "little") + ints(size))
        at += size
    yield from (head, ints(len(keys)), *index)
    yield from map(doubles, vectors.values())


def read_footer(cursor: Cursor, unit: str) -> Footer:
    """The footer that a cursor stands before."""
    section = cursor.int32() + cursor.at
    matrices = {}
    for _ in range(cursor.int32()):
        one, two = cursor.text().split("_")
        matrices[int(one), int(two)] = Place(cursor.int64(), cursor.int32())
    vectors = [read_expected(cursor, normed=False) for _ in range(cursor.int32())]
    cursor.at = section
    norms = {}
    if not cursor.ended():
        vectors += [read_expected(cursor, normed=True) for _ in range(cursor.int32())]
        for _ in range(cursor.int32()):
            norm, chrom, of = cursor.text(), cursor.int32() - 1, cursor.text()
            key = NormKey(norm, chrom, cursor.int32(), of)
            place = Place(cursor.int64(), cursor.int32())
            if of == unit:
                norms[key] = place
    expected = {(e.norm, e.resolution): e for e in vectors if e.unit == unit}
    return Footer(matrices, expected, norms, section)
