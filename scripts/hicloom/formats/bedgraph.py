"""bedGraph: values of sorted intervals that do not overlap, 0-based and half-open (UCSC)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.text import whole_lines
from hicloom.kernels.bedgraph import END, IS_NEW, LINE, NAME, NAME_END, START, parse_rows

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Intervals:
    """Intervals of one chromosome, in their order.

    Attributes
    ----------
    chrom : str
    starts, ends : int64 arrays of shape (n,)
        0-based, half-open.
    values : float64 array of shape (n,)
    lines : int64 array of shape (n,)
        1-based line of each, where the file has lines.
    """

    chrom: str
    starts: Ints
    ends: Ints
    values: NDArray[np.float64]
    lines: Ints


def read_bedgraph(
    pieces: Iterable[bytes], source: str, sizes: Mapping[str, int]
) -> Iterator[Intervals]:
    """The intervals of a bedGraph file, many at a time; chromosomes stand in any order.

    Parameters
    ----------
    pieces : iterable of bytes
        Its text, cut anywhere.
    source : str
        What errors call it.
    sizes : mapping of str to int
        Lengths (bp) of the chromosomes that it may name.

    Raises
    ------
    InputError
        Naming the line, if it is no interval, its chromosome is unknown or comes again, it
        ends beyond its chromosome, is not sorted, or overlaps the one before.
    """
    state = _Order(source, sizes)
    first_line = 1
    for text in whole_lines(pieces):
        array = np.frombuffer(text, np.uint8)
        n_lines = text.count(b"\n")
        rows, values = np.empty((n_lines, 6), np.int64), np.empty(n_lines)
        n, wrong = parse_rows(array, rows, values)
        if wrong >= 0:
            found = text.split(b"\n")[wrong][:60].decode(errors="replace")
            raise InputError(
                f"{source}, line {first_line + wrong}: expected chromosome, start, end and value,"
                f" found {found!r}"
            )
        rows[:n, LINE] += first_line
        first_line += n_lines
        edges = [*np.flatnonzero(rows[:n, IS_NEW]).tolist(), n]
        for low, high in pairwise(edges):
            chrom = text[rows[low, NAME] : rows[low, NAME_END]].decode(errors="replace")
            part = rows[low:high]
            found_ = Intervals(chrom, part[:, START], part[:, END], values[low:high], part[:, LINE])
            state.check(found_)
            yield found_


class _Order:
    """Holds intervals against the one before, and against their chromosome."""

    def __init__(self, source: str, sizes: Mapping[str, int]):
        self._source, self._sizes = source, sizes
        self._chrom, self._start, self._end = "", 0, 0
        self._seen: set[str] = set()

    def check(self, found: Intervals) -> None:
        if found.chrom != self._chrom:
            self._enter(found)
        starts = np.append(self._start, found.starts[:-1])
        ends = np.append(self._end, found.ends[:-1])
        size = self._sizes[found.chrom]
        self._refuse(found, found.ends <= found.starts, "it is empty; expected start < end")
        self._refuse(found, found.ends > size, f"it ends beyond {found.chrom} ({size} bp)")
        self._refuse(found, found.starts < starts, "it is not sorted; run: sort -k1,1 -k2,2n")
        self._refuse(found, found.starts < ends, "it overlaps the interval before")
        self._start, self._end = int(found.starts[-1]), int(found.ends[-1])

    def _enter(self, found: Intervals) -> None:
        line = f"{self._source}, line {found.lines[0]}"
        if found.chrom not in self._sizes:
            raise InputError(f"{line}: chromosome {found.chrom} is not in the chromsizes")
        if found.chrom in self._seen:
            raise InputError(f"{line}: {found.chrom} comes again; run: sort -k1,1 -k2,2n")
        self._seen.add(found.chrom)
        self._chrom, self._start, self._end = found.chrom, 0, 0

    def _refuse(self, found: Intervals, wrong: NDArray[np.bool_], what: str) -> None:
        if wrong.any():
            row = int(wrong.argmax())
            where = f"{found.chrom}:{found.starts[row]}-{found.ends[row]}"
            raise InputError(f"{self._source}, line {found.lines[row]}: {where}: {what}")
