"""The norm KR of a symmetric matrix as Juicer computes it.

The algorithm is that of Knight & Ruiz (A fast algorithm for matrix balancing, IMA J. Numer.
Anal. 33, 2013): Newton's method, each step by conjugate gradients. Which rows are left out,
retries and what counts as failed are those of juicer_tools 1.11.09. Pixels are given as for
`norms`.
"""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import compiled
from hicloom.kernels.norms import Bins, Counts, Vector, coverage, multiply, sum_factor

Mask = NDArray[np.bool_]

_TOLERANCE = 1e-6
_BOUNDARY = 0.1
_FORCING = 0.9
_LARGEST_FORCING = 0.1
_STILL = 1e-6
_PATIENCE = 100
_LEAST = 0.01
_ROUNDS = 6


@compiled("f8(f8, f8)")
def _ratio(one: float, two: float) -> float:
    """one / two; where two is 0 what IEEE 754 gives."""
    return one / two if two != 0 else one * np.inf


@compiled("f8(f8[::1], f8)")
def _percentile(values: Vector, percent: float) -> float:
    """A percentile of sorted values, interpolated at percent * (n + 1) / 100."""
    n = len(values)
    place = percent * (n + 1) / 100
    whole = int(np.floor(place))
    if whole < 1:
        return values[0]
    if whole >= n:
        return values[n - 1]
    return values[whole - 1] + (place - whole) * (values[whole] - values[whole - 1])


@compiled("b1[::1](f8[::1], f8)")
def _kept_rows(rows: Vector, percent: float) -> Mask:
    """Rows whose sum is above 0, and above a percentile of such sums if percent is not 0."""
    least = 0.0
    if percent > 0 and rows.any():
        least = _percentile(np.sort(rows[rows != 0]), percent)
    return rows > least


@compiled("f8(f8[::1], f8[::1])")
def _dot(one: Vector, two: Vector) -> float:
    total = 0.0
    for i in range(len(one)):
        total += one[i] * two[i]
    return total


@compiled("f8(i4[::1], i4[::1], f4[::1], f8[::1], f8[::1], f8[::1])")
def _residual(
    x: Bins, y: Bins, counts: Counts, solution: Vector, v: Vector, residual: Vector
) -> float:
    """Fill v = solution * (matrix * solution), residual = 1 - v; returns its square."""
    multiply(x, y, counts, solution, v)
    for i in range(len(v)):
        v[i] *= solution[i]
        residual[i] = 1 - v[i]
    return _dot(residual, residual)


@compiled("f8(f8[::1], f8[::1], f8[::1])")
def _precondition(residual: Vector, v: Vector, z: Vector) -> float:
    """Fill z = residual / v; returns residual * z."""
    for i in range(len(z)):
        z[i] = _ratio(residual[i], v[i])
    return _dot(residual, z)


@compiled("f8(f8[::1], f8, f8[::1])")
def _share(y: Vector, alpha: float, p: Vector) -> float:
    """How much of a step goes until the least of y is at the boundary."""
    share = np.finfo(np.float64).max
    for i in range(len(y)):
        if alpha * p[i] < 0:
            share = min(share, (_BOUNDARY - y[i]) / (alpha * p[i]))
    return share


@compiled("b1(f8[::1], f8, f8[::1])")
def _leaves(y: Vector, alpha: float, p: Vector) -> bool:
    """Whether a whole step takes y to the boundary."""
    least = np.inf
    for i in range(len(y)):
        following = y[i] + alpha * p[i]
        if following < least:
            least = following
    return least <= _BOUNDARY


