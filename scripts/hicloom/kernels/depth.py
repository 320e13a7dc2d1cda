"""Depth from alignments: the records of a BAM file to events, events to depth.

All chromosomes lie on one line, each followed by one empty place, so that a stretch of bases
(half-open) is an event at its start and one at its end, and depth is their running sum. An
event is `place << 1 | is_end`; *weighted* events carry a value beside.
"""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import TEXT, compiled, part
from hicloom.kernels.names import Hashes, hash_name, is_among

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Keys = NDArray[np.uint32]

DONE, FULL, DAMAGED, OUTSIDE = range(4)
"""Why `parse_records` stopped: no whole record is left, no room for more events, a record that
cannot be, an alignment beyond the end of its chromosome."""

MIN_MAPQ, EXCLUDE, LONE_SECONDARY, DELETIONS, SHIFT = range(5)
"""Places in the `filters` of `parse_records`."""

_FIXED = 36
_SECONDARY = 0x100
_CONSUMES_REFERENCE = 0b110001101
_ALIGNED = 0b110000001
_DELETION = 2


@part
def _byte(data: Bytes, at: int) -> int:
    return np.int64(data[at])  # type: ignore[return-value]


@part
def _uint16(data: Bytes, at: int) -> int:
    return _byte(data, at) | _byte(data, at + 1) << 8


@part
def _int32(data: Bytes, at: int) -> int:
    """The signed 32-bit number that starts at `at`."""
    value = _uint16(data, at) | _uint16(data, at + 2) << 16
    return value - ((value & 0x80000000) << 1)


@part
def _width(kind: int) -> int:
    """Bytes of a value of a tag."""
    if kind == ord("s") or kind == ord("S"):
        return 2
    if kind == ord("i") or kind == ord("I") or kind == ord("f"):
        return 4
    return 1


@part
def _find_tag(data: Bytes, at: int, end: int, first: int, second: int) -> int:
    """Where the value type of a tag stands; 0 if there is no such tag (SAM spec, 4.2.4)."""
    while at + 3 < end:
        if data[at] == first and data[at + 1] == second:
            return at + 2
        kind = data[at + 2]
        at += 3
        if kind == ord("Z") or kind == ord("H"):
            while at < end and data[at] != 0:
                at += 1
            at += 1
        elif kind == ord("B"):
            if at + 5 > end:
                return 0
            size = max(0, _int32(data, at + 1))
            at += 5 + size * _width(data[at])
        else:
            at += _width(kind)
    return 0


