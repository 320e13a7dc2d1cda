"""Write what a D4 track holds of one chromosome."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.d4.dictionary import AnyDictionary, SimpleRange
from hicloom.formats.d4.records import StreamWriter
from hicloom.kernels.runs import Runs, Values, expand, fill_gaps, runs_of

BLOCK = 1 << 22
"""Positions that are encoded at once: memory is some 100 MB, whatever the chromosome."""


@dataclass(frozen=True)
class Encoded:
    """What both tables hold of a stretch of a chromosome.

    Attributes
    ----------
    start, end : int
        0-based, half-open.
    packed : uint8 array
        Codes; the first one begins within the first byte where `start` says.
    runs : Runs
        What needs a record, in runs as long as values are equal.
    """

    start: int
    end: int
    packed: NDArray[np.uint8]
    runs: Runs


def encode(values: Values, start: int, dictionary: AnyDictionary) -> Encoded:
    """The values of consecutive positions from `start` on as they are stored."""
    # Who only reads need not wait for numba.
    from hicloom.kernels.codes import pack, runs_outside

    width, low = dictionary.width, 0
    if isinstance(dictionary, SimpleRange):
        codes, low = values, dictionary.low
        runs = runs_outside(values, dictionary.low, dictionary.high, start)
    else:
        codes = dictionary.encode(values).view(np.int32)
        runs = runs_of(values, start)
        told = (codes[runs[0] - start] == (1 << width) - 1) & (runs[2] != dictionary.last)
        runs = runs[0][told], runs[1][told], runs[2][told]
    packed = pack(codes, low, width, start * width % 8) if width else np.empty(0, np.uint8)
    return Encoded(start, start + len(values), packed, runs)


class ChromosomeWriter:
    """Writes encoded stretches, one after another, to both tables.

    Parameters
    ----------
    file : binary file
        Records are written where it stands.
    table : int
        Where the codes of this chromosome lie in the file.
    level : int or None
        How much records are compressed.
    pool : Executor, optional
        Compresses (default: the caller's own thread).

    Attributes
    ----------
    position : int
        Up to where values are known (0-based, exclusive).
    """

    def __init__(
        self,
        file: BinaryIO,
        table: int,
        dictionary: AnyDictionary,
        level: int | None,
        pool: Executor | None,
    ) -> None:
        self.position = 0
        self._file, self._table = file, table
        self._dictionary, self._width = dictionary, dictionary.width
        self._open_byte = 0
        self._records = StreamWriter(file, level, dictionary.last, pool)

    def put(self, encoded: Encoded) -> None:
        """Append a stretch; positions before it are 0."""
        self.zeros(encoded.start)
        self._write(encoded)
        self.position = encoded.end
        if len(encoded.runs[0]):
            self._records.put(encoded.runs)

    def runs(self, runs: Runs) -> None:
        """Append sorted runs; positions between them are 0."""
        end = int(runs[1][-1])
        if self._width == 0:
            self._put(fill_gaps(runs, self.position, end))
            self.position = end
            return
        for low, high in blocks(self.position, end):
            self.put(encode(expand(runs, low, high), low, self._dictionary))

    def zeros(self, end: int) -> None:
        """Append zeros up to `end`."""
        if end > self.position:
            self.runs((np.array([self.position]), np.array([end]), np.zeros(1, np.int32)))

    def close(self, size: int) -> tuple[int, int]:
        """Fill with zeros up to `size`: where the records begin, and size of their first frame."""
        self.zeros(size)
        return self._records.close()

    def _put(self, runs: Runs) -> None:
        """Append records; what is the default needs none."""
        told = (runs[2] != self._dictionary.last) & (runs[1] > runs[0])
        if told.any():
            self._records.put((runs[0][told], runs[1][told], runs[2][told]))

    def _write(self, encoded: Encoded) -> None:
        """Write codes; a byte that two stretches share is written with both."""
        packed = encoded.packed
        if not len(packed):
            return
        packed[0] |= self._open_byte
        self._open_byte = int(packed[-1]) if encoded.end * self._width % 8 else 0
        place = self._table + encoded.start * self._width // 8
        os.pwrite(self._file.fileno(), packed.data, place)


def blocks(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The pieces of `start` to `end` that are encoded at once."""
    return ((low, min(low + BLOCK, end)) for low in range(start, end, BLOCK))
