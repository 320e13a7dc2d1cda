"""Blocks of .hic files (version 8): which block a pixel lies in, and how a block is written.

A matrix of two chromosomes is cut into a square grid of blocks. The bins of chromosome 1 are
the columns of the format (x), those of chromosome 2 its rows (y). A *stripe* is one column of
blocks, named by its first bin; bins are numbered through the genome.

Layout: https://github.com/aidenlab/hic-format/blob/master/HiCFormatV8.md
"""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import compiled

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

ROWS, DENSE = 1, 2
"""The representations of a block."""

START, CHROM1, CHROM2, NUMBER = range(4)
"""Rows of the table of `find_blocks`: first pixel of a block, its chromosomes, its number."""

LEFT, TOP, WIDTH, HEIGHT, KIND, IS_FLOAT, SIZE = range(7)
"""Rows of the table of `measure_blocks`: least x and y, columns, rows that hold something,
representation, whether values are floats, and bytes."""

_HEAD = 14
_LEAST_FLOAT = 32767


@compiled("i8(i8[::1], i8)")
def _chrom(starts: Ints, place: int) -> int:
    """The chromosome of a bin."""
    low, high = 0, len(starts) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if starts[middle] <= place:
            low = middle
        else:
            high = middle
    return low


@compiled("i8(i8[::1], i8, i8)")
def _longer(lengths: Ints, one: int, two: int) -> int:
    return one if lengths[one] > lengths[two] else two


@compiled("void(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1])")
def find_stripes(
    bin1: Ints, bin2: Ints, starts: Ints, lengths: Ints, widths: Ints, stripe: Ints, end: Ints
) -> None:
    """First bin of the stripe of each pixel, and the first bin after it.

    Parameters
    ----------
    bin1, bin2 : int64 arrays of shape (pixels,)
        bin1 <= bin2. It is fastest where neighbours lie on the same chromosomes.
    starts : int64 array of shape (chromosomes + 1,)
        First bin of each chromosome, and the number of bins.
    lengths, widths : int64 arrays of shape (chromosomes,)
        Length (bp), and bins on a side of a block where no chromosome is longer.
    stripe, end : int64 arrays of shape (pixels,)
        Filled.
    """
    chrom1 = chrom2 = 0
    width = widths[0]
    for i in range(len(bin1)):
        one, two = bin1[i], bin2[i]
        inside1 = starts[chrom1] <= one < starts[chrom1 + 1]
        if not (inside1 and starts[chrom2] <= two < starts[chrom2 + 1]):
            chrom1, chrom2 = _chrom(starts, one), _chrom(starts, two)
            width = widths[_longer(lengths, chrom1, chrom2)]
        first = starts[chrom1]
        stripe[i] = one - (one - first) % width
        end[i] = min(stripe[i] + width, starts[chrom1 + 1])


@compiled("i8(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[:, ::1])")
def find_blocks(
    stripe: Ints, bin2: Ints, starts: Ints, lengths: Ints, widths: Ints, columns: Ints, table: Ints
) -> int:
    """Where blocks start in pixels that are sorted by stripe, then bin2, then bin1.

    Parameters
    ----------
    stripe, bin2 : int64 arrays of shape (pixels,)
    starts, lengths, widths : int64 arrays
        As for `find_stripes`.
    columns : int64 array of shape (chromosomes,)
        Blocks on a side of a matrix where no chromosome is longer.
    table : int64 array of shape (4, pixels + 1)
        Filled: START (also of the end), CHROM1, CHROM2 and NUMBER, a column a block.

    Returns
    -------
    int
        Number of blocks.
    """
    count, end = 0, 0
    for i in range(len(bin2)):
        if i and stripe[i] == stripe[i - 1] and bin2[i] < end:
            continue
        chrom1, chrom2 = _chrom(starts, stripe[i]), _chrom(starts, bin2[i])
        longer = _longer(lengths, chrom1, chrom2)
        width = widths[longer]
        row = (bin2[i] - starts[chrom2]) // width
        end = min(starts[chrom2] + (row + 1) * width, starts[chrom2 + 1])
        table[START, count] = i
        table[CHROM1, count], table[CHROM2, count] = chrom1, chrom2
        column = (stripe[i] - starts[chrom1]) // width
        table[NUMBER, count] = columns[longer] * row + column
        count += 1
    table[START, count] = len(bin2)
    return count


@compiled("void(i8[::1], i8[::1], f4[::1], i8[::1], i8[:, ::1], f8[:, ::1])")
def measure_blocks(
    x: Ints, y: Ints, counts: Floats, start: Ints, table: Ints, sums: NDArray[np.float64]
) -> None:
    """How blocks are written: Juicer's choices, so that its bytes come out.

    Parameters
    ----------
    x, y : int64 arrays of shape (pixels,)
        Bins; within a block sorted by y, then x.
    counts : float32 array of shape (pixels,)
    start : int64 array of shape (blocks + 1,)
        First pixel of each block.
    table : int64 array of shape (7, blocks)
        Filled: LEFT, TOP, WIDTH, HEIGHT, KIND, IS_FLOAT and SIZE.
    sums : float64 array of shape (2, blocks)
        Filled: sum of the counts, and of those where x is y.
    """
    for block in range(len(start) - 1):
        first, end = start[block], start[block + 1]
        left, right, rows = x[first], x[first], 1
        largest, whole, total, diagonal = counts[first], True, 0.0, 0.0
        for i in range(first, end):
            left, right = min(left, x[i]), max(right, x[i])
            if i > first and y[i] != y[i - 1]:
                rows += 1
            largest = max(largest, counts[i])
            whole = whole and np.floor(counts[i]) == counts[i]
            total += counts[i]
            if x[i] == y[i]:
                diagonal += counts[i]
        short = whole and largest < _LEAST_FLOAT
        value, width = (2 if short else 4), right - left + 1
        points = (y[end - 1] - y[first]) * width + x[end - 1] - left + 1
        # What Juicer compares leaves out the columns of the records.
        if 4 * rows + (end - first) * value < points * value:
            table[KIND, block] = ROWS
            table[SIZE, block] = _HEAD + 2 + 4 * rows + (end - first) * (2 + value)
        else:
            table[KIND, block] = DENSE
            table[SIZE, block] = _HEAD + 6 + points * value
        table[LEFT, block], table[TOP, block], table[WIDTH, block] = left, y[first], width
        table[HEIGHT, block], table[IS_FLOAT, block] = rows, 0 if short else 1
        sums[0, block], sums[1, block] = total, diagonal
