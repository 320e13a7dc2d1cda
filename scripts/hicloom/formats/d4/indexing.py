"""Make the indexes of a track: ours, and the sums that d4tools knows."""

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.d4.assembly import Extra
from hicloom.formats.d4.frames import BLOB, DIRECTORY, SUBDIR, Entry, directory
from hicloom.formats.d4.index import BIN, BIN_SIZE, NAME, Bins, bin_starts, encode
from hicloom.formats.d4.track import Track

D4TOOLS_NAME = ".index"
D4TOOLS_BIN = 1 << 16
"""bp."""


def own_index(track: Track) -> Extra:
    """Our index of a track, as the object to add to its directory."""
    return {NAME: (BLOB, encode(_all_bins(track, BIN_SIZE), track.table))}


def d4tools_index(track: Track) -> Extra:
    """The index of sums that d4tools reads, in the order of the chromosomes and whole.

    Source: d4/src/index/data_index. `d4tools index build` writes the bins in another order,
    and half of the last one.
    """
    sums = _all_bins(track, D4TOOLS_BIN)["sum"].astype("<f8").tobytes()
    blob = np.array([D4TOOLS_BIN, 0], "<u4").tobytes() + sums
    first, _ = directory([Entry("sum_index", BLOB, DIRECTORY, len(blob))], 0)
    return {D4TOOLS_NAME: (SUBDIR, first + blob)}


def bins_of(track: Track, chrom: str, bin_size: int) -> Bins:
    """What the bins of a chromosome add up to, from the data: array of dtype BIN."""
    size = track.chromsizes[chrom]
    edges = np.append(np.arange(0, size, bin_size), size)
    bins = np.empty(len(edges) - 1, BIN)
    if len(bins):
        bins["sum"], bins["least"], bins["greatest"] = track.scan(chrom, edges)
    return bins


def _all_bins(track: Track, bin_size: int) -> NDArray[np.void]:
    starts = bin_starts(track.chromsizes, bin_size)
    bins = np.empty(starts[""], BIN)
    for chrom in track.chromsizes:
        part = bins_of(track, chrom, bin_size)
        bins[starts[chrom] : starts[chrom] + len(part)] = part
    return bins
