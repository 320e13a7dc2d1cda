"""A symmetric matrix of pixels: in memory, or in a file that is mapped piece by piece."""

import mmap
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.balance import (
    Columns,
    Counts,
    Ids,
    Vector,
    count_columns,
    gather,
    spread,
    transpose,
)

PIECE = 1 << 21
"""Pixels that are worked on at once where they are not held in memory."""

SEGMENTS = 4
"""Threads that transpose, at most: each needs places for all bins."""

_SHARES = 4
"""Shares of the rows for each thread: one that is held up does not hold up all."""

_LEAST = 1 << 16
"""Pixels that are worth a thread."""


class Pixels(NamedTuple):
    """Pixels by row, as `hicloom.kernels.balance` describes them."""

    offsets: Ids
    columns: Columns
    counts: Counts

    def cuts(self, first: int, last: int, size: int) -> list[int]:
        """Rows that cut first .. last (half-open) into pieces of about `size` pixels."""
        marks = np.arange(self.offsets[first], self.offsets[last], size)[1:]
        inner = np.searchsorted(self.offsets[first : last + 1], marks) + first
        return sorted({first, last, *inner.tolist()})


def size_in_memory(pixels: int, dtype: np.dtype[np.generic], bins: int, threads: int) -> int:
    """Bytes that a matrix takes which is held."""
    return 2 * pixels * (4 + dtype.itemsize) + 8 * bins * (min(threads, SEGMENTS) + 2)


class Scratch:
    """Arrays in a file without a name, so that nothing is left behind however a run ends.

    Parameters
    ----------
    tmpdir : Path
        Where it lies.
    """

    def __init__(self, tmpdir: Path):
        self._tmpdir = tmpdir
        self._maps: list[mmap.mmap] = []

    def array(self, size: int, dtype: Any) -> NDArray[Any]:
        """Zeros of shape (size,). Raises OSError where the disk is full."""
        space = max(1, size * np.dtype(dtype).itemsize)
        with tempfile.TemporaryFile(dir=self._tmpdir) as file:
            os.posix_fallocate(file.fileno(), 0, space)
            self._maps.append(mmap.mmap(file.fileno(), space))
        return np.frombuffer(self._maps[-1], dtype, size)

    def release(self) -> None:
        """Give back the memory of what was read and written; the file keeps it."""
        for mapped in self._maps:
            mapped.madvise(mmap.MADV_DONTNEED)


class Symmetric:
    """Sums of rows of a symmetric matrix, given its pixels of one triangle.

    Parameters
    ----------
    upper
        The pixels by row.
    scratch : Scratch, optional
        Where they lie, if not in memory. In memory the other triangle is made, too.
    threads : int
        The sums do not depend on it.
    """

    def __init__(self, upper: Pixels, scratch: Scratch | None, threads: int):
        self.upper = upper
        self._scratch, self._threads = scratch, threads
        self._pool = ThreadPoolExecutor(threads)
        self._lower = None if scratch else self._transposed()

    def __enter__(self) -> "Symmetric":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def sums(self, vector: Vector, first: int, last: int) -> Vector:
        """vector[i] * sum over j of matrix[i, j] * vector[j], for rows i of first .. last.

        Parameters
        ----------
        vector : float64 array of shape (rows of the matrix,)

        Returns
        -------
        float64 array of shape (last - first,)
        """
        sums = np.zeros(len(vector))
        if self._lower is None:
            self._sum_mapped(vector, first, last, sums)
        else:
            self._sum_held(vector, first, last, sums)
        return sums[first:last] * vector[first:last]

    def _sum_held(self, vector: Vector, first: int, last: int, sums: Vector) -> None:
        assert self._lower is not None
        upper, lower = self.upper, self._lower

        def share(low: int, high: int) -> None:
            gather(*upper, vector, low, high, sums)
            gather(*lower, vector, low, high, sums)

        self._run([partial(share, *rows) for rows in self._shares(upper, first, last)])

    def _sum_mapped(self, vector: Vector, first: int, last: int, sums: Vector) -> None:
        assert self._scratch is not None
        lower = np.zeros(len(vector))
        for low, high in pairwise(self.upper.cuts(first, last, PIECE)):
            # Columns get their sums from one thread alone, which keeps the order of the rows.
            tasks = [partial(spread, *self.upper, vector, low, high, lower)]
            for rows in self._shares(self.upper, low, high):
                tasks.append(partial(gather, *self.upper, vector, *rows, sums))
            self._run(tasks)
            self._scratch.release()
        sums[first:last] += lower[first:last]

    def _shares(self, pixels: Pixels, first: int, last: int) -> Iterable[tuple[int, int]]:
        """Rows first .. last in shares of about as many pixels."""
        number = int(pixels.offsets[last] - pixels.offsets[first])
        size = max(_LEAST, -(-number // (self._threads * _SHARES)))
        return pairwise(pixels.cuts(first, last, size))

    def _run(self, tasks: Sequence[Callable[[], None]]) -> None:
        if self._threads == 1 or len(tasks) == 1:
            for task in tasks:
                task()
        else:
            for future in [self._pool.submit(task) for task in tasks]:
                future.result()

    def _transposed(self) -> Pixels:
        upper = self.upper
        rows, number = len(upper.offsets) - 1, len(upper.columns)
        segments = min(self._threads, SEGMENTS)
        pieces = list(pairwise(upper.cuts(0, rows, max(_LEAST, -(-number // segments)))))
        lengths = np.zeros((len(pieces), rows), np.int64)
        self._run(
            [
                partial(count_columns, upper.offsets, upper.columns, *piece, of_piece)
                for piece, of_piece in zip(pieces, lengths, strict=True)
            ]
        )
        offsets = np.zeros(rows + 1, np.int64)
        np.cumsum(lengths.sum(axis=0), out=offsets[1:])
        places = _places(lengths, offsets)
        lower = Pixels(
            offsets, np.empty(offsets[-1], np.uint32), np.empty(offsets[-1], upper.counts.dtype)
        )
        self._run(
            [
                partial(transpose, *upper, *piece, of_piece, lower.columns, lower.counts)
                for piece, of_piece in zip(pieces, places, strict=True)
            ]
        )
        return lower


def _places(lengths: NDArray[np.int64], offsets: Ids) -> NDArray[np.int64]:
    """Where the pixels of each piece (of these lengths, by column) go: behind the one before."""
    place = offsets[:-1].copy()
    for of_piece in lengths:
        place += of_piece
        np.subtract(place, of_piece, out=of_piece)
    return lengths
