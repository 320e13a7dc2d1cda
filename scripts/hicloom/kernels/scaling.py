"""How contacts fall with distance: possible pairs, and slopes of curves."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def possible_pairs(length: int, edges: Ints) -> Floats:
    """Pairs of bases of a region by their distance, in bp².

    Parameters
    ----------
    length : int
        Of the region, in bp.
    edges : int64 array of shape (bins + 1,)
        Distances in bp: bin i is half-open, from `edges[i]` to `edges[i + 1]`.

    Returns
    -------
    float64 array of shape (bins,)
        The area of the contact map at these distances, as `pairtools scaling` has it.
    """
    outside = np.maximum(length - edges.astype(np.float64), 0) ** 2
    return (outside[:-1] - outside[1:]) / 2


def slopes(x: Floats, y: Floats, weights: Floats, width: float) -> Floats:
    """The slope of a curve at each of its points, by local straight lines.

    Each line is fitted by least squares to all points, which weigh `weights` times a Gaussian of
    their distance in x whose standard deviation is `width`.

    Parameters
    ----------
    x, y, weights : float64 arrays of shape (points,)
    width : float

    Returns
    -------
    float64 array of shape (points,); NaN where fewer than three points are within 2 * width
    """
    near = np.abs(x[:, None] - x) <= 2 * width
    kernel = weights * np.exp(-((x[:, None] - x) ** 2) / (2 * width**2)) * near
    total = kernel.sum(axis=1)
    mean_x, mean_y = kernel @ x / total, kernel @ y / total
    along = (kernel * (x - mean_x[:, None]) ** 2).sum(axis=1)
    across = (kernel * (x - mean_x[:, None]) * (y - mean_y[:, None])).sum(axis=1)
    enough = near.sum(axis=1) >= 3
    return np.divide(across, along, out=np.full(len(x), np.nan), where=enough & (along > 0))
