"""One block of BGZF: encode, decode, and where the blocks of a file start."""

import struct
from dataclasses import dataclass

import deflate
import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

BLOCK = 0xFF00
EOF_BLOCK = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
HEAD = 18

_HEADER = EOF_BLOCK[:16]


@dataclass(frozen=True)
class BlockOffsets:
    """Where the blocks of a file start, in its text and in the file.

    Attributes
    ----------
    text, file : int64 arrays of shape (n_blocks + 1,)
        The last entry is the end of the text: its size, and the start of the EOF block.
    """

    text: NDArray[np.int64]
    file: NDArray[np.int64]

    def virtual(self, offsets: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Virtual offsets of offsets in 0 .. size of the text (both included)."""
        block = np.searchsorted(self.text, offsets, side="right") - 1
        virtual: NDArray[np.uint64] = (
            (self.file[block] << 16) | (offsets - self.text[block])
        ).astype(np.uint64)
        return virtual


def encode(text: bytes, level: int) -> bytes:
    """One block holding `text` (at most BLOCK bytes), compressed at libdeflate's `level`."""
    body = deflate.deflate_compress(text, level)
    size = struct.pack("<H", len(_HEADER) + 2 + len(body) + 8 - 1)
    return b"".join([_HEADER, size, body, struct.pack("<II", isal_zlib.crc32(text), len(text))])


def extra_size(head: bytes) -> int:
    """Bytes of gzip's extra field if `head` (18 bytes) starts a BGZF block, else 0."""
    bgzf = len(head) >= HEAD and head[:4] == _HEADER[:4] and head[12:16] == _HEADER[12:16]
    return int.from_bytes(head[10:12], "little") if bgzf else 0


def length(head: bytes) -> int:
    """Bytes of the whole block that starts with `head`."""
    return int.from_bytes(head[16:18], "little") + 1


def decode(block: bytes) -> bytes | bytearray:
    """The text of one whole block.

    Raises
    ------
    ValueError
        If the block is damaged.
    """
    if len(block) < len(EOF_BLOCK) - 2:
        raise ValueError("it is too short")
    size = int.from_bytes(block[-4:], "little")
    if size > 1 << 16:
        raise ValueError("it is too long")
    if not size:
        return b""
    try:
        return deflate.gzip_decompress(block, size)
    except deflate.DeflateError:
        raise ValueError("its data or its checksum is wrong") from None
