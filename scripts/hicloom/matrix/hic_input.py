"""What .hic files are made of: pairs, or the maps of a .cool or .mcool."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from math import gcd
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.cool import BinTable, PixelReader, resolutions, split_uri
from hicloom.formats.counter import Counter
from hicloom.formats.pairs import PairsReader
from hicloom.kernels.binning import split_keys
from hicloom.matrix.binner import MOST_READERS, Binner, memory_for_counting
from hicloom.matrix.binning import Bins, Ints
from hicloom.matrix.resolutions import choose
from hicloom.sieve import Test

Columns = tuple[Ints, Ints, NDArray[Any]]
Chunks = Iterator[Columns]

_SIGNATURE = b"\x89HDF\r\n\x1a\n"


class Base(NamedTuple):
    """Pixels by row, and the bin sizes (bp) to sum them to, of which their own may be one."""

    bins: BinTable
    dtype: np.dtype[Any]
    sizes: list[int]
    chunks: Callable[[], Chunks]


class HicInput(Protocol):
    """What a .hic file is made of.

    Attributes
    ----------
    name : str
        What it is called in messages.
    chromsizes : mapping of str to int
        Lengths (bp), in the order of the bins.
    assembly : str or None
    """

    name: str
    chromsizes: Mapping[str, int]
    assembly: str | None

    def choose(self, wanted: Sequence[int] | None) -> list[int]:
        """The bin sizes (bp) of the .hic file, ascending."""
        ...

    def bases(self, sizes: Sequence[int]) -> Iterator[Base]:
        """What to read to get pixels of these sizes, each of them once."""
        ...

    def by_chromosomes(self, size: int) -> tuple[Bins, Iterator[tuple[Ints, Ints]]]:
        """Pixels by pair of chromosomes, as `JuicerTools.make` wants them, of bins that divide
        `size`."""
        ...


def is_map(source: str) -> bool:
    """Whether `source` is a .cool, an .mcool, or a map in one, and not pairs."""
    path, _ = split_uri(source)
    if "::" in source or path.suffix in (".cool", ".mcool"):
        return True
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_SIGNATURE)) == _SIGNATURE


class Maps:
    """The maps of a .cool or .mcool; to be used in a `with` block.

    Parameters
    ----------
    source : str
        `x.cool`, `x.mcool`, or one map of it: `x.mcool::/resolutions/1000`.
    threads : int
        Threads that inflate.

    Raises
    ------
    InputError
        If it is missing or damaged, or none whose upper triangle has bins of equal size.
    """

    def __init__(self, source: str, threads: int = 1):
        self.name = source
        path, _ = split_uri(source)
        inside = [] if "::" in source else resolutions(path)
        uris = [f"{path}::/resolutions/{size}" for size in inside] or [source]
        with ExitStack() as stack:
            readers = [stack.enter_context(PixelReader(uri, threads=threads)) for uri in uris]
            self._readers = {_checked(reader): reader for reader in readers}
            self._stack = stack.pop_all()
        self.chromsizes: Mapping[str, int] = readers[0].chromsizes
        self.assembly = readers[0].assembly
        self._all = len(readers) > 1

    def __enter__(self) -> "Maps":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def choose(self, wanted: Sequence[int] | None) -> list[int]:
        """As `HicInput.choose`; of an .mcool, all that it has, unless others are wanted."""
        longest = max(self.chromsizes.values())
        if not wanted and self._all:
            return sorted(self._readers)
        if not wanted:
            return choose(None, longest, min(self._readers))
        sizes = choose(wanted, longest)
        for size in sizes:
            self._finer(size, f"resolution {size} is a multiple of")
        return sizes

    def bases(self, sizes: Sequence[int]) -> Iterator[Base]:
        """As `HicInput.bases`; maps that the file has are taken as they are."""
        of_source: dict[int, list[int]] = {}
        for size in sizes:
            of_source.setdefault(self._finer(size, ""), []).append(size)
        for finer, made in of_source.items():
            reader = self._readers[finer]
            yield Base(reader.bins, reader.value_columns["count"], made, reader.chunks)

    def by_chromosomes(self, size: int) -> tuple[Bins, Iterator[tuple[Ints, Ints]]]:
        """As `HicInput.by_chromosomes`; the rows of a chromosome at a time are in memory."""
        finer = self._finer(size, f"all resolutions are multiples of, as of {size},")
        reader = self._readers[finer]
        if reader.value_columns["count"].kind == "f":
            raise InputError(f"{reader.uri}: juicer_tools takes whole counts; use --engine hicloom")
        bins = Bins(reader.chromsizes, finer)
        return bins, _by_chromosomes(reader, bins)

    def _finer(self, size: int, what: str) -> int:
        """The coarsest map that `size` is a multiple of."""
        if found := [finer for finer in self._readers if size % finer == 0]:
            return max(found)
        there = " ".join(map(str, sorted(self._readers)))
        raise InputError(f"{self.name}: no map that {what}; it has {there}; choose another one")


def _checked(reader: PixelReader) -> int:
    """The bin size of a map that a .hic file can be made of."""
    if reader.bin_size is None or not reader.symmetric:
        raise InputError(
            f"{reader.uri}: expected an upper triangle of bins of equal size to make a .hic file of"
        )
    if "count" not in reader.value_columns:
        raise InputError(f"{reader.uri}: its pixels have no column count")
    return reader.bin_size


def _by_chromosomes(reader: PixelReader, bins: Bins) -> Iterator[tuple[Ints, Ints]]:
    none = np.zeros(0, np.int64)
    for first, last in zip(bins.starts[:-1].tolist(), bins.starts[1:].tolist(), strict=True):
        parts = [
            (bins.block_major(bin1, bin2), counts.astype(np.int64))
            for bin1, bin2, counts in reader.chunks(first, last)
        ]
        keys, counts = (np.concatenate(column) for column in zip((none, none), *parts, strict=True))
        order = np.argsort(keys, kind="stable")
        yield keys[order], counts[order]


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
    ):
        self.name, self.chromsizes = reader.source, chromsizes
        self.assembly = reader.header.assembly
        self._reader, self._folder = reader, folder
        self._memory, self._threads = memory, min(threads, MOST_READERS)
        self._drop, self._tests = drop_other_chromosomes, tests

    def choose(self, wanted: Sequence[int] | None) -> list[int]:
        """As `HicInput.choose`."""
        return choose(wanted, max(self.chromsizes.values()))

    def bases(self, sizes: Sequence[int]) -> Iterator[Base]:
        """As `HicInput.bases`; the pairs are read once."""
        bins = Bins(self.chromsizes, gcd(*sizes))
        table = BinTable(self.chromsizes, bins.size)
        yield Base(table, np.dtype(np.int64), list(sizes), lambda: self._chunks(bins))

    def by_chromosomes(self, size: int) -> tuple[Bins, Iterator[tuple[Ints, Ints]]]:
        """As `HicInput.by_chromosomes`."""
        bins = Bins(self.chromsizes, size)
        return bins, self._counted(bins, by_chromosomes=True)

    def _chunks(self, bins: Bins) -> Chunks:
        for keys, counts in self._counted(bins, by_chromosomes=False):
            bin1, bin2 = np.empty_like(keys), np.empty_like(keys)
            split_keys(keys, int(bins.starts[-1]), bin1, bin2)
            yield bin1, bin2, counts

    def _counted(self, bins: Bins, *, by_chromosomes: bool) -> Iterator[tuple[Ints, Ints]]:
        limit = memory_for_counting(self._memory, self._threads)
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
            yield from counter.chunks()
