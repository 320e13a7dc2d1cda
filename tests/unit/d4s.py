"""Small D4 files for tests: seeded depth, and how to write and read it whole."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom.formats import d4
from hicloom.formats.d4 import Dictionary, Layout, SimpleRange

Depth = dict[str, NDArray[np.int32]]

LAYOUTS = {
    "sparse": Layout(SimpleRange(0, 1)),
    "sparse, raw": Layout(SimpleRange(0, 1), level=None),
    "sparse, not of 0": Layout(SimpleRange(7, 8)),
    "2 values": Layout(Dictionary((0, 3))),
    "16 values": Layout(SimpleRange(0, 16), level=1),
    "16 values, raw": Layout(SimpleRange(-2, 14), level=None),
    "64 values": Layout(SimpleRange(0, 64), level=12),
    "1024 values": Layout(SimpleRange(1, 1025)),
    "1024 values, raw": Layout(SimpleRange(0, 1024), level=None),
}
"""Codes of 0, 1, 4, 6 and 10 bits; records raw and deflated; 0 within the dictionary or not."""


def piles(rng: np.random.Generator, size: int, reads: int) -> NDArray[np.int32]:
    """Depth of `reads` reads of 1 to 300 bp on a chromosome (bp)."""
    starts = rng.integers(0, size, reads)
    ends = np.minimum(starts + rng.integers(1, 300, reads), size)
    steps = np.bincount(starts, minlength=size + 1) - np.bincount(ends, minlength=size + 1)
    return np.cumsum(steps[:-1]).astype(np.int32)


def write(path: Path, depth: Depth, layout: Layout) -> Path:
    """A single-track file of `depth`."""
    with d4.create_d4(path, sizes_of(depth), layout) as out:
        for chrom, values in depth.items():
            out.track().append_dense(chrom, 0, values)
    return path


def write_tracks(path: Path, tracks: Mapping[str, Depth], layout: Layout) -> Path:
    """A multi-track file."""
    sizes = sizes_of(next(iter(tracks.values())))
    with d4.create_d4(path, sizes, dict.fromkeys(tracks, layout)) as out:
        for name, depth in tracks.items():
            for chrom, values in depth.items():
                out.track(name).append_dense(chrom, 0, values)
    return path


def sizes_of(depth: Depth) -> dict[str, int]:
    """Lengths (bp) of the chromosomes."""
    return {chrom: len(values) for chrom, values in depth.items()}


def equal(track: d4.Track, depth: Depth) -> bool:
    """Whether a track holds exactly `depth`."""
    return dict(track.chromsizes) == sizes_of(depth) and all(
        np.array_equal(track.stored(chrom), values) for chrom, values in depth.items()
    )
