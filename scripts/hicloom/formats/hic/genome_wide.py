"""Norms of all chromosomes at once: of the whole matrix (GW_*), or without those of each
chromosome with itself (INTER_*)."""

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.hic.chromosomes import Result
from hicloom.formats.hic.footer import NormKey
from hicloom.formats.hic.grid import Grid, Ints
from hicloom.formats.hic.reader import HicFile, Pixels
from hicloom.formats.hic.symmetric import Symmetric

_COMPUTE = {
    "VC": Symmetric.coverage,
    "KR": Symmetric.knight_ruiz,
    "SCALE": Symmetric.iterative_scaling,
}

GENOME_WIDE = tuple(f"{area}_{norm}" for area in ("GW", "INTER") for norm in _COMPUTE)
"""The norms computed here."""

LEAST_GENOME_WIDE = 10_000
"""Finest resolution (bp) at which they are computed, unless another one is asked for."""


def genome_wide(file: HicFile, grid: Grid, norm: str) -> list[Result]:
    """A norm at one resolution, by chromosome; nothing if it does not converge.

    Expected counts are those of each chromosome with its own part of the norm. (Juicer shifts
    the parts where a chromosome before has no counts with itself.)
    """
    area, _, kind = norm.partition("_")
    ends = np.cumsum(grid.juicer_bins)
    starts = ends - grid.juicer_bins
    matrix = Symmetric.of(*_pixels(file, grid, starts, cis=area == "GW"), int(ends[-1]))
    vector = _COMPUTE[kind](matrix)
    if not len(vector):
        return []
    vector *= matrix.sum_factor(vector)
    parts = enumerate(np.split(vector, ends[:-1]))
    return [_part(file, NormKey(norm, chrom, grid.size), part) for chrom, part in parts]


def _part(file: HicFile, key: NormKey, vector: NDArray[np.float64]) -> Result:
    pixels = file.pixels(key.chrom, key.chrom, key.resolution)
    matrix = Symmetric.of(*pixels, len(vector))
    return Result(key, vector, matrix.distances(vector))


def _pixels(file: HicFile, grid: Grid, starts: Ints, *, cis: bool) -> Pixels:
    """All pixels, with bins numbered through the genome in Juicer's way."""
    parts = [(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32))]
    for one, two in file.pairs:
        if cis or one != two:
            x, y, counts = file.pixels(one, two, grid.size)
            parts.append((x + np.int32(starts[one]), y + np.int32(starts[two]), counts))
    x, y, counts = (np.concatenate(column) for column in zip(*parts, strict=True))
    return x, y, counts
