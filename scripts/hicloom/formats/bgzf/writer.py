"""Write BGZF with several threads."""

import array
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.bgzf.blocks import BLOCK, EOF_BLOCK, BlockOffsets, encode

# Smaller and twice as fast as zlib's 6 on pairs.
LEVEL = 5

_BATCH = 16 * BLOCK

Buffer = bytes | bytearray | memoryview | NDArray[np.uint8]


class BgzfWriter:
    """Compress to BGZF with `threads` threads; the bytes do not depend on their number.

    `with BgzfWriter(file, threads=4) as out: out.write(data)` writes the last block and the
    EOF block when the `with` block ends well, and neither when it raises. `file` stays open
    and need not be seekable.

    Parameters
    ----------
    file : binary file open for writing, at the start of the BGZF data
    threads : int
        Threads that compress; with 1 the caller's own.
    level : int
        libdeflate's level, 1 (fast) to 12 (small).
    """

    def __init__(self, file: BinaryIO, *, threads: int = 1, level: int = LEVEL) -> None:
        self._file = file
        self._level = level
        self._tail = bytearray()
        self._starts = array.array("q", [0])
        self._size = 0
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None
        self._ahead = 3 * threads
        self._waiting: deque[Future[list[bytes]]] = deque()

    def __enter__(self) -> "BgzfWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            if self._pool:
                self._pool.shutdown(cancel_futures=True)

    @property
    def size(self) -> int:
        """Bytes of text written so far: the offset of the next one."""
        return self._size

    def write(self, data: Buffer) -> int:
        """Append `data` (copied: the caller may reuse its buffer) and return its length."""
        view = memoryview(data).cast("B")  # type: ignore[arg-type]
        self._size += len(view)
        taken = 0
        while taken < len(view):
            piece = view[taken : taken + _BATCH - len(self._tail)]
            self._tail += piece
            taken += len(piece)
            if len(self._tail) == _BATCH:
                self._submit()
        return len(view)

    def offsets(self) -> BlockOffsets:
        """Where the blocks start; to be asked once the `with` block has ended."""
        file = np.array(self._starts, dtype=np.int64)
        text = np.minimum(np.arange(len(file), dtype=np.int64) * BLOCK, self._size)
        return BlockOffsets(text, file)

    def _submit(self) -> None:
        text, self._tail = bytes(self._tail), bytearray()
        if self._pool is None:
            self._put(_compress(text, self._level))
            return
        self._waiting.append(self._pool.submit(_compress, text, self._level))
        if len(self._waiting) > self._ahead:
            self._put(self._waiting.popleft().result())

    def _put(self, blocks: list[bytes]) -> None:
        self._file.write(b"".join(blocks))
        for block in blocks:
            self._starts.append(self._starts[-1] + len(block))

    def _finish(self) -> None:
        if self._tail:
            self._submit()
        while self._waiting:
            self._put(self._waiting.popleft().result())
        self._file.write(EOF_BLOCK)


def _compress(text: bytes, level: int) -> list[bytes]:
    return [encode(text[start : start + BLOCK], level) for start in range(0, len(text), BLOCK)]
