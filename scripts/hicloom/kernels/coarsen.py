"""Sum pixels in larger bins, row by row.

A coarse row is made of several fine ones, of which each ascends by column. The sums of the row
at hand lie in an array of one place a column, beside which a tree of bits tells which places
are in use: a bit of level 0 is a column, one of level 1 a word of level 0, one of level 2 a
word of level 1. So columns come out in ascending order without being sorted, and a row of any
number of pixels needs no more memory than a row of bins.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba.cpython.unsafe.numbers import trailing_zeros
from numpy.typing import NDArray

from hicloom.kernels.compiled import compiled, part

Ints = NDArray[np.int64]
Values = NDArray[Any]
Bits = NDArray[np.uint64]
Table = NDArray[np.int32]
Pixels = tuple[Ints, Ints, Values]

_LARGEST = np.iinfo(np.int64).max
_MISPLACED, _OVERFLOW = -1, -2
"""What is returned in place of a number of pixels: a bin lies outside the map or its row before
that of the pixel before; a sum is beyond int64."""

_ROW, _USED = range(2)
"""Places of the state: the row at hand (-1 for none), and how many of its columns are in use."""


@dataclass(frozen=True)
class Row:
    """The sums of a coarse row that is not yet whole.

    Attributes
    ----------
    sums : int64 or float64 array of shape (columns,)
    low, middle, high : uint64 arrays
        The tree of bits.
    state : int64 array of shape (2,)
    """

    sums: Values
    low: Bits
    middle: Bits
    high: Bits
    state: Ints

    @classmethod
    def of(cls, columns: int, dtype: Any) -> "Row":
        """An empty one; `dtype` is int64 or float64."""
        low = np.zeros(-(-columns // 64), np.uint64)
        middle = np.zeros(-(-len(low) // 64), np.uint64)
        high = np.zeros(-(-len(middle) // 64), np.uint64)
        return cls(np.zeros(columns, dtype), low, middle, high, np.array([-1, 0]))

    def add(self, bin1: Ints, bin2: Ints, values: Values, table: Table) -> Pixels:
        """Add pixels of finer bins, and return those of the coarse rows that are whole then.

        Parameters
        ----------
        bin1, bin2 : int64 arrays of shape (pixels,)
            Fine bins, the coarse rows of bin1 ascending from call to call.
        values : array of shape (pixels,)
            Of the dtype of the sums.
        table : int32 array of shape (fine bins,)
            The coarse bin of each.

        Returns
        -------
        bin1, bin2 : int64 arrays
            In ascending order, unique.
        values : array of the dtype of the sums

        Raises
        ------
        IndexError
            If a bin is beyond the table, or a row comes after a later one.
        OverflowError
            If a sum is beyond int64.
        """
        out = self._room(len(bin1))
        state = (self.sums, self.low, self.middle, self.high, self.state)
        limit = math.inf if values.dtype.kind == "f" else _LARGEST
        n = _add(bin1, bin2, values, table, limit, *state, *out)
        if n == _MISPLACED:
            raise IndexError("bins are out of order or beyond the map")
        if n == _OVERFLOW:
            raise OverflowError("a sum is beyond int64")
        return out[0][:n], out[1][:n], out[2][:n]

    def end(self) -> Pixels:
        """The pixels of the row at hand; it is empty then."""
        out = self._room(0)
        _end(self.sums, self.low, self.middle, self.high, self.state, *out)
        return out

    def _room(self, more: int) -> Pixels:
        n = more + int(self.state[_USED])
        return np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, self.sums.dtype)


def summable(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The type in which values of `dtype` are summed."""
    return np.dtype(np.float64 if dtype.kind == "f" else np.int64)


@part
def _lowest(bits: Any) -> Any:
    return trailing_zeros(bits)  # type: ignore[call-arg]


@part
def _flush(
    sums: Values,
    low: Bits,
    middle: Bits,
    high: Bits,
    row: int,
    bin1: Ints,
    bin2: Ints,
    values: Values,
    n: Any,
) -> Any:
    """Write the row at hand as pixels n and following, and empty it; the first place behind."""
    # Unsigned numbers throughout: signed ones would be looked at for counting from the end.
    one, word_size = np.uint64(1), np.uint64(64)
    for top in range(len(high)):
        centres = high[top]
        high[top] = 0
        while centres:
            centre = np.uint64(top) * word_size + _lowest(centres)
            centres &= centres - one
            words = middle[centre]
            middle[centre] = 0
            while words:
                word = centre * word_size + _lowest(words)
                words &= words - one
                bits = low[word]
                low[word] = 0
                while bits:
                    column = word * word_size + _lowest(bits)
                    bits &= bits - one
                    bin1[n], bin2[n], values[n] = row, column, sums[column]
                    sums[column] = 0
                    n += one
    return n


_STATE = "u8[::1], u8[::1], u8[::1], i8[::1]"


@compiled(
    f"i8(i8[::1], i8[::1], i8[::1], i4[::1], i8, i8[::1], {_STATE}, i8[::1], i8[::1], i8[::1])",
    f"i8(i8[::1], i8[::1], f8[::1], i4[::1], f8, f8[::1], {_STATE}, i8[::1], i8[::1], f8[::1])",
)
def _add(
    fine1: Ints,
    fine2: Ints,
    counts: Values,
    table: Table,
    limit: float,
    sums: Values,
    low: Bits,
    middle: Bits,
    high: Bits,
    state: Ints,
    bin1: Ints,
    bin2: Ints,
    values: Values,
) -> int:
    one, six, last = np.uint64(1), np.uint64(6), np.uint64(63)
    n, n_fine = np.uint64(0), np.uint64(len(table))
    row, used = state[_ROW], state[_USED]
    for i in range(len(fine1)):
        place1, place2 = np.uint64(fine1[i]), np.uint64(fine2[i])
        if place1 >= n_fine or place2 >= n_fine or table[place1] < row:
            return _MISPLACED
        if table[place1] != row:
            n = _flush(sums, low, middle, high, row, bin1, bin2, values, n)
            row, used = np.int64(table[place1]), 0
        column = np.uint64(table[place2])
        word = column >> six
        bit = one << (column & last)
        if not low[word] & bit:
            # A part of its own would cost as much as all the rest.
            if not low[word]:
                centre = word >> six
                middle[centre] |= one << (word & last)
                high[centre >> six] |= one << (centre & last)
            low[word] |= bit
            used += 1
        before, more = sums[column], counts[i]
        # A sum that has wrapped cannot be asked: compilers take it that none does.
        if (more > 0 and before > limit - more) or (more < 0 and before < -limit - more):
            return _OVERFLOW
        sums[column] = before + more
    state[_ROW], state[_USED] = row, used
    return int(n)


@compiled(
    f"void(i8[::1], {_STATE}, i8[::1], i8[::1], i8[::1])",
    f"void(f8[::1], {_STATE}, i8[::1], i8[::1], f8[::1])",
)
def _end(
    sums: Values,
    low: Bits,
    middle: Bits,
    high: Bits,
    state: Ints,
    bin1: Ints,
    bin2: Ints,
    values: Values,
) -> None:
    _flush(sums, low, middle, high, state[_ROW], bin1, bin2, values, np.uint64(0))
    state[_ROW], state[_USED] = -1, 0
