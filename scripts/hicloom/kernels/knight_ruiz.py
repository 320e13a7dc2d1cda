"""The norm KR of a symmetric matrix as Juicer computes it.

The algorithm is that of Knight & Ruiz (A fast algorithm for matrix balancing, IMA J. Numer.
Anal. 33, 2013): Newton's method, each step by conjugate gradients. Which rows are left out,
retries and what counts as failed are those of juicer_tools 1.11.09. A matrix is given as
`symmetric` says.
"""

import numpy as np

from hicloom.kernels.compiled import compiled
from hicloom.kernels.norms import inverse, sum_factor
from hicloom.kernels.symmetric import (
    Columns,
    Counts,
    Ints,
    Mask,
    Vector,
    lacks_support,
    multiply,
    within,
)

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


@compiled("b1[::1](f8[::1], f8)", allocates=True)
def _kept_rows(rows: Vector, percent: float) -> Mask:
    """Rows whose sum is above a percentile of the sums if percent is not 0, else all."""
    least = 0.0
    if percent > 0 and len(rows):
        least = _percentile(np.sort(rows), percent)
    return rows > least


@compiled("f8(i8[::1], u4[::1], f4[::1], f8[::1], f8[::1], f8[::1], f8[::1])")
def _residual(
    start: Ints,
    column: Columns,
    value: Counts,
    diagonal: Vector,
    solution: Vector,
    v: Vector,
    residual: Vector,
) -> float:
    """Fill v = solution * (matrix * solution), residual = 1 - v; returns its square."""
    multiply(start, column, value, diagonal, solution, v)
    square = 0.0
    for i in range(len(v)):
        v[i] *= solution[i]
        residual[i] = 1 - v[i]
        square += residual[i] * residual[i]
    return square


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


@compiled("f8(f8[::1], f8[::1], f8[::1])")
def _precondition(residual: Vector, inverted: Vector, z: Vector) -> float:
    """Fill z = residual / v; returns residual * z."""
    total = 0.0
    for i in range(len(z)):
        z[i] = residual[i] * inverted[i]
        total += residual[i] * z[i]
    return total


@compiled("f8(f8, f8[::1], f8[::1], f8[::1], f8[::1], f8[::1], f8[::1])")
def _step(
    alpha: float,
    p: Vector,
    w: Vector,
    inverted: Vector,
    factor: Vector,
    residual: Vector,
    z: Vector,
) -> float:
    """Go a step of conjugate gradients, and fill z for the next; returns residual * z."""
    total = 0.0
    for i in range(len(z)):
        factor[i] += alpha * p[i]
        residual[i] -= alpha * w[i]
        z[i] = residual[i] * inverted[i]
        total += residual[i] * z[i]
    return total


@compiled(
    "f8[::1](i8[::1], u4[::1], f4[::1], f8[::1], f8[::1], f8[::1], f8[::1], f8, f8)", allocates=True
)
def _newton_step(
    start: Ints,
    column: Columns,
    value: Counts,
    diagonal: Vector,
    solution: Vector,
    v: Vector,
    residual: Vector,
    square: float,
    tolerance: float,
) -> Vector:
    """What the solution is multiplied with, by conjugate gradients.

    `square` is that of the residual, which is changed; `tolerance` the square to come below.
    """
    rows = len(v)
    factor, w, z, p = np.ones(rows), np.empty(rows), np.empty(rows), np.zeros(rows)
    inverted, scaled = np.empty(rows), np.empty(rows)
    if not square > tolerance:
        return factor
    for i in range(rows):
        inverted[i] = _ratio(1.0, v[i])
    now, beta = _precondition(residual, inverted, z), 0.0
    while True:
        for i in range(rows):
            p[i] = z[i] + beta * p[i]
            scaled[i] = solution[i] * p[i]
        multiply(start, column, value, diagonal, scaled, w)
        along = 0.0
        for i in range(rows):
            w[i] = solution[i] * w[i] + v[i] * p[i]
            along += p[i] * w[i]
        alpha = _ratio(now, along)
        if _leaves(factor, alpha, p):
            return factor + _share(factor, alpha, p) * alpha * p
        before, now = now, _step(alpha, p, w, inverted, factor, residual, z)
        if not now > tolerance:
            return factor
        beta = _ratio(now, before)


