"""Norms of a symmetric matrix as Juicer computes them: VC and SCALE; KR is in `knight_ruiz`.

A matrix is given by its pixels of one triangle: x and y (int32, bins from 0), counts
(float32). The vectors are divisive: a normalised count is count / (norm[x] * norm[y]).

VC (vanilla coverage) is the sum of each row (Lieberman-Aiden et al., Science 326, 2009), SCALE
iterative scaling as in Juicer's ZeroScale. Thresholds, retries and what counts as failed are
those of juicer_tools 1.11.09; sums are taken in float64.
"""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import compiled

Bins = NDArray[np.int32]
Counts = NDArray[np.float32]
Vector = NDArray[np.float64]
Ints = NDArray[np.int64]

_TOLERANCE = 1e-3
_ROUNDS = 200
_PROGRESS = 0.99
_PATIENCE = 5
_ATTEMPTS = 4


@compiled("void(i4[::1], i4[::1], f4[::1], f8[::1], f8[::1])")
def multiply(x: Bins, y: Bins, counts: Counts, vector: Vector, out: Vector) -> None:
    """The matrix times a vector of shape (bins,), into `out`."""
    out[:] = 0.0
    for i in range(len(x)):
        one, two = x[i], y[i]
        count = np.float64(counts[i])
        out[one] += count * vector[two]
        if one != two:
            out[two] += count * vector[one]


@compiled("f8[::1](i4[::1], i4[::1], f4[::1], i8)")
def coverage(x: Bins, y: Bins, counts: Counts, bins: int) -> Vector:
    """The sum of each row: the norm VC but for its scale. float64 of shape (bins,)."""
    rows = np.zeros(bins)
    multiply(x, y, counts, np.ones(bins), rows)
    return rows


@compiled("f8(i4[::1], i4[::1], f4[::1], f8[::1])")
def sum_factor(x: Bins, y: Bins, counts: Counts, norm: Vector) -> float:
    """What a norm is multiplied with so that the sum of the matrix stays.

    Where no pixel has two norms above 0 it is NaN.
    """
    total = normed = 0.0
    for i in range(len(x)):
        one, two = norm[x[i]], norm[y[i]]
        if one > 0 and two > 0:
            count = np.float64(counts[i]) * (1 if x[i] == y[i] else 2)
            total += count
            normed += count / (one * two)
    return np.sqrt(normed / total) if total > 0 else np.nan


@compiled("f8(i4[::1], i4[::1], f4[::1], f8[::1], f8[::1])")
def add_distances(x: Bins, y: Bins, counts: Counts, norm: Vector, distances: Vector) -> float:
    """Add normalised counts to the sums by distance (bins); returns what was added.

    Pixels without two norms above 0 are left out.
    """
    added = 0.0
    for i in range(len(x)):
        one, two = norm[x[i]], norm[y[i]]
        if one > 0 and two > 0:
            value = np.float64(counts[i]) / (one * two)
            distances[abs(y[i] - x[i])] += value
            added += value
    return added


@compiled("f8(f8[::1], f8)")
def _threshold(rows: Vector, share: float) -> float:
    """The sum that rows must reach, so that about a share of those above 0 do not."""
    ranked = np.sort(rows)
    empty = 0
    while empty < len(ranked) and ranked[empty] == 0:
        empty += 1
    return ranked[max(0, empty - 1 + int((len(ranked) - empty) * share + 0.5))]


@compiled("f8(i4[::1], i4[::1], f4[::1], f8[::1], f8[::1], b1[::1])")
def _round(
    x: Bins, y: Bins, counts: Counts, rows: Vector, scale: Vector, bad: NDArray[np.bool_]
) -> float:
    """Correct the scale by the sums of the rows, and sum again; returns the largest error.

    A row that sums to 0 makes inf, then NaN, and is then no error any more, as in Java.
    """
    for i in range(len(rows)):
        total = 1.0 if bad[i] else rows[i]
        scale[i] *= np.sqrt(1 / total) if total != 0 else np.inf
    multiply(x, y, counts, scale, rows)
    worst = 0.0
    for i in range(len(rows)):
        rows[i] *= scale[i]
        error = abs(rows[i] - 1)
        if not bad[i] and error > worst:
            worst = error
    return worst


@compiled("b1(i4[::1], i4[::1], f4[::1], f8[::1], f8, f8[::1])")
def _attempt(x: Bins, y: Bins, counts: Counts, sums: Vector, share: float, scale: Vector) -> bool:
    """Fill `scale`, NaN in the lowest share of the rows; False if it does not converge."""
    rows = sums.copy()
    bad = rows < _threshold(rows, share)
    scale[:] = 1.0
    scale[bad] = 0.0
    error, stuck = np.inf, 0
    for number in range(_ROUNDS):
        before = error
        error = _round(x, y, counts, rows, scale, bad)
        if error <= _TOLERANCE:
            break
        if number > _PATIENCE:
            stuck = stuck + 1 if error > _PROGRESS * before else 0
        if stuck == _PATIENCE:
            break
    scale[bad] = np.nan
    return error <= _TOLERANCE


@compiled("f8[::1](i4[::1], i4[::1], f4[::1], f8[::1])")
def _divisive(x: Bins, y: Bins, counts: Counts, scale: Vector) -> Vector:
    norm = np.full(len(scale), np.nan)
    for i in range(len(scale)):
        if scale[i] > 0:
            norm[i] = 1 / scale[i]
    return norm * sum_factor(x, y, counts, norm)


@compiled("f8[::1](i4[::1], i4[::1], f4[::1], i8)")
def iterative_scaling(x: Bins, y: Bins, counts: Counts, bins: int) -> Vector:
    """The norm SCALE: the rows of the normalised matrix sum to the same.

    Rows of few counts are left out: ever more of them, until it converges.

    Returns
    -------
    float64 array of shape (bins,)
        NaN where a row was left out; of shape (0,) if it does not converge.
    """
    sums, scale = coverage(x, y, counts, bins), np.empty(bins)
    for first in (0.01, 0.04):
        share = first
        for _ in range(_ATTEMPTS):
            if _attempt(x, y, counts, sums, share, scale):
                return _divisive(x, y, counts, scale)
            share *= 1.5
    return np.empty(0)
