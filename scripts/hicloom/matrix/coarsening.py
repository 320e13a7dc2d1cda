"""Coarsen a map to many resolutions in one pass over its pixels."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError, WorkError
from hicloom.kernels.coarsen import Row, Table, summable
from hicloom.options import parse_size
from hicloom.progress import Progress

if TYPE_CHECKING:
    from hicloom.formats.cool import BinTable, PixelReader

Ints = NDArray[np.int64]
Values = NDArray[Any]

_PIECE = 1 << 18
"""Pixels that are worked on at a time: few enough to stay in the processor's caches."""


_PROCESS = 200 << 20
_BYTES_PER_MAP = 4 << 20
_BYTES_PER_THREAD = 4 << 20
_BYTES_PER_BIN = 24
"""As a column of a row, and of a finer map as an entry of tables of larger bins."""


def check_memory(
    source: "PixelReader", sizes: Sequence[int], columns: int, threads: int, memory: str
) -> None:
    """Check that `columns` of a map can be coarsened to bins of `sizes` within a limit.

    Raises
    ------
    InputError
        If not even what is known of each bin fits.
    """
    from hicloom.formats.cool import BinTable

    tables = [BinTable(source.chromsizes, size) for size in {source.bins.size, *sizes}]
    bins = sum(table.n_bins for table in tables)
    least = _PROCESS + len(tables) * _BYTES_PER_MAP + threads * _BYTES_PER_THREAD
    least += bins * _BYTES_PER_BIN * columns
    if parse_size(memory) < least:
        raise InputError(
            f"--memory {memory}: too little to coarsen {source.n_bins} bins to {len(sizes)}"
            f" resolutions; give at least {-(-least >> 20)}M"
        )


def coarsen(
    source: "PixelReader",
    path: Path,
    sizes: Sequence[int],
    *,
    columns: Mapping[str, Any],
    metadata: Mapping[str, object],
    threads: int,
) -> None:
    """Write an mcool of the sums of a map in larger bins.

    Each map is summed from the coarsest finer one of which its bins are a multiple, while the
    pixels pass by. So memory grows with the number of bins and not of pixels, and the maps are
    the same for any number of threads. No bin crosses the end of a chromosome.

    Parameters
    ----------
    source : PixelReader
        The map, of bins of equal size.
    path : Path
        The file to write.
    sizes : sequence of int
        Bin sizes (bp), ascending, multiples of that of the map; at its own, it is copied.
    columns : mapping of str to dtype
        Columns of values to sum, and the types of the sums.
    metadata : mapping
        What made the maps.
    threads : int
        Threads that compress.

    Raises
    ------
    InputError
        If the map is damaged.
    WorkError
        If a sum is beyond its type.
    """
    from hicloom.formats.cool import BinTable, create_mcool

    options = {"assembly": source.assembly, "metadata": metadata, "columns": columns}
    dtypes = [summable(np.dtype(dtype)) for dtype in columns.values()]
    base = Level(source.bins, [])
    levels = {source.bins.size: base}
    with create_mcool(path, threads) as mcool:
        for size in sizes:
            if size == source.bins.size and _stored(source, columns):
                mcool.copy(source, tuple(columns))
                continue
            if size not in levels:
                bins = BinTable(source.chromsizes, size)
                rows = [Row.of(bins.n_bins, dtype) for dtype in dtypes]
                levels[size] = Level(bins, rows)
                levels[finer(levels, size)].add_coarser(levels[size])
            levels[size].writer = mcool.add(
                levels[size].bins, symmetric=source.symmetric, **options
            )
        _run(source, base, columns)


def finer(sizes: Iterable[int], size: int) -> int:
    """The coarsest of some bin sizes that `size` is a multiple of: the least to read."""
    return max(finer for finer in sizes if size % finer == 0 and finer < size)


def _stored(source: "PixelReader", columns: Mapping[str, Any]) -> bool:
    """Whether the map has its columns in these types already."""
    return all(source.value_columns[name] == dtype for name, dtype in columns.items())


def _run(source: "PixelReader", base: "Level", columns: Mapping[str, Any]) -> None:
    dtypes = [summable(np.dtype(dtype)) for dtype in columns.values()]
    progress = Progress("pixels")
    try:
        for bin1, bin2, *values in source.chunks(size=_PIECE, values=tuple(columns)):
            sums = [v.astype(t, copy=False) for v, t in zip(values, dtypes, strict=True)]
            base.take(bin1, bin2, sums)
            progress.add(len(bin1))
        base.end()
    except IndexError as error:
        raise InputError(f"{source.uri}: {error}; make it anew") from None
    except OverflowError as error:
        raise WorkError(f"{source.uri}: {error}") from None
    progress.end()


class Writer(Protocol):
    """What takes the pixels of a map, row by row."""

    def write(self, bin1: Ints, bin2: Ints, *values: Values) -> None:
        """Take the next pixels."""
        ...


class Level:
    """A map whose pixels pass by, to be written and to be summed to coarser ones."""

    def __init__(self, bins: "BinTable", rows: list[Row]):
        self.bins, self._rows = bins, rows
        self.writer: Writer | None = None
        self._coarser: list[tuple[Level, Table]] = []

    def add_coarser(self, level: "Level") -> None:
        """Make a map of larger bins from this one."""
        self.add_summed(level, coarse_bins(self.bins, level.bins))

    def add_summed(self, level: "Level", table: Table) -> None:
        """Make a map from this one by the number that each bin gets, which ascend."""
        self._coarser.append((level, table))

    def take(self, bin1: Ints, bin2: Ints, values: Sequence[Values]) -> None:
        """Go on with pixels of this map."""
        if self.writer:
            self.writer.write(bin1, bin2, *values)
        for level, table in self._coarser:
            level._sum(bin1, bin2, values, table)

    def _sum(self, bin1: Ints, bin2: Ints, values: Sequence[Values], table: Table) -> None:
        self._pass_on(
            [row.add(bin1, bin2, v, table) for row, v in zip(self._rows, values, strict=True)]
        )

    def end(self) -> None:
        """Go on with the last row, here and then in coarser maps."""
        self._pass_on([row.end() for row in self._rows])
        for level, _ in self._coarser:
            level.end()

    def _pass_on(self, made: Sequence[tuple[Ints, Ints, Values]]) -> None:
        if made:
            self.take(made[0][0], made[0][1], [values for _, _, values in made])


def coarse_bins(fine: "BinTable", coarse: "BinTable") -> Table:
    """The bin of `coarse` in which each bin of `fine` lies; int32 of shape (fine bins,)."""
    table = np.empty(fine.n_bins, np.int32)
    factor = coarse.size // fine.size
    for chrom, (first, last) in enumerate(zip(fine.offsets[:-1], fine.offsets[1:], strict=True)):
        table[first:last] = coarse.offsets[chrom] + np.arange(last - first) // factor
    return table
