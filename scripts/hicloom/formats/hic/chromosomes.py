"""Norms of the matrix of a chromosome with itself."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.hic.footer import NormKey
from hicloom.formats.hic.grid import Grid
from hicloom.formats.hic.reader import HicFile
from hicloom.formats.hic.symmetric import Symmetric

Vector = NDArray[np.float64]

_COMPUTE: dict[str, Callable[[Symmetric], Vector]] = {
    "VC": Symmetric.coverage,
    "VC_SQRT": lambda matrix: np.sqrt(matrix.coverage()),
    "KR": Symmetric.knight_ruiz,
    "SCALE": Symmetric.iterative_scaling,
}

CIS = tuple(_COMPUTE)
"""The norms computed here."""


class Result(NamedTuple):
    """A norm of one chromosome.

    Attributes
    ----------
    key : NormKey
    vector : float64 array
        One value a bin, and some for bins beyond the end of the chromosome, as in Juicer.
    distances : float64 array
        Sum of the normalised counts by distance (bins).
    """

    key: NormKey
    vector: Vector
    distances: Vector


def chromosome_norms(
    file: HicFile, grids: Sequence[Grid], chrom: int, norms: Sequence[str]
) -> list[list[Result]]:
    """The norms of a chromosome at each of the resolutions, the coarsest first.

    Where SCALE does not converge, it is not tried at finer resolutions, as in Juicer.
    """
    failed: set[str] = set()
    return [list(_at(file, grid, chrom, norms, failed)) for grid in grids]


def _at(
    file: HicFile, grid: Grid, chrom: int, norms: Sequence[str], failed: set[str]
) -> Iterator[Result]:
    pixels = file.pixels(chrom, chrom, grid.size)
    matrix = Symmetric.of(*pixels, int(grid.norm_bins[chrom]))
    del pixels
    for norm in norms:
        if norm in failed:
            continue
        vector = _COMPUTE[norm](matrix)
        if not len(vector):
            failed.add(norm)
            continue
        vector *= matrix.sum_factor(vector)
        key = NormKey(norm, chrom, grid.size, grid.unit)
        yield Result(key, vector, matrix.distances(vector))
