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
Places = NDArray[np.int32]

ROWS, DENSE = 1, 2
"""The representations of a block."""

START, CHROM1, CHROM2, NUMBER = range(4)
"""Rows of the table of `find_blocks`: first pixel of a block, its chromosomes, its number."""

LEFT, TOP, WIDTH, HEIGHT, KIND, IS_FLOAT, SIZE = range(7)
"""Columns of the table of `measure_blocks`: least x and y, columns, rows that hold something,
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


@compiled("b1(i8[::1], i8[::1], i8, b1)")
def are_pixels(bin1: Ints, bin2: Ints, bins: int, sorted_: bool) -> bool:
    """Whether pixels lie in the upper triangle of so many bins, and bin1 ascends if it must."""
    for i in range(len(bin1)):
        if not 0 <= bin1[i] <= bin2[i] < bins or (sorted_ and i and bin1[i] < bin1[i - 1]):
            return False
    return True


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


@compiled("i8(i8[::1], i8[::1], i4[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[:, ::1])")
def find_blocks(
    stripe: Ints,
    bin2: Ints,
    order: Places,
    starts: Ints,
    lengths: Ints,
    widths: Ints,
    columns: Ints,
    table: Ints,
) -> int:
    """Where blocks start in pixels that are sorted by stripe, then bin2, then bin1.

    Parameters
    ----------
    stripe, bin2 : int64 arrays of shape (pixels,)
    order : int32 array of shape (pixels,)
        Sorts them.
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
    count, end, last = 0, 0, -1
    for i in range(len(order)):
        first, row = stripe[order[i]], bin2[order[i]]
        if first == last and row < end:
            continue
        chrom1, chrom2 = _chrom(starts, first), _chrom(starts, row)
        longer = _longer(lengths, chrom1, chrom2)
        width = widths[longer]
        number = (row - starts[chrom2]) // width
        end, last = min(starts[chrom2] + (number + 1) * width, starts[chrom2 + 1]), first
        table[START, count] = i
        table[CHROM1, count], table[CHROM2, count] = chrom1, chrom2
        column = (first - starts[chrom1]) // width
        table[NUMBER, count] = columns[longer] * number + column
        count += 1
    table[START, count] = len(order)
    return count


@compiled(
    "void(i8[::1], i8[::1], f4[::1], i4[::1], i8[:, ::1], i8, i8[::1], i4[::1], i4[::1], f4[::1])"
)
def arrange(
    bin1: Ints,
    bin2: Ints,
    counts: Floats,
    order: Places,
    table: Ints,
    blocks: int,
    starts: Ints,
    x: Places,
    y: Places,
    values: Floats,
) -> None:
    """Fill x and y with the bins of pixels within their chromosomes, values with their counts.

    They are sorted by `order`; the table of the blocks is that of `find_blocks`.
    """
    for block in range(blocks):
        left, top = starts[table[CHROM1, block]], starts[table[CHROM2, block]]
        for i in range(table[START, block], table[START, block + 1]):
            here = order[i]
            x[i], y[i], values[i] = bin1[here] - left, bin2[here] - top, counts[here]


@compiled("void(i4[::1], i4[::1], f4[::1], i8[:, ::1], i8[:, ::1], f8[:, ::1])")
def measure_blocks(
    x: Places, y: Places, counts: Floats, blocks: Ints, table: Ints, sums: NDArray[np.float64]
) -> None:
    """How blocks are written: Juicer's choices, so that its bytes come out.

    Parameters
    ----------
    x, y : int32 arrays of shape (pixels,)
        Bins; within a block sorted by y, then x.
    counts : float32 array of shape (pixels,)
    blocks : int64 array of shape (4, at least blocks + 1)
        The table of `find_blocks`.
    table : int64 array of shape (blocks, 7)
        Filled: LEFT, TOP, WIDTH, HEIGHT, KIND, IS_FLOAT and SIZE.
    sums : float64 array of shape (2, blocks)
        Filled: sum of the counts, and of those where x is y.
    """
    for block in range(len(table)):
        first, end = blocks[START, block], blocks[START, block + 1]
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
        value, width = (2 if short else 4), np.int64(right) - left + 1
        points = (np.int64(y[end - 1]) - y[first]) * width + x[end - 1] - left + 1
        # What Juicer compares leaves out the columns of the records.
        if 4 * rows + (end - first) * value < points * value:
            table[block, KIND] = ROWS
            table[block, SIZE] = _HEAD + 2 + 4 * rows + (end - first) * (2 + value)
        else:
            table[block, KIND] = DENSE
            table[block, SIZE] = _HEAD + 6 + points * value
        table[block, LEFT], table[block, TOP], table[block, WIDTH] = left, y[first], width
        table[block, HEIGHT], table[block, IS_FLOAT] = rows, 0 if short else 1
        sums[0, block], sums[1, block] = total, diagonal


@compiled("void(i4[::1], i4[::1], f4[::1], i8[:, ::1], i8, f8[::1])")
def add_distances(
    x: Places, y: Places, counts: Floats, table: Ints, blocks: int, sums: NDArray[np.float64]
) -> None:
    """Add the counts within chromosomes to the sums by distance (bins)."""
    for block in range(blocks):
        if table[CHROM1, block] == table[CHROM2, block]:
            for i in range(table[START, block], table[START, block + 1]):
                sums[y[i] - x[i]] += counts[i]


@compiled("void(i8[::1], i8[::1], f4[::1], i8[::1], i8[::1], i8, i8, f8[:, ::1])")
def add_to_whole_genome(
    bin1: Ints,
    bin2: Ints,
    counts: Floats,
    starts: Ints,
    before: Ints,
    size: int,
    cell: int,
    cells: NDArray[np.float64],
) -> None:
    """Add pixels, which lie at the starts of their bins, to a matrix of the whole genome.

    Parameters
    ----------
    bin1, bin2, counts, starts : arrays
        As for `find_stripes`.
    before : int64 array of shape (chromosomes,)
        Length of all chromosomes before (bp).
    size, cell : int
        Of a bin (bp), and of a bin of the whole genome (kb).
    cells : float64 array of shape (bins of the whole genome, the same)
        Added to.
    """
    chrom1 = chrom2 = 0
    for i in range(len(bin1)):
        one, two = bin1[i], bin2[i]
        if not starts[chrom1] <= one < starts[chrom1 + 1]:
            chrom1 = _chrom(starts, one)
        if not starts[chrom2] <= two < starts[chrom2 + 1]:
            chrom2 = _chrom(starts, two)
        row = (before[chrom1] + (one - starts[chrom1]) * size) // 1000 // cell
        column = (before[chrom2] + (two - starts[chrom2]) * size) // 1000 // cell
        cells[row, column] += counts[i]
