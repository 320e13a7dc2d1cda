"""One track of a D4 file: values, runs, sums and percentiles of regions."""

import math
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.d4.dictionary import HIGHEST, LOWEST
from hicloom.formats.d4.directories import Directory
from hicloom.formats.d4.frames import BLOB, SUBDIR
from hicloom.formats.d4.index import NAME as INDEX
from hicloom.formats.d4.index import Index
from hicloom.formats.d4.metadata import Metadata, decode
from hicloom.formats.d4.secondary import SecondaryTable
from hicloom.formats.d4.sources import damaged
from hicloom.kernels.bits import packed_size, unpack
from hicloom.kernels.runs import Ints, Runs, Values, expand, fill_gaps, join, runs_of
from hicloom.kernels.summaries import HALF, Counts, at_rank, count_halves, count_values, summarise

BLOCK = 1 << 22
"""Positions that are decoded at once."""

Floats = NDArray[np.float64]


class Track:
    """One track of a D4 file.

    Positions are 0-based, regions half-open (bp); `end` None is the chromosome's end. Methods
    raise InputError where a chromosome is unknown, a region is empty or beyond its end, or
    the file is damaged.

    Attributes
    ----------
    name : str
    metadata : Metadata
        Chromosomes, dictionary, denominator, and what made the track.
    directory : Directory
        Where it lies.
    """

    def __init__(self, name: str, directory: Directory, use_index: bool) -> None:
        self.name, self.directory = name, directory
        self._use_index = use_index and directory.has(INDEX, BLOB)
        self._source = directory.source
        try:
            self.metadata: Metadata = decode(directory.stream(".metadata"))
        except ValueError as error:
            raise damaged(self._source, f"{error}") from None
        self._dictionary = self.metadata.dictionary
        self._width = self._dictionary.width
        self._ptab = directory.find(".ptab", BLOB)
        directory.find(".stab", SUBDIR)
        sizes = [packed_size(size, self._width) for size in self.chromsizes.values()]
        self._offsets = dict(zip(self.chromsizes, np.cumsum([0, *sizes]).tolist(), strict=False))
        if sum(sizes) != self._ptab.size:
            raise damaged(self._source, "its primary table does not fit its chromosomes")

    @property
    def chromsizes(self) -> Mapping[str, int]:
        """Lengths (bp) by chromosome, in the order of the file."""
        return self.metadata.chromsizes

    @property
    def denominator(self) -> float | None:
        """By which stored values are divided, if they are."""
        return self.metadata.denominator

    @cached_property
    def index(self) -> Index | None:
        """The index of `hicloom d4 index`, if the track has one and it is to be used."""
        if not self._use_index:
            return None
        return Index(self._source, self.directory.find(INDEX, BLOB), self.chromsizes)

    @cached_property
    def table(self) -> SecondaryTable:
        """The secondary table."""
        table = SecondaryTable(self.directory.subdirectory(".stab"))
        for chrom, partitions in table.streams.items():
            if partitions[-1].end != self.chromsizes.get(chrom):
                raise damaged(self._source, "its secondary table does not fit its chromosomes")
        if self.index:
            self.index.tell(table)
        return table

    def values(self, chrom: str, start: int = 0, end: int | None = None) -> NDArray[Any]:
        """The value of each position.

        Returns
        -------
        int32 array of shape (end - start,); float64 where the track has a denominator
        """
        return self.shown(self.stored(chrom, start, end))

    def stored(self, chrom: str, start: int = 0, end: int | None = None) -> Values:
        """The stored value of each position, not divided: int32 array of shape (end - start,)."""
        start, end = self.span(chrom, start, end)
        blocks = [v for _, v in self._blocks(chrom, start, end)]
        return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)

    def blocks(
        self, chrom: str, start: int = 0, end: int | None = None
    ) -> Iterator[tuple[int, NDArray[Any]]]:
        """`values` in pieces of at most BLOCK positions, each with the position it starts at."""
        for at, values in self._blocks(chrom, *self.span(chrom, start, end)):
            yield at, self.shown(values)

    def runs(self, chrom: str, start: int = 0, end: int | None = None) -> Iterator[Runs]:
        """Runs of equal stored values, without gaps, in pieces of at most BLOCK positions.

        Yields
        ------
        starts, ends : int64 arrays of shape (n,)
        values : int32 array of shape (n,)
        """
        start, end = self.span(chrom, start, end)
        for low in range(start, end, BLOCK):
            high = min(low + BLOCK, end)
            if self._width:
                yield runs_of(self._decode(chrom, low, high), low)
            else:
                told = self.table.runs(chrom, low, high)
                yield join(fill_gaps(told, low, high, self._dictionary.last))

    def mean(self, chrom: str, start: int = 0, end: int | None = None) -> float:
        """Mean of a region."""
        start, end = self.span(chrom, start, end)
        return self.sum(chrom, start, end) / (end - start)

    def sum(self, chrom: str, start: int = 0, end: int | None = None) -> float:
        """Sum of a region: int, float where the track has a denominator."""
        return self._divided(self.summary(chrom, start, end)[0])

    def min(self, chrom: str, start: int = 0, end: int | None = None) -> float:
        """Least value of a region."""
        return self._divided(self.summary(chrom, start, end)[1])

    def max(self, chrom: str, start: int = 0, end: int | None = None) -> float:
        """Greatest value of a region."""
        return self._divided(self.summary(chrom, start, end)[2])

    def summary(self, chrom: str, start: int = 0, end: int | None = None) -> tuple[int, int, int]:
        """Sum, least and greatest stored value; whole bins come from the index, if there is one."""
        start, end = self.span(chrom, start, end)
        sums, least, greatest = self.between(chrom, np.array([start, end]))
        return int(sums[0]), int(least[0]), int(greatest[0])

    def percentile(
        self, chrom: str, percent: float, start: int = 0, end: int | None = None
    ) -> float:
        """The least value that at least `percent` % of the positions do not exceed.

        It is read twice where values are not within 0 .. 65535.
        """
        start, end = self.span(chrom, start, end)
        rank = max(1, math.ceil((end - start) * percent / 100))
        both = np.zeros((2, HALF), np.int64)
        for runs in self.runs(chrom, start, end):
            both += count_halves(runs, None), count_halves(runs, 0)
        upper, below = at_rank(both[0], rank)
        lower = both[1]
        if upper != HALF // 2:
            pieces = self.runs(chrom, start, end)
            lower = sum(count_halves(runs, upper - HALF // 2) for runs in pieces)
        value, _ = at_rank(lower, rank - below)
        return self._divided((upper - HALF // 2) * HALF + value)

    def counts(
        self, chrom: str, low: int, n: int, start: int = 0, end: int | None = None
    ) -> Counts:
        """Positions of each stored value low .. low + n - 1; what is beyond counts for the nearest.

        Returns
        -------
        int64 array of shape (n,)
        """
        total: Counts = sum(count_values(runs, low, n) for runs in self.runs(chrom, start, end))  # type: ignore[assignment]
        return total

    def resample(
        self, chrom: str, start: int = 0, end: int | None = None, *, bins: int
    ) -> tuple[Ints, Floats]:
        """Means of about `bins` bins of about one width, for a picture.

        Returns
        -------
        edges : int64 array of shape (n + 1,)
            Where the bins begin, and the end. With an index, wide bins begin with its bins.
        means : float64 array of shape (n,)
        """
        start, end = self.span(chrom, start, end)
        step = max(1, math.ceil((end - start) / bins))
        if self.index and step > self.index.bin_size:
            step = step // self.index.bin_size * self.index.bin_size
            edges = np.arange(start // step * step, end, step)
            edges = np.append(start, edges[edges > start])
        else:
            edges = np.arange(start, end, step)
        edges = np.append(edges, end)
        sums, _, _ = self.between(chrom, edges)
        return edges, sums / np.diff(edges) / (self.denominator or 1.0)

    def shown(self, stored: NDArray[Any]) -> NDArray[Any]:
        """Stored values divided by the denominator, if there is one."""
        return stored if self.denominator is None else stored / self.denominator

    def span(self, chrom: str, start: int, end: int | None) -> tuple[int, int]:
        """A region, checked."""
        size = self.chromsizes.get(chrom)
        if size is None:
            raise InputError(f"{self._source.name}: no chromosome '{chrom}' there")
        end = size if end is None else end
        if not 0 <= start < end <= size:
            raise InputError(
                f"{self._source.name}: {chrom}:{start}-{end} is empty or beyond the chromosome, "
                f"which is 0-{size} (0-based, half-open)"
            )
        return start, end

    def _divided(self, stored: int) -> float:
        return stored if self.denominator is None else stored / self.denominator

    def _blocks(self, chrom: str, start: int, end: int) -> Iterator[tuple[int, Values]]:
        for low in range(start, end, BLOCK):
            yield low, self._decode(chrom, low, min(low + BLOCK, end))

    def _decode(self, chrom: str, start: int, end: int) -> Values:
        """Stored values of up to BLOCK positions: both tables."""
        last = self._dictionary.last
        if not self._width:
            return expand(self.table.runs(chrom, start, end), start, end, last)
        codes = self._codes(chrom, start, end)
        values = self._dictionary.decode(codes)
        outside = codes == (1 << self._width) - 1
        if not outside.any():
            return values
        return np.where(
            outside, expand(self.table.runs(chrom, start, end), start, end, last), values
        )

    def _codes(self, chrom: str, start: int, end: int) -> NDArray[np.uint32]:
        row = start // 8
        at = row * self._width
        size = packed_size(end, self._width) - at
        packed = self._source.read(self._ptab.offset + self._offsets[chrom] + at, size)
        return unpack(np.frombuffer(packed, np.uint8), self._width, start - 8 * row, end - start)

    def between(self, chrom: str, edges: Ints) -> tuple[Ints, Ints, Ints]:
        """Sum, least and greatest stored value between ascending edges."""
        if not self.index or np.diff(edges).max() < self.index.bin_size:
            return self.scan(chrom, edges)
        parts = [self._bins_and_ends(chrom, a, b) for a, b in pairwise(edges.tolist())]
        sums, least, greatest = np.array(parts, np.int64).T
        return sums, least, greatest

    def _bins_and_ends(self, chrom: str, start: int, end: int) -> tuple[int, int, int]:
        """Whole bins from the index, ragged ends from the data."""
        assert self.index
        size, whole = self.index.bin_size, self.chromsizes[chrom]
        first, last = -(-start // size), -(-end // size) if end == whole else end // size
        if last <= first:
            parts = [self.scan(chrom, np.array([start, end]))]
        else:
            bins = self.index.bins(chrom, first, last)
            parts = [(bins["sum"], bins["least"], bins["greatest"])]
            for low, high in ((start, first * size), (last * size, end)):
                if low < high:
                    parts.append(self.scan(chrom, np.array([low, high])))
        sums, least, greatest = zip(*parts, strict=True)
        return (
            sum(int(part.sum()) for part in sums),
            min(int(part.min()) for part in least),
            max(int(part.max()) for part in greatest),
        )

    def scan(self, chrom: str, edges: Ints) -> tuple[Ints, Ints, Ints]:
        """Sum, least and greatest stored value between ascending edges, from the data."""
        sums = np.zeros(len(edges) - 1, np.int64)
        least, greatest = np.full(len(sums), HIGHEST), np.full(len(sums), LOWEST)
        for runs in self.runs(chrom, int(edges[0]), int(edges[-1])):
            low, high = runs[0][0], runs[1][-1]
            inner = edges[(edges > low) & (edges < high)]
            first = int(np.searchsorted(edges, low, side="right")) - 1
            place = slice(first, first + len(inner) + 1)
            part = summarise(runs, np.concatenate(([low], inner, [high])))
            sums[place] += part[0]
            least[place] = np.minimum(least[place], part[1])
            greatest[place] = np.maximum(greatest[place], part[2])
        return sums, least, greatest
