"""Counting the distinct values of a stream that does not fit into memory."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.int64]
Counts = NDArray[np.int64]

CHUNK = 1 << 18
# A key and its count, and what sorting them takes beside.
BYTES_PER_KEY = 64


class Counter:
    """Counts keys in any order and gives them back in ascending order.

    What is above the memory limit goes to disk as sorted runs, which are merged at the end:
    an external merge sort that adds up equal keys at every stage. Keys that come nearly
    sorted make nearly disjoint runs.

    Parameters
    ----------
    folder : Path
        Existing folder for the runs; its owner removes it.
    memory : int
        Bytes to use, roughly.
    """

    def __init__(self, folder: Path, memory: int):
        self._folder = folder
        self._capacity = max(CHUNK, memory // BYTES_PER_KEY)
        self._parts: list[tuple[Keys, Counts]] = []
        self._held = 0
        self._runs: list[tuple[Path, Path]] = []

    def add(self, keys: Keys) -> None:
        """Count `keys`: int64, any shape and order."""
        self._hold(np.unique(keys, return_counts=True))
        if self._held > self._capacity:
            self._compact()
            if self._held > self._capacity // 2:
                self._spill()

    def chunks(self) -> Iterator[tuple[Keys, Counts]]:
        """Distinct keys, ascending, with their counts, in chunks; read once."""
        self._compact()
        if not self._runs:
            keys, counts = self._parts.pop()
            for start in range(0, len(keys), CHUNK):
                yield keys[start : start + CHUNK], counts[start : start + CHUNK]
            return
        self._spill()
        yield from _merge([(_mapped(keys), _mapped(counts)) for keys, counts in self._runs])

    def _hold(self, part: tuple[Keys, Counts]) -> None:
        self._parts.append(part)
        self._held += len(part[0])

    def _compact(self) -> None:
        parts, self._parts, self._held = self._parts, [], 0
        self._hold(_sum(parts))

    def _spill(self) -> None:
        number = len(self._runs)
        paths = self._folder / f"{number}.keys.npy", self._folder / f"{number}.counts.npy"
        (part,) = self._parts
        for path, values in zip(paths, part, strict=True):
            np.save(path, values)
        self._runs.append(paths)
        self._parts, self._held = [], 0


def _mapped(path: Path) -> NDArray[np.int64]:
    values: NDArray[np.int64] = np.load(path, mmap_mode="r" if path.stat().st_size > 128 else None)
    return values


def _sum(parts: list[tuple[Keys, Counts]]) -> tuple[Keys, Counts]:
    """The distinct keys of all parts, ascending, with the sums of their counts."""
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    keys, counts = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[first], np.add.reduceat(counts, first) if len(first) else counts


def _merge(runs: list[tuple[Keys, Counts]]) -> Iterator[tuple[Keys, Counts]]:
    """Merge sorted runs: each time all keys up to the least of the runs' next far ends."""
    runs = [run for run in runs if len(run[0])]
    step = max(1, CHUNK // max(1, len(runs)))
    while runs:
        limit = min(keys[min(step, len(keys)) - 1] for keys, _ in runs)
        cuts = [int(np.searchsorted(keys[:step], limit, side="right")) for keys, _ in runs]
        yield _sum([(k[:cut], c[:cut]) for (k, c), cut in zip(runs, cuts, strict=True)])
        runs = [(k[cut:], c[cut:]) for (k, c), cut in zip(runs, cuts, strict=True)]
        runs = [run for run in runs if len(run[0])]
