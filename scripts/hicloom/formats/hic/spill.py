"""Pixels that wait for the rest of their blocks, on disk where they are too many."""

import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.hic.grid import Grid, Ints
from hicloom.formats.hic.pixels import Batch, Pixels
from hicloom.kernels.block_order import block_order

STEP = 4096
"""Of so many pixels of a run, the key of one is known without reading it."""

_PIXEL = np.dtype([("key", "<i8"), ("bin1", "<i8"), ("count", "<f4")])


class _Run(NamedTuple):
    """Sorted pixels in the file: which is the first, how many, and the key of every STEP."""

    first: int
    size: int
    samples: Ints


class Spill:
    """Pixels in a file without a name, so that nothing is left behind however a run ends.

    They come row by row, and go by stripe, then column.

    Parameters
    ----------
    grid : Grid
    folder : Path
        Where the file lies.
    """

    def __init__(self, grid: Grid, folder: Path):
        self._grid = grid
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._runs: list[_Run] = []

    def add(self, batch: Batch) -> None:
        """Put the next pixels aside. Raises OSError where the disk is full."""
        order = block_order(batch.stripe, batch.pixels.bin2)
        table = np.empty(len(order), _PIXEL)
        table["key"] = keys(self._grid, batch.stripe[order], batch.pixels.bin2[order])
        table["bin1"], table["count"] = batch.pixels.bin1[order], batch.pixels.counts[order]
        first = self._runs[-1].first + self._runs[-1].size if self._runs else 0
        self._file.seek(first * _PIXEL.itemsize)
        self._file.write(table.data)
        self._file.flush()
        self._runs.append(_Run(first, len(table), table["key"][::STEP].copy()))

    def batches(self, most: int) -> Iterator[Batch]:
        """All pixels, in batches of whole blocks: about `most`, or one block; closes the file."""
        with self._file:
            samples = np.sort(np.concatenate([run.samples for run in self._runs]))
            cuts = block_starts(self._grid, samples[:: max(1, most // STEP)][1:])
            edges = [0, *np.unique(cuts).tolist(), np.iinfo(np.int64).max]
            for low, high in pairwise(edges):
                table = np.concatenate([self._between(run, low, high) for run in self._runs])
                if len(table):
                    yield self._batch(table)

    def _between(self, run: _Run, low: int, high: int) -> NDArray[np.void]:
        """The pixels of a run with keys from `low` to before `high`."""
        first, last = np.searchsorted(run.samples, [low, high])
        start = max(0, int(first) - 1) * STEP
        end = max(start, min(run.size, int(last) * STEP))
        self._file.seek((run.first + start) * _PIXEL.itemsize)
        data = self._file.read((end - start) * _PIXEL.itemsize)
        table: NDArray[np.void] = np.frombuffer(data, _PIXEL)
        first, last = np.searchsorted(table["key"], [low, high])
        return table[first:last]

    def _batch(self, table: NDArray[np.void]) -> Batch:
        stripe, bin2 = np.divmod(table["key"], self._grid.starts[-1])
        columns = (table["bin1"].astype(np.int64), bin2, table["count"].astype(np.float32))
        return Batch(Pixels(*columns), stripe)


def pieces(grid: Grid, batch: Batch, most: int) -> Iterator[Batch]:
    """A batch, cut into smaller ones of whole blocks: about `most` pixels, or one block."""
    if len(batch.pixels) <= most:
        if len(batch.pixels):
            yield batch
        return
    order = block_order(batch.stripe, batch.pixels.bin2)
    sorted_keys = keys(grid, batch.stripe[order], batch.pixels.bin2[order])
    cuts = np.searchsorted(sorted_keys, block_starts(grid, sorted_keys[most::most]))
    for low, high in pairwise(np.unique([0, *cuts.tolist(), len(order)]).tolist()):
        yield Batch(batch.pixels[order[low:high]], batch.stripe[order[low:high]])


def keys(grid: Grid, stripe: Ints, bin2: Ints) -> Ints:
    """Numbers that ascend by stripe, then column."""
    return stripe * grid.starts[-1] + bin2


def block_starts(grid: Grid, of: Ints) -> Ints:
    """The least key of the block that each of some keys lies in."""
    stripe, bin2 = np.divmod(of, grid.starts[-1])
    chrom1, chrom2 = (np.searchsorted(grid.starts, x, side="right") - 1 for x in (stripe, bin2))
    width = grid.widths[grid.longer(chrom1, chrom2)]
    first = grid.starts[chrom2]
    return keys(grid, stripe, first + (bin2 - first) // width * width)
