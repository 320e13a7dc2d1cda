"""Order of rows by several keys."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def first_descent(keys: Sequence[NDArray[Any]]) -> int | None:
    """The first row that sorts before the row above it, or None.

    Parameters
    ----------
    keys : sequence of arrays, each of shape (rows,)
        The most significant key first.
    """
    if len(keys[0]) < 2:
        return None
    equal = np.ones(len(keys[0]) - 1, bool)
    descends = np.zeros(len(keys[0]) - 1, bool)
    for key in keys:
        descends |= equal & (key[1:] < key[:-1])
        equal &= key[1:] == key[:-1]
    found = np.flatnonzero(descends)
    return int(found[0]) + 1 if len(found) else None
