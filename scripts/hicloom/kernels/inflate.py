"""Whole blocks of BGZF inflated by libdeflate, many in one call.

The library's functions come as addresses, so that machine code that was made once fits any
process. Source of their types: libdeflate.h, whose interface is stable.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from hicloom.kernels.compiled import TEXT, compiled, part

Bytes = NDArray[np.uint8]

_HEAD, _SHORTEST, _LONGEST = 18, 26, 1 << 16


@intrinsic
def _gzip_decompress(
    context: Any, function: Any, state: Any, source: Any, size: Any, target: Any, room: Any
) -> Any:
    """Call `libdeflate_gzip_decompress`: 0 if `source` has just `room` bytes of text."""

    def generate(context: Any, builder: Any, signature: Any, words: Any) -> Any:
        word = ir.IntType(64)
        kind = ir.FunctionType(ir.IntType(32), [word] * 6)
        pointer = builder.inttoptr(words[0], kind.as_pointer())
        return builder.call(pointer, [*words[1:], word(0)])

    return types.int32(*[types.int64] * 6), generate


@part
def _uint16(data: Bytes, at: int) -> int:
    return np.int64(data[at]) | np.int64(data[at + 1]) << 8  # type: ignore[return-value]


@part
def _is_block(data: Bytes, at: int) -> bool:
    """Whether a gzip member with BGZF's extra field alone begins at `at` (SAM spec, 4.1)."""
    flags, extra = data[at + 3], data[at + 12] == 66 and data[at + 13] == 67
    sized = data[at + 14] == 2 and data[at + 15] == 0
    return data[at] == 31 and data[at + 1] == 139 and flags == 4 and extra and sized


@part
def _sizes(blocks: Bytes, at: int) -> tuple[int, int]:
    """Bytes of the block at `at`, and of its text."""
    size = _uint16(blocks, at + 16) + 1
    return size, _uint16(blocks, at + size - 4) | _uint16(blocks, at + size - 2) << 16


@compiled(f"UniTuple(i8, 3)({TEXT})")
def whole_blocks(data: Bytes) -> tuple[int, int, int]:
    """The whole blocks from the start of `data` on.

    Returns
    -------
    last, end, wrong : int
        Where the last one begins and ends, and 1 if what follows is no block.
    """
    last = at = 0
    while at + _HEAD <= len(data):
        if not _is_block(data, at):
            return last, at, 1
        end = at + _uint16(data, at + 16) + 1
        if end > len(data):
            break
        last, at = at, end
    return last, at, 0


@compiled(f"UniTuple(i8, 2)({TEXT})")
def measure(blocks: Bytes) -> tuple[int, int]:
    """Bytes of text in whole blocks, up to one that cannot be, and where that stands."""
    at = total = 0
    while at < len(blocks):
        size, text = _sizes(blocks, at)
        if size < _SHORTEST or text > _LONGEST:
            break
        at, total = at + size, total + text
    return total, at


@compiled(f"i8({TEXT}, i8, i8, u1[::1])")
def inflate(blocks: Bytes, function: int, state: int, text: Bytes) -> int:
    """Inflate whole blocks.

    Parameters
    ----------
    blocks : uint8 array
        As `measure` found them.
    function, state : int
        Addresses: of `libdeflate_gzip_decompress`, and of a decompressor that nobody else uses.
    text : uint8 array
        Of the size that `measure` told.

    Returns
    -------
    int
        Where the first block stands whose data or checksum is wrong; the end if there is none.
    """
    source, target = np.int64(blocks.ctypes.data), np.int64(text.ctypes.data)
    at = done = 0
    while at < len(blocks):
        size, room = _sizes(blocks, at)
        if room and _gzip_decompress(  # type: ignore[call-arg]
            function, state, source + at, size, target + done, room
        ):
            break
        at, done = at + size, done + room
    return at
