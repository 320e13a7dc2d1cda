"""Read the secondary table of a track: only the frames and blocks that a region needs."""

import bisect
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from isal import isal_zlib

from hicloom.errors import InputError
from hicloom.formats.d4.directories import Directory, Place, frames
from hicloom.formats.d4.frames import FRAME, STREAM
from hicloom.formats.d4.metadata import from_json
from hicloom.formats.d4.records import HEAD, RECORD, Records
from hicloom.formats.d4.sources import Source, damaged
from hicloom.kernels.runs import Runs

_PIECES = (1 << 10, 1 << 16)
"""Records that are read at once, at first and at most."""

_BEYOND = 1 << 32

_INFLATION = 1032
"""How much larger than its compressed form data can be."""


class SecondaryTable:
    """The runs that lie in the `.stab` of a track, by chromosome.

    Raises
    ------
    InputError
        If the table is damaged or of a kind that is not known.
    """

    def __init__(self, table: Directory) -> None:
        self.place = table.place
        self._source = table.source
        try:
            partitions, self.compressed = _stated(from_json(table.stream(".metadata")))
        except ValueError as error:
            raise damaged(table.source, f"its secondary table: {error}") from None
        make = Deflated if self.compressed else _Raw
        self.streams: dict[str, list[_Partition]] = {}
        for number, (chrom, start, end) in enumerate(partitions):
            stream = make(table.source, table.find(str(number), STREAM))
            self.streams.setdefault(chrom, []).append(_Partition(number, start, end, stream))

    def runs(self, chrom: str, start: int, end: int) -> Runs:
        """Runs that overlap start .. end (0-based, half-open), clipped to it; sorted."""
        pieces = [
            piece
            for partition in self.streams.get(chrom, [])
            if partition.start < end and partition.end > start
            for piece in partition.stream.records(start, end)
        ]
        if not pieces:
            return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int32)
        records = np.concatenate(pieces)
        starts = records["left"].astype(np.int64) - 1
        if len(starts) and (starts[0] < 0 or (starts[1:] < starts[:-1]).any()):
            raise damaged(self._source, f"records of {chrom} that are not sorted")
        ends = starts + records["length"] + 1
        # Of records that overlap the first one holds.
        before = np.maximum.accumulate(np.append(start, ends))[:-1]
        starts, ends = np.maximum(starts, before), np.minimum(ends, end)
        kept = ends > starts
        return starts[kept], ends[kept], records["value"][kept]


@dataclass(frozen=True)
class _Partition:
    number: int
    start: int
    end: int
    stream: "_Raw | Deflated"


@dataclass
class _Raw:
    """Records as they are, through one or several frames; found by bisection."""

    source: Source
    first: Place
    _frames: list[Place] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)

    def records(self, start: int, end: int) -> Iterator[Records]:
        """Records that overlap start .. end, and some before and after."""
        size = self._size()
        count = size // RECORD.itemsize
        # One more, since the first of two that overlap holds.
        at = max(bisect.bisect_right(range(count), start + 1, key=self._left) - 2, 0)
        piece, most = _PIECES
        while at < count:
            n = min(piece, count - at)
            records = np.frombuffer(self._read(at * RECORD.itemsize, n * RECORD.itemsize), RECORD)
            padding = np.flatnonzero(records["left"] == 0)
            whole = records[: padding[0]] if len(padding) else records
            yield whole
            if len(whole) < n or int(whole["left"][-1]) > end:
                return
            at, piece = at + n, min(2 * piece, most)

    def _size(self) -> int:
        """Bytes of records and padding."""
        if not self._starts:
            self._frames = list(frames(self.source, self.first))
            sizes = [place.size - FRAME.size for place in self._frames]
            self._starts = [0, *np.cumsum(sizes).tolist()]
        return self._starts[-1]

    def _left(self, record: int) -> int:
        at = record * RECORD.itemsize
        left = int.from_bytes(self._read(at, 4), "little")
        return left or _BEYOND

    def _read(self, at: int, size: int) -> bytes:
        """Bytes of the payloads of all frames, laid end to end."""
        pieces = []
        number = bisect.bisect_right(self._starts, at) - 1
        while size:
            inside = at - self._starts[number]
            place = self._frames[number]
            n = min(size, place.size - FRAME.size - inside)
            pieces.append(self.source.read(place.offset + FRAME.size + inside, n))
            at, size, number = at + n, size - n, number + 1
        return b"".join(pieces)


