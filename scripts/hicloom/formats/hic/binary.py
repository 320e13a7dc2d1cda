"""Numbers and texts of .hic files: little-endian; texts end with a zero byte."""

import mmap
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PIECE = 64


def text(value: str) -> bytes:
    """A text as the format has it.

    Raises
    ------
    ValueError
        If it holds a zero byte.
    """
    if "\0" in value:
        raise ValueError(f"{value!r} holds a zero byte")
    return value.encode() + b"\0"


def ints(*values: int) -> bytes:
    """Numbers of 32 bits."""
    return struct.pack(f"<{len(values)}i", *values)


def doubles(values: NDArray[np.float64]) -> bytes:
    """How many there are, and the values (float64)."""
    return ints(len(values)) + np.ascontiguousarray(values, "<f8").tobytes()


class Damaged(Exception):  # noqa: N818
    """The bytes are not what the format says."""


class Cursor:
    """Reads values one after the other.

    Parameters
    ----------
    data : bytes or mmap
        All that is read from.
    at : int
        Where to start.
    """

    def __init__(self, data: "bytes | mmap.mmap", at: int = 0):
        self._data = data
        self.at = at

    def take(self, size: int) -> bytes:
        """The next bytes.

        Raises
        ------
        Damaged
            If there are fewer, as in all that follows.
        """
        if size < 0 or self.at < 0 or self.at + size > len(self._data):
            raise Damaged("it ends too early, or points beyond its end")
        self.at += size
        return self._data[self.at - size : self.at]

    def ended(self) -> bool:
        """Whether nothing is left."""
        return self.at == len(self._data)

    def int32(self) -> int:
        """A number of 32 bits."""
        return int.from_bytes(self.take(4), "little", signed=True)

    def int64(self) -> int:
        """A number of 64 bits."""
        return int.from_bytes(self.take(8), "little", signed=True)

    def array(self, dtype: "str | np.dtype[np.void]", count: int) -> NDArray[Any]:
        """`count` values of a type such as `<f8`."""
        return np.frombuffer(self.take(count * np.dtype(dtype).itemsize), dtype).copy()

    def text(self) -> str:
        """A text."""
        start = end = self.at
        while b"\0" not in (piece := self._data[end : end + _PIECE]):
            if not piece:
                raise Damaged("it ends within a text")
            end += len(piece)
        end += piece.index(0)
        self.at = end + 1
        try:
            return self._data[start:end].decode()
        except UnicodeDecodeError:
            raise Damaged(f"byte {start}: the text is not UTF-8") from None
