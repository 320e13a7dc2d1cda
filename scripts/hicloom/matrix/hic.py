"""Maps at many resolutions to a .hic file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.cool import BinTable
from hicloom.formats.hic import HicWriter
from hicloom.kernels.coarsen import Row, summable
from hicloom.matrix.coarsening import Level, finer
from hicloom.matrix.hic_input import Base, HicInput
from hicloom.progress import Progress

Ints = NDArray[np.int64]


def write_hic(
    path: Path,
    source: HicInput,
    resolutions: Sequence[int],
    *,
    assembly: str,
    threads: int,
) -> None:
    """Write the maps of a .hic file, without norms.

    Parameters
    ----------
    path : Path
        The file to write.
    source : HicInput
    resolutions : sequence of int
        Bin sizes (bp).
    assembly : str
        Name of the genome.
    threads : int
        Threads that compress.

    Raises
    ------
    InputError
        If there is nothing to write, the format cannot hold it, or a map is damaged.
    """
    with (
        path.open("w+b") as file,
        HicWriter(
            file, source.chromsizes, resolutions, assembly=assembly, threads=threads
        ) as writer,
    ):
        try:
            for base in source.bases(resolutions):
                _add(writer, base)
            writer.finish()
        except (IndexError, OverflowError, ValueError) as error:
            raise InputError(f"{source.name}: {error}; make it anew") from None


def _add(writer: HicWriter, base: Base) -> None:
    """Add the maps that are made of the same pixels, which pass by once."""
    dtype = summable(base.dtype)
    levels = {base.bins.size: Level(base.bins, [])}
    for size in sorted(base.sizes):
        if size not in levels:
            bins = BinTable(base.bins.chromsizes, size)
            levels[size] = Level(bins, [Row.of(bins.n_bins, dtype)])
            levels[finer(levels, size)].add_coarser(levels[size])
        levels[size].writer = _Map(writer, size)
    progress = Progress("pixels")
    first = levels[base.bins.size]
    for bin1, bin2, counts in base.chunks():
        first.take(bin1, bin2, [counts.astype(dtype, copy=False)])
        progress.add(len(bin1))
    first.end()
    progress.end()


class _Map:
    """One resolution of a writer."""

    def __init__(self, writer: HicWriter, resolution: int):
        self._writer, self._resolution = writer, resolution

    def write(self, bin1: Ints, bin2: Ints, *values: NDArray[Any]) -> None:
        self._writer.add(self._resolution, bin1, bin2, *values)
