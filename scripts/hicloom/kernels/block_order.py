"""The order in which pixels go into the blocks of .hic files."""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import compiled

Ints = NDArray[np.int64]
Places = NDArray[np.int32]

_BITS = 11


@compiled("b1(u8[::1], i4[::1], u8[::1], i4[::1], i8)", allocates=True)
def _scatter(
    keys: NDArray[np.uint64],
    places: Places,
    sorted_keys: NDArray[np.uint64],
    sorted_places: Places,
    shift: int,
) -> bool:
    """Sort by some bits of the keys; nothing is done, and False returned, if all have the same."""
    free = np.zeros((1 << _BITS) + 1, np.int64)
    mask = np.uint64((1 << _BITS) - 1)
    for i in range(len(keys)):
        free[((keys[i] >> np.uint64(shift)) & mask) + np.uint64(1)] += 1
    if free[((keys[0] >> np.uint64(shift)) & mask) + np.uint64(1)] == len(keys):
        return False
    for digit in range(1 << _BITS):
        free[digit + 1] += free[digit]
    for i in range(len(keys)):
        digit = (keys[i] >> np.uint64(shift)) & mask
        sorted_keys[free[digit]], sorted_places[free[digit]] = keys[i], places[i]
        free[digit] += 1
    return True


@compiled("i4[::1](i8[::1], i8[::1])", allocates=True)
def block_order(stripe: Ints, bin2: Ints) -> Places:
    """What sorts pixels by stripe, then bin2, then as they come; int32 of shape (pixels,).

    A radix sort of the two numbers in one, which must fit into 64 bits: bins are below 2**32.
    """
    first, width = stripe.min(), 0
    while bin2.max() >> width:
        width += 1
    keys = np.empty(len(stripe), np.uint64)
    for i in range(len(stripe)):
        keys[i] = (stripe[i] - first) << width | bin2[i]
    bits = width
    while (stripe.max() - first) >> (bits - width):
        bits += 1
    places = np.arange(len(stripe), dtype=np.int32)
    other_keys, other_places = np.empty_like(keys), np.empty_like(places)
    for shift in range(0, bits, _BITS):
        if _scatter(keys, places, other_keys, other_places, shift):
            keys, other_keys = other_keys, keys
            places, other_places = other_places, places
    return places
