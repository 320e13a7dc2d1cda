"""Sums, extremes and counts of runs."""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.runs import Ints, Runs, Values

HALF = 1 << 16

Counts = NDArray[np.int64]


def summarise(runs: Runs, edges: Ints) -> tuple[Ints, Values, Values]:
    """Sum, least and greatest value between edges.

    Parameters
    ----------
    runs
        Without gaps, from the first edge to the last.
    edges : int64 array of shape (n + 1,)
        Strictly ascending positions.

    Returns
    -------
    sums : int64 array of shape (n,)
    least, greatest : int32 arrays of shape (n,)
    """
    starts, ends, values = runs
    before = np.cumsum(values * (ends - starts)) - values * (ends - starts)
    at = np.searchsorted(starts, edges, side="right") - 1
    sums = np.diff(before[at] + values[at] * (edges - starts[at]))
    # Pairs of the first run that reaches into a stretch and the first that does not.
    stretches = np.stack((at[:-1], np.searchsorted(starts, edges[1:])), axis=1).ravel()
    padded = np.append(values, values[-1:])
    return (
        sums,
        np.minimum.reduceat(padded, stretches)[::2],
        np.maximum.reduceat(padded, stretches)[::2],
    )


def count_values(runs: Runs, low: int, n: int) -> Counts:
    """Positions of each value low .. low + n - 1; what lies beyond counts for the nearest.

    Returns
    -------
    int64 array of shape (n,)
    """
    starts, ends, values = runs
    which = np.clip(values.astype(np.int64) - low, 0, n - 1)
    # Sums of lengths are exact in float64, for they stay below 2**53.
    counts: Counts = np.bincount(which, weights=ends - starts, minlength=n).astype(np.int64)
    return counts


def count_halves(runs: Runs, half: int | None) -> Counts:
    """Positions by 65,536 values: by their upper half, or by the lower of those with `half`.

    Returns
    -------
    int64 array of shape (65536,)
        At i the positions whose upper half is i - 32768; or whose lower half is i.
    """
    starts, ends, values = runs
    upper = values >> 16
    if half is None:
        return count_values((starts, ends, upper), -HALF // 2, HALF)
    there = upper == half
    return count_values((starts[there], ends[there], values[there] & (HALF - 1)), 0, HALF)


def at_rank(counts: Counts, rank: int) -> tuple[int, int]:
    """Which bin holds the position of this rank (from 1), and how many positions lie before it."""
    reached = np.cumsum(counts)
    found = int(np.searchsorted(reached, rank))
    return found, int(reached[found] - counts[found])
