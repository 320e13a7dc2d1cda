"""Runs: consecutive positions of one value, as arrays of starts, ends and values."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Values = NDArray[np.int32]
Runs = tuple[Ints, Ints, Values]


def runs_of(values: Values, start: int = 0) -> Runs:
    """The longest runs of equal values; the first value lies at position `start`.

    Parameters
    ----------
    values : int32 array of shape (n,)

    Returns
    -------
    starts, ends : int64 arrays of shape (n_runs,)
        Half-open, sorted, without gaps.
    values : int32 array of shape (n_runs,)
    """
    if not len(values):
        return np.empty(0, np.int64), np.empty(0, np.int64), values
    starts = np.append(0, np.flatnonzero(values[1:] != values[:-1]) + 1)
    ends = np.append(starts[1:], len(values))
    return starts + start, ends + start, values[starts]


def fill_gaps(runs: Runs, start: int, end: int, fill: int = 0) -> Runs:
    """Runs without gaps over start .. end (half-open): what no run covers has the value `fill`.

    Empty runs may be among those returned.
    """
    starts, ends, values = runs
    edges = np.empty(2 * len(starts) + 2, np.int64)
    edges[0], edges[1:-1:2], edges[2:-1:2], edges[-1] = start, starts, ends, end
    filled = np.full(2 * len(starts) + 1, fill, np.int32)
    filled[1::2] = values
    return edges[:-1], edges[1:], filled


def join(runs: Runs) -> Runs:
    """Sorted runs with equal neighbours that touch made one, and empty ones left out."""
    kept = runs[1] > runs[0]
    if not kept.all():
        runs = runs[0][kept], runs[1][kept], runs[2][kept]
    starts, ends, values = runs
    new = np.append(True, (starts[1:] != ends[:-1]) | (values[1:] != values[:-1]))[: len(starts)]
    if new.all():
        return runs
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(starts)) - 1 if len(first) else first
    return starts[first], ends[last], values[first]


def concatenate(one: Runs, two: Runs) -> Runs:
    """The runs of both."""
    return (
        np.concatenate((one[0], two[0])),
        np.concatenate((one[1], two[1])),
        np.concatenate((one[2], two[2])),
    )


def cut(runs: Runs, step: int) -> Runs:
    """Cut sorted runs where they cross a multiple of `step`."""
    starts, ends, _ = runs
    if not len(starts) or starts[0] // step == (ends[-1] - 1) // step:
        return runs
    first = starts // step
    return _repeat(runs, (ends - 1) // step - first + 1, (first + 1) * step, step)


def shorten(runs: Runs, longest: int) -> Runs:
    """Cut runs that are longer than `longest` into pieces of it and a rest."""
    starts, ends, _ = runs
    if (ends - starts).max(initial=0) <= longest:
        return runs
    return _repeat(runs, -(-(ends - starts) // longest), starts + longest, longest)


def expand(runs: Runs, start: int, end: int, fill: int = 0) -> Values:
    """The value of each position of start .. end (half-open); `fill` where no run lies.

    Parameters
    ----------
    runs
        Sorted; they may begin before `start` and end after `end`.
    """
    first = int(np.searchsorted(runs[1], start, side="right"))
    last = int(np.searchsorted(runs[0], end))
    inside = (
        np.maximum(runs[0][first:last], start),
        np.minimum(runs[1][first:last], end),
        runs[2][first:last],
    )
    starts, ends, values = fill_gaps(inside, start, end, fill)
    return np.repeat(values, ends - starts)


def _repeat(runs: Runs, pieces: Ints, second: Ints, step: int) -> Runs:
    """Cut each run into `pieces`: at `second`, and from there every `step`."""
    if not len(pieces) or int(pieces.max()) == 1:
        return runs
    starts, ends, values = runs
    run = np.repeat(np.arange(len(starts)), pieces)
    nth = np.arange(len(run)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    cuts = second[run] + (nth - 1) * step
    return (
        np.where(nth == 0, starts[run], cuts),
        np.where(nth == pieces[run] - 1, ends[run], cuts + step),
        values[run],
    )
