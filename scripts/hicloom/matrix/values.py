"""Which columns of values of the pixels are summed, and how large the sums may grow."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from cyclopts import Parameter

from hicloom.errors import InputError

if TYPE_CHECKING:
    from hicloom.formats.cool import PixelReader

CountType = Literal["int32", "int64", "float64"]
Columns = Annotated[Sequence[str], Parameter(consume_multiple=True)]


def summed_columns(
    map_: "PixelReader", count_dtype: CountType | None, named: Sequence[str]
) -> dict[str, Any]:
    """The columns of a map to sum, and the types of the sums.

    Parameters
    ----------
    map_ : PixelReader
        The map.
    count_dtype : str, optional
        Type of the sums of `count` (default: the map's).
    named : sequence of str
        Columns besides `count`.

    Raises
    ------
    InputError
        If the map lacks a column, or has others and none is named.
    """
    there = map_.value_columns
    others = [name for name in there if name != "count"]
    if others and not named:
        raise InputError(
            f"{map_.uri}: its pixels have more columns than count; name those to sum"
            f" (--sum-columns {' '.join(others)}), or only count to leave them out"
        )
    for name in ("count", *named):
        if name not in there:
            raise InputError(f"{map_.uri}: its pixels have no column {name}")
    types = {name: there[name] for name in ("count", *named)}
    return types | ({"count": np.dtype(count_dtype)} if count_dtype else {})
