"""The secondary table of a D4: runs of values that the dictionary does not hold.

Source: github.com/38/d4-format, d4/src/stab/sparse_array. A record is a run of at most 65,536
positions. d4tools reads chromosomes in parts of 10,000,000 positions and misses records that
lie across an edge, and blocks that begin on one; so none do here.
"""

from collections import deque
from concurrent.futures import Executor, Future
from typing import BinaryIO

import deflate
import numpy as np
from numpy.typing import NDArray

from hicloom.formats.d4.frames import FRAME, frame
from hicloom.kernels.runs import Runs, concatenate, cut, join, shorten

RECORD = np.dtype([("left", "<u4"), ("length", "<u2"), ("value", "<i4")])
"""`left` is 1-based, 0 for padding; `length` is one less than the length (bp)."""

BLOCK = 6553
"""Records of a compressed block."""

EDGE = 10_000_000
"""bp; d4tools reads the parts between multiples of it one by one."""

_LONGEST = 1 << 16
HEAD = np.dtype([("first", "<u4"), ("last", "<u4"), ("records", "<u4")])
_AHEAD = 16

Records = NDArray[np.void]


def to_records(runs: Runs) -> Records:
    """Runs as records: cut where they are too long or cross an edge."""
    starts, ends, values = shorten(cut(runs, EDGE), _LONGEST)
    records = np.empty(len(starts), RECORD)
    records["left"], records["length"], records["value"] = starts + 1, ends - starts - 1, values
    return records


class StreamWriter:
    """The records of one chromosome, written as one stream where `file` stands.

    Parameters
    ----------
    file : binary file
    level : int or None
        libdeflate's level; None writes the records as they are.
    default : int
        Value of positions that no record covers.
    pool : Executor, optional
        Compresses (default: the caller's own thread).
    """

    def __init__(
        self, file: BinaryIO, level: int | None, default: int, pool: Executor | None
    ) -> None:
        self._begin = file.tell()
        self._default = default
        self._last: Runs | None = None
        self._empty = True
        self._sink = _Raw(file) if level is None else _Deflated(file, level, pool)

    def put(self, runs: Runs) -> None:
        """Append runs, which lie after those before; touching equal ones become one."""
        if self._last is not None:
            runs = concatenate(self._last, runs)
        starts, ends, values = join(runs)
        self._last = starts[-1:], ends[-1:], values[-1:]
        self._write((starts[:-1], ends[:-1], values[:-1]))

    def close(self) -> tuple[int, int]:
        """End the stream: where it begins in the file, and the size of its first frame."""
        if self._last is not None:
            self._write(self._last)
        return self._begin, self._sink.close()

    def _write(self, runs: Runs) -> None:
        if not len(runs[0]):
            return
        if self._empty and runs[0][0] > 0 and runs[0][0] % EDGE == 0:
            # Keeps the first block from beginning on an edge; says what holds there anyway.
            before = runs[0][:1] - 1, runs[0][:1], np.array([self._default], np.int32)
            self._sink.put(to_records(before))
        self._empty = False
        self._sink.put(to_records(runs))


class _Raw:
    """One frame of records; NUL bytes end it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._begin = file.tell()
        file.write(FRAME.pack(0, 0))

    def put(self, records: Records) -> None:
        self._file.write(records.tobytes())

    def close(self) -> int:
        self._file.write(bytes(2 * RECORD.itemsize))
        return self._file.tell() - self._begin


class _Deflated:
    """A frame for each block of records."""

    def __init__(self, file: BinaryIO, level: int, pool: Executor | None) -> None:
        self._file, self._level, self._pool = file, level, pool
        self._records = np.empty(0, RECORD)
        self._waiting: deque[Future[bytes]] = deque()
        self._ready: bytes | None = None
        self._first_size = 0
        self._flag = b"\0"

    def put(self, records: Records) -> None:
        records = np.concatenate((self._records, records)) if len(self._records) else records
        start = 0
        while len(records) - start > BLOCK:
            end = start + BLOCK
            while (int(records["left"][end]) - 1) % EDGE == 0:
                end -= 1
            self._submit(records[start:end])
            start = end
        self._records = records[start:]

    def close(self) -> int:
        if len(self._records) or not self._flag_written():
            self._submit(self._records)
        while self._waiting:
            self._take(self._waiting.popleft().result())
        assert self._ready is not None
        self._file.write(frame(self._ready))
        return self._first_size or FRAME.size + len(self._ready)

    def _flag_written(self) -> bool:
        return not self._flag

    def _submit(self, records: Records) -> None:
        flag, self._flag = self._flag, b""
        if self._pool is None or not (self._waiting or len(records) == BLOCK):
            self._take(_compress(flag, records, self._level))
            return
        self._waiting.append(self._pool.submit(_compress, flag, records, self._level))
        if len(self._waiting) > _AHEAD:
            self._take(self._waiting.popleft().result())

    def _take(self, payload: bytes) -> None:
        """Write the frame before, whose header tells the size of this one."""
        if self._ready is not None:
            self._file.write(frame(self._ready, FRAME.size + len(payload)))
            self._first_size = self._first_size or FRAME.size + len(self._ready)
        self._ready = payload


def _compress(flag: bytes, records: Records, level: int) -> bytes:
    head = np.zeros(1, HEAD)
    if len(records):
        last = int(records["left"][-1]) + int(records["length"][-1])
        head[0] = int(records["left"][0]) - 1, last, len(records)
    return flag + head.tobytes() + deflate.deflate_compress(records.tobytes(), level)