@compiled("f8[::1](i4[::1], i4[::1], f4[::1], f8[::1], f8[::1], f8[::1], f8, f8)")
def _newton_step(
    x: Bins,
    y: Bins,
    counts: Counts,
    solution: Vector,
    v: Vector,
    residual: Vector,
    square: float,
    tolerance: float,
) -> Vector:
    """What the solution is multiplied with, by conjugate gradients.

    `square` is that of the residual, which is changed; `tolerance` the square to come below.
    """
    bins = len(v)
    factor, w, z, p = np.ones(bins), np.empty(bins), np.empty(bins), np.zeros(bins)
    before, now, first = 1.0, square, True
    while now > tolerance:
        if first:
            now = _precondition(residual, v, z)
        beta = 0.0 if first else _ratio(now, before)
        first = False
        for i in range(bins):
            p[i] = z[i] + beta * p[i]
        multiply(x, y, counts, solution * p, w)
        for i in range(bins):
            w[i] = solution[i] * w[i] + v[i] * p[i]
        alpha = _ratio(now, _dot(p, w))
        if _leaves(factor, alpha, p):
            factor += _share(factor, alpha, p) * alpha * p
            break
        factor += alpha * p
        residual -= alpha * w
        before = now
        now = _precondition(residual, v, z)
    return factor


@compiled("f8(f8, f8, f8)")
def _next_forcing(eta: float, ratio: float, square: float) -> float:
    """How far the next step is solved; a NaN stays one."""
    following = _FORCING * ratio
    if _FORCING * eta * eta > _LARGEST_FORCING:
        following = np.maximum(following, _FORCING * eta * eta)
    least = _ratio(0.5 * _TOLERANCE, np.sqrt(square))
    return np.maximum(np.minimum(following, _LARGEST_FORCING), least)


@compiled("b1(i4[::1], i4[::1], f4[::1], f8[::1])")
def _solve(x: Bins, y: Bins, counts: Counts, solution: Vector) -> bool:
    """Fill `solution`: diag(s) * matrix * diag(s) has rows that sum to 1; False if it stalls."""
    bins = len(solution)
    solution[:] = 1.0
    v, residual = np.empty(bins), np.empty(bins)
    square = _residual(x, y, counts, solution, v, residual)
    goal, eta, still = _TOLERANCE * _TOLERANCE, _LARGEST_FORCING, 0
    while square > goal and still < _PATIENCE:
        inner = np.maximum(eta * eta * square, goal)
        solution *= _newton_step(x, y, counts, solution, v, residual, square, inner)
        before = square
        square = _residual(x, y, counts, solution, v, residual)
        if abs(square - before) < _STILL or np.isinf(square):
            still += 1
        eta = _next_forcing(eta, _ratio(square, before), square)
    return still < _PATIENCE


@compiled("Tuple((i4[::1], i4[::1], f4[::1]))(i4[::1], i4[::1], f4[::1], b1[::1])")
def _within(x: Bins, y: Bins, counts: Counts, kept: Mask) -> tuple[Bins, Bins, Counts]:
    """The pixels of kept rows, which are numbered anew."""
    number = (np.cumsum(kept) - 1).astype(np.int32)
    inside = np.empty(len(x), np.bool_)
    for i in range(len(x)):
        inside[i] = kept[x[i]] and kept[y[i]]
    return number[x[inside]], number[y[inside]], counts[inside]


@compiled("f8[::1](i4[::1], i4[::1], f4[::1], i8)")
def knight_ruiz(x: Bins, y: Bins, counts: Counts, bins: int) -> Vector:
    """The norm KR, not yet scaled to the sum of the matrix.

    Rows whose norm comes out tiny are left out, and it is solved again; where it stalls, so
    are the 1, 2, 3 and at last 10 % of the rows with the lowest sums.

    Returns
    -------
    float64 array of shape (bins,)
        NaN where a row was left out; NaN throughout if it does not converge.
    """
    rows = coverage(x, y, counts, bins)
    kept = _kept_rows(rows, 0.0)
    for number in range(1, _ROUNDS + 1):
        inside = _within(x, y, counts, kept)
        solution = np.empty(len(np.flatnonzero(kept)))
        solved = _solve(inside[0], inside[1], inside[2], solution)
        if not solved or number == _ROUNDS - 1:
            kept = _kept_rows(rows, float(number) if number < _ROUNDS - 1 else 10.0)
            continue
        norm, place = np.full(bins, np.nan), 0
        for i in range(bins):
            if kept[i]:
                norm[i] = _ratio(1.0, solution[place])
                place += 1
        tiny = norm * sum_factor(x, y, counts, norm) < _LEAST
        if not tiny.any():
            return norm
        kept &= ~tiny
    return np.full(bins, np.nan)
