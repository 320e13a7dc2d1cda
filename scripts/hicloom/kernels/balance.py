"""Pixels gathered by row, and the sums of the rows of the symmetric matrix that they stand for.

The pixels of row i lie at offsets[i] .. offsets[i + 1] (half-open) of `columns` (uint32) and
`counts` (int32 or float64), in the order of the file: the *upper* half of the matrix. Its *lower*
half is the same by column, without the main diagonal. A row's sum is that of its upper half
plus that of its lower half, each taken from left to right: the same to the bit whether the lower
half is held (`gather` twice) or not (`gather` and `spread`), and for any cut of the rows.
"""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import compiled

Ids = NDArray[np.int64]
Groups = NDArray[np.int32]
Columns = NDArray[np.uint32]
Counts = NDArray[np.int32] | NDArray[np.float64]
Vector = NDArray[np.float64]


@compiled(
    "i8(i8[::1], i8[::1], i4[::1], i8, i4[::1], f8[:, ::1], i8[::1], u4[::1], i4[::1], i8)",
    "i8(i8[::1], i8[::1], f8[::1], i8, i4[::1], f8[:, ::1], i8[::1], u4[::1], f8[::1], i8)",
)
def take(
    bin1: Ids,
    bin2: Ids,
    values: Counts,
    diagonals: int,
    groups: Groups,
    totals: Vector,
    lengths: Ids,
    columns: Columns,
    counts: Counts,
    place: int,
) -> int:
    """Add pixels to the totals of their bins, and put them down; returns the place behind them.

    Parameters
    ----------
    bin1, bin2, values : arrays of shape (n,)
        Pixels in ascending order of bin1.
    diagonals
        How many diagonals to leave out, the main one first.
    groups : int32 array of shape (bins,) or (0,)
        Pixels between bins of different groups are left out.
    totals : float64 array of shape (bins, 2)
        Number of pixels other than 0, and their sum. The main diagonal counts once.
    lengths : int64 array of shape (bins,)
        Pixels of each row that are put down.
    columns, counts
        Filled from `place`.
    """
    for i in range(len(bin1)):
        one, two, value = bin1[i], bin2[i], values[i]
        if value == 0 or abs(two - one) < diagonals:
            continue
        if len(groups) > 0 and groups[one] != groups[two]:
            continue
        totals[two, 0] += 1
        totals[two, 1] += value
        if one != two:
            totals[one, 0] += 1
            totals[one, 1] += value
        columns[place] = two
        counts[place] = value
        lengths[one] += 1
        place += 1
    return place


@compiled(
    "i8(i8[::1], u4[::1], i4[::1], i4[::1], i4[::1], i8[::1], i8, i8, i8)",
    "i8(i8[::1], u4[::1], f8[::1], i4[::1], i4[::1], i8[::1], i8, i8, i8)",
)
def compact(
    offsets: Ids,
    columns: Columns,
    counts: Counts,
    numbers: Groups,
    groups: Groups,
    ends: Ids,
    first: int,
    last: int,
    place: int,
) -> int:
    """Close up the pixels of the bins that have a number, in place, for rows first .. last.

    Parameters
    ----------
    numbers : int32 array of shape (bins,)
        The new, ascending numbers of the bins that stay; -1 for others.
    groups : int32 array of shape (bins,) or (0,)
        Pixels between bins of one group are dropped, too.
    ends : int64 array of shape (bins that stay,)
        Where the pixels of the rows end now; filled.
    place
        Where to go on; what is returned.
    """
    for row in range(first, last):
        if numbers[row] < 0:
            continue
        for i in range(offsets[row], offsets[row + 1]):
            column = columns[i]
            if numbers[column] < 0 or (len(groups) > 0 and groups[row] == groups[column]):
                continue
            columns[place] = numbers[column]
            counts[place] = counts[i]
            place += 1
        ends[numbers[row]] = place
    return place


@compiled("void(i8[::1], u4[::1], i8, i8, i8[::1])")
def count_columns(offsets: Ids, columns: Columns, first: int, last: int, lengths: Ids) -> None:
    """Count the pixels of each column in rows first .. last but for those on the diagonal."""
    for row in range(first, last):
        for i in range(offsets[row], offsets[row + 1]):
            if columns[i] != row:
                lengths[columns[i]] += 1


@compiled(
    "void(i8[::1], u4[::1], i4[::1], i8, i8, i8[::1], u4[::1], i4[::1])",
    "void(i8[::1], u4[::1], f8[::1], i8, i8, i8[::1], u4[::1], f8[::1])",
)
def transpose(
    offsets: Ids,
    columns: Columns,
    counts: Counts,
    first: int,
    last: int,
    places: Ids,
    rows: Columns,
    out: Counts,
) -> None:
    """Put down the pixels of rows first .. last by column, but for those on the diagonal.

    Parameters
    ----------
    places : int64 array of shape (bins,)
        Where the next pixel of each column goes; moved on.
    rows, out
        Rows and counts by column; filled.
    """
    for row in range(first, last):
        for i in range(offsets[row], offsets[row + 1]):
            column = columns[i]
            if column != row:
                place = places[column]
                rows[place] = row
                out[place] = counts[i]
                places[column] = place + 1


@compiled(
    "void(i8[::1], u4[::1], i4[::1], f8[::1], i8, i8, f8[::1])",
    "void(i8[::1], u4[::1], f8[::1], f8[::1], i8, i8, f8[::1])",
)
def gather(
    offsets: Ids,
    columns: Columns,
    counts: Counts,
    vector: Vector,
    first: int,
    last: int,
    sums: Vector,
) -> None:
    """Add to the sums of rows first .. last their pixels times the vector at their columns."""
    for row in range(first, last):
        total = 0.0
        for i in range(offsets[row], offsets[row + 1]):
            total += counts[i] * vector[columns[i]]
        sums[row] += total


@compiled(
    "void(i8[::1], u4[::1], i4[::1], f8[::1], i8, i8, f8[::1])",
    "void(i8[::1], u4[::1], f8[::1], f8[::1], i8, i8, f8[::1])",
)
def spread(
    offsets: Ids,
    columns: Columns,
    counts: Counts,
    vector: Vector,
    first: int,
    last: int,
    sums: Vector,
) -> None:
    """Add the pixels of rows first .. last, times the vector at their rows, to their columns.

    Those on the main diagonal are left out.
    """
    for row in range(first, last):
        factor = vector[row]
        for i in range(offsets[row], offsets[row + 1]):
            if columns[i] != row:
                sums[columns[i]] += counts[i] * factor
