"""Norms of all chromosomes at once: of the whole matrix (GW_*), or without those of each
chromosome with itself (INTER_*)."""

import numpy as np

from hicloom.formats.hicfile.chromosomes import Result, normed
from hicloom.formats.hicfile.footer import NormKey
from hicloom.formats.hicfile.grid import Grid, Ints
from hicloom.formats.hicfile.reader import HicFile, Pixels
from hicloom.kernels.knight_ruiz import knight_ruiz
from hicloom.kernels.norms import coverage, iterative_scaling, sum_factor

_COMPUTE = {"VC": coverage, "KR": knight_ruiz, "SCALE": iterative_scaling}

GENOME_WIDE = tuple(f"{area}_{norm}" for area in ("GW", "INTER") for norm in _COMPUTE)
"""The norms computed here."""


def genome_wide(file: HicFile, grid: Grid, norm: str) -> list[Result]:
    """A norm at one resolution, by chromosome; nothing if it does not converge.

    Expected counts are those of each chromosome with its own part of the norm. (Juicer shifts
    the parts where a chromosome before has no counts with itself.)
    """
    area, _, kind = norm.partition("_")
    ends = np.cumsum(grid.juicer_bins)
    starts = ends - grid.juicer_bins
    x, y, counts = _pixels(file, grid, starts, cis=area == "GW")
    vector = _COMPUTE[kind](x, y, counts, int(ends[-1]))
    if not len(vector):
        return []
    vector *= sum_factor(x, y, counts, vector)
    return [
        normed(file.pixels(chrom, chrom, grid.size), NormKey(norm, chrom, grid.size), part)
        for chrom, part in enumerate(np.split(vector, ends[:-1]))
    ]


def _pixels(file: HicFile, grid: Grid, starts: Ints, *, cis: bool) -> Pixels:
    """All pixels, with bins numbered through the genome in Juicer's way."""
    parts = [(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32))]
    for one, two in file.pairs:
        if cis or one != two:
            x, y, counts = file.pixels(one, two, grid.size)
            parts.append((x + np.int32(starts[one]), y + np.int32(starts[two]), counts))
    x, y, counts = (np.concatenate(column) for column in zip(*parts, strict=True))
    return x, y, counts
