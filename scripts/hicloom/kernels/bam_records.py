"""The records of a BAM file (SAM spec, 4.2) to events of depth; see `depth` for these."""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import TEXT, compiled, part
from hicloom.kernels.names import Hashes, hash_name, is_among

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]

DONE, FULL, DAMAGED, OUTSIDE = range(4)
"""Why `parse_records` stopped: no whole record is left, no room for more events, a record that
cannot be, an alignment beyond the end of its chromosome."""

MIN_MAPQ, EXCLUDE, LONE_SECONDARY, DELETIONS, SHIFT = range(5)
"""Places in the `filters` of `parse_records`."""

_FIXED = 36
_CHAIN = 8
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


@part
def _looks_like_record(data: Bytes, at: int, references: int) -> bool:
    """Whether what stands at `at` (at least `_FIXED` bytes) could be a record."""
    size, reference, mate = _int32(data, at), _int32(data, at + 4), _int32(data, at + 24)
    name, count, bases = _byte(data, at + 12), _uint16(data, at + 16), _int32(data, at + 20)
    if not (-1 <= reference < references and -1 <= mate < references):
        return False
    if name == 0 or bases < 0 or _int32(data, at + 8) < -1 or _int32(data, at + 28) < -1:
        return False
    if _FIXED + name + 4 * count + (bases + 1) // 2 + bases > 4 + size:
        return False
    last = at + _FIXED + name - 1
    return last >= len(data) or data[last] == 0


@compiled(f"i8({TEXT}, i8)")
def find_record(data: Bytes, references: int) -> int:
    """Where the first record seems to begin in a piece of a BAM file; its end if nowhere.

    Eight records, or fewer up to the end, follow one another from there.

    Parameters
    ----------
    data : uint8 array
    references : int
        How many the header has.
    """
    for first in range(len(data) - _FIXED + 1):
        at, n = first, 0
        while n < _CHAIN and at + _FIXED <= len(data) and _looks_like_record(data, at, references):
            at += 4 + _int32(data, at)
            n += 1
        if n == _CHAIN or (n > 0 and at + _FIXED > len(data)):
            return first
    return len(data)
