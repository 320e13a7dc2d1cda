"""Events of depth, brought together by block and summed up.

All chromosomes lie on one line, each followed by one empty place, so that a stretch of bases
(half-open) is an event at its start and one at its end, and depth is their running sum. An
event is `place << 1 | is_end`; *weighted* events carry a value beside.
"""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import compiled

Ints = NDArray[np.int64]
Keys = NDArray[np.uint32]
Steps = NDArray[np.int32] | NDArray[np.int64]


@compiled("void(i8[::1], i8[::1], i8, i8[::1], u4[::1], i8[::1], i8[::1])")
def partition(
    events: Ints, weights: Ints, shift: int, edges: Ints, keys: Keys, moved: Ints, sums: Ints
) -> None:
    """Bring events together by block (2^shift places), keeping their order within each.

    Parameters
    ----------
    events : int64 array of shape (n,)
    weights : int64 array of shape (n,), or empty where all are 1
    edges : int64 array of shape (blocks + 1,)
        Becomes where the events of each block start.
    keys : uint32 array of shape (n,)
        Become the events, with places within their block.
    moved : int64 array of the shape of `weights`
        Becomes the weights in the order of `keys`.
    sums : int64 array of shape (blocks,)
        To each is added by how much depth rises within the block.
    """
    edges[:] = 0
    for event in events:
        edges[(event >> (shift + 1)) + 1] += 1
    for block in range(1, len(edges)):
        edges[block] += edges[block - 1]
    mask = (1 << (shift + 1)) - 1
    for number in range(len(events)):
        event = events[number]
        block = event >> (shift + 1)
        weight = 1
        if len(weights):
            weight = weights[number]
            moved[edges[block]] = weight
        keys[edges[block]] = np.uint32(event & mask)
        sums[block] += weight * (1 - 2 * (event & 1))
        edges[block] += 1
    # Each has moved to its end, which is where the next one starts.
    for block in range(len(edges) - 1, 0, -1):
        edges[block] = edges[block - 1]
    edges[0] = 0


@compiled("void(u4[::1], i4[::1])", "void(u4[::1], i8[::1])")
def add_events(keys: Keys, steps: Steps) -> None:
    """Add events of one block to the steps of its depth."""
    for key in keys:
        steps[key >> 1] += 1 - 2 * np.int64(key & 1)


@compiled("void(u4[::1], i8[::1], i8[::1])")
def add_weighted(keys: Keys, weights: Ints, steps: Ints) -> None:
    """Add weighted events of one block to the steps of its depth."""
    for number in range(len(keys)):
        key = keys[number]
        steps[key >> 1] += weights[number] * (1 - 2 * np.int64(key & 1))


@compiled(
    "UniTuple(i8, 3)(i4[::1], i8, i4[::1])",
    "UniTuple(i8, 3)(i8[::1], i8, i4[::1])",
)
def run_up(steps: Steps, depth: int, depths: NDArray[np.int32]) -> tuple[int, int, int]:
    """Sum steps up, from `depth` on, into `depths` (both of shape (places,)).

    Returns
    -------
    depth, lowest, highest : int
        The last sum, and the extremes of all; where these exceed 32 bits, `depths` is
        nonsense.
    """
    lowest = highest = depth + (steps[0] if len(steps) else 0)
    for place in range(len(steps)):
        depth += steps[place]
        depths[place] = np.int32(depth)
        lowest, highest = min(lowest, depth), max(highest, depth)
    return depth, lowest, highest


@compiled("void(i4[::1], i8[::1])")
def count_runs(depths: NDArray[np.int32], runs: Ints) -> None:
    """Add how many runs of equal depth there are of each depth from 0 on.

    The last entry of `runs` counts those of all other depths.
    """
    others = len(runs) - 1
    for place in range(len(depths)):
        depth = depths[place]
        if place == 0 or depths[place - 1] != depth:
            runs[depth if 0 <= depth < others else others] += 1
