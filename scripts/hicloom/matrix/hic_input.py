"""What .hic files are made of, such as the maps of a .cool or .mcool."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.cool import BinTable, PixelReader, resolutions, split_uri
from hicloom.formats.hic import BP, NO_FRAGMENTS, Fragments
from hicloom.matrix.binning import Bins, Ints
from hicloom.matrix.resolutions import choose

Columns = tuple[Ints, Ints, NDArray[Any]]
Chunks = Iterator[Columns]

_SIGNATURE = b"\x89HDF\r\n\x1a\n"


class Part(NamedTuple):
    """Bins, what to sum them to, and how they come from those of the pixels.

    Attributes
    ----------
    unit : str
    bins : BinTable
    sizes : sequence of int
        Bin sizes in that unit, of which that of `bins` may be one.
    table : int32 array of shape (bins of the pixels,), optional
        The number of each (default: they are the same).
    """

    unit: str
    bins: BinTable
    sizes: Sequence[int]
    table: NDArray[np.int32] | None = None


class Base(NamedTuple):
    """Pixels by row, and what to make of them.

    Attributes
    ----------
    bins : BinTable
    dtype : dtype
        Of the counts.
    parts : list of Part
    chunks : function
        Gives the pixels, and the same again when it is called again.
    number, rows : int
        Pixels, and those in the rows of one chromosome: so many or fewer.
    """

    bins: BinTable
    dtype: np.dtype[Any]
    parts: list[Part]
    chunks: Callable[[], Chunks]
    number: int
    rows: int


class HicInput(Protocol):
    """What a .hic file is made of.

    Attributes
    ----------
    name : str
        What it is called in messages.
    chromsizes : mapping of str to int
        Lengths (bp), in the order of the bins.
    assembly : str or None
    fragments : Fragments
        For maps in restriction fragments.
    """

    name: str
    chromsizes: Mapping[str, int]
    assembly: str | None
    fragments: Fragments

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

    fragments: Fragments = NO_FRAGMENTS

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
            parts = [Part(BP, reader.bins, made)]
            rows = int(np.diff(reader.row_offsets()[reader.bins.offsets]).max())
            dtype = reader.value_columns["count"]
            yield Base(reader.bins, dtype, parts, reader.chunks, reader.nnz, rows)

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
