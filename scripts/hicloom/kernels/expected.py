"""Expected counts by distance, as Juicer computes them."""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import compiled

Vector = NDArray[np.float64]
Ints = NDArray[np.int64]

_ENOUGH = 400.0


@compiled("f8[::1](f8[::1], i8[::1])", allocates=True)
def density(distances: Vector, chromosomes: Ints) -> Vector:
    """Mean count of the pixels at each distance.

    Where the counts are few, it is the mean over a window around the distance that holds 400
    (5 % shot noise), or all there is.

    Parameters
    ----------
    distances : float64 array of shape (n,)
        Sum of the counts at each distance (bins); n is above the largest of `chromosomes`.
    chromosomes : int64 array
        Whole bins of each chromosome that has counts.

    Returns
    -------
    float64 array of shape (max(chromosomes),)
    """
    possible = np.zeros(len(distances))
    size = 0
    for bins in chromosomes:
        size = max(size, bins)
        for i in range(bins):
            possible[i] += bins - i
    means = np.empty(size)
    total, places = distances[0], possible[0]
    low = high = 0
    for i in range(size):
        if total < _ENOUGH:
            while total < _ENOUGH and high < size:
                high += 1
                total += distances[high]
                places += possible[high]
        else:
            while low < high and total - distances[low] - distances[high] >= _ENOUGH:
                total -= distances[low] + distances[high]
                places -= possible[low] + possible[high]
                low, high = low + 1, high - 1
        means[i] = total / places if places != 0 else np.nan
        for _ in range(min(2, size - 1 - high)):
            high += 1
            total += distances[high]
            places += possible[high]
    return means


@compiled("f8(f8[::1], i8)")
def expected_sum(means: Vector, bins: int) -> float:
    """Sum of the expected counts of a chromosome of so many whole bins."""
    total = 0.0
    for i in range(min(bins, len(means))):
        total += (bins - i) * means[i]
    return total
