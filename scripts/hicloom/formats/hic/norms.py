"""Norms of the maps of a .hic file, computed from its pixels and written at its end."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.hic.chromosomes import CIS, Result, chromosome_norms
from hicloom.formats.hic.expected import Distances
from hicloom.formats.hic.footer import NormKey, encode_norms
from hicloom.formats.hic.genome_wide import GENOME_WIDE, LEAST_GENOME_WIDE, genome_wide
from hicloom.formats.hic.grid import BP, FRAG, Grid
from hicloom.formats.hic.reader import HicFile

_BYTES_PER_PIXEL = 36
"""Bins and count as read, by row, and of the rows that KR keeps; what is decompressed at a time."""

_BYTES_PER_BIN = 200
"""Vectors: the norms and what their computation takes."""


def memory_for_norms(pixels: int, bins: int) -> int:
    """Bytes that the norms of a matrix take that has so many pixels, of one triangle."""
    return _BYTES_PER_PIXEL * pixels + _BYTES_PER_BIN * bins


def add_norms(
    path: Path,
    norms: Sequence[str] = CIS,
    *,
    threads: int = 1,
    memory: int | None = None,
    least_genome_wide: int = LEAST_GENOME_WIDE,
) -> None:
    """Replace the norms of a .hic file by those that are asked for.

    Parameters
    ----------
    path : Path
        A .hic file; its end is written anew.
    norms : sequence of str
        Of CIS and GENOME_WIDE.
    threads : int
        Chromosomes, or genome-wide norms, to work on at a time; fewer if the memory is less.
    memory : int, optional
        Bytes that matrices may take.
    least_genome_wide : int
        Finest resolution (bp) for GENOME_WIDE.

    Raises
    ------
    InputError
        If the file is missing or damaged, or the memory is too small; what would do is said.
    """
    results: list[tuple[Grid, list[Result]]] = []
    for unit in (BP, FRAG):
        with HicFile(path, unit) as file:
            tasks = _tasks(file, norms, least_genome_wide if unit == BP else None)
            at_a_time = _at_a_time(file, tasks, memory) if memory and tasks else threads
            results += _by_resolution(tasks, min(threads, at_a_time))
            position = file.norm_section
    section = _encoded(results, position)
    with path.open("r+b") as output:
        output.truncate(position)
        output.seek(position)
        output.writelines(section)


class _Task(NamedTuple):
    """Norms to compute at once, and the pairs of chromosomes whose finest pixels this takes.

    What it gives is listed by resolution, the coarsest first.
    """

    run: Callable[[], list[tuple[Grid, list[Result]]]]
    pairs: Sequence[tuple[int, int]]
    resolution: int
    bins: int


def _tasks(file: HicFile, norms: Sequence[str], least: int | None) -> list[_Task]:
    """In the order of the file: genome-wide norms (none if `least` is), then those by
    chromosome."""
    grids, tasks = file.grids, []
    for grid, norm in product(grids, GENOME_WIDE):
        if norm in norms and least is not None and grid.size >= least:
            run = partial(_wide, file, grid, norm)
            tasks.append(_Task(run, file.pairs, grid.size, int(grid.juicer_bins.sum())))
    wanted = [norm for norm in CIS if norm in norms and grids]
    for chrom in [one for one, two in file.pairs if one == two and wanted]:
        run = partial(_cis, file, grids, chrom, wanted)
        bins = int(grids[-1].juicer_bins[chrom])
        tasks.append(_Task(run, [(chrom, chrom)], grids[-1].size, bins))
    return tasks


def _wide(file: HicFile, grid: Grid, norm: str) -> list[tuple[Grid, list[Result]]]:
    return [(grid, genome_wide(file, grid, norm))]


def _cis(
    file: HicFile, grids: Sequence[Grid], chrom: int, norms: Sequence[str]
) -> list[tuple[Grid, list[Result]]]:
    return list(zip(grids, chromosome_norms(file, grids, chrom, norms), strict=True))


def _at_a_time(file: HicFile, tasks: Sequence[_Task], memory: int) -> int:
    """How many of the largest tasks the memory holds."""
    sizes = [sum(file.size(*pair, task.resolution) for pair in task.pairs) for task in tasks]
    heaviest = tasks[sizes.index(max(sizes))]
    pixels = sum(file.count(*pair, heaviest.resolution) for pair in heaviest.pairs)
    largest = memory_for_norms(pixels, max(task.bins for task in tasks))
    if memory < largest:
        least = -(-largest >> 20)
        raise InputError(f"--memory: too little for the norms; give at least {least}M")
    return memory // largest


def _by_resolution(tasks: Sequence[_Task], threads: int) -> list[tuple[Grid, list[Result]]]:
    """Norms by resolution, the coarsest first, then in the order of the tasks."""
    results: list[tuple[Grid, list[Result]]] = []
    with ThreadPoolExecutor(threads) as pool:
        # The longest are begun first, so that none is left alone at the end.
        order = sorted(range(len(tasks)), key=lambda number: -tasks[number].bins)
        begun = {number: pool.submit(tasks[number].run) for number in order}
        for number in range(len(tasks)):
            results += begun[number].result()
    # The sort is stable.
    return sorted(results, key=lambda result: -result[0].size)


def _encoded(results: list[tuple[Grid, list[Result]]], position: int) -> list[bytes]:
    """The section of the file that starts at `position`."""
    vectors: dict[NormKey, NDArray[np.float64]] = {}
    distances: dict[tuple[str, int, str], Distances] = {}
    for grid, found in results:
        for key, vector, sums in found:
            vectors[key] = vector
            place = grid.unit, grid.size, key.norm
            if place not in distances:
                distances[place] = Distances(key.norm, grid)
            distances[place].add(sums, {key.chrom: float(sums.sum())})
    expected = [gathered.expected() for gathered in distances.values() if gathered.totals]
    return encode_norms(expected, vectors, position)
