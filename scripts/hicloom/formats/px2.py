"""The .px2 index of a .pairs.gz file, as pairix 0.3.6 and later writes it (magic PX2.004).

Source: pairix (github.com/4dn-dcic/pairix), pairix_index_spec and src/index.c, preset
`pairs`. A file sorted by chrom1, chrom2, pos1 is a row of *runs*: consecutive lines of one
chromosome pair whose pos1 falls into one bin of 32,768 bp. The index keeps, for every
chromosome pair `chrom1|chrom2` and bin, the virtual offsets of its run. pairix's larger bins
stay empty, for a position never crosses a bin.
"""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.bgzf import BgzfReader, BgzfWriter, BlockOffsets
from hicloom.formats.regions import LAST as POSITION_LIMIT
from hicloom.formats.regions import SPLIT

BIN_SHIFT = 15
PAIRIX_LIMIT = 1 << 30
"""Last position that pairix finds (bp); `Px2.span` knows no such limit."""

RUN = np.dtype([("bin", "<u4"), ("chunks", "<i4"), ("begin", "<u8"), ("end", "<u8")])
"""A run as it lies in the file: `bin` counts from 0 here, from _FIRST_BIN on disk."""

_REINDEX = "make it again with `hicloom index-pairs`"
_MAGIC = b"PX2.004\x01"
_FIRST_BIN = 4681
_LAYOUT = struct.pack("<7iccxxii", 3, 2, 3, 3, 4, 5, 5, b"\t", SPLIT.encode(), ord("#"), 0)

Names = tuple[NDArray[np.integer[Any]], Sequence[str]]


@dataclass
class Px2:
    """An index in memory.

    Attributes
    ----------
    runs : dict of chromosome pair (`chrom1|chrom2`) to array of dtype RUN, by bin
        In the order of the file.
    lines : int
        Lines of the file, the header's included.
    """

    runs: dict[str, NDArray[np.void]]
    lines: int

    def span(self, pair: str, first: int, last: int) -> tuple[int, int] | None:
        """Virtual offsets (half-open) around the lines with pos1 in first .. last.

        Positions are 1-based and both included; the span begins and ends at line starts
        and may hold lines up to 32,767 bp before `first` and after `last`.
        """
        runs = self.runs[pair]
        low = np.searchsorted(runs["bin"], max(first - 1, 0) >> BIN_SHIFT)
        high = np.searchsorted(runs["bin"], max(last - 1, 0) >> BIN_SHIFT, side="right")
        if low >= high:
            return None
        return int(runs["begin"][low]), int(runs["end"][high - 1])

    def encode(self) -> bytes:
        """The bytes of the .px2 file, BGZF included."""
        names = b"".join(pair.encode() + b"\0" for pair in self.runs)
        coded = io.BytesIO()
        with BgzfWriter(coded) as out:
            out.write(_MAGIC + struct.pack("<iQ", len(self.runs), self.lines) + _LAYOUT)
            out.write(struct.pack("<i", len(names)) + names)
            for runs in self.runs.values():
                out.write(_encode_runs(runs))
        return coded.getvalue()

    def same_as(self, other: "Px2") -> bool:
        """Whether both index the same file: same pairs, bins, places and number of lines."""
        return (
            self.lines == other.lines
            and list(self.runs) == list(other.runs)
            and all(np.array_equal(runs, other.runs[pair]) for pair, runs in self.runs.items())
        )


