"""Sets of read names, as a list of names (one a line) or as hashes of 8 bytes each.

A file of hashes is `HICLOOM\\1`, then the hashes as little-endian uint64, sorted, each once.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.text import open_text, whole_lines
from hicloom.kernels.names import hash_names
from hicloom.outputs import atomic

MAGIC = b"HICLOOM\1"

Hashes = NDArray[np.uint64]


def no_names() -> Hashes:
    """The empty set."""
    return np.empty(0, np.uint64)


def read_names(path: Path) -> Hashes:
    """The hashes of a set of names, sorted, each once: uint64 array of shape (names,).

    Raises
    ------
    InputError
        If the file cannot be read, or is a file of hashes that is cut short or not sorted.
    """
    with open_text(path) as pieces:
        first = next(pieces, b"")
        if first.startswith(MAGIC):
            return _stored(path)
        lists = [_hashes_of(text) for text in whole_lines([first, *pieces])]
    return np.unique(np.concatenate([no_names(), *lists]))


class NameSet:
    """Gathers names, of which it keeps the hashes: 8 bytes each."""

    def __init__(self) -> None:
        self._hashes: list[Hashes] = []

    def add(
        self, text: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> None:
        """Add the names at `starts` to `ends` (half-open) of `text`."""
        self._hashes.append(hash_names(text, starts, ends))

    def write(self, path: Path) -> None:
        """Write a file of hashes, which `read_names` reads."""
        unique = np.unique(np.concatenate([no_names(), *self._hashes]))
        with atomic(path) as (part,), part.open("wb") as file:
            file.write(MAGIC)
            file.write(unique.astype("<u8").data)


def _stored(path: Path) -> Hashes:
    """Hashes in a file, which stay there until they are looked at."""
    size = path.stat().st_size - len(MAGIC)
    if size % 8:
        raise InputError(f"{path}: is cut short; write it again with `hicloom dedup`")
    if not size:
        return no_names()
    # Not read-only, as kernels want their arrays; what is written would stay in memory.
    hashes = np.memmap(path, "<u8", mode="c", offset=len(MAGIC))
    if (hashes[1:] <= hashes[:-1]).any():
        raise InputError(f"{path}: its hashes are not sorted; write it again with `hicloom dedup`")
    return hashes.view(np.ndarray)


def _hashes_of(text: bytes) -> Hashes:
    """The hash of each line's first word."""
    array = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(array == ord("\n"))
    starts = np.concatenate(([0], ends[:-1] + 1)).astype(np.int64)
    return hash_names(array, starts, ends)
