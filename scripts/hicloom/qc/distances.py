"""Distances of pairs in bins, so fine that every table of distances is a sum of them.

Edges are those of `pairtools stats` and `scaling` (eight a decade), of pairsqc (ten a decade),
and the limits that metrics speak of.
"""

import math

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

LIMITS = (1_000, 2_000, 4_000, 10_000, 20_000, 40_000)
"""In bp: pairs at least so far apart are counted (`cis_1kb+` and so on of pairtools)."""

LONG_RANGE = 20_000
"""In bp: pairsqc calls pairs long-range that are farther apart than this."""

PAIRSQC_STEP = 0.1
"""Size of pairsqc's bins, log10."""

_PAIRSQC_BINS = 90
_DECADES, _A_DECADE = 9, 8


def pairtools_edges() -> Ints:
    """Lower edges (bp) of pairtools' bins: 0, 1, 2 ... 10^9; the last has no end."""
    exponents = np.arange(0, _DECADES + 0.001, 1 / _A_DECADE)
    return np.unique(np.concatenate(([0], np.round(10**exponents)))).astype(np.int64)


def pairsqc_bin(distance: int) -> int:
    """The number of pairsqc's bin of a distance (bp, at least 1)."""
    return int(math.log10(distance) / PAIRSQC_STEP)


def fine_edges() -> Ints:
    """Lower edges (bp) of bins of which all others are unions, shape (bins,)."""
    guesses = (round(10 ** (number * PAIRSQC_STEP)) for number in range(_PAIRSQC_BINS))
    near = {max(1, guess + shift) for guess in guesses for shift in (-1, 0, 1)}
    pairsqc = [edge for edge in near if edge == 1 or pairsqc_bin(edge) != pairsqc_bin(edge - 1)]
    parts = (pairtools_edges(), pairsqc, LIMITS, [LONG_RANGE + 1])
    return np.unique(np.concatenate(parts)).astype(np.int64)


def rebin(counts: NDArray[np.int64], fine: Ints, edges: Ints) -> NDArray[np.int64]:
    """Sums over coarser bins along the last axis.

    Parameters
    ----------
    counts : int64 array of shape (..., fine bins)
    fine, edges : int64 arrays
        Lower edges (bp) of the bins; each of `edges` is one of `fine`.

    Returns
    -------
    int64 array of shape (..., edges); what lies below the first edge is left out
    """
    return np.add.reduceat(counts, np.searchsorted(fine, edges), axis=-1)


def at_least(counts: NDArray[np.int64], fine: Ints, limit: int) -> int:
    """Pairs of a table of shape (..., fine bins) that are at least `limit` bp apart."""
    return int(counts[..., np.searchsorted(fine, limit) :].sum())
