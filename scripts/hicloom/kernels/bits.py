"""Arrays of small numbers packed into bits, the least significant bit first."""

import numpy as np
from numpy.typing import NDArray

MAX_WIDTH = 25
"""Widest number (bits) that any four bytes hold, wherever in a byte it starts."""


def unpack(packed: NDArray[np.uint8], width: int, first: int, n: int) -> NDArray[np.uint32]:
    """Numbers `first` to `first + n - 1` of a packed array.

    Parameters
    ----------
    packed : uint8 array
        Holds at least the bytes of these numbers, from the start of number 0 on.
    width : int
        0 to MAX_WIDTH.

    Returns
    -------
    uint32 array of shape (n,)
    """
    row, skip = divmod(first, 8)
    n_rows = -(-(skip + n) // 8)
    rows = np.zeros((n_rows, width), np.uint8)
    part = packed[row * width : (row + n_rows) * width]
    rows.ravel()[: len(part)] = part
    codes = np.empty((n_rows, 8), np.uint32)
    for phase, start, shift, n_bytes in _phases(width):
        lane = rows[:, start].astype(np.uint32)
        for byte in range(1, n_bytes):
            lane |= rows[:, start + byte].astype(np.uint32) << np.uint32(8 * byte)
        codes[:, phase] = (lane >> np.uint32(shift)) & np.uint32((1 << width) - 1)
    return codes.ravel()[skip : skip + n] if width else np.zeros(n, np.uint32)


def packed_size(n: int, width: int) -> int:
    """Bytes that `n` numbers of `width` bits take."""
    return -(-n * width // 8)


def _phases(width: int) -> list[tuple[int, int, int, int]]:
    """For each of eight numbers: its place, first byte, first bit there, and bytes it touches."""
    starts = [divmod(phase * width, 8) for phase in range(8)] if width else []
    return [
        (phase, byte, bit, packed_size(bit + width, 1)) for phase, (byte, bit) in enumerate(starts)
    ]
