"""Counting the distinct values of a stream that does not fit into memory."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import ExitStack
from functools import partial
from io import FileIO
from itertools import pairwise
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.threads import in_order, shared_pool
from hicloom.kernels.counting import add_up, count_keys, sort_keys
from hicloom.outputs import full_disk_is_told

Keys = NDArray[np.int64]
Counts = NDArray[np.int64]
Counted = tuple[Keys, Counts]

# One of so many keys of a run is known without reading it; of a run made of runs, one of COARSER
# times as many.
STEP, COARSER = 512, 8
# Runs on disk that are made one.
FAN = 32
LEAST_BATCH, MOST_BATCH = 1 << 16, 1 << 20
# Keys being sorted and counted: the keys, scratch, counts, and what is kept of them.
_BYTES_PER_SORTED = 41
# Keys being merged: those of the runs, and twice those of two runs made one; then waiting.
_BYTES_PER_MERGED, _BYTES_PER_WAITING = 48, 16
_SHARE_OF_WORK = 0.25


class Run(Protocol):
    """Distinct keys in ascending order, with their counts."""

    samples: Keys
    """The first of every `step` keys."""
    step: int
    most: int
    """The largest count."""
    size: int
    """How many keys."""

    def between(self, low: int, high: int) -> Counted:
        """Keys from `low` (included) to `high` (not included), and their counts."""
        ...


class Counter:
    """Counts keys in any order and gives them back in ascending order.

    Keys are gathered in batches, which are sorted and counted. What is above the memory limit
    goes to disk: the batches merged into one run, and many runs into a longer one. At the end
    all that there is is merged, a range of keys at a time. Keys that come nearly sorted make
    nearly disjoint batches, which cost little to merge.

    Parameters
    ----------
    folder : Path
        Existing folder for the runs; its owner removes it.
    memory : int
        Bytes to use; below `least_memory(threads)` as if it were that.
    threads : int
        Threads that sort and merge; only within a `with` block also those that sort.
    """

    def __init__(self, folder: Path, memory: int, threads: int = 1):
        self._folder = folder
        self._threads = threads
        memory = max(memory, least_memory(threads))
        self._batch = _batch_size(memory, threads)
        self._capacity = int(memory * (1 - _SHARE_OF_WORK))
        self._keys = np.empty(0, np.int64)
        self._filled = 0
        self._stack = ExitStack()
        self._pool: Executor | None = None
        self._sorting: deque[Future[_Held]] = deque()
        self._held: list[_Held] = []
        self._spilled: list[list[_Spilled]] = []
        self._made = 0

    def __enter__(self) -> Self:
        if self._threads > 1:
            self._pool = self._stack.enter_context(shared_pool(self._threads))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, keys: Keys) -> None:
        """Count `keys`: int64, not negative, of shape (n,), in any order."""
        while len(keys):
            if not self._filled:
                self._keys = np.empty(self._batch, np.int64)
            taken = keys[: self._batch - self._filled]
            self._keys[self._filled : self._filled + len(taken)] = taken
            self._filled += len(taken)
            keys = keys[len(taken) :]
            if self._filled == self._batch:
                self._sort()

    def chunks(self) -> Iterator[Counted]:
        """Distinct keys, ascending, with their counts (int64), in chunks; the same each time."""
        self._finish()
        runs = [run for level in self._spilled for run in level]
        return self._merged([*runs, *self._held])

    @property
    def most(self) -> int:
        """No more keys are distinct."""
        self._finish()
        runs = [run.size for level in self._spilled for run in level]
        return sum(runs) + sum(run.size for run in self._held)

    def _finish(self) -> None:
        """Hold all batches."""
        if self._filled or not (self._held or self._spilled):
            self._sort()
        self._collect(0)

    def _sort(self) -> None:
        """Sort and count the open batch, and hold the batches that are done."""
        keys, self._keys = self._keys[: self._filled], np.empty(0, np.int64)
        self._filled = 0
        if self._pool is None:
            self._hold(_counted(keys))
        else:
            self._sorting.append(self._pool.submit(_counted, keys))
            self._collect(self._threads)

    def _collect(self, left: int) -> None:
        """Hold batches that are being sorted, until only `left` are."""
        while len(self._sorting) > left:
            self._hold(self._sorting.popleft().result())

    def _hold(self, batch: "_Held") -> None:
        self._held.append(batch)
        if sum(held.bytes for held in self._held) > self._capacity:
            self._spill(0, self._held)
            self._held = []

    def _spill(self, level: int, runs: "Sequence[_Held | _Spilled]") -> None:
        """Make one run on disk of `runs`; and of many such runs one of the next level."""
        if level == len(self._spilled):
            self._spilled.append([])
        path = self._folder / f"{self._made}.run"
        self._made += 1
        with full_disk_is_told(self._folder.parent):
            self._spilled[level].append(
                _Spilled(path, self._merged(runs), sum(run.most for run in runs), level)
            )
        if len(self._spilled[level]) == FAN:
            full, self._spilled[level] = self._spilled[level], []
            self._spill(level + 1, full)
            for run in full:
                run.remove()

    def _merged(self, runs: "Sequence[_Held | _Spilled]") -> Iterator[Counted]:
        """What runs hold together, a range of keys at a time."""
        ranges = _ranges(runs, self._batch)
        merge = partial(_merge, runs)
        return (part for part in in_order(merge, ranges, self._threads, ahead=1) if len(part[0]))


def least_memory(threads: int) -> int:
    """Bytes that counting with so many threads takes at least."""
    return int(LEAST_BATCH * _work_per_key(threads) / _SHARE_OF_WORK)


def _batch_size(memory: int, threads: int) -> int:
    """Keys that are sorted at a time by one thread."""
    return min(MOST_BATCH, int(memory * _SHARE_OF_WORK) // _work_per_key(threads))


def _work_per_key(threads: int) -> int:
    """Bytes for each key of a batch: `threads` at work, and those before or behind them."""
    sorting = 8 + (threads + 1) * _BYTES_PER_SORTED
    merging = threads * _BYTES_PER_MERGED + (threads + 2) * _BYTES_PER_WAITING
    return max(sorting, merging)


class _Held:
    """A run in memory; counts take as few bytes as the largest needs."""

    def __init__(self, keys: Keys, counts: Counts):
        self._keys, self.size = keys.copy(), len(keys)
        self.most = int(counts.max(initial=0))
        self._counts = counts.astype(_counts_dtype(self.most))
        self.samples, self.step = self._keys[::STEP].copy(), STEP

    @property
    def bytes(self) -> int:
        return self._keys.nbytes + self._counts.nbytes + self.samples.nbytes

    def between(self, low: int, high: int) -> Counted:
        first, last = np.searchsorted(self._keys, [low, high])
        return self._keys[first:last], self._counts[first:last].astype(np.int64)


class _Spilled:
    """A run on disk: a file of keys, and one of counts.

    Parameters
    ----------
    path : Path
        File to write the keys to; the counts lie beside it.
    parts : iterable of (keys, counts)
        Ascending through all parts.
    most : int
        No count is larger.
    level : int
        How often its keys were on disk before.
    """

    def __init__(self, path: Path, parts: Iterable[Counted], most: int, level: int):
        self._path, self._counts_path = path, path.with_suffix(".counts")
        self._dtype = _counts_dtype(most)
        self.size, self.most, self.step = 0, most, STEP * COARSER**level
        samples = []
        with path.open("wb", 0) as keys_file, self._counts_path.open("wb", 0) as counts_file:
            for keys, counts in parts:
                samples.append(keys[-self.size % self.step :: self.step].copy())
                self.size += len(keys)
                _write(keys_file, keys)
                _write(counts_file, counts.astype(self._dtype))
        self.samples = np.concatenate(samples) if samples else np.empty(0, np.int64)

    def between(self, low: int, high: int) -> Counted:
        first, last = np.searchsorted(self.samples, [low, high])
        start = max(0, int(first) - 1) * self.step
        end = max(start, min(self.size, int(last) * self.step))
        keys: Keys = np.fromfile(self._path, np.int64, end - start, offset=8 * start)
        first, last = np.searchsorted(keys, [low, high])
        width = self._dtype.itemsize
        counts = np.fromfile(
            self._counts_path, self._dtype, last - first, offset=width * (start + int(first))
        )
        return keys[first:last], counts.astype(np.int64)

    def remove(self) -> None:
        self._path.unlink()
        self._counts_path.unlink()


def _counted(keys: Keys) -> _Held:
    sort_keys(keys, np.empty_like(keys))
    counts = np.empty_like(keys)
    distinct = count_keys(keys, counts)
    return _Held(keys[:distinct], counts[:distinct])


def _counts_dtype(most: int) -> np.dtype[np.integer]:
    return np.min_scalar_type(most)


def _ranges(runs: Sequence[Run], size: int) -> Iterator[tuple[int, int]]:
    """Half-open ranges of keys that cover all; each holds about `size` keys of the runs."""
    samples = np.concatenate([np.empty(0, np.int64), *(run.samples for run in runs)])
    steps = np.repeat([run.step for run in runs], [len(run.samples) for run in runs])
    # Of each run, nearly a step may lie in a range beyond what its samples tell.
    size = max(size - sum(run.step for run in runs), size // 4)
    order = np.argsort(samples)
    number = np.cumsum(steps[order]) // size
    cuts = np.unique(samples[order][1:][np.diff(number) > 0])
    return pairwise([0, *cuts.tolist(), np.iinfo(np.int64).max])


def _merge(runs: Sequence[Run], limits: tuple[int, int]) -> Counted:
    """The keys in a range of all runs, with the sums of their counts."""
    low, high = limits
    parts = [part for run in runs if len((part := run.between(low, high))[0])]
    while len(parts) > 1:
        odd = parts[-1:] if len(parts) % 2 else []
        parts = [_added(*two) for two in zip(parts[::2], parts[1::2], strict=False)] + odd
    return parts[0] if parts else (np.empty(0, np.int64), np.empty(0, np.int64))


def _added(one: Counted, two: Counted) -> Counted:
    keys, counts = (np.empty(len(one[0]) + len(two[0]), np.int64) for _ in range(2))
    distinct = add_up(*one, *two, keys, counts)
    return keys[:distinct], counts[:distinct]


def _write(file: FileIO, values: NDArray[np.integer]) -> None:
    rest = values.data.cast("B")
    while rest:
        rest = rest[file.write(rest) :]
