"""Norms of the maps of a .hic file, computed from its pixels and written at its end."""

from collections.abc import Callable, Iterator, Sequence
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

_BYTES_PER_VALUE = 8
"""Of a norm that waits to be written."""


def memory_for_norms(pixels: int, bins: int, values: int) -> int:
    """Bytes that the norms of a matrix take that has so many pixels, of one triangle, beside all
    norms of the file, which have so many values."""
    return _BYTES_PER_PIXEL * pixels + _BYTES_PER_BIN * bins + _BYTES_PER_VALUE * values


def norm_values(
    grids: Sequence[Grid], norms: Sequence[str], least_genome_wide: int = LEAST_GENOME_WIDE
) -> int:
    """How many values norms of maps on these grids have; they are kept until all are written."""
    cis, wide = (sum(norm in norms for norm in known) for known in (CIS, GENOME_WIDE))
    return sum(
        int(grid.norm_bins.sum())
        * (cis + wide * (grid.unit == BP and grid.size >= least_genome_wide))
        for grid in grids
    )


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
    gathered, values = _Gathered(), 0
    for unit in (BP, FRAG):
        with HicFile(path, unit) as file:
            tasks = _tasks(file, norms, least_genome_wide if unit == BP else None)
            if memory and tasks:
                values += norm_values(file.grids, norms, least_genome_wide)
                threads = min(threads, _at_a_time(file, tasks, memory, values))
            for grid, results in _done(tasks, threads):
                gathered.add(grid, results)
            position = file.norm_section
    with path.open("r+b") as output:
        output.truncate(position)
        output.seek(position)
        output.writelines(gathered.encoded(position))


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


def _at_a_time(file: HicFile, tasks: Sequence[_Task], memory: int, values: int) -> int:
    """How many of the largest tasks the memory holds, beside norms with so many values."""
    sizes = [sum(file.size(*pair, task.resolution) for pair in task.pairs) for task in tasks]
    heaviest = tasks[sizes.index(max(sizes))]
    pixels = sum(file.count(*pair, heaviest.resolution) for pair in heaviest.pairs)
    bins = max(task.bins for task in tasks)
    if memory < (least := memory_for_norms(pixels, bins, values)):
        raise InputError(f"--memory: too little for the norms; give at least {-(-least >> 20)}M")
    return (memory - memory_for_norms(0, 0, values)) // memory_for_norms(pixels, bins, 0)


def _done(tasks: Sequence[_Task], threads: int) -> Iterator[tuple[Grid, list[Result]]]:
    """What the tasks give, in their order."""
    with ThreadPoolExecutor(threads) as pool:
        # The longest are begun first, so that none is left alone at the end.
        order = sorted(range(len(tasks)), key=lambda number: -tasks[number].bins)
        begun = {number: pool.submit(tasks[number].run) for number in order}
        for number in range(len(tasks)):
            yield from begun.pop(number).result()


class _Gathered:
    """Norms of all resolutions, and the sums that their expected counts are made of."""

    def __init__(self) -> None:
        self._vectors: dict[NormKey, NDArray[np.float64]] = {}
        self._distances: dict[tuple[str, int, str], Distances] = {}

    def add(self, grid: Grid, results: list[Result]) -> None:
        """Add norms at one resolution."""
        for key, vector, sums in results:
            self._vectors[key] = vector
            place = grid.unit, grid.size, key.norm
            if place not in self._distances:
                self._distances[place] = Distances(key.norm, grid)
            self._distances[place].add(sums, {key.chrom: float(sums.sum())})

    def encoded(self, position: int) -> Iterator[bytes]:
        """The section of the file that starts at `position`: the coarsest resolution first, then
        in the order that they were added in."""
        places = sorted(self._distances, key=lambda place: -place[1])
        expected = [
            self._distances[place].expected() for place in places if self._distances[place].totals
        ]
        keys = sorted(self._vectors, key=lambda key: -key.resolution)
        return encode_norms(expected, {key: self._vectors[key] for key in keys}, position)
