"""Batches of pixels to compressed blocks, and what else is gathered from their pixels."""

from dataclasses import dataclass

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from hicloom.formats.hic.grid import Grid, WholeGenome
from hicloom.formats.hic.pixels import Batch, Pixels
from hicloom.kernels.block_bytes import FRAME, STORED, encode_blocks, store_blocks
from hicloom.kernels.block_order import block_order
from hicloom.kernels.blocks import (
    CHROM1,
    CHROM2,
    NUMBER,
    SIZE,
    START,
    add_distances,
    add_to_whole_genome,
    arrange,
    find_blocks,
    measure_blocks,
)

Ints = NDArray[np.int64]
Places = NDArray[np.int32]
Floats = NDArray[np.float32]

_LEVEL = 1
"""isal's; higher ones make nothing smaller here, zlib's save a tenth in four times the time."""


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
    pixels, size = batch.pixels, len(batch.pixels)
    order = block_order(batch.stripe, pixels.bin2)
    places = grid.starts, grid.lengths, grid.widths, grid.columns
    table = np.empty((4, size + 1), np.int64)
    count = find_blocks(batch.stripe, pixels.bin2, order, *places, table)
    columns = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.float32)
    arrange(
        *(pixels.bin1, pixels.bin2, pixels.counts, order, table, count, grid.starts),
        *columns,
    )
    shapes, sums = np.empty((count, 7), np.int64), np.empty((2, count))
    measure_blocks(*columns, table, shapes, sums)
    data, sizes = _compressed(*columns, table[START], shapes)
    distances = np.zeros(int(grid.juicer_bins.max()) + 1)
    add_distances(*columns, table, count, distances)
    chrom1, chrom2, number = (table[row, :count].copy() for row in (CHROM1, CHROM2, NUMBER))
    cis = chrom1 == chrom2
    totals = np.bincount(chrom1[cis], weights=sums[0, cis])
    return Blocks(
        *(data, chrom1, chrom2, number, sizes),
        np.where(cis, 2 * sums[0] - sums[1], sums[0]),
        distances,
        {int(chrom): float(totals[chrom]) for chrom in np.flatnonzero(totals)},
    )


def _compressed(
    x: Places, y: Places, counts: Floats, start: Ints, shapes: Ints
) -> tuple[bytes, Ints]:
    """The bytes of blocks, compressed, and their sizes."""
    sizes = shapes[:, SIZE].copy()
    ends = np.cumsum(sizes)
    raw = np.empty(int(ends[-1]) // 2, np.uint16)
    encode_blocks(x, y, counts, counts.view(np.int32), start, shapes, (ends - sizes) // 2, raw)
    small = sizes <= STORED
    stored = np.empty(int((sizes[small] + FRAME).sum()), np.uint8)
    store_blocks(raw.view(np.uint8), (ends - sizes)[small], sizes[small], stored)
    before = np.cumsum(np.where(small, sizes + FRAME, 0))
    view, small_ones = raw.data.cast("B"), stored.data
    parts, packed_sizes, done = list[bytes | memoryview](), list[int](), 0
    large = [column[~small].tolist() for column in (ends - sizes, ends, before)]
    for first, end, place in zip(*large, strict=True):
        if place > done:
            parts.append(small_ones[done:place])
            done = place
        packed = isal_zlib.compress(view[first:end], _LEVEL)
        parts.append(packed)
        packed_sizes.append(len(packed))
    parts.append(small_ones[done:])
    sizes[small] += FRAME
    sizes[~small] = packed_sizes
    return b"".join(parts), sizes


def whole_genome_counts(grid: Grid, whole: WholeGenome, pixels: Pixels) -> NDArray[np.float64]:
    """What pixels add to `ALL`, shape (bins of `whole`, the same); they lie at their starts."""
    bins = int(whole.starts[-1])
    cells, before = np.zeros((bins, bins)), np.cumsum(grid.lengths) - grid.lengths
    places = pixels.bin1, pixels.bin2, pixels.counts, grid.starts
    add_to_whole_genome(*places, before, grid.size, whole.size, cells)
    return cells
