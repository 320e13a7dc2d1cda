"""Which bin a value lies in, of bins of any widths."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from hicloom.kernels.compiled import part

Ints = NDArray[np.int64]

_FINE = 8
"""Leading bits, beside the first, that cells tell apart: so few edges lie in one."""


@intrinsic
def _leading_zeros(context: Any, value: Any) -> Any:
    """Of a number of 64 bits."""

    def generate(context: Any, builder: Any, signature: Any, words: Any) -> Any:
        return builder.ctlz(words[0], ir.IntType(1)(0))

    return types.int64(types.int64), generate


@part
def _cell(value: int) -> int:
    """The number of the cell that a value lies in: those below 512 alone, all others with those
    whose nine leading bits are the same."""
    shift = max(0, 64 - _FINE - 1 - _leading_zeros(value))  # type: ignore[call-arg]
    return (shift << _FINE) + (value >> shift)


def cells_of(edges: Ints) -> Ints:
    """The last of the ascending `edges`, of which the first is 0, that is not above any value of a
    cell; int64 of shape (cells,)."""
    cells = np.arange((64 - _FINE) << _FINE)
    shift = np.maximum(0, (cells >> _FINE) - 1)
    least = (cells - (shift << _FINE)) << shift
    return (np.searchsorted(edges, least, side="right") - 1).astype(np.int64)


@part
def bin_of(value: int, edges: Ints, cells: Ints) -> int:
    """The last of the ascending `edges` that is at most `value`; `cells` as of `cells_of`."""
    found = cells[_cell(value)]
    while found + 1 < len(edges) and edges[found + 1] <= value:
        found += 1
    return int(found)
