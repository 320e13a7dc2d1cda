"""What D4 files hold of values: codes packed into bits, and runs of what has no code."""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.bits import packed_size
from hicloom.kernels.compiled import compiled
from hicloom.kernels.runs import Runs

Values = NDArray[np.int32]
Ints = NDArray[np.int64]

_VALUES = "Array(i4, 1, 'C', True)"


def pack(values: Values, low: int, width: int, skip: int = 0) -> NDArray[np.uint8]:
    """Pack the values low .. low + 2^width - 1 as numbers of `width` bits, all others as the last.

    Parameters
    ----------
    values : int32 array of shape (n,)
    width : int
        1 to `bits.MAX_WIDTH`.
    skip : int
        The first number begins at this bit (0 to 7) of the first byte.

    Returns
    -------
    uint8 array of shape (ceil((skip + n * width) / 8),)
        The least significant bit is the first; bits before and after the numbers are 0.
    """
    size = packed_size(skip + len(values) * width, 1)
    words = np.empty(-(-size // 4), "<u4")
    _pack(values, low, width, skip, words)
    return words.view(np.uint8)[:size]


def runs_outside(values: Values, low: int, high: int, start: int) -> Runs:
    """The longest runs of equal values that are below `low` or not below `high`.

    Parameters
    ----------
    values : int32 array of shape (n,)
    start : int
        Position of the first value.

    Returns
    -------
    starts, ends : int64 arrays of shape (n_runs,)
        Half-open, sorted.
    values : int32 array of shape (n_runs,)
    """
    starts, ends = np.empty(len(values), np.int64), np.empty(len(values), np.int64)
    found = np.empty(len(values), np.int32)
    n = _runs_outside(values, low, high, start, starts, ends, found)
    return starts[:n].copy(), ends[:n].copy(), found[:n].copy()


@compiled(f"void({_VALUES}, i8, i8, i8, u4[::1])")
def _pack(values: Values, low: int, width: int, skip: int, words: NDArray[np.uint32]) -> None:
    """Fill `words` with the values' codes, from bit `skip` on."""
    last = (1 << width) - 1
    word, held, at = np.uint64(0), skip, 0
    for value in values:
        code = np.int64(value) - low
        if code < 0 or code > last:
            code = last  # type: ignore[assignment]
        word |= np.uint64(code) << np.uint64(held)
        held += width
        if held >= 32:
            words[at] = np.uint32(word)
            word, held, at = word >> np.uint64(32), held - 32, at + 1
    if held:
        words[at] = np.uint32(word)


@compiled(f"i8({_VALUES}, i8, i8, i8, i8[::1], i8[::1], i4[::1])")
def _runs_outside(
    values: Values, low: int, high: int, start: int, starts: Ints, ends: Ints, found: Values
) -> int:
    """Fill the arrays with runs, and tell how many there are."""
    n = place = 0
    while place < len(values):
        value = values[place]
        first = place
        place += 1
        if low <= value < high:
            continue
        while place < len(values) and values[place] == value:
            place += 1
        starts[n], ends[n], found[n] = start + first, start + place, value
        n += 1
    return n
