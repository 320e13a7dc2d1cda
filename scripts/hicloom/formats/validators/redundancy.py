"""The same contact in several rows, also with its sides exchanged (pairs format, "Redundancy").

Contacts are the same when read name and both positions are; names and positions are compared
as 64-bit hashes.
"""

import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from hicloom.findings import Findings

REDUNDANT = "contact in several rows"

Hashes = NDArray[np.uint64]
_BUCKETS = 64
_ROW = np.dtype([("hash", "<u8"), ("line", "<i8")])


def hash_words(words: NDArray[np.bytes_]) -> Hashes:
    """A hash of each word (dtype `S`)."""
    letters = np.ascontiguousarray(words).view(np.uint8).reshape(-1, words.itemsize)
    value = np.zeros(len(words), np.uint64)
    for place in range(letters.shape[1]):
        # The padding of a fixed-width column must not count.
        column = letters[:, place]
        value = np.where(column > 0, mix(value, column), value)
    return value


def mix(value: Hashes, more: NDArray[Any]) -> Hashes:
    """Take another number of each row into its hash (splitmix64's finaliser)."""
    value = (value ^ more.astype(np.uint64)) + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


class Neighbours:
    """Finds equal contacts in sorted pairs, where they follow on one another."""

    def __init__(self, findings: Findings):
        self._findings = findings
        self._open_place = np.uint64(0)
        self._open = np.empty(0, np.uint64)

    def check(self, places: Hashes, names: Hashes, lines: NDArray[np.int64]) -> None:
        """Take the next rows: hashes of their positions and read names, and their lines."""
        if not len(places):
            return
        carried = len(self._open)
        places = np.concatenate((np.full(carried, self._open_place), places))
        names = np.concatenate((self._open, names))
        lines = np.concatenate((np.zeros(carried, np.int64), lines))
        group = np.cumsum(np.concatenate(([False], places[1:] != places[:-1])))
        order = np.lexsort((names, group))
        again = np.flatnonzero((np.diff(group[order]) == 0) & (np.diff(names[order]) == 0)) + 1
        if len(again):
            first = lines[order[again]].min()
            self._findings.add(REDUNDANT, f"line {first}", count=len(again))
        self._open_place = places[-1]
        self._open = np.unique(names[group == group[-1]])


class Everywhere:
    """Finds equal contacts anywhere in a file; hashes are spilled to `tmpdir`, 16 bytes a row."""

    def __init__(self, findings: Findings, tmpdir: Path | None = None):
        self._findings = findings
        self._files: list[IO[bytes]] = [
            tempfile.TemporaryFile(dir=tmpdir)  # noqa: SIM115
            for _ in range(_BUCKETS)
        ]

    def __enter__(self) -> "Everywhere":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._files:
            file.close()

    def check(self, places: Hashes, names: Hashes, lines: NDArray[np.int64]) -> None:
        """Take the next rows: hashes of their positions and read names, and their lines."""
        rows = np.empty(len(lines), _ROW)
        rows["hash"], rows["line"] = mix(places, names), lines
        bucket = rows["hash"] >> np.uint64(58)
        order = np.argsort(bucket, kind="stable")
        edges = np.searchsorted(bucket[order], np.arange(_BUCKETS + 1))
        for number, file in enumerate(self._files):
            file.write(rows[order[edges[number] : edges[number + 1]]].tobytes())

    def finish(self) -> None:
        """Note the contacts that came before."""
        firsts, count = [], 0
        for file in self._files:
            file.seek(0)
            rows = np.frombuffer(file.read(), _ROW)
            order = np.argsort(rows["hash"], kind="stable")
            again = order[1:][np.diff(rows["hash"][order]) == 0]
            count += len(again)
            if len(again):
                firsts.append(int(rows["line"][again].min()))
        if count:
            self._findings.add(REDUNDANT, f"line {min(firsts)}", count=count)
