"""Names of reads as 64-bit hashes: FNV-1a, then the last mix of MurmurHash3.

Two names share a hash once in 2^64; a set of hashes is sorted, so that their upper bits tell
nearly where one stands.
"""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import TEXT, compiled, part

Hashes = NDArray[np.uint64]


@part
def hash_name(text: NDArray[np.uint8], start: int, end: int) -> int:
    """The hash of the name at `start` to `end` (half-open) of `text`."""
    value = np.uint64(0xCBF29CE484222325)
    for place in range(start, end):
        value = (value ^ np.uint64(text[place])) * np.uint64(0x100000001B3)
    value = (value ^ (value >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    value = (value ^ (value >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return value ^ (value >> np.uint64(33))  # type: ignore[return-value]


@compiled(f"u8[::1]({TEXT}, i8[::1], i8[::1])", allocates=True)
def hash_names(
    text: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> Hashes:
    """The hash of each name of `text`, shape (names,)."""
    hashes = np.empty(len(starts), np.uint64)
    for row in range(len(starts)):
        hashes[row] = hash_name(text, starts[row], ends[row])
    return hashes


@part
def is_among(hashes: Hashes, first: NDArray[np.int64], shift: int, value: int) -> bool:
    """Whether `value` is one of the sorted `hashes`; `first` and `shift` as of `index_of`."""
    cell = np.int64(value >> np.uint64(shift))
    place, end = first[cell], first[cell + 1]
    while place < end and hashes[place] != value:
        place += 1
    return place < end


def index_of(hashes: Hashes) -> tuple[NDArray[np.int64], int]:
    """Where each range of sorted hashes starts, and how far a hash is shifted to its range.

    Returns
    -------
    first : int64 array of shape (ranges + 1,), some eight hashes a range
    shift : int
    """
    bits = max(1, (len(hashes) // 8).bit_length())
    edges = np.arange(1 << bits, dtype=np.uint64) << np.uint64(64 - bits)
    first = np.searchsorted(hashes, edges).astype(np.int64)
    return np.append(first, len(hashes)), 64 - bits
