"""Bring the pixels of several maps into the order of rows."""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import compiled

Ints = NDArray[np.int64]


def order_of_rows(bin1: Ints) -> Ints:
    """The order that sorts pixels by row and leaves those of a row as they are.

    Parameters
    ----------
    bin1 : int64 array of shape (pixels,)

    Returns
    -------
    int64 array of shape (pixels,)
    """
    first, last = (int(bin1.min()), int(bin1.max())) if len(bin1) else (0, 0)
    if last - first > 4 * len(bin1):
        return np.argsort(bin1, kind="stable")
    order = np.empty(len(bin1), np.int64)
    _count_sort(bin1, first, np.zeros(last - first + 2, np.int64), order)
    return order


@compiled("void(i8[::1], i8, i8[::1], i8[::1])")
def _count_sort(bin1: Ints, first: int, places: Ints, order: Ints) -> None:
    for row in bin1:
        places[row - first + 1] += 1
    for row in range(1, len(places)):
        places[row] += places[row - 1]
    for pixel in range(len(bin1)):
        row = bin1[pixel] - first
        order[places[row]] = pixel
        places[row] += 1