@dataclass(frozen=True)
class Block:
    """A compressed block: its frame and what it covers (0-based, half-open)."""

    place: Place
    flagged: bool
    first: int
    last: int
    count: int


@dataclass
class Deflated:
    """Blocks of deflated records, one a frame; the list of them grows as far as it is asked for.

    An index may give a `lister` of them.
    """

    source: Source
    first: Place
    lister: Callable[[], list[Block]] | None = None
    _blocks: list[Block] = field(default_factory=list)
    _frames: Iterator[Place] | None = None
    _raw: bool | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def blocks(self, end: int) -> Iterator[Block]:
        """Blocks in order, up to the first that begins at `end` or later."""
        known = 0
        while True:
            while known < len(self._blocks):
                if self._blocks[known].first >= end:
                    return
                yield self._blocks[known]
                known += 1
            with self._lock:
                if known == len(self._blocks) and not self._grow():
                    return

    def records(self, start: int, end: int) -> Iterator[Records]:
        """Records of the blocks that overlap start .. end."""
        for block in self.blocks(end):
            if block.last > start and block.count:
                yield self._inflate(block)

    def _grow(self) -> bool:
        if self.lister and not self._blocks:
            self._blocks, self._frames = self.lister(), iter(())
            return bool(self._blocks)
        if self._frames is None:
            self._frames = frames(self.source, self.first)
        place = next(self._frames, None)
        if place is None:
            return False
        flagged = not self._blocks
        head = place.offset + FRAME.size + flagged
        if place.size < FRAME.size + flagged + HEAD.itemsize:
            raise damaged(self.source, f"the frame at {place.offset} is too small for a block")
        stated = np.frombuffer(self.source.read(head, HEAD.itemsize), HEAD)[0]
        self._blocks.append(Block(place, flagged, *(int(stated[name]) for name in HEAD.names)))  # type: ignore[union-attr]
        return True

    def _inflate(self, block: Block) -> Records:
        data = memoryview(self.source.read(block.place.offset, block.place.size))[FRAME.size :]
        raw = self._is_raw()
        data = data[block.flagged + HEAD.itemsize :]
        size = block.count * RECORD.itemsize
        if size > len(data) * (1 if raw else _INFLATION):
            raise self._broken(block)
        if not raw:
            try:
                data = memoryview(isal_zlib.decompressobj(-15).decompress(data, size))
            except isal_zlib.error:  # type: ignore[misc]
                raise self._broken(block) from None
        if len(data) < size:
            raise self._broken(block)
        return np.frombuffer(data[:size], RECORD)

    def _is_raw(self) -> bool:
        if self._raw is None:
            self._raw = self.source.read(self.first.offset + FRAME.size, 1) != b"\0"
        return self._raw

    def _broken(self, block: Block) -> InputError:
        return damaged(self.source, f"the records in the frame at {block.place.offset}")


def _stated(metadata: Any) -> tuple[list[tuple[str, int, int]], bool]:
    """The partitions, and whether they are compressed."""
    match metadata:
        case {"format": "SimpleKV", "record_format": "range", "partitions": list(listed), **more}:
            partitions = [_partition(stated) for stated in listed]
            match more.get("compression", "NoCompression"):
                case "NoCompression":
                    return partitions, False
                case {"Deflate": int()}:
                    return partitions, True
    raise ValueError("a kind that is not known")


def _partition(stated: Any) -> tuple[str, int, int]:
    match stated:
        case [str(chrom), int(start), int(end)] if 0 <= start <= end:
            return chrom, start, end
    raise ValueError("a partition is no chromosome with start and end")
