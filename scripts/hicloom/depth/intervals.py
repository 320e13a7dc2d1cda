"""Depth that a file states for intervals: whole numbers, or fractions over a denominator."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from hicloom.depth.pile import Pile
from hicloom.errors import InputError
from hicloom.formats.bedgraph import Intervals

_LIMIT = 1 << 31


def add_intervals(
    intervals: Iterable[Intervals], pile: Pile, source: str, denominator: float | None
) -> None:
    """Add the values of intervals to a pile, times the denominator and rounded.

    Raises
    ------
    InputError
        If a value is a fraction and there is no denominator, or is beyond 32 bits.
    """
    for found in intervals:
        scaled = found.values * (denominator or 1)
        whole = np.rint(scaled)
        if denominator is None:
            advice = "is not whole; give --denominator, such as 100"
            _refuse(source, found, scaled != whole, advice)
        advice = "is beyond 32 bits" + (" times the denominator" if denominator else "")
        _refuse(source, found, (whole < -_LIMIT) | (whole >= _LIMIT), advice)
        start = pile.line.start_of(found.chrom)
        if start >= 0:
            pile.add(start + found.starts, start + found.ends, whole.astype(np.int64))


def _refuse(source: str, found: Intervals, wrong: NDArray[np.bool_], what: str) -> None:
    if wrong.any():
        row = int(wrong.argmax())
        line = f", line {found.lines[row]}" if found.lines[row] else ""
        where = f"{found.chrom}:{found.starts[row]}-{found.ends[row]}"
        raise InputError(f"{source}{line}: {where}: the value {found.values[row]:.15g} {what}")
