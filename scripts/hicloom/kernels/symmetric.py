"""Sparse symmetric matrices of counts, by rows.

Only rows that hold something are there. The pixels above the diagonal are sorted by row:
`start` (int64, rows + 1) says where each row starts in `column` (uint32) and `value` (float32);
`diagonal` is a float64 array of shape (rows,).
"""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import compiled

Bins = NDArray[np.int32]
Columns = NDArray[np.uint32]
Counts = NDArray[np.float32]
Vector = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@compiled("f8[::1](i4[::1], i4[::1], f4[::1], i8)", allocates=True)
def row_sums(x: Bins, y: Bins, counts: Counts, bins: int) -> Vector:
    """The sum of each row of a matrix given by its pixels of one triangle; shape (bins,)."""
    sums = np.zeros(bins)
    for i in range(len(x)):
        one, two, count = x[i], y[i], np.float64(counts[i])
        sums[one] += count
        if one != two:
            sums[two] += count
    return sums


@compiled(
    "Tuple((i8[::1], u4[::1], f4[::1], f8[::1]))(i4[::1], i4[::1], f4[::1], i4[::1], i8)",
    allocates=True,
)
def by_rows(
    x: Bins, y: Bins, counts: Counts, place: Bins, rows: int
) -> tuple[Ints, Columns, Counts, Vector]:
    """The matrix of pixels of one triangle, x <= y.

    Parameters
    ----------
    x, y : int32 arrays of shape (pixels,)
    counts : float32 array of shape (pixels,)
    place : int32 array of shape (bins,)
        The row of each bin that holds something; it ascends.
    rows : int

    Returns
    -------
    start, column, value, diagonal
    """
    start, diagonal = np.zeros(rows + 1, np.int64), np.zeros(rows)
    for i in range(len(x)):
        if x[i] != y[i]:
            start[place[x[i]] + 1] += 1
    for row in range(rows):
        start[row + 1] += start[row]
    column, value = np.empty(start[rows], np.uint32), np.empty(start[rows], np.float32)
    free = start[:-1].copy()
    for i in range(len(x)):
        row = place[x[i]]
        if x[i] == y[i]:
            diagonal[row] = counts[i]
        else:
            column[free[row]], value[free[row]] = place[y[i]], counts[i]
            free[row] += 1
    return start, column, value, diagonal


@compiled(
    "Tuple((i8[::1], u4[::1], f4[::1], f8[::1]))(i8[::1], u4[::1], f4[::1], f8[::1], b1[::1])",
    allocates=True,
)
def within(
    start: Ints, column: Columns, value: Counts, diagonal: Vector, kept: Mask
) -> tuple[Ints, Columns, Counts, Vector]:
    """The matrix of some of the rows and their columns."""
    place = np.cumsum(kept) - 1
    inside = np.zeros(place[-1] + 2, np.int64)
    columns, values = np.empty_like(column), np.empty_like(value)
    done = 0
    for row in range(len(kept)):
        if not kept[row]:
            continue
        for i in range(start[row], start[row + 1]):
            if kept[column[i]]:
                columns[done], values[done] = place[column[i]], value[i]
                done += 1
        inside[place[row] + 1] = done
    return inside, columns[:done].copy(), values[:done].copy(), diagonal[kept]


@compiled("void(i8[::1], u4[::1], f4[::1], f8[::1], f8[::1], f8[::1])")
def multiply(
    start: Ints, column: Columns, value: Counts, diagonal: Vector, vector: Vector, out: Vector
) -> None:
    """The matrix times a vector of shape (rows,), into `out`."""
    for row in range(len(diagonal)):
        out[row] = diagonal[row] * vector[row]
    for row in range(len(diagonal)):
        here, total = vector[row], 0.0
        for i in range(start[row], start[row + 1]):
            other, count = column[i], np.float64(value[i])
            total += count * vector[other]
            out[other] += count * here
        out[row] += total


@compiled("void(i8[::1], u4[::1], b1[::1], i8[::1], i8[::1])")
def _count_neighbours(
    start: Ints, column: Columns, alive: Mask, degree: Ints, neighbours: Ints
) -> None:
    """Add for each row how many columns it has, and these columns as one number by xor."""
    for row in range(len(degree)):
        if alive[row]:
            for i in range(start[row], start[row + 1]):
                other = np.int64(column[i])
                if alive[other]:
                    degree[row] += 1
                    degree[other] += 1
                    neighbours[row] ^= other
                    neighbours[other] ^= row


@compiled("b1(i8[::1], u4[::1], f8[::1])", allocates=True)
def lacks_support(start: Ints, column: Columns, diagonal: Vector) -> bool:
    """Whether some rows share fewer columns than they are, so that nothing balances them.

    Rows with one column are matched with it, both taken away, and so on (Karp & Sipser, Maximum
    matching in sparse random graphs, FOCS 1981); a row that is left without a column lacks one.
    Not all matrices that have no support are found.
    """
    rows = len(diagonal)
    alive = np.ones(rows, np.bool_)
    changed = True
    while changed:
        degree, neighbours = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
        for row in range(rows):
            if diagonal[row] != 0 and alive[row]:
                degree[row], neighbours[row] = 1, row
        _count_neighbours(start, column, alive, degree, neighbours)
        changed = False
        for row in range(rows):
            if alive[row] and degree[row] == 0:
                return True
            if alive[row] and degree[row] == 1 and alive[neighbours[row]]:
                alive[row] = alive[neighbours[row]] = False
                changed = True
    return False
