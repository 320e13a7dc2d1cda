"""Depth for genome browsers: the sum of tracks as bigWig."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from hicloom.formats.bigwig import Runs, write_bigwig
from hicloom.formats.d4 import Track
from hicloom.outputs import atomic

_BLOCK = 1 << 20


def write_sum(path: Path, tracks: Sequence[Track]) -> None:
    """Write the sum of tracks of the same chromosomes as bigWig; memory holds one block."""
    with atomic(path) as (part,):
        write_bigwig(part, tracks[0].chromsizes, _runs(tracks))


def _runs(tracks: Sequence[Track]) -> Iterator[Runs]:
    for chrom, size in tracks[0].chromsizes.items():
        for start in range(0, size, _BLOCK):
            end = min(start + _BLOCK, size)
            depth = np.sum([track.values(chrom, start, end) for track in tracks], axis=0)
            starts = np.append(0, np.flatnonzero(depth[1:] != depth[:-1]) + 1)
            ends = np.append(starts[1:], len(depth))
            kept = depth[starts] != 0
            yield chrom, starts[kept] + start, ends[kept] + start, depth[starts[kept]]
