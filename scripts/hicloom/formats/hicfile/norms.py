"""Norms of the maps of a .hic file, computed from its pixels and written at its end."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.hicfile.chromosomes import CIS, Result, chromosome_norms
from hicloom.formats.hicfile.expected import Distances
from hicloom.formats.hicfile.footer import NormKey, encode_norms
from hicloom.formats.hicfile.genome_wide import GENOME_WIDE, genome_wide
from hicloom.formats.hicfile.grid import Grid
from hicloom.formats.hicfile.reader import HicFile


def add_norms(
    path: Path,
    norms: Sequence[str] = CIS,
    *,
    threads: int = 1,
    least_genome_wide: int = 10_000,
) -> None:
    """Replace the norms of a .hic file by those that are asked for.

    Parameters
    ----------
    path : Path
        A .hic file; its end is written anew.
    norms : sequence of str
        Of CIS and GENOME_WIDE.
    threads : int
        Chromosomes, or genome-wide norms, to work on at a time.
    least_genome_wide : int
        Finest resolution (bp) for GENOME_WIDE.

    Raises
    ------
    InputError
        If the file is missing or damaged.
    """
    with HicFile(path) as file:
        position = file.norm_section
        section = _encoded(_by_resolution(file, norms, threads, least_genome_wide), position)
    with path.open("r+b") as output:
        output.truncate(position)
        output.seek(position)
        output.writelines(section)


def _by_resolution(
    file: HicFile, norms: Sequence[str], threads: int, least: int
) -> list[tuple[Grid, list[Result]]]:
    """Norms by resolution, the coarsest first: genome-wide ones, then those by chromosome."""
    grids = [Grid(file.header.chromsizes, size) for size in file.header.resolutions]
    wanted = [norm for norm in CIS if norm in norms]
    wide = [(g, n) for g in grids for n in GENOME_WIDE if n in norms and g.size >= least]
    chromosomes = [one for one, two in file.pairs if one == two]
    with ThreadPoolExecutor(threads) as pool:
        cis = pool.map(lambda chrom: chromosome_norms(file, grids, chrom, wanted), chromosomes)
        found = pool.map(lambda task: (task[0], genome_wide(file, *task)), wide)
        results: list[tuple[Grid, list[Result]]] = list(found)
        for of_chromosome in cis:
            results += zip(grids, of_chromosome, strict=True)
    # The sort is stable.
    return sorted(results, key=lambda result: -result[0].size)


def _encoded(results: list[tuple[Grid, list[Result]]], position: int) -> list[bytes]:
    """The section of the file that starts at `position`."""
    vectors: dict[NormKey, NDArray[np.float64]] = {}
    distances: dict[tuple[int, str], Distances] = {}
    for grid, found in results:
        for key, vector, sums, total in found:
            vectors[key] = vector
            place = grid.size, key.norm
            if place not in distances:
                distances[place] = Distances(key.norm, grid)
            distances[place].add(sums, {key.chrom: total})
    expected = [gathered.expected() for gathered in distances.values() if gathered.totals]
    return encode_norms(expected, vectors, position)
