"""Pairs as what .hic files are made of."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import gcd
from pathlib import Path

import numpy as np

from hicloom.allocation import give_back
from hicloom.formats.cool import BinTable
from hicloom.formats.counter import Counter
from hicloom.formats.hic import BP, FRAG, NO_FRAGMENTS, Fragments
from hicloom.formats.pairs import PairsReader
from hicloom.kernels.binning import split_keys
from hicloom.matrix.binner import MOST_READERS, Binner, memory_for_counting
from hicloom.matrix.binning import Bins, Ints
from hicloom.matrix.hic_input import Base, Chunks, Part
from hicloom.matrix.hic_memory import beside_program
from hicloom.matrix.resolutions import choose
from hicloom.matrix.segments import Segments
from hicloom.sieve import Test


class BinnedPairs:
    """Pairs, counted in bins while they are read.

    Parameters
    ----------
    reader : PairsReader
    chromsizes : mapping of str to int
        Lengths (bp), in the order of the bins.
    folder : Path
        Existing, for what is counted and does not fit into memory.
    memory : str
        Such as `4G`; half of what it leaves beside reading is for counting.
    threads : int
        Threads that parse and count.
    drop_other_chromosomes : bool
    tests : mapping of str to test
        As for `Binner`.
    sites : sequence of int64 arrays
        By chromosome, as of `read_sites`, for maps in restriction fragments.
    fragment_resolutions : sequence of int
        Their bin sizes (fragments).
    """

    def __init__(
        self,
        reader: PairsReader,
        chromsizes: Mapping[str, int],
        folder: Path,
        *,
        memory: str,
        threads: int,
        drop_other_chromosomes: bool,
        tests: Mapping[str, Test],
        sites: Sequence[Ints] = (),
        fragment_resolutions: Sequence[int] = (),
    ):
        self.name, self.chromsizes = reader.source, chromsizes
        self.assembly = reader.header.assembly
        self._reader, self._folder = reader, folder
        self._memory, self._threads = memory, min(threads, MOST_READERS)
        self._drop, self._tests, self._sites = drop_other_chromosomes, tests, sites
        self.fragments = NO_FRAGMENTS
        if sites:
            sizes = sorted(set(fragment_resolutions), reverse=True)
            self.fragments = Fragments(sizes, Segments(chromsizes, 0, 1 << 31, sites).ends)

    def choose(self, wanted: Sequence[int] | None) -> list[int]:
        """As `HicInput.choose`."""
        return choose(wanted, max(self.chromsizes.values()))

    def bases(self, sizes: Sequence[int]) -> Iterator[Base]:
        """As `HicInput.bases`; the pairs are read once."""
        bins = self._bins(gcd(*sizes))
        table = BinTable(self.chromsizes, bins.size)
        parts = [Part(BP, table, sizes)]
        if isinstance(bins, Segments):
            table, fragments = bins.table, self.fragments.resolutions
            in_bins = Part(BP, bins.bins, sizes, bins.in_bins)
            parts = [in_bins, Part(FRAG, bins.fragments, fragments, bins.on_fragments)]
        with self._counted(bins, by_chromosomes=False) as counter:
            most, dtype = counter.most, np.dtype(np.int64)
            yield Base(table, dtype, parts, lambda: _pixels(counter, bins), most, most)

    def by_chromosomes(self, size: int) -> tuple[Bins, Iterator[tuple[Ints, Ints]]]:
        """As `HicInput.by_chromosomes`."""
        bins = self._bins(size)

        def chunks() -> Iterator[tuple[Ints, Ints]]:
            with self._counted(bins, by_chromosomes=True) as counter:
                yield from counter.chunks()

        return bins, chunks()

    def _bins(self, size: int) -> Bins:
        if self._sites:
            return Segments(self.chromsizes, 0, size, self._sites)
        return Bins(self.chromsizes, size)

    @contextmanager
    def _counted(self, bins: Bins, *, by_chromosomes: bool) -> Iterator[Counter]:
        limit = memory_for_counting(self._memory, self._threads)
        limit = min(limit, beside_program(self._memory))
        binner = Binner(
            bins,
            threads=self._threads,
            by_chromosomes=by_chromosomes,
            drop_other_chromosomes=self._drop,
            tests=self._tests,
        )
        with Counter(self._folder, limit // 2, self._threads) as counter:
            for keys in binner.keys(self._reader):
                counter.add(keys)
            binner.sieve.report("hic")
            give_back()
            yield counter


def _pixels(counter: Counter, bins: Bins) -> Chunks:
    """Bins and counts, row by row."""
    for keys, counts in counter.chunks():
        bin1, bin2 = np.empty_like(keys), np.empty_like(keys)
        split_keys(keys, int(bins.starts[-1]), bin1, bin2)
        yield bin1, bin2, counts
