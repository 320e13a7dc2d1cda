"""The container of a D4: streams, blobs and directories of them, in linked frames.

Source: github.com/38/d4-format, d4-framefile (stream.rs, directory.rs). All numbers are
little-endian. A stream is a chain of frames; a frame is a header (offset of the next frame
from this one, size of the next frame) and its payload. A directory is a stream of entries
whose first frame has 512 bytes; an entry's offset counts from its directory's first byte.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass

MAGIC = b"d4\xdd\xdd\0\0\0\0"
ROOT = len(MAGIC)
"""Where the root directory lies in a file."""

FRAME = struct.Struct("<qQ")
"""Header of a frame."""

DIRECTORY = 512
"""Bytes of a directory's first frame, header included."""

STREAM, SUBDIR, BLOB = range(3)

ENTRY = struct.Struct("<BBQQ")
"""An entry without its name: 1, kind, offset, size."""


@dataclass(frozen=True)
class Entry:
    """An object of a directory.

    Attributes
    ----------
    kind : int
        STREAM, SUBDIR or BLOB.
    offset : int
        In bytes, from the first byte of the directory.
    size : int
        Bytes: of a blob, of a stream's first frame, or of all that a directory holds.
    """

    name: str
    kind: int
    offset: int
    size: int

    def encode(self) -> bytes:
        """The entry as it lies in a directory."""
        return ENTRY.pack(1, self.kind, self.offset, self.size) + self.name.encode() + b"\0"


def frame(payload: bytes, next_size: int = 0) -> bytes:
    """A frame; another one of `next_size` bytes follows right after it, if that is not 0."""
    size = FRAME.size + len(payload)
    return FRAME.pack(size if next_size else 0, next_size) + payload


def directory(entries: Iterable[Entry], rest_at: int) -> tuple[bytes, bytes]:
    """The first frame of a directory, and a second one for what did not fit (or nothing).

    Parameters
    ----------
    rest_at : int
        Where the second frame will lie, in bytes from the first one.
    """
    content = b"".join(entry.encode() for entry in entries) + b"\0"
    room = DIRECTORY - FRAME.size
    first, rest = content[:room].ljust(room, b"\0"), content[room:]
    if not rest:
        return FRAME.pack(0, 0) + first, b""
    second = FRAME.pack(0, 0) + rest
    return FRAME.pack(rest_at, len(second)) + first, second