@part
def _cigar(data: Bytes, at: int, count: int, bases: int, end: int) -> tuple[int, int]:
    """Where the CIGAR stands and its number of operations, also where tag CG holds it.

    `at` is where that of the record stands, `bases` the length of its sequence, `end` the
    end of the record.
    """
    if count != 2 or _int32(data, at) != (bases << 4 | 4) or _int32(data, at + 4) & 15 != 3:
        return at, count
    tag = _find_tag(data, at + 8 + (bases + 1) // 2 + bases, end, ord("C"), ord("G"))
    if tag == 0 or tag + 6 > end or data[tag] != ord("B"):
        return at, count
    size = _int32(data, tag + 2)
    if size < 0 or tag + 6 + 4 * size > end:
        return at, count
    return tag + 6, size


@part
def _put_stretches(
    data: Bytes, at: int, count: int, place: int, deletions: bool, events: Ints, n: int
) -> int:
    """Write the events of one alignment that starts at `place`; the new number of events."""
    start = place
    for operation in range(count):
        word = _int32(data, at + 4 * operation)
        kind, size = word & 15, (word >> 4) & 0xFFFFFFF
        if _CONSUMES_REFERENCE >> kind & 1 == 0:
            continue
        if not (_ALIGNED >> kind & 1 or (deletions and kind == _DELETION)):
            if place > start:
                events[n], events[n + 1] = start << 1, place << 1 | 1
                n += 2
            start = place + size
        place += size
    if place > start:
        events[n], events[n + 1] = start << 1, place << 1 | 1
        n += 2
    return n


@part
def _is_kept(
    data: Bytes,
    at: int,
    tags: int,
    end: int,
    filters: Ints,
    hashes: Hashes,
    first: Ints,
) -> bool:
    """Whether the record at `at` counts, by its flags, MAPQ and name."""
    flags = _uint16(data, at + 18)
    if flags & filters[EXCLUDE] or data[at + 13] < filters[MIN_MAPQ]:
        return False
    lone = flags & _SECONDARY and filters[LONE_SECONDARY]
    if lone and _find_tag(data, tags, end, ord("S"), ord("A")) == 0:
        return False
    if len(hashes) == 0:
        return True
    name = hash_name(data, at + _FIXED, at + _FIXED + _byte(data, at + 12) - 1)
    return not is_among(hashes, first, filters[SHIFT], name)


@compiled(f"UniTuple(i8, 3)({TEXT}, i8, i8, i8[::1], i8[::1], i8[::1], u8[::1], i8[::1], i8[::1])")
def parse_records(
    data: Bytes,
    at: int,
    stop: int,
    starts: Ints,
    sizes: Ints,
    filters: Ints,
    hashes: Hashes,
    first: Ints,
    events: Ints,
) -> tuple[int, int, int]:
    """The events of the aligned bases of whole BAM records (SAM spec, 4.2).

    Parameters
    ----------
    data : uint8 array
        Holds the records from `at` to `stop`, the last one perhaps in part.
    starts, sizes : int64 arrays of shape (references,)
        Where each reference starts on the line (-1: not wanted), and its length (bp).
    filters : int64 array of shape (5,)
        At MIN_MAPQ the least MAPQ; at EXCLUDE flags of which a record must have none; at
        LONE_SECONDARY 1 to exclude secondary ones without a tag SA; at DELETIONS 1 to count
        deleted bases; at SHIFT what belongs to `first`.
    hashes : uint64 array
        Sorted hashes of the names to exclude, `first` as of `names.index_of`.
    events : int64 array
        Where the events go.

    Returns
    -------
    at : int
        Where the first record stands that was not used.
    n : int
        Number of events.
    why : int
        DONE, FULL, DAMAGED or OUTSIDE.
    """
    n = 0
    while at + 4 <= stop:
        end = at + 4 + _int32(data, at)
        if end < at + _FIXED:
            return at, n, DAMAGED
        if end > stop:
            return at, n, DONE
        reference, position = _int32(data, at + 4), _int32(data, at + 8)
        bases = _int32(data, at + 20)
        count = _uint16(data, at + 16)
        cigar = at + _FIXED + _byte(data, at + 12)
        tags = cigar + 4 * count + (bases + 1) // 2 + bases
        if reference >= len(starts) or bases < 0 or data[at + 12] == 0 or tags > end:
            return at, n, DAMAGED
        if reference < 0 or position < 0 or starts[reference] < 0:
            at = end
            continue
        if _is_kept(data, at, tags, end, filters, hashes, first):
            cigar, count = _cigar(data, cigar, count, bases, end)
            if n + 2 * count > len(events):
                return at, n, FULL
            place = starts[reference] + position
            before = n
            n = _put_stretches(data, cigar, count, place, filters[DELETIONS] != 0, events, n)
            if n > before and events[n - 1] >> 1 > starts[reference] + sizes[reference]:
                return at, before, OUTSIDE
        at = end
    return at, n, DONE


@compiled("void(i8[::1], i8, i8[::1], u4[::1], i8[::1])")
def partition(events: Ints, shift: int, edges: Ints, keys: Keys, moved: Ints) -> None:
    """Bring events together by block (2^shift places), keeping their order within each.

    Parameters
    ----------
    events : int64 array of shape (n,)
    edges : int64 array of shape (blocks + 1,)
        Becomes where the events of each block start.
    keys : uint32 array of shape (n,)
        Become the events, with places within their block.
    moved : int64 array of shape (n,), or empty if nobody wants it
        Becomes the former place of each event.
    """
    edges[:] = 0
    for event in events:
        edges[(event >> (shift + 1)) + 1] += 1
    for block in range(1, len(edges)):
        edges[block] += edges[block - 1]
    free = edges[:-1].copy()
    mask = (1 << (shift + 1)) - 1
    for number in range(len(events)):
        block = events[number] >> (shift + 1)
        keys[free[block]] = np.uint32(events[number] & mask)
        if len(moved):
            moved[free[block]] = number
        free[block] += 1


@compiled("void(u4[::1], i8[::1])")
def add_events(keys: Keys, steps: Ints) -> None:
    """Add events of one block to the steps of its depth."""
    for key in keys:
        steps[key >> 1] += 1 - 2 * np.int64(key & 1)


@compiled("void(u4[::1], i8[::1], i8[::1])")
def add_weighted(keys: Keys, weights: Ints, steps: Ints) -> None:
    """Add weighted events of one block to the steps of its depth."""
    for number in range(len(keys)):
        key = keys[number]
        steps[key >> 1] += weights[number] * (1 - 2 * np.int64(key & 1))


@compiled("UniTuple(i8, 3)(i8[::1], i8, i4[::1])")
def run_up(steps: Ints, depth: int, depths: NDArray[np.int32]) -> tuple[int, int, int]:
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
