"""Iterative correction (ICE): weights with which all rows of a matrix have the same sum."""

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import h5py
import numpy as np

from hicloom.formats.cool import PixelReader, split_uri
from hicloom.kernels.balance import Ids, Vector
from hicloom.matrix.balancing import BalanceOptions
from hicloom.matrix.selection import select
from hicloom.matrix.symmetric import Scratch, Symmetric, size_in_memory


@dataclass
class Correction:
    """Weights, and how they came about.

    Parameters
    ----------
    weights : float64 array of shape (bins,)
        NaN where nothing could be balanced.
    scale
        Mean of the rows' sums before the weights were scaled to make it 1; cis-only an array of
        shape (chromosomes,), as the two that follow.
    variance
        Of those sums.
    iterations
        0 where there was nothing to balance.
    tol
        Variance below which it has converged.
    """

    weights: Vector
    scale: float | Vector
    variance: float | Vector
    iterations: int | Ids
    tol: float

    @property
    def converged(self) -> bool:
        """Whether it has, each chromosome of a cis-only one."""
        return bool(np.all(self.variance < self.tol))

    @property
    def used(self) -> int:
        """How many bins have weights."""
        return int(np.count_nonzero(np.isfinite(self.weights)))

    @property
    def rounds(self) -> int:
        """Iterations of the chromosome that took most."""
        return int(np.max(self.iterations, initial=0))


def correct_map(
    reader: PixelReader,
    options: BalanceOptions,
    blacklist: Ids,
    threads: int,
    room: int,
    tmpdir: Path | None,
) -> Correction:
    """Balance a map.

    Parameters
    ----------
    blacklist : int64 array of shape (n,)
        Bins that are left out.
    room
        Bytes for the pixels. If they are more, they go to a file in `tmpdir` (default: beside
        the map).
    """
    sizes = _chromosomes(reader)
    chromosomes = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    held = size_in_memory(reader.nnz, reader.value_columns["count"], reader.n_bins, threads) <= room
    scratch = None if held else Scratch(tmpdir or split_uri(reader.uri)[0].parent)
    bins, pixels = select(reader, chromosomes, options, blacklist, scratch)
    weights = np.full(reader.n_bins, np.nan)
    if options.trans_only and sizes.max(initial=0) == sizes.sum():
        # There is nothing between chromosomes, and cooler divides by zero until it gives up.
        variance, rounds = (np.nan, options.max_iters) if reader.nnz else (0.0, 0)
        return Correction(weights, np.nan, variance, rounds, options.tol)
    with Symmetric(pixels, scratch, threads) as matrix:
        found = _correct(matrix, bins, sizes, options)
    weights[bins] = found.weights
    return replace(found, weights=weights)


def _chromosomes(reader: PixelReader) -> Ids:
    """Numbers of bins of the chromosomes."""
    if reader.bin_size is not None:
        return np.diff(reader.bins.offsets)
    path, group = split_uri(reader.uri)
    with h5py.File(path, "r") as file:
        return np.diff(file[group]["indexes/chrom_offset"][:])


def _correct(matrix: Symmetric, bins: Ids, sizes: Ids, options: BalanceOptions) -> Correction:
    """Weights of the rows of a matrix.

    Parameters
    ----------
    bins : int64 array of shape (rows,)
        Which of the map's bins the rows are.
    sizes : int64 array of shape (chromosomes,)
        Numbers of all bins of the chromosomes.
    """
    weights = np.ones(len(bins))
    if options.cis_only:
        edges = np.searchsorted(bins, np.append(0, np.cumsum(sizes))).tolist()
        found = [_iterate(matrix, weights, *rows, options) for rows in pairwise(edges)]
        scale, variance, rounds = zip(*found, strict=True)
        return Correction(
            weights, np.array(scale), np.array(variance), np.array(rounds), options.tol
        )
    factors = None
    if options.trans_only:
        # A chromosome has the fewer trans contacts the more of the genome it is.
        factors = np.repeat(1 / (1 - sizes / sizes.sum()), sizes)[bins]
    whole = _iterate(matrix, weights, 0, len(bins), options, factors)
    return Correction(weights, *whole, options.tol)


def _iterate(
    matrix: Symmetric,
    weights: Vector,
    first: int,
    last: int,
    options: BalanceOptions,
    factors: Vector | None = None,
) -> tuple[float, float, int]:
    """Balance rows first .. last, in place; returns scale, variance and iterations."""
    own, scale, variance, rounds = weights[first:last], np.nan, np.inf, 0
    while rounds < options.max_iters and not variance < options.tol:
        rounds += 1
        sums = matrix.sums(weights if factors is None else weights * factors, first, last)
        above = sums if sums.all() else sums[sums != 0]
        if not len(above):
            own[:] = np.nan
            return np.nan, 0.0, 0
        scale, variance = float(above.mean()), float(above.var())
        own /= np.where(sums == 0, 1, sums / scale)
    own /= np.sqrt(scale)
    return scale, variance, rounds
