"""Counting pairs in one pass, straight from the bytes of their lines."""

from collections.abc import Mapping, Sequence, Sized
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.pairs import Block, Header
from hicloom.formats.pairs.places import UNMAPPED, PlaceCheck
from hicloom.kernels import pair_counts as kernel
from hicloom.kernels.duplicates import RING, RING_FIELDS
from hicloom.kernels.edges import cells_of
from hicloom.kernels.lines import find_separators, hashed
from hicloom.qc.distances import fine_edges
from hicloom.qc.regions import Regions

Ints = NDArray[np.int64]
Sites = Mapping[str, Ints]
Key = TypeVar("Key")

DUPLICATE = "DD"
MOST_IN_TABLE = 256
"""Names of chromosomes whose pairs are counted in a table; of more, only those that there are."""
_COLUMNS = ("chrom1", "pos1", "chrom2", "pos2", "strand1", "strand2", "pair_type", "readID")
_NO_KIND = ""


class PairCounts:
    """Counts of pairs: by type, chromosomes, distance and strands, tiles, fragments.

    Parameters
    ----------
    header : Header
        Of the pairs.
    source : str
        What errors call them.
    line : int
        1-based number of the first line below the header.
    regions : Regions
        Whose pairs are counted by distance.
    sites : mapping of str to int64 array, optional
        First bases (1-based) of the fragments of a chromosome but the first.
    mismatch : int
        How far (bp) ends of duplicates are apart.

    Attributes
    ----------
    totals : int64 array of shape (7,)
        By `LINES` to `NO_TILE` of `hicloom.kernels.pair_counts`.
    edges : int64 array of shape (bins,)
        Lower edges (bp) of distances.
    histogram : int64 array of shape (regions, 5, bins)
        Pairs within a chromosome that are no duplicates, by rows of `regions`, strands (`FF` to
        `NO_STRAND`) and distance.
    fragments : int64 array of shape (6,)
        The same pairs by their class (`DANGLING_END` to `NO_SITES`).
    tiles : set of int
        Tiles of duplicates.
    """

    def __init__(
        self,
        header: Header,
        source: str,
        line: int,
        regions: Regions,
        *,
        sites: Sites | None = None,
        mismatch: int = 3,
    ):
        self._header, self._source, self._line = header, source, line
        self.regions, self.mismatch = regions, mismatch
        self._sites = sites or {}
        self._places = tuple(_place(header, column) for column in _COLUMNS)
        self.edges = fine_edges()
        self._distances = (self.edges, cells_of(self.edges))
        self.totals, self.fragments = np.zeros(7, np.int64), np.zeros(6, np.int64)
        self.histogram = np.zeros((regions.total, 5, len(self.edges)), np.int64)
        self._chromosomes: dict[tuple[str, str], int] = {}
        self._table, self._order = np.empty(0, np.int64), list[str]()
        self.tiles: set[int] = set()
        self._ring = np.zeros((RING + 2, RING_FIELDS), np.int64)
        self._report = np.zeros(6, np.int64)
        self._runs, self._tiles = np.empty((0, 3), np.int64), np.empty(0, np.int64)
        self._separators = np.empty(0, np.uint32)
        self._kinds, self._kind_counts = [_NO_KIND, DUPLICATE], np.zeros(2, np.int64)
        self._set_names([UNMAPPED, *header.chromsizes])
        self._hashed_kinds = hashed(self._kinds)

    @property
    def chromosomes(self) -> dict[tuple[str, str], int]:
        """Pairs that are no duplicates, both ends mapped, in the order in which they came."""
        for key in np.flatnonzero(self._table).tolist():
            _add(self._chromosomes, self._pair(key), int(self._table[key]))
        self._table[:] = 0
        return self._chromosomes

    @property
    def kinds(self) -> dict[str, int]:
        """Pairs by type; empty without a column of them."""
        counts = zip(self._kinds, self._kind_counts.tolist(), strict=True)
        return {kind: count for kind, count in counts if count and self.has("pair_type")}

    def has(self, column: str) -> bool:
        """Whether the pairs have a column."""
        return column in self._header.columns

    @property
    def has_sites(self) -> bool:
        """Whether fragments were given."""
        return bool(self._sites)

    def add(self, text: bytes | NDArray[np.uint8]) -> int:
        """Count whole lines; how many there are.

        Raises
        ------
        InputError
            Naming the first line that is no pair, or lies beyond its chromosome.
        """
        octets = np.frombuffer(text, np.uint8) if isinstance(text, bytes) else text
        before = int(self.totals[kernel.LINES])
        if len(octets):
            self._make_room(len(octets))
            separators = self._separators[: find_separators(octets, self._separators)]
            row = 0
            while not self._count(octets, separators, row):
                row = int(self._report[kernel.ROW])
        lines = int(self.totals[kernel.LINES]) - before
        self._line += lines
        return lines

    def _count(self, text: NDArray[np.uint8], separators: NDArray[np.uint32], row: int) -> bool:
        """Count from a line on; False if a name came that was not known, and now is."""
        kernel.count_lines(
            text,
            separators,
            row,
            len(self._header.columns),
            self._places,
            self._names,
            self._hashed_kinds,
            self._lengths,
            self._rows,
            self._arms,
            self._cuts,
            self._distances,
            self.mismatch,
            (self.histogram, self._kind_counts, self.fragments, self.totals),
            (self._runs, self._tiles, self._ring, self._report),
        )
        self._take()
        reason = self._report[kernel.REASON]
        if reason == kernel.WRONG:
            self._refuse(text)
        word = text[self._report[kernel.WORD_START] : self._report[kernel.WORD_END]].tobytes()
        if reason == kernel.NEW_CHROMOSOME:
            self._meet(text, word.decode(errors="surrogateescape"))
        elif reason == kernel.NEW_KIND:
            self._kinds.append(word.decode(errors="surrogateescape"))
            self._kind_counts = np.append(self._kind_counts, 0)
            self._hashed_kinds = hashed(self._kinds)
        return bool(reason == kernel.DONE)

    def _take(self) -> None:
        """Add up what the kernel filled in."""
        runs = self._runs[: self._report[kernel.RUNS]]
        keys = runs[:, 0] * len(self._order) + runs[:, 1]
        if len(self._table):
            sums = np.bincount(keys, runs[:, 2], len(self._table)).astype(np.int64)
            if len(new := np.flatnonzero((sums > 0) & (self._table == 0))):
                for key in dict.fromkeys(keys[np.isin(keys, new)].tolist()):
                    self._chromosomes.setdefault(self._pair(key), 0)
            self._table += sums
        else:
            found, which = np.unique(keys, return_inverse=True)
            sums = np.bincount(which, runs[:, 2], len(found)).astype(np.int64)
            counts = dict(zip(found.tolist(), sums.tolist(), strict=True))
            for key in dict.fromkeys(keys.tolist()):
                _add(self._chromosomes, self._pair(key), counts[key])
        self.tiles.update(np.unique(self._tiles[: self._report[kernel.TILES]]).tolist())

    def _pair(self, key: int) -> tuple[str, str]:
        one, two = divmod(key, len(self._order))
        return self._order[one], self._order[two]

    def _refuse(self, text: NDArray[np.uint8]) -> None:
        """Say what is wrong with which line, by looking at each column."""
        block = Block(text, self._header, self._line, self._source)
        lengths = dict(self._header.chromsizes) | dict(self.regions.chromsizes)
        PlaceCheck(self._header.with_chromsizes(lengths)).check(block)
        raise block.error(int(self._report[kernel.ROW]), "is no pair; run hicloom validate")

    def _meet(self, text: NDArray[np.uint8], name: str) -> None:
        """Enter a chromosome that the header lacks, and all others of these lines at once."""
        block = Block(text, self._header, self._line, self._source)
        found = {name: 0} | {name: 0 for side in "12" for name in block.names(f"chrom{side}")[1]}
        # The numbers of chromosomes in the ring depend on how many there are.
        self._ring[:, :] = 0
        self._set_names([*self._order, *(name for name in found if name not in self._order)])

    def _make_room(self, size: int) -> None:
        if len(self._separators) <= size:
            self._separators = np.empty(size + 1, np.uint32)
            # The shortest lines hold a digit for each position.
            lines = size // (len(self._header.columns) + 2) + 1
            self._runs, self._tiles = np.empty((lines, 3), np.int64), np.empty(lines, np.int64)

    def _set_names(self, names: list[str]) -> None:
        lengths = dict(self._header.chromsizes) | dict(self.regions.chromsizes)
        self._chromosomes = self.chromosomes
        self._order, self._names = names, hashed(names)
        few = len(names) <= MOST_IN_TABLE
        self._table = np.zeros(len(names) ** 2 if few else 0, np.int64)
        self._lengths = np.array([lengths.get(name, 0) for name in names], np.int64)
        self._rows = np.array([self.regions.row(name) for name in names], np.int64)
        arms = [self.regions.arms_of(name) for name in names]
        bounds = [(arm.start, arm.end) for of_name in arms for arm in of_name]
        starts, ends = np.array(bounds, np.int64).reshape(-1, 2).T
        self._arms = (_first(arms), np.ascontiguousarray(starts), np.ascontiguousarray(ends))
        sites = [self._sites.get(name, np.empty(0, np.int64)) for name in names]
        self._cuts = (_first(sites), np.concatenate(sites).astype(np.int64))


def _first(parts: Sequence[Sized]) -> Ints:
    """Where each part begins when they are laid end to end, and the end of the last."""
    return np.cumsum([0, *(len(part) for part in parts)]).astype(np.int64)


def _place(header: Header, column: str) -> int:
    return header.columns.index(column) if column in header.columns else -1


def _add(counts: dict[Key, int], key: Key, number: int) -> None:
    counts[key] = counts.get(key, 0) + number
