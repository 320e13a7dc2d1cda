"""Blocks of .hic files (versions 7 and 8), decompressed, to pixels.

Layout: https://github.com/aidenlab/hic-format/blob/master/HiCFormatV8.md
"""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import compiled

Bytes = NDArray[np.uint8]
Bins = NDArray[np.int32]
Floats = NDArray[np.float32]

DAMAGED = -1
"""What `decode_blocks` returns where a block is not what the format says."""

_HEAD = 14
_ROWS, _DENSE = 1, 2
_NO_VALUE = -32768


@compiled("i8(u1[::1], i8)")
def _int16(data: Bytes, at: int) -> int:
    return int(np.int16(np.uint16(data[at]) | np.uint16(data[at + 1]) << 8))


@compiled("i8(u1[::1], i8)")
def _int32(data: Bytes, at: int) -> int:
    low = np.int64(data[at]) | np.int64(data[at + 1]) << 8 | np.int64(data[at + 2]) << 16
    return int(low | np.int64(np.int8(data[at + 3])) << 24)


@compiled("f4(u1[::1], i8)")
def _float(data: Bytes, at: int) -> float:
    return data[at : at + 4].view(np.float32)[0]


@compiled("i8(u1[::1], i8, i8, i8, i4[::1], i4[::1], f4[::1])")
def _decode_rows(
    data: Bytes, at: int, end: int, done: int, x: Bins, y: Bins, counts: Floats
) -> int:
    left, top, size = _int32(data, at + 4), _int32(data, at + 8), 4 if data[at + 12] else 2
    rows = _int16(data, at + _HEAD)
    at += _HEAD + 2
    for _ in range(rows):
        if at + 4 > end:
            return DAMAGED
        row, records = top + _int16(data, at), _int16(data, at + 2)
        at += 4
        if records < 0 or at + records * (2 + size) > end or done + records > len(x):
            return DAMAGED
        for _ in range(records):
            x[done], y[done] = left + _int16(data, at), row
            counts[done] = _float(data, at + 2) if size == 4 else _int16(data, at + 2)
            at += 2 + size
            done += 1
    return done


@compiled("i8(u1[::1], i8, i8, i8, i4[::1], i4[::1], f4[::1])")
def _decode_dense(
    data: Bytes, at: int, end: int, done: int, x: Bins, y: Bins, counts: Floats
) -> int:
    left, top, size = _int32(data, at + 4), _int32(data, at + 8), 4 if data[at + 12] else 2
    if at + _HEAD + 6 > end:
        return DAMAGED
    points, width = _int32(data, at + _HEAD), _int16(data, at + _HEAD + 4)
    at += _HEAD + 6
    if points < 0 or width < 1 or at + points * size > end:
        return DAMAGED
    for i in range(points):
        value = _float(data, at) if size == 4 else np.float32(_int16(data, at))
        at += size
        if np.isnan(value) or (size == 2 and value == _NO_VALUE):
            continue
        if done == len(x):
            return DAMAGED
        x[done], y[done], counts[done] = left + i % width, top + i // width, value
        done += 1
    return done


@compiled("i8(u1[::1], i8[::1])")
def count_records(data: Bytes, offsets: NDArray[np.int64]) -> int:
    """Pixels of blocks, as they say; DAMAGED where one is too short.

    Parameters
    ----------
    data : uint8 array
        The decompressed blocks, one after the other.
    offsets : int64 array of shape (blocks + 1,)
        Where each starts, and the end.
    """
    total = 0
    for block in range(len(offsets) - 1):
        if offsets[block + 1] - offsets[block] < _HEAD + 2:
            return DAMAGED
        records = _int32(data, offsets[block])
        # A record takes two bytes at least.
        if records < 0 or 2 * records > offsets[block + 1] - offsets[block]:
            return DAMAGED
        total += records
    return total


@compiled("i8(u1[::1], i8[::1], i4[::1], i4[::1], f4[::1])")
def decode_blocks(data: Bytes, offsets: NDArray[np.int64], x: Bins, y: Bins, counts: Floats) -> int:
    """The pixels of blocks.

    Parameters
    ----------
    data, offsets : arrays
        As for `count_records`.
    x, y : int32 arrays of shape (pixels,)
        Filled: bins of chromosome 1 and of chromosome 2.
    counts : float32 array of shape (pixels,)
        Filled.

    Returns
    -------
    int
        Number of pixels, or DAMAGED.
    """
    done = 0
    for block in range(len(offsets) - 1):
        at, end = offsets[block], offsets[block + 1]
        if data[at + 13] == _ROWS:
            done = _decode_rows(data, at, end, done, x, y, counts)
        elif data[at + 13] == _DENSE:
            done = _decode_dense(data, at, end, done, x, y, counts)
        else:
            return DAMAGED
        if done < 0:
            return DAMAGED
    return done
