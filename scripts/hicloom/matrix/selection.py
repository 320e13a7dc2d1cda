"""Which bins and pixels of a map are balanced: the filters of `cooler balance`."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.cool import PixelReader
from hicloom.kernels.balance import Groups, Ids, Vector, compact, take
from hicloom.matrix.balancing import BalanceOptions
from hicloom.matrix.symmetric import PIECE, Pixels, Scratch

Mask = NDArray[np.bool_]

CHUNK = 1 << 18
"""Pixels that are read at once."""

_NO_GROUPS = np.empty(0, np.int32)


class Selection(NamedTuple):
    """What is balanced.

    Parameters
    ----------
    bins : int64 array of shape (n,)
        The bins, ascending.
    pixels
        Their pixels; bins are numbered from 0 to n - 1.
    """

    bins: Ids
    pixels: Pixels


def select(
    reader: PixelReader,
    chromosomes: Groups,
    options: BalanceOptions,
    blacklist: Ids,
    scratch: Scratch | None,
) -> Selection:
    """Read a map, and keep what the options let pass.

    Parameters
    ----------
    chromosomes : int32 array of shape (bins,)
        The chromosome of each bin.
    blacklist
        Bins that are left out.
    scratch : Scratch, optional
        Where to keep the pixels, if not in memory.
    """
    pixels, totals = _read(reader, options, chromosomes, scratch)
    kept = _passing(totals, chromosomes, options)
    kept[blacklist] = False
    del totals
    groups = chromosomes if options.trans_only else _NO_GROUPS
    return Selection(np.flatnonzero(kept), _compacted(pixels, kept, groups, scratch))


def _read(
    reader: PixelReader, options: BalanceOptions, chromosomes: Groups, scratch: Scratch | None
) -> tuple[Pixels, Vector]:
    """The pixels of a map but for ignored diagonals (and, cis-only, trans); totals of the bins."""
    groups = chromosomes if options.cis_only else _NO_GROUPS
    totals = np.zeros((len(chromosomes), 2))
    offsets = np.zeros(len(chromosomes) + 1, np.int64)
    make: Callable[..., NDArray[Any]] = scratch.array if scratch else np.empty
    values: Any = np.int32 if reader.value_columns["count"] == np.int32 else np.float64
    columns, counts = make(reader.nnz, np.uint32), make(reader.nnz, values)
    place = 0
    for bin1, bin2, chunk in reader.chunks(size=CHUNK):
        place = take(
            bin1,
            bin2,
            chunk.astype(values, copy=False),
            options.ignore_diags,
            groups,
            totals,
            offsets[1:],
            columns,
            counts,
            place,
        )
        if scratch:
            scratch.release()
    np.cumsum(offsets, out=offsets)
    return Pixels(offsets, columns, counts), totals


def _passing(totals: Vector, chromosomes: Groups, options: BalanceOptions) -> Mask:
    """Bins with enough pixels, a sum that is large enough, and one that is not an outlier.

    Parameters
    ----------
    totals : float64 array of shape (bins, 2)
        Number of pixels and sum of each bin.
    """
    kept = np.ones(len(totals), bool)
    if options.min_nnz > 0:
        kept &= totals[:, 0] >= options.min_nnz
    if options.min_count:
        kept &= ~(totals[:, 1] < options.min_count)
    if options.mad_max > 0:
        kept &= ~_outliers(totals[:, 1].copy(), chromosomes, options.mad_max)
    return kept


def _outliers(sums: Vector, chromosomes: Groups, mad_max: int) -> Mask:
    """Bins whose log sum, relative to the median of the chromosome, is too far below others.

    Bins of a chromosome without contacts have no such sum, and are none.
    """
    edges = np.searchsorted(chromosomes, np.arange(chromosomes.max(initial=-1) + 2))
    for first, last in pairwise(edges.tolist()):
        own = sums[first:last]
        own /= _median(own[own > 0])
    logs = np.log(sums[sums > 0])
    middle = _median(logs)
    spread = _median(np.abs(logs - middle))
    return sums < np.exp(middle - mad_max * spread)


def _median(values: Vector) -> float:
    return float(np.median(values)) if len(values) else np.nan


def _compacted(pixels: Pixels, kept: Mask, groups: Groups, scratch: Scratch | None) -> Pixels:
    """The pixels between kept bins, which are numbered anew."""
    numbers = np.where(kept, np.cumsum(kept, dtype=np.int32) - 1, np.int32(-1)).astype(np.int32)
    offsets = np.zeros(np.count_nonzero(kept) + 1, np.int64)
    place = 0
    for first, last in pairwise(pixels.cuts(0, len(kept), PIECE)):
        place = compact(*pixels, numbers, groups, offsets[1:], first, last, place)
        if scratch:
            scratch.release()
    columns, counts = pixels.columns, pixels.counts
    if scratch:
        return Pixels(offsets, columns[:place], counts[:place])
    columns.resize(place, refcheck=False)
    counts.resize(place, refcheck=False)
    return Pixels(offsets, columns, counts)