class Px2Builder:
    """Collect an index from lines in the order of the file, while it is being written or read.

    Memory is that of the index: 24 bytes a run. After the last `add`, `index(offsets)` gives
    the index, `offsets` being `BgzfWriter.offsets()` or `BgzfReader.offsets()`.

    Parameters
    ----------
    name : str
        What errors call the file.
    header_lines : int
        Lines before the first pair.

    Attributes
    ----------
    lines : int
        Lines so far, the header's included.
    last_position : int
        Largest position so far (bp), for comparison with PAIRIX_LIMIT.
    """

    def __init__(self, name: str, *, header_lines: int) -> None:
        self.lines = header_lines
        self.last_position = 0
        self._name = name
        self._pairs: dict[str, int] = {}
        self._last = (-1, -1, -1)
        self._runs: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []

    def add(
        self,
        chrom1: Names,
        chrom2: Names,
        pos1: NDArray[np.int64],
        starts: NDArray[np.int64],
        pos2: NDArray[np.int64] | None = None,
    ) -> None:
        """Take the next lines.

        Parameters
        ----------
        chrom1, chrom2 : (codes, names)
            Chromosome of each line: integer array of shape (n,) of indices into `names`.
        pos1 : int64 array of shape (n,)
            1-based; 0 counts as 1.
        starts : int64 array of shape (n,)
            Offset of each line in the text of the file.
        pos2 : int64 array of shape (n,), optional
            When given, its order is checked too (pairix needs only that of pos1).

        Raises
        ------
        InputError
            If a chromosome pair comes again after others, a position is smaller than the one
            before it in its pair, or pos1 is beyond 2^31 - 1; with the line.
        """
        if not len(pos1):
            return
        place = np.maximum(pos1 - 1, 0)
        pair = self._pair_ids(chrom1, chrom2)
        second = np.zeros_like(place) if pos2 is None else pos2
        self._check(pair, place, second)
        here = pair * (1 << 32) + (place >> BIN_SHIFT)
        before = (self._last[0] << 32) + (self._last[1] >> BIN_SHIFT)
        new = np.flatnonzero(np.diff(here, prepend=before))
        if len(new):
            self._runs.append((pair[new], place[new] >> BIN_SHIFT, starts[new]))
        self._last = int(pair[-1]), int(place[-1]), int(second[-1])
        self.last_position = max(self.last_position, int(pos1.max()), int(second.max()))
        self.lines += len(pos1)

    def index(self, offsets: BlockOffsets) -> Px2:
        """The index, once all lines were added and the file's blocks are known."""
        pair, bins, starts = (
            np.concatenate(column) if column else np.empty(0, np.int64)
            for column in (zip(*self._runs, strict=True) if self._runs else ((), (), ()))
        )
        runs = np.empty(len(pair), RUN)
        runs["bin"], runs["chunks"] = bins, 1
        runs["begin"] = offsets.virtual(starts)
        runs["end"] = offsets.virtual(np.append(starts, offsets.text[-1])[1:])
        bounds = np.searchsorted(pair, np.arange(len(self._pairs) + 1))
        return Px2(
            {name: runs[bounds[i] : bounds[i + 1]] for name, i in self._pairs.items()},
            self.lines,
        )

    def _pair_ids(self, chrom1: Names, chrom2: Names) -> NDArray[np.int64]:
        """Number of each line's chromosome pair, in the order in which pairs appear."""
        local = chrom1[0].astype(np.int64) * len(chrom2[1]) + chrom2[0]
        heads = np.append(0, np.flatnonzero(np.diff(local)) + 1)
        ids = np.empty(len(heads), np.int64)
        last = self._last[0]
        for run, line in enumerate(heads.tolist()):
            name = f"{chrom1[1][chrom1[0][line]]}{SPLIT}{chrom2[1][chrom2[0][line]]}"
            known = self._pairs.setdefault(name, len(self._pairs))
            if known < last:
                self._refuse(line, f"{name} comes again after other chromosome pairs")
            ids[run] = last = known
        return np.repeat(ids, np.diff(heads, append=len(local)))

    def _check(
        self, pair: NDArray[np.int64], place: NDArray[np.int64], second: NDArray[np.int64]
    ) -> None:
        if (top := int(place.max())) >= POSITION_LIMIT:
            line = int(place.argmax())
            self._refuse(line, f"position {top + 1} is beyond what an index holds (2^31 - 1)")
        steps = [
            np.diff(key, prepend=last)
            for key, last in zip((pair, place, second), self._last, strict=True)
        ]
        back = (steps[1] < 0) | ((steps[1] == 0) & (steps[2] < 0))
        wrong = np.flatnonzero((steps[0] == 0) & back)
        if len(wrong):
            self._refuse(int(wrong[0]), "its position is smaller than that of the line before")

    def _refuse(self, line: int, problem: str) -> None:
        raise InputError(
            f"{self._name}, line {self.lines + line + 1}: {problem}; pairs must be sorted by "
            "chrom1, chrom2, pos1, pos2: use `hicloom sort-pairs`"
        )


def read_px2(path: Path) -> Px2:
    """Read an index that hicloom or pairix (0.3.6 or later) wrote.

    Raises
    ------
    InputError
        If it is no such index, is not one of a pairs file, or is damaged.
    """
    with path.open("rb") as file:
        data = b"".join(BgzfReader(file, str(path)).chunks())
    if not data.startswith(_MAGIC):
        raise InputError(f"{path}: not a px2 index of today's format; {_REINDEX}")
    try:
        return _decode(data)
    except (ValueError, struct.error, IndexError):
        raise InputError(f"{path}: damaged, or not the index of a pairs file; {_REINDEX}") from None


def _encode_runs(runs: NDArray[np.void]) -> bytes:
    """Binning index and linear index of one chromosome pair."""
    on_disk = runs.copy()
    on_disk["bin"] += _FIRST_BIN
    bins = runs["bin"].astype(np.int64)
    linear = np.zeros(bins[-1] + 1, "<u8")
    # Where a bin is empty pairix keeps the start of the run before it.
    linear[bins[0] :] = np.repeat(runs["begin"], np.diff(bins, append=bins[-1] + 1))
    counts = struct.pack("<i", len(runs)), struct.pack("<i", len(linear))
    return counts[0] + on_disk.tobytes() + counts[1] + linear.tobytes()


def _decode(data: bytes) -> Px2:
    n_pairs, lines = struct.unpack_from("<iQ", data, 8)
    if data[20:60] != _LAYOUT:
        raise ValueError("another layout of columns")
    (names_size,) = struct.unpack_from("<i", data, 60)
    names = data[64 : 64 + names_size].decode().split("\0")[:-1]
    if len(names) != n_pairs:
        raise ValueError("the number of chromosome pairs is wrong")
    place, pairs = 64 + names_size, {}
    for name in names:
        pairs[name], place = _decode_runs(data, place)
    return Px2(pairs, lines)


def _decode_runs(data: bytes, place: int) -> tuple[NDArray[np.void], int]:
    (n,) = struct.unpack_from("<i", data, place)
    runs = np.frombuffer(data, RUN, n, place + 4).copy()
    if (runs["chunks"] != 1).any() or (runs["bin"] < _FIRST_BIN).any():
        raise ValueError("not an index of positions")
    runs["bin"] -= _FIRST_BIN
    place += 4 + runs.nbytes
    (n_linear,) = struct.unpack_from("<i", data, place)
    return runs[np.argsort(runs["bin"])], place + 4 + 8 * n_linear
