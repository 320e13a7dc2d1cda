"""Duplicates and the pairs they duplicate: were both read on one tile of the flow cell?

A duplicate that came about on the flow cell lies near its original there; one from the PCR lies
anywhere.
"""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import part
from hicloom.kernels.names import hash_name

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

RING = 256
"""Kept pairs before a duplicate among which its original is looked for."""
RING_FIELDS = 7
CHROMS, FIRST, SECOND, STRANDS, START, STOP, TILE = range(RING_FIELDS)
"""Of a pair: chromosomes and strands as one number each, positions, where its name is in the text,
and its tile (once START is -1)."""

_COLON = 58


@part
def _tile(text: Bytes, start: int, stop: int) -> int:
    """A number for flow cell, lane and tile in an Illumina name, 0 if it has none.

    `instrument:run:flowcell:lane:tile:x:y`, or before 2010 `instrument:lane:tile:x:y`.
    """
    colons = 0
    second = third = fifth = start
    for place in range(start, stop):
        if text[place] == _COLON:
            colons += 1
            if colons == 2:
                second = place + 1
            elif colons == 3:
                third = place
            elif colons == 5:
                fifth = place
    if colons >= 6:
        return np.int64(hash_name(text, second, fifth)) | 1  # type: ignore[return-value]
    if colons == 4:
        return np.int64(hash_name(text, start, third)) | 1  # type: ignore[return-value]
    return 0


@part
def remember(ring: Ints, pair: Ints) -> None:
    """Put a pair into the ring, in place of the oldest one."""
    slot = ring[RING, 0] & (RING - 1)
    for field in range(RING_FIELDS):
        ring[slot, field] = pair[field]
    ring[RING, 0] += 1


@part
def tile_of(text: Bytes, ring: Ints, slot: int) -> int:
    """The tile of a pair of the ring; found when asked for, as most are never."""
    if ring[slot, START] >= 0:
        ring[slot, TILE] = _tile(text, ring[slot, START], ring[slot, STOP])
        ring[slot, START] = -1
    return ring[slot, TILE]


@part
def _original(ring: Ints, clock: int, pair: Ints, mismatch: int) -> int:
    """The slot of the kept pair that `pair` duplicates, -1 if it is not there."""
    for back in range(1, min(RING, clock) + 1):
        slot = (clock - back) & (RING - 1)
        if ring[slot, CHROMS] != pair[CHROMS] or pair[FIRST] - ring[slot, FIRST] > mismatch:
            return -1
        near = abs(pair[SECOND] - ring[slot, SECOND]) <= mismatch
        if near and ring[slot, STRANDS] == pair[STRANDS]:
            return slot
    return -1


@part
def judge_duplicate(text: Bytes, ring: Ints, pair: Ints, mismatch: int) -> tuple[int, int]:
    """The tile of a duplicate and that of its original; 0 where it is not known.

    `mismatch` is how far (bp) ends of duplicates are apart.
    """
    slot = _original(ring, ring[RING, 0], pair, mismatch)
    return _tile(text, pair[START], pair[STOP]), tile_of(text, ring, slot) if slot >= 0 else 0


@part
def settle(text: Bytes, ring: Ints) -> None:
    """Find the tiles of all pairs of the ring, before their text goes."""
    for slot in range(min(RING, ring[RING, 0])):
        tile_of(text, ring, slot)
