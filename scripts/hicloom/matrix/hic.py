"""Maps at many resolutions to a .hic file."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.cool import BinTable
from hicloom.formats.hic import HicWriter
from hicloom.kernels.coarsen import Row, summable
from hicloom.matrix.coarsening import Level, Writer, finer
from hicloom.matrix.hic_input import Base, HicInput, Part
from hicloom.matrix.hic_memory import check_norms, memory_for_blocks, values_of_norms
from hicloom.progress import Progress

Ints = NDArray[np.int64]


def write_hic(
    path: Path,
    source: HicInput,
    resolutions: Sequence[int],
    *,
    assembly: str,
    threads: int,
    norms: Sequence[str],
    memory: str,
    folder: Path,
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
    norms : sequence of str
        Norms that will be computed, which the memory must do for.
    memory : str
        Such as `4G`.
    folder : Path
        Existing, for what does not fit into memory.

    Raises
    ------
    InputError
        If there is nothing to write, the format cannot hold it, a map is damaged, or the memory is
        too small.
    """
    room = memory_for_blocks(source, resolutions, threads, memory)
    values = values_of_norms(source, resolutions, norms)
    with (
        path.open("w+b") as file,
        HicWriter(
            file,
            source.chromsizes,
            resolutions,
            assembly=assembly,
            threads=threads,
            fragments=source.fragments,
            memory=room,
            folder=folder,
        ) as writer,
    ):
        try:
            for base in source.bases(resolutions):
                check_norms(base, norms, memory, values)
                _add(writer, base)
            writer.finish()
        except (IndexError, OverflowError, ValueError) as error:
            raise InputError(f"{source.name}: {error}; make it anew") from None


def _add(writer: HicWriter, base: Base) -> None:
    """Add the maps that are made of the same pixels, which pass by once."""
    dtype = summable(base.dtype)
    first = Level(base.bins, [])
    for part in base.parts:
        made = first
        if part.table is not None:
            made = Level(part.bins, [Row.of(part.bins.n_bins, dtype)])
            first.add_summed(made, part.table)
        _add_sizes(made, part, dtype, partial(_Map, writer, part.unit))
    progress = Progress("pixels")
    for bin1, bin2, counts in base.chunks():
        first.take(bin1, bin2, [counts.astype(dtype, copy=False)])
        progress.add(len(bin1))
    first.end()
    progress.end()


def _add_sizes(
    first: Level, part: Part, dtype: np.dtype[Any], writer_of: Callable[[int], Writer]
) -> None:
    """Let the maps of a part be written, each made from the coarsest finer one."""
    levels = {part.bins.size: first}
    for size in sorted(part.sizes):
        if size not in levels:
            bins = BinTable(part.bins.chromsizes, size)
            levels[size] = Level(bins, [Row.of(bins.n_bins, dtype)])
            levels[finer(levels, size)].add_coarser(levels[size])
        levels[size].writer = writer_of(size)


class _Map:
    """One resolution of a writer."""

    def __init__(self, writer: HicWriter, unit: str, resolution: int):
        self._writer, self._unit, self._resolution = writer, unit, resolution

    def write(self, bin1: Ints, bin2: Ints, *values: NDArray[Any]) -> None:
        (counts,) = values
        self._writer.add(self._resolution, bin1, bin2, counts, self._unit)
