"""Write what a D4 track holds of one chromosome."""

import os
from concurrent.futures import Executor
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.d4.dictionary import AnyDictionary
from hicloom.formats.d4.records import StreamWriter
from hicloom.kernels.bits import pack
from hicloom.kernels.runs import Runs, Values, expand, fill_gaps, runs_of

BLOCK = 1 << 22
"""Positions that are encoded at once: memory is some 100 MB, whatever the chromosome."""


class ChromosomeWriter:
    """Encodes values, position after position, into both tables.

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
        self._tail = np.empty(0, np.uint32)
        self._records = StreamWriter(file, level, dictionary.last, pool)

    def runs(self, runs: Runs) -> None:
        """Append sorted runs; positions between them are 0."""
        end = int(runs[1][-1])
        if self._width == 0:
            self._put(fill_gaps(runs, self.position, end))
            self.position = end
            return
        for low in range(self.position, end, BLOCK):
            self._encode(expand(runs, low, min(low + BLOCK, end)))

    def dense(self, values: Values) -> None:
        """Append the values of consecutive positions."""
        for low in range(0, len(values), BLOCK):
            self._encode(values[low : low + BLOCK])

    def zeros(self, end: int) -> None:
        """Append zeros up to `end`."""
        if end > self.position:
            self.runs((np.array([self.position]), np.array([end]), np.zeros(1, np.int32)))

    def close(self, size: int) -> tuple[int, int]:
        """Fill with zeros up to `size`: where the records begin, and size of their first frame."""
        self.zeros(size)
        self._write(self._tail)
        return self._records.close()

    def _encode(self, values: Values) -> None:
        """Both tables of the next positions."""
        runs = runs_of(values, self.position)
        if self._width:
            codes = self._dictionary.encode(values)
            last = codes[runs[0] - self.position] == (1 << self._width) - 1
            self._pack(codes)
            runs = runs[0][last], runs[1][last], runs[2][last]
        self.position += len(values)
        self._put(runs)

    def _put(self, runs: Runs) -> None:
        """Append records; what is the default needs none."""
        told = (runs[2] != self._dictionary.last) & (runs[1] > runs[0])
        if told.any():
            self._records.put((runs[0][told], runs[1][told], runs[2][told]))

    def _pack(self, codes: NDArray[np.uint32]) -> None:
        """Write codes by eights, which are whole bytes; what is left waits for more."""
        codes = np.concatenate((self._tail, codes)) if len(self._tail) else codes
        whole = len(codes) // 8 * 8
        self._write(codes[:whole])
        self._tail = codes[whole:]

    def _write(self, codes: NDArray[np.uint32]) -> None:
        if not len(codes):
            return
        packed = pack(codes, self._width)
        os.pwrite(self._file.fileno(), packed.data, self._table)
        self._table += len(packed)
