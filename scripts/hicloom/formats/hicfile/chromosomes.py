"""Norms of the matrix of a chromosome with itself."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.hicfile.footer import NormKey
from hicloom.formats.hicfile.grid import Grid
from hicloom.formats.hicfile.reader import HicFile, Pixels
from hicloom.kernels.knight_ruiz import knight_ruiz
from hicloom.kernels.norms import add_distances, coverage, iterative_scaling, sum_factor

Vector = NDArray[np.float64]


def _square_root(*pixels_and_bins: Any) -> Vector:
    return np.sqrt(coverage(*pixels_and_bins))


_COMPUTE: dict[str, Callable[..., Vector]] = {
    "VC": coverage,
    "VC_SQRT": _square_root,
    "KR": knight_ruiz,
    "SCALE": iterative_scaling,
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
    total : float
        Sum of the normalised counts.
    """

    key: NormKey
    vector: Vector
    distances: Vector
    total: float


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
    for norm in norms:
        if norm in failed:
            continue
        vector = _COMPUTE[norm](*pixels, int(grid.block_bins[chrom]))
        if not len(vector):
            failed.add(norm)
            continue
        vector *= sum_factor(*pixels, vector)
        yield normed(pixels, NormKey(norm, chrom, grid.size), vector)


def normed(pixels: Pixels, key: NormKey, vector: Vector) -> Result:
    """A norm with what its normalised counts add up to."""
    distances = np.zeros(len(vector))
    total = add_distances(*pixels, vector, distances)
    return Result(key, vector, distances, total)
