"""Pairs to the numbers of their pixels, as fast as they are read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from hicloom.errors import InputError
from hicloom.formats.counter import least_memory
from hicloom.formats.pairs import Block, Header, PairsReader
from hicloom.formats.threads import in_order
from hicloom.kernels.binning import BAD, DROPPED, KEYS, LINES, bin_lines
from hicloom.kernels.lines import find_separators, hashed
from hicloom.matrix.binning import Bins, Ints
from hicloom.options import parse_size
from hicloom.progress import Progress
from hicloom.sieve import Counts, Sieve, Test

# The square of their number, which numbers pixels, must fit into 63 bits.
MOST_BINS = 3_037_000_499
# Pieces of text of 1 MB, packed and not, and the numbers of their pixels, on their way.
READING_PER_THREAD = 10 << 20
# What HDF5 buffers and the allocator keeps.
_OVERHEAD = 16 << 20
# One thread cuts the text into lines; it has not enough for more than so many that parse.
MOST_READERS = 16


class Binner:
    """Numbers of the pixels in which pairs lie, straight from the bytes of their lines.

    Parameters
    ----------
    bins : Bins
        Of the map.
    threads : int
        Threads that parse.
    by_chromosomes : bool
        Whether the numbers are `Bins.block_major`, and not bin1 * number of bins + bin2.
    drop_other_chromosomes : bool
        Whether to leave out pairs on chromosomes that the map lacks (else they are an error).
    tests : mapping of str to test
        What else a pair must pass.

    Attributes
    ----------
    sieve : Sieve
        Counts what was left out.

    Raises
    ------
    InputError
        If there are too many bins.
    """

    def __init__(
        self,
        bins: Bins,
        *,
        threads: int = 1,
        by_chromosomes: bool = False,
        drop_other_chromosomes: bool = False,
        tests: Mapping[str, Test] | None = None,
    ):
        if bins.starts[-1] > MOST_BINS:
            raise InputError(
                f"bins of {bins.size} bp are {bins.starts[-1]} on this genome, expected at most"
                f" {MOST_BINS}; choose larger ones"
            )
        self._bins, self._threads, self._by_chromosomes = bins, threads, by_chromosomes
        self._simple, self._drop = not tests, drop_other_chromosomes
        others = {"chromosome": bins.holds} if drop_other_chromosomes else {}
        self.sieve = Sieve(others | dict(tests or {}))
        self._names = hashed(list(bins.chromsizes))

    def keys(self, reader: PairsReader) -> Iterator[Ints]:
        """The numbers of the pairs that are left, int64, in the order of the file.

        Raises
        ------
        InputError
            If a line is no pair, or one that is left is on an unknown chromosome or beyond it;
            the first such line is named.
        """
        header, source = reader.header, reader.source
        line, progress = reader.header_lines + 1, Progress("pairs")

        def parse(text: bytes) -> _Parsed:
            return self._parse(text, header)

        for parsed in in_order(parse, reader.texts(), self._threads, ahead=2):
            if parsed.wrong:
                # What is wrong with which line is told by looking at each column.
                yield self._checked(block := Block(parsed.text, header, line, source))
                lines = block.n
            else:
                self.sieve.add(parsed.counts)
                yield parsed.keys
                lines = parsed.counts["read"]
            line += lines
            progress.add(lines)
        progress.end()

    def _parse(self, text: bytes, header: Header) -> "_Parsed":
        keep = np.empty(0, bool)
        counts: Counts | None = None
        if not self._simple:
            try:
                keep, counts = self.sieve.judge(Block(text, header))
            except InputError:
                return _Parsed(text)
        places = np.array([header.index(c) for c in ("chrom1", "pos1", "chrom2", "pos2")])
        columns, report = len(header.columns), np.empty(4, np.int64)
        # The shortest lines hold a digit for each position.
        keys = np.empty(len(text) // (columns + 2) + 1, np.int64)
        bins, options = self._bins, (self._by_chromosomes, self._simple and self._drop)
        where = bins.lengths, bins.starts
        octets, separators = np.frombuffer(text, np.uint8), np.empty(len(text) + 1, np.uint32)
        separators = separators[: find_separators(octets, separators)]
        bin_lines(
            *(octets, separators, columns, places, *self._names, *where, bins.size, bins.cuts),
            *(*options, keep, keys, report),
        )
        if report[BAD] >= 0:
            return _Parsed(text)
        dropped = {"chromosome": int(report[DROPPED])} if self._drop else {}
        made = int(report[KEYS])
        return _Parsed(
            b"", keys[:made], counts or Counts(read=int(report[LINES]), kept=made, dropped=dropped)
        )

    def _checked(self, block: Block) -> Ints:
        bin1, bin2 = self._bins.of(block, self.sieve.keep(block))
        if self._by_chromosomes:
            return self._bins.block_major(bin1, bin2)
        return bin1 * self._bins.starts[-1] + bin2


def memory_for_counting(memory: str, threads: int) -> int:
    """Bytes of `memory`, such as `4G`, that a Counter may take: what reading pairs leaves it.

    Raises
    ------
    InputError
        If that is less than it needs; the message says how much would do.
    """
    reading = threads * READING_PER_THREAD + _OVERHEAD
    least = reading + least_memory(threads)
    if (limit := parse_size(memory)) < least:
        raise InputError(
            f"--memory {memory}: too little for --threads {threads};"
            f" give at least {-(-least >> 20)}M"
        )
    return limit - reading


@dataclass(frozen=True)
class _Parsed:
    """Lines that are right, by their numbers; or, as a text, those of which one is not."""

    text: bytes
    keys: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    counts: Counts = field(default_factory=lambda: Counts(read=0, kept=0, dropped={}))

    @property
    def wrong(self) -> bool:
        return bool(self.text)
