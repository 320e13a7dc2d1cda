"""Pixels to the bytes of blocks of .hic files (version 8).

Layout: https://github.com/aidenlab/hic-format/blob/master/HiCFormatV8.md
"""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.blocks import HEIGHT, IS_FLOAT, KIND, LEFT, ROWS, SIZE, TOP, WIDTH
from hicloom.kernels.compiled import compiled

Ints = NDArray[np.int64]
Places = NDArray[np.int32]
Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Shorts = NDArray[np.uint16]

STORED = 128
"""Blocks of at most so many bytes are stored as they are: there are many of them, and deflate
saves little."""

FRAME = 11
"""Bytes of the frame around a block that is stored as it is."""

_HEAD = 14
_NO_VALUE = -32768
_NAN = 0x7FC00000


@compiled("i8(u2[::1], i8, i8)")
def _put(out: Shorts, at: int, value: "int | np.int64") -> int:
    """Write a number of 32 bits, the low half first; returns the place after it."""
    out[at], out[at + 1] = value & 0xFFFF, (value >> 16) & 0xFFFF
    return at + 2


@compiled("i8(u2[::1], i8, i8, f4, i4)")
def _put_value(out: Shorts, at: int, is_float: int, count: float, bits: int) -> int:
    if is_float:
        return _put(out, at, bits)
    out[at] = np.int64(count) & 0xFFFF
    return at + 1


@compiled("i8(u2[::1], i8, i4[::1], i4[::1], f4[::1], i4[::1], i8, i8, i8[::1])")
def _put_rows(
    out: Shorts,
    at: int,
    x: Places,
    y: Places,
    counts: Floats,
    bits: Places,
    first: int,
    end: int,
    shape: Ints,
) -> int:
    left, top, is_float = shape[LEFT], shape[TOP], shape[IS_FLOAT]
    out[at] = shape[HEIGHT]
    at += 1
    while first < end:
        row, head = y[first], at
        at += 2
        start = first
        while first < end and y[first] == row:
            out[at] = x[first] - left
            at = _put_value(out, at + 1, is_float, counts[first], bits[first])
            first += 1
        out[head], out[head + 1] = row - top, first - start
    return at


@compiled("i8(u2[::1], i8, i4[::1], i4[::1], f4[::1], i4[::1], i8, i8, i8[::1])")
def _put_dense(
    out: Shorts,
    at: int,
    x: Places,
    y: Places,
    counts: Floats,
    bits: Places,
    first: int,
    end: int,
    shape: Ints,
) -> int:
    is_float = shape[IS_FLOAT]
    points = (shape[SIZE] - _HEAD - 6) // (4 if is_float else 2)
    at = _put(out, at, points)
    out[at] = shape[WIDTH]
    at, done = at + 1, 0
    for i in range(first, end):
        place = (y[i] - shape[TOP]) * shape[WIDTH] + x[i] - shape[LEFT]
        for _ in range(done, place):
            if is_float:
                at = _put(out, at, _NAN)
            else:
                out[at] = _NO_VALUE & 0xFFFF
                at += 1
        at = _put_value(out, at, is_float, counts[i], bits[i])
        done = place + 1
    return at


@compiled("void(i4[::1], i4[::1], f4[::1], i4[::1], i8[::1], i8[:, ::1], i8[::1], u2[::1])")
def encode_blocks(
    x: Places,
    y: Places,
    counts: Floats,
    bits: Places,
    start: Ints,
    shapes: Ints,
    offsets: Ints,
    out: Shorts,
) -> None:
    """The bytes of blocks, one after the other; all their fields are of even size.

    Parameters
    ----------
    x, y, counts : arrays
        As for `blocks.measure_blocks`.
    bits : int32 array of shape (pixels,)
        The counts, seen as integers.
    start : int64 array of shape (at least blocks + 1,)
        First pixel of each block.
    shapes : int64 array of shape (blocks, 7)
        The table of `blocks.measure_blocks`.
    offsets : int64 array of shape (blocks,)
        Where each block goes in `out`.
    out : uint16 array
        Filled, little-endian.
    """
    for block in range(len(offsets)):
        first, end, shape = start[block], start[block + 1], shapes[block]
        at = _put(out, offsets[block], end - first)
        at = _put(out, _put(out, at, shape[LEFT]), shape[TOP])
        out[at] = shape[IS_FLOAT] | shape[KIND] << 8
        if shape[KIND] == ROWS:
            _put_rows(out, at + 1, x, y, counts, bits, first, end, shape)
        else:
            _put_dense(out, at + 1, x, y, counts, bits, first, end, shape)


@compiled("i8(u1[::1], i8, i8, u1[::1], i8)")
def _store(data: Bytes, first: int, size: int, out: Bytes, at: int) -> int:
    """Copy bytes in zlib's frame, uncompressed (RFC 1950, 1951); returns the place after it."""
    one, two = 1, 0
    out[at], out[at + 1], out[at + 2] = 0x78, 0x01, 0x01
    out[at + 3], out[at + 4] = size & 0xFF, size >> 8
    out[at + 5], out[at + 6] = ~size & 0xFF, (~size >> 8) & 0xFF
    for i in range(size):
        value = data[first + i]
        one += value
        two += one
        out[at + 7 + i] = value
    # So few bytes that the sums do not overflow before.
    one, two = one % 65521, two % 65521
    end = at + 7 + size
    out[end], out[end + 1] = two >> 8, two & 0xFF
    out[end + 2], out[end + 3] = one >> 8, one & 0xFF
    return end + 4


@compiled("void(u1[::1], i8[::1], i8[::1], u1[::1])")
def store_blocks(data: Bytes, offsets: Ints, sizes: Ints, out: Bytes) -> None:
    """Copy blocks of at most STORED bytes, each in zlib's frame, one after the other."""
    at = 0
    for block in range(len(offsets)):
        at = _store(data, offsets[block], sizes[block], out, at)


@compiled("void(u1[:, ::1], i8[::1], u1[::1])")
def scatter_rows(rows: NDArray[np.uint8], offsets: Ints, out: Bytes) -> None:
    """Copy each row of bytes to its place in `out`."""
    for i in range(len(offsets)):
        for j in range(rows.shape[1]):
            out[offsets[i] + j] = rows[i, j]
