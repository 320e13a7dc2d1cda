"""Many blocks of BGZF inflated at once, without asking for Python's lock in between.

The functions are those of the libdeflate in the package deflate. Where that does not show them,
blocks are inflated one by one, through the package.
"""

import ctypes
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.bgzf.blocks import decode, length
from hicloom.kernels.inflate import inflate, measure

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Libdeflate:
    """What is called of libdeflate: an address, and two functions."""

    gzip_decompress: int
    alloc_decompressor: Any
    free_decompressor: Any


@functools.cache
def libdeflate() -> Libdeflate | None:
    """The library in the package deflate; None if its functions cannot be found or called."""
    try:
        from deflate import _deflate

        library = ctypes.CDLL(_deflate.__file__)
        function = library.libdeflate_gzip_decompress
        alloc, free = library.libdeflate_alloc_decompressor, library.libdeflate_free_decompressor
    except (ImportError, AttributeError, OSError):
        return None
    if ctypes.sizeof(ctypes.c_void_p) != 8:
        return None
    alloc.restype, free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    return Libdeflate(ctypes.cast(function, ctypes.c_void_p).value or 0, alloc, free)


def text_of(blocks: Bytes, start: int, name: str) -> Bytes:
    """The text of whole blocks of a file.

    Parameters
    ----------
    blocks : uint8 array
    start : int
        Where the first one stands in the file.
    name : str
        What errors call the file.

    Returns
    -------
    uint8 array

    Raises
    ------
    InputError
        If a block is damaged.
    """
    text = _at_once(blocks)
    # Of blocks that do not inflate, one by one tells which and why.
    return _one_by_one(blocks, start, name) if text is None else text


def _at_once(blocks: Bytes) -> Bytes | None:
    """The text of whole blocks; None if it cannot be had this way."""
    library = libdeflate()
    size, whole = measure(blocks)
    if library is None or whole < len(blocks):
        return None
    text = np.empty(size, np.uint8)
    state = library.alloc_decompressor()
    if not state:
        raise MemoryError
    try:
        end = inflate(blocks, library.gzip_decompress, state, text)
    finally:
        library.free_decompressor(state)
    return text if end == len(blocks) else None


def _one_by_one(blocks: Bytes, start: int, name: str) -> Bytes:
    texts = []
    for at, block in _each(blocks.tobytes()):
        try:
            texts.append(decode(block))
        except ValueError as error:
            place = f"{name}: damaged BGZF block at byte {start + at}"
            raise InputError(f"{place} ({error}); copy or make it again") from None
    return np.frombuffer(b"".join(texts), np.uint8)


def _each(blocks: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(blocks):
        size = length(blocks[at : at + 18])
        yield at, blocks[at : at + size]
        at += size
