"""Norms of a symmetric matrix as Juicer computes them: SCALE, and what all have in common.

VC (vanilla coverage) is the sum of each row (Lieberman-Aiden et al., Science 326, 2009), KR is in
`knight_ruiz`, SCALE is iterative scaling as in Juicer's ZeroScale. A matrix is given as
`symmetric` says. The vectors are divisive: a normalised count is count / (norm[x] * norm[y]).
Thresholds, retries and what counts as failed are those of juicer_tools 1.11.09; sums are taken
in float64.
"""

import numpy as np

from hicloom.kernels.compiled import compiled
from hicloom.kernels.symmetric import Bins, Columns, Counts, Ints, Mask, Vector, multiply

_TOLERANCE = 1e-3
_ROUNDS = 200
_PROGRESS = 0.99
_PATIENCE = 5
_ATTEMPTS = 4


@compiled("f8[::1](f8[::1])", allocates=True)
def inverse(norm: Vector) -> Vector:
    """What counts are multiplied with; 0 where a norm is not above 0."""
    factors = np.zeros(len(norm))
    for i in range(len(norm)):
        if norm[i] > 0:
            factors[i] = 1 / norm[i]
    return factors


@compiled("f8(i8[::1], u4[::1], f4[::1], f8[::1], f8[::1])")
def sum_factor(
    start: Ints, column: Columns, value: Counts, diagonal: Vector, factors: Vector
) -> float:
    """What a norm is multiplied with so that the sum of the matrix stays.

    `factors` are its inverse. Where no pixel has two norms above 0 it is NaN.
    """
    total = normed = 0.0
    for row in range(len(diagonal)):
        here = factors[row]
        if here == 0:
            continue
        total += diagonal[row]
        normed += diagonal[row] * here * here
        beside = divided = 0.0
        for i in range(start[row], start[row + 1]):
            other = factors[column[i]]
            if other != 0:
                beside += np.float64(value[i])
                divided += np.float64(value[i]) * other
        total += 2 * beside
        normed += 2 * divided * here
    return np.sqrt(normed / total) if total > 0 else np.nan


@compiled("void(i8[::1], u4[::1], f4[::1], f8[::1], f8[::1], i4[::1], f8[::1])")
def add_distances(
    start: Ints,
    column: Columns,
    value: Counts,
    diagonal: Vector,
    factors: Vector,
    bins: Bins,
    distances: Vector,
) -> None:
    """Add normalised counts to the sums by distance (bins).

    `factors` are the norm's inverse, `bins` the bin of each row (int32, ascending).
    """
    for row in range(len(diagonal)):
        here = factors[row]
        if here == 0:
            continue
        distances[0] += diagonal[row] * here * here
        for i in range(start[row], start[row + 1]):
            other = column[i]
            distances[bins[other] - bins[row]] += np.float64(value[i]) * here * factors[other]


@compiled("f8(f8[::1], b1, f8)", allocates=True)
def _threshold(rows: Vector, empty: bool, share: float) -> float:
    """The sum that rows must reach, so that about a share of those above 0 do not."""
    place = int(len(rows) * share + 0.5) - 1
    if place < 0 and empty:
        return 0.0
    return np.sort(rows)[max(0, place)]


@compiled("f8(i8[::1], u4[::1], f4[::1], f8[::1], f8[::1], f8[::1], b1[::1])")
def _round(
    start: Ints,
    column: Columns,
    value: Counts,
    diagonal: Vector,
    rows: Vector,
    scale: Vector,
    bad: Mask,
) -> float:
    """Correct the scale by the sums of the rows, and sum again; returns the largest error.

    A row that sums to 0 makes inf, then NaN, and is then no error any more, as in Java.
    """
    for i in range(len(rows)):
        # Unlike `/`, divide gives inf for 1 / 0, and so the loop is made of vector instructions.
        scale[i] *= np.sqrt(np.divide(1.0, 1.0 if bad[i] else rows[i]))
    multiply(start, column, value, diagonal, scale, rows)
    worst = 0.0
    for i in range(len(rows)):
        rows[i] *= scale[i]
        error = abs(rows[i] - 1)
        if not bad[i] and error > worst:
            worst = error
    return worst


@compiled("i8(i8[::1], u4[::1], f4[::1], f8[::1], f8[::1], b1, f8, f8[::1])", allocates=True)
def _attempt(
    start: Ints,
    column: Columns,
    value: Counts,
    diagonal: Vector,
    sums: Vector,
    empty: bool,
    share: float,
    scale: Vector,
) -> int:
    """Fill `scale`, NaN in the lowest share of the rows; returns how many rounds this took, 0 if
    it does not converge."""
    rows = sums.copy()
    bad = rows < _threshold(rows, empty, share)
    scale[:] = 1.0
    scale[bad] = 0.0
    error, stuck = np.inf, 0
    for number in range(_ROUNDS):
        before = error
        error = _round(start, column, value, diagonal, rows, scale, bad)
        if error <= _TOLERANCE:
            break
        if number > _PATIENCE:
            stuck = stuck + 1 if error > _PROGRESS * before else 0
        if stuck == _PATIENCE:
            break
    scale[bad] = np.nan
    return number + 1 if error <= _TOLERANCE else 0


@compiled("f8[::1](i8[::1], u4[::1], f4[::1], f8[::1], f8[::1], b1)", allocates=True)
def iterative_scaling(
    start: Ints, column: Columns, value: Counts, diagonal: Vector, sums: Vector, empty: bool
) -> Vector:
    """The norm SCALE: the rows of the normalised matrix sum to the same.

    Rows of few counts are left out: ever more of them, until it converges.

    Parameters
    ----------
    start, column, value, diagonal : arrays
        A matrix; see `symmetric`.
    sums : float64 array of shape (rows,)
        Of the rows.
    empty : bool
        Whether there are rows beside that hold nothing.

    Returns
    -------
    float64 array of shape (rows + 1,)
        NaN where a row was left out. The last is for rows that hold nothing, as in Juicer 0 if
        none is left out and one round was enough, else NaN. Of shape (0,) if it does not converge.
    """
    scale = np.empty(len(sums))
    for first in (0.01, 0.04):
        share = first
        for _ in range(_ATTEMPTS):
            rounds = _attempt(start, column, value, diagonal, sums, empty, share, scale)
            if rounds > 0:
                norm = np.full(len(scale) + 1, np.nan)
                if rounds == 1 and _threshold(sums, empty, share) == 0:
                    norm[-1] = 0.0
                for i in range(len(scale)):
                    if scale[i] > 0:
                        norm[i] = 1 / scale[i]
                return norm
            share *= 1.5
    return np.empty(0)