@compiled("f8(f8, f8, f8)")
def _next_forcing(eta: float, ratio: float, square: float) -> float:
    """How far the next step is solved; a NaN stays one."""
    following = _FORCING * ratio
    if _FORCING * eta * eta > _LARGEST_FORCING:
        following = np.maximum(following, _FORCING * eta * eta)
    least = _ratio(0.5 * _TOLERANCE, np.sqrt(square))
    return np.maximum(np.minimum(following, _LARGEST_FORCING), least)


@compiled("b1(i8[::1], u4[::1], f4[::1], f8[::1], f8[::1])", allocates=True)
def _solve(start: Ints, column: Columns, value: Counts, diagonal: Vector, solution: Vector) -> bool:
    """Fill `solution`: diag(s) * matrix * diag(s) has rows that sum to 1; False if it stalls."""
    rows = len(solution)
    solution[:] = 1.0
    v, residual = np.empty(rows), np.empty(rows)
    square = _residual(start, column, value, diagonal, solution, v, residual)
    # A row of zeros makes NaN, and an end, at once.
    if v.all() and lacks_support(start, column, diagonal):
        return False
    goal, eta, still = _TOLERANCE * _TOLERANCE, _LARGEST_FORCING, 0
    while square > goal and still < _PATIENCE:
        inner = np.maximum(eta * eta * square, goal)
        solution *= _newton_step(
            start, column, value, diagonal, solution, v, residual, square, inner
        )
        before = square
        square = _residual(start, column, value, diagonal, solution, v, residual)
        if abs(square - before) < _STILL or np.isinf(square):
            still += 1
        eta = _next_forcing(eta, _ratio(square, before), square)
    return still < _PATIENCE


@compiled("f8[::1](i8[::1], u4[::1], f4[::1], f8[::1], f8[::1])", allocates=True)
def knight_ruiz(
    start: Ints, column: Columns, value: Counts, diagonal: Vector, sums: Vector
) -> Vector:
    """The norm KR, not yet scaled to the sum of the matrix.

    Rows whose norm comes out tiny are left out, and it is solved again; where it stalls, so
    are the 1, 2, 3 and at last 10 % of the rows with the lowest sums. That it will stall is mostly
    known beforehand; Juicer goes on until it does, or until its numbers overflow to NaN, which
    then is the norm of all rows.

    Parameters
    ----------
    start, column, value, diagonal : arrays
        A matrix; see `symmetric`.
    sums : float64 array of shape (rows,)
        Of the rows.

    Returns
    -------
    float64 array of shape (rows,)
        NaN where a row was left out; NaN throughout if it does not converge.
    """
    kept = _kept_rows(sums, 0.0)
    for number in range(1, _ROUNDS + 1):
        inside = (start, column, value, diagonal)
        if not kept.all():
            inside = within(start, column, value, diagonal, kept)
        solution = np.empty(len(inside[3]))
        solved = _solve(inside[0], inside[1], inside[2], inside[3], solution)
        if not solved or number == _ROUNDS - 1:
            kept = _kept_rows(sums, float(number) if number < _ROUNDS - 1 else 10.0)
            continue
        norm, place = np.full(len(sums), np.nan), 0
        for i in range(len(sums)):
            if kept[i]:
                norm[i] = _ratio(1.0, solution[place])
                place += 1
        tiny = norm * sum_factor(start, column, value, diagonal, inverse(norm)) < _LEAST
        if not tiny.any():
            return norm
        kept &= ~tiny
    return np.full(len(sums), np.nan)
