"""Pixels to the bytes of blocks of .hic files (version 8).

Layout: https://github.com/aidenlab/hic-format/blob/master/HiCFormatV8.md
"""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.blocks import HEIGHT, IS_FLOAT, KIND, LEFT, ROWS, SIZE, TOP, WIDTH
from hicloom.kernels.compiled import compiled

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

STORED = 64
"""Blocks of at most so many bytes (deflate does not make them smaller) are stored as they are."""

_HEAD = 14
_FRAME = 11
_NO_VALUE = -32768
_NAN = 0x7FC00000


@compiled("i8(u1[::1], i8, i8, i8)")
def _put(out: Bytes, at: int, value: "int | np.int64", size: int) -> int:
    """Write a number in `size` bytes, the least first; returns the place after it."""
    for i in range(size):
        out[at + i] = (value >> (8 * i)) & 0xFF
    return at + size


@compiled("i8(u1[::1], i8, i8, f4, i4)")
def _put_value(out: Bytes, at: int, is_float: int, count: float, bits: int) -> int:
    return _put(out, at, bits, 4) if is_float else _put(out, at, np.int64(count), 2)


@compiled("i8(u1[::1], i8, i8[::1], i8[::1], f4[::1], i4[::1], i8, i8, i8[::1])")
def _put_rows(
    out: Bytes,
    at: int,
    x: Ints,
    y: Ints,
    counts: Floats,
    bits: NDArray[np.int32],
    first: int,
    end: int,
    shape: Ints,
) -> int:
    at = _put(out, at, shape[HEIGHT], 2)
    while first < end:
        stop = first + 1
        while stop < end and y[stop] == y[first]:
            stop += 1
        at = _put(out, _put(out, at, y[first] - shape[TOP], 2), stop - first, 2)
        for i in range(first, stop):
            at = _put(out, at, x[i] - shape[LEFT], 2)
            at = _put_value(out, at, shape[IS_FLOAT], counts[i], bits[i])
        first = stop
    return at


@compiled("i8(u1[::1], i8, i8[::1], i8[::1], f4[::1], i4[::1], i8, i8, i8[::1])")
def _put_dense(
    out: Bytes,
    at: int,
    x: Ints,
    y: Ints,
    counts: Floats,
    bits: NDArray[np.int32],
    first: int,
    end: int,
    shape: Ints,
) -> int:
    size = 4 if shape[IS_FLOAT] else 2
    points = (shape[SIZE] - _HEAD - 6) // size
    at = _put(out, _put(out, at, points, 4), shape[WIDTH], 2)
    done = 0
    for i in range(first, end):
        place = (y[i] - shape[TOP]) * shape[WIDTH] + x[i] - shape[LEFT]
        for _ in range(done, place):
            at = _put(out, at, _NAN if shape[IS_FLOAT] else _NO_VALUE, size)
        at = _put_value(out, at, shape[IS_FLOAT], counts[i], bits[i])
        done = place + 1
    return at


@compiled("void(u1[::1], i8, i8)")
def _store(out: Bytes, at: int, size: int) -> None:
    """Move bytes on by 7 and put zlib's frame around them, uncompressed (RFC 1950, 1951)."""
    one, two = 1, 0
    for i in range(size):
        one = (one + out[at + i]) % 65521
        two = (two + one) % 65521
    for i in range(size - 1, -1, -1):
        out[at + 7 + i] = out[at + i]
    out[at], out[at + 1], out[at + 2] = 0x78, 0x01, 0x01
    _put(out, _put(out, at + 3, size, 2), ~size, 2)
    end = at + 7 + size
    out[end], out[end + 1] = two >> 8, two & 0xFF
    out[end + 2], out[end + 3] = one >> 8, one & 0xFF


@compiled("void(i8[::1], i8[::1], f4[::1], i4[::1], i8[::1], i8[:, ::1], i8[::1], u1[::1])")
def encode_blocks(
    x: Ints,
    y: Ints,
    counts: Floats,
    bits: NDArray[np.int32],
    start: Ints,
    shapes: Ints,
    offsets: Ints,
    out: Bytes,
) -> None:
    """The bytes of blocks, one after the other; small ones in zlib's frame, as `framed` says.

    Parameters
    ----------
    x, y, counts, start : arrays
        As for `blocks.measure_blocks`.
    bits : int32 array of shape (pixels,)
        The counts, seen as integers.
    shapes : int64 array of shape (blocks, 7)
        The table of `blocks.measure_blocks`, transposed.
    offsets : int64 array of shape (blocks,)
        Where each block goes in `out`.
    out : uint8 array
        Filled.
    """
    for block in range(len(offsets)):
        first, end, shape = start[block], start[block + 1], shapes[block]
        at = _put(out, offsets[block], end - first, 4)
        at = _put(out, _put(out, at, shape[LEFT], 4), shape[TOP], 4)
        at = _put(out, _put(out, at, shape[IS_FLOAT], 1), shape[KIND], 1)
        if shape[KIND] == ROWS:
            _put_rows(out, at, x, y, counts, bits, first, end, shape)
        else:
            _put_dense(out, at, x, y, counts, bits, first, end, shape)
        if shape[SIZE] <= STORED:
            _store(out, offsets[block], shape[SIZE])


def framed(sizes: Ints) -> Ints:
    """Bytes that `encode_blocks` writes for blocks of `sizes` bytes."""
    return sizes + np.where(sizes <= STORED, _FRAME, 0)


@compiled("void(u1[:, ::1], i8[::1], u1[::1])")
def scatter_rows(rows: NDArray[np.uint8], offsets: Ints, out: Bytes) -> None:
    """Copy each row of bytes to its place in `out`."""
    for i in range(len(offsets)):
        for j in range(rows.shape[1]):
            out[offsets[i] + j] = rows[i, j]
