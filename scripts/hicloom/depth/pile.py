"""Events of depth in any order, gathered by block within a memory limit, summed up in order."""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from hicloom.depth.line import Line
from hicloom.errors import InputError, WorkError
from hicloom.formats.threads import in_order
from hicloom.kernels.depth import add_events, add_weighted, partition, run_up

Ints = NDArray[np.int64]
Keys = NDArray[np.uint32]
Depths = NDArray[np.int32]
Steps = NDArray[np.int32] | NDArray[np.int64]
R = TypeVar("R")

SHIFT = 20
"""A block has 2^20 places: its steps stay in the processor's cache."""

_LEAST = 1 << 18
_BUNDLE = 1 << 20
"""Events of a bundle at most: what is sorted at once stays near the processor."""
_NONE = np.empty(0, np.int64)
_AHEAD = 2


class Pile:
    """Takes stretches of bases in any order, and gives the depth that they make, in order.

    Events are sorted by block bundle by bundle; what bundles the memory does not hold go to
    a nameless file. What comes out does not depend on how the events were bundled.

    Parameters
    ----------
    line : Line
    tmpdir : Path, optional
        Folder of the spilled events (default: the system's).
    memory : int
        Bytes that events may take.
    """

    def __init__(self, line: Line, *, tmpdir: Path | None, memory: int):
        self.line = line
        self._tmpdir = tmpdir
        self._unit = _Events(line, memory // 2, tmpdir, weighted=False)
        self._weighted = _Events(line, memory // 2, tmpdir, weighted=True)

    def __enter__(self) -> "Pile":
        return self

    def __exit__(self, *_: object) -> None:
        self._unit.close()
        self._weighted.close()

    def room(self) -> Ints:
        """Where the next events may be written, `place << 1 | is_end` each; see `take`."""
        return self._unit.room()

    def take(self, n: int) -> None:
        """Count `n` events that were written into the room; makes new room when it is full."""
        self._unit.take(n)

    def make_room(self) -> bool:
        """Put the events so far aside, so that the room is as large as it gets; were there any?"""
        return self._unit.put_aside()

    def add_events(self, events: Ints) -> None:
        """Add events, `place << 1 | is_end` each."""
        self._unit.add(events, _NONE)

    def add(self, starts: Ints, ends: Ints, weights: Ints | None = None) -> None:
        """Add `weights` (default: 1) to the depth of stretches of places, half-open."""
        events = np.empty(2 * len(starts), np.int64)
        events[::2], events[1::2] = starts << 1, ends << 1 | 1
        if weights is None:
            self._unit.add(events, _NONE)
        else:
            self._weighted.add(events, np.repeat(weights, 2))

    def map(
        self, function: Callable[[int, Depths], R], *, every: int = 1, threads: int = 1
    ) -> Iterator[R]:
        """A function of the first place and the depth of each block, or of every so many.

        Several threads work at a time; what they make comes in order. Read as often as wanted.

        Raises
        ------
        InputError
            If a depth is beyond 32 bits.
        """
        self._unit.put_aside()
        self._weighted.put_aside()
        rises = self._unit.rises + self._weighted.rises
        before = np.concatenate(([0], np.cumsum(rises)))

        def made(block: int) -> R:
            return function(block << SHIFT, self._depths(block, int(before[block])))

        return in_order(made, range(0, self.blocks, every), threads, ahead=_AHEAD)

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return self._unit.blocks

    def _depths(self, block: int, depth: int) -> Depths:
        """The depth of each place of a block, when it is `depth` before."""
        first = block << SHIFT
        places = min(1 << SHIFT, self.line.places - first)
        steps = self._unit.steps(block, places)
        if not self._weighted.is_empty:
            steps = self._weighted.steps(block, places) + steps
        depths = np.empty(places, np.int32)
        _, lowest, highest = run_up(steps, depth, depths)
        if lowest < -(1 << 31) or highest >= 1 << 31:
            extreme = highest if highest >= 1 << 31 else lowest
            where = self.line.name_at(first)
            raise InputError(f"{where}: depth {extreme} is beyond 32 bits; a D4 cannot hold it")
        return depths


class _Events:
    """Events of one kind, and the bundles that they were put into.

    Attributes
    ----------
    rises : int64 array of shape (blocks,)
        By how much depth rises within each block, by what is in bundles.
    """

    def __init__(self, line: Line, memory: int, tmpdir: Path | None, *, weighted: bool):
        self.blocks = -(-line.places // (1 << SHIFT))
        gathered = 24 if weighted else 8
        self._capacity = max(_LEAST, min(_BUNDLE, memory // (2 * gathered)))
        self._limit = max(0, memory - gathered * self._capacity)
        self._tmpdir = tmpdir
        self._is_weighted = weighted
        self.rises = np.zeros(self.blocks, np.int64)
        self._events = self._weights = _NONE
        self._n = self._total = 0
        self._bundles: list[_Bundle] = []
        self._spilled: list[_Spilled] = []
        self._file: BinaryIO | None = None

    def close(self) -> None:
        if self._file:
            self._file.close()

    def room(self) -> Ints:
        if not len(self._events):
            self._open()
        return self._events[self._n :]

    def take(self, n: int) -> None:
        self._n += n
        if self._n == len(self._events):
            self.put_aside()

    def add(self, events: Ints, weights: Ints) -> None:
        while len(events):
            room = self.room()
            n = min(len(room), len(events))
            room[:n] = events[:n]
            if self._is_weighted:
                self._weights[self._n : self._n + n] = weights[:n]
            self.take(n)
            events, weights = events[n:], weights[n:]

    def put_aside(self) -> bool:
        """Sort the events by block, if there are any; bundles beyond the memory go to disk."""
        if not self._n:
            return False
        self._bundles.append(self._bundle())
        self._total += self._n
        self._n = 0
        if sum(bundle.bytes for bundle in self._bundles) > self._limit:
            self._spill()
        return True

    @property
    def is_empty(self) -> bool:
        """Whether there is no bundle."""
        return not (self._bundles or self._spilled)

    def steps(self, block: int, places: int) -> Steps:
        """By how much depth rises at each place of a block."""
        bundles: list[_Spilled | _Bundle] = [*self._spilled, *self._bundles]
        fits = not self._is_weighted and self._total < 1 << 31
        steps: Any = np.zeros(places, np.int32 if fits else np.int64)
        for bundle in bundles:
            keys, weights = bundle.of(block)
            if self._is_weighted:
                add_weighted(keys, weights, steps)
            else:
                add_events(keys, steps)
        return steps

    def _open(self) -> None:
        """Memory for one bundle; the system gives it when it is written to."""
        self._events = np.empty(self._capacity, np.int64)
        if self._is_weighted:
            self._weights = np.empty(self._capacity, np.int64)

    def _bundle(self) -> "_Bundle":
        keys = np.empty(self._n, np.uint32)
        weights = self._weights[: self._n]
        moved = np.empty(len(weights), np.int64)
        edges = np.empty(self.blocks + 1, np.int64)
        partition(self._events[: self._n], weights, SHIFT, edges, keys, moved, self.rises)
        return _Bundle(edges, keys, moved)

    def _spill(self) -> None:
        if not self._file:
            self._file = tempfile.TemporaryFile(dir=self._tmpdir)  # noqa: SIM115
        self._spilled.append(_Spilled(self._file, self._bundles))
        self._bundles = []


@dataclass(frozen=True)
class _Bundle:
    """Events sorted by block, in memory."""

    edges: Ints
    keys: Keys
    weights: Ints

    def of(self, block: int) -> tuple[Keys, Ints]:
        low, high = self.edges[block], self.edges[block + 1]
        return self.keys[low:high], self.weights[low:high]

    @property
    def bytes(self) -> int:
        """What it takes in memory."""
        return self.edges.nbytes + self.keys.nbytes + self.weights.nbytes


class _Spilled:
    """Bundles, made one, in a file."""

    def __init__(self, file: BinaryIO, bundles: list[_Bundle]):
        self._file = file
        self._edges = np.sum([bundle.edges for bundle in bundles], axis=0)
        self._keys = file.seek(0, os.SEEK_END)
        blocks = range(len(self._edges) - 1)
        file.writelines(bundle.of(block)[0].data for block in blocks for bundle in bundles)
        self._weights = file.tell()
        file.writelines(bundle.of(block)[1].data for block in blocks for bundle in bundles)
        self._is_weighted = file.tell() > self._weights

    def of(self, block: int) -> tuple[Keys, Ints]:
        low, high = int(self._edges[block]), int(self._edges[block + 1])
        keys = np.empty(high - low, np.uint32)
        weights = np.empty(high - low if self._is_weighted else 0, np.int64)
        self._read(keys, self._keys + 4 * low)
        self._read(weights, self._weights + 8 * low)
        return keys, weights

    def _read(self, array: NDArray[Any], place: int) -> None:
        if len(array) and os.preadv(self._file.fileno(), [array.data], place) != array.nbytes:
            raise WorkError("a temporary file of depth was cut short; is its disk full?")
