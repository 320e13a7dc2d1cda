"""Batches of pixels to compressed blocks, and what else is gathered from their pixels."""

from dataclasses import dataclass

import deflate
import numpy as np
from numpy.typing import NDArray

from hicloom.formats.hicfile.grid import Grid, WholeGenome
from hicloom.formats.hicfile.stripes import Batch, Pixels
from hicloom.kernels.block_bytes import STORED, encode_blocks, framed
from hicloom.kernels.blocks import SIZE, START, find_blocks, measure_blocks

Ints = NDArray[np.int64]

_LEVEL = 1
"""libdeflate's; a higher one takes twice the time for 2 % of the bytes."""


@dataclass(frozen=True)
class Blocks:
    """Compressed blocks.

    Attributes
    ----------
    data : bytes
        One after the other, by first bin of their columns, then of their rows.
    chrom1, chrom2, number, size : int64 arrays of shape (blocks,)
        Chromosomes (from 0), number in the grid of their matrix, and bytes.
    sums : float64 array of shape (blocks,)
        Sum of the counts, on both sides of the diagonal.
    distances : float64 array
        Sum of the counts within chromosomes by distance (bins).
    totals : dict of int to float
        Sum of the counts within each chromosome that has some.
    """

    data: bytes
    chrom1: Ints
    chrom2: Ints
    number: Ints
    size: Ints
    sums: NDArray[np.float64]
    distances: NDArray[np.float64]
    totals: dict[int, float]


def encode(grid: Grid, batch: Batch) -> Blocks:
    """The blocks of a batch, compressed."""
    # The sort is stable: within a row of a block bin1 ascends as before.
    order = np.argsort(batch.stripe * grid.starts[-1] + batch.pixels.bin2, kind="stable")
    stripe, pixels = batch.stripe[order], batch.pixels[order]
    table = np.empty((4, len(order) + 1), np.int64)
    count = find_blocks(
        *(stripe, pixels.bin2, grid.starts, grid.lengths, grid.widths, grid.columns), table
    )
    start, (chrom1, chrom2, number) = table[START, : count + 1].copy(), table[1:, :count]
    sizes = np.diff(start)
    x = pixels.bin1 - np.repeat(grid.starts[chrom1], sizes)
    y = pixels.bin2 - np.repeat(grid.starts[chrom2], sizes)
    shapes, sums = np.empty((7, count), np.int64), np.empty((2, count))
    measure_blocks(x, y, pixels.counts, start, shapes, sums)
    data, size = _compressed(x, y, pixels.counts, start, shapes)
    cis = chrom1 == chrom2
    near = np.repeat(cis, sizes)
    distances = _sums(y[near] - x[near], pixels.counts[near])
    totals = _sums(chrom1[cis], sums[0, cis])
    return Blocks(
        *(data, chrom1, chrom2, number, size),
        np.where(cis, 2 * sums[0] - sums[1], sums[0]),
        distances,
        {int(chrom): float(totals[chrom]) for chrom in np.flatnonzero(totals)},
    )


def _sums(places: Ints, values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Sum of the values of each place, float64 of shape (largest place + 1,)."""
    return np.asarray(np.bincount(places, weights=values), np.float64)


def _compressed(
    x: Ints, y: Ints, counts: NDArray[np.float32], start: Ints, shapes: Ints
) -> tuple[bytes, Ints]:
    """The bytes of blocks, compressed, and their sizes."""
    sizes = framed(shapes[SIZE])
    ends = np.cumsum(sizes)
    out = np.empty(int(ends[-1]), np.uint8)
    rows = np.ascontiguousarray(shapes.T)
    encode_blocks(x, y, counts, counts.view(np.int32), start, rows, ends - sizes, out)
    view, parts, done = memoryview(out.data), list[bytes | bytearray | memoryview](), 0
    for block in np.flatnonzero(shapes[SIZE] > STORED).tolist():
        end, size = int(ends[block]), int(sizes[block])
        packed = deflate.zlib_compress(view[end - size : end], _LEVEL)
        parts += [view[done : end - size], packed]
        sizes[block], done = len(packed), end
    parts.append(view[done:])
    return b"".join(parts), sizes


def whole_genome_counts(
    grid: Grid, whole: WholeGenome, pixels: Pixels
) -> tuple[Ints, NDArray[np.float64]]:
    """Cells of `ALL`, as bin1 * bins + bin2, and what pixels add to them.

    Pixels lie at the starts of their bins. The cells ascend.
    """
    place1, place2 = (_whole_genome_bins(grid, whole, bins) for bins in (pixels.bin1, pixels.bin2))
    sums = _sums(place1 * whole.starts[-1] + place2, pixels.counts)
    cells: Ints = np.flatnonzero(sums)
    return cells, sums[cells]


def _whole_genome_bins(grid: Grid, whole: WholeGenome, bins: Ints) -> Ints:
    chrom = np.searchsorted(grid.starts, bins, side="right") - 1
    before = np.cumsum(grid.lengths) - grid.lengths
    places: Ints = (before[chrom] + (bins - grid.starts[chrom]) * grid.size) // 1000 // whole.size
    return places
