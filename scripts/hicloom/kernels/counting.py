"""Counting equal keys: sort, count, and add up sorted runs."""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import compiled

Keys = NDArray[np.int64]
Counts = NDArray[np.int64]

_BITS = 11
_DIGITS = 6


@compiled("void(i8[::1], i8[::1])", allocates=True)
def sort_keys(keys: Keys, scratch: Keys) -> None:
    """Sort non-negative keys in place: by digits of 11 bits, those apart that do not differ.

    (numpy's sort takes twice to six times as long, for it depends on the processor.)

    Parameters
    ----------
    keys, scratch : int64 arrays of shape (n,)
    """
    n = len(keys)
    mask = (1 << _BITS) - 1
    histograms = np.zeros((_DIGITS, 1 << _BITS), np.int64)
    every, some, ascends = -1, 0, True
    for i in range(n):
        every &= int(keys[i])
        some |= int(keys[i])
        ascends = ascends and (i == 0 or keys[i - 1] <= keys[i])
    if ascends:
        return
    differ = every ^ some
    for i in range(n):
        for digit in range(_DIGITS):
            shift = digit * _BITS
            if (differ >> shift) & mask:
                histograms[digit, (keys[i] >> shift) & mask] += 1
    source, target, moves = keys, scratch, 0
    for digit in range(_DIGITS):
        shift = digit * _BITS
        if not (differ >> shift) & mask:
            continue
        places = histograms[digit]
        total = 0
        for cell in range(1 << _BITS):
            count = places[cell]
            places[cell] = total
            total += count
        for i in range(n):
            cell = (source[i] >> shift) & mask
            target[places[cell]] = source[i]
            places[cell] += 1
        source, target, moves = target, source, moves + 1
    if moves % 2:
        keys[:] = source


@compiled("i8(i8[::1], i8[::1])")
def count_keys(keys: Keys, counts: Counts) -> int:
    """How often each of sorted keys occurs: the distinct ones are moved to the front.

    Parameters
    ----------
    keys, counts : int64 arrays of shape (n,)
        `counts` is filled.

    Returns
    -------
    int
        Number of distinct keys.
    """
    last = -1
    for i in range(len(keys)):
        if last >= 0 and keys[i] == keys[last]:
            counts[last] += 1
        else:
            last += 1
            keys[last] = keys[i]
            counts[last] = 1
    return last + 1


@compiled("i8(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1])")
def add_up(
    keys1: Keys, counts1: Counts, keys2: Keys, counts2: Counts, keys: Keys, counts: Counts
) -> int:
    """The keys of two ascending runs as one run, with the sums of their counts.

    Parameters
    ----------
    keys1, counts1 : int64 arrays of shape (n1,)
    keys2, counts2 : int64 arrays of shape (n2,)
    keys, counts : int64 arrays of shape (n1 + n2,)
        Filled.

    Returns
    -------
    int
        Number of distinct keys.
    """
    i = j = k = 0
    n1, n2 = len(keys1), len(keys2)
    while i < n1 and j < n2:
        # Without a branch that the processor would guess wrongly every other time.
        one, two = keys1[i], keys2[j]
        take1, take2 = np.int64(one <= two), np.int64(two <= one)
        keys[k] = min(one, two)
        counts[k] = counts1[i] * take1 + counts2[j] * take2
        i += int(take1)
        j += int(take2)
        k += 1
    while i < n1:
        keys[k], counts[k] = keys1[i], counts1[i]
        i += 1
        k += 1
    while j < n2:
        keys[k], counts[k] = keys2[j], counts2[j]
        j += 1
        k += 1
    return k
