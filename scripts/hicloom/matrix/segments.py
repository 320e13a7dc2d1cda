"""Pieces of chromosomes that lie in one bin and on one restriction fragment each, so that maps in
bins of base pairs and of fragments can be summed from the same pixels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.cool import BinTable, UnequalBins
from hicloom.formats.fragments import fragment_numbers
from hicloom.formats.pairs import Block
from hicloom.matrix.binning import Bins, Ints
from hicloom.sieve import Test

RESOLUTIONS = (500, 200, 100, 50, 20, 5, 2, 1)
"""Bin sizes (fragments) that juicer_tools makes."""


def chosen_sites(
    sites: Mapping[str, Ints], chromsizes: Mapping[str, int], source: Path
) -> list[Ints]:
    """The sites (see `read_sites`) of each chromosome of a map.

    Raises
    ------
    InputError
        If a chromosome has none, or one that lies beyond its end.
    """
    for name, length in chromsizes.items():
        if name not in sites:
            raise InputError(f"{source}: has no chromosome {name}; list the fragments of the map's")
        if len(sites[name]) and sites[name][-1] > length:
            raise InputError(
                f"{source}: a site of {name} is at {sites[name][-1]}, beyond its end, {length};"
                " use the fragments of the same assembly"
            )
    return [sites[name] for name in chromsizes]


def apart(sites: Mapping[str, Ints]) -> Test:
    """The test whether the ends of a pair do not lie on one fragment (see `read_sites`)."""

    def passes(block: Block) -> NDArray[np.bool_]:
        one, two = (fragment_numbers(block, side, sites) for side in "12")
        cis = block.strings("chrom1") == block.strings("chrom2")
        return ~(cis & (one == two) & (one >= 0))

    return passes


@dataclass(frozen=True)
class Segments(Bins):
    """Chromosomes cut into bins of `base` bp, and at restriction sites; `size` is 0.

    Attributes
    ----------
    base : int
        In bp.
    sites : sequence of int64 arrays
        By chromosome, as of `read_sites`.
    """

    base: int
    sites: Sequence[Ints]

    @cached_property
    def _parts(self) -> list[Ints]:
        """0-based starts, by chromosome."""
        return [
            np.union1d(np.arange(0, length, self.base), sites - 1)
            for length, sites in zip(self.lengths.tolist(), self.sites, strict=True)
        ]

    @cached_property
    def counts(self) -> Ints:
        """Number of segments of each chromosome, shape (chromosomes,)."""
        return np.array([len(part) for part in self._parts])

    @cached_property
    def cuts(self) -> Ints:
        """0-based start of each, chromosome by chromosome; shape (segments,)."""
        return np.concatenate(self._parts)

    def number(self, chrom: Ints, position: Ints) -> Ints:
        """The segment of each (1-based) position."""
        before = np.cumsum(self.lengths) - self.lengths
        places = self.cuts + np.repeat(before, self.counts)
        return np.searchsorted(places, before[chrom] + position - 1, side="right") - 1

    def start(self, bins: Ints, chrom: Ints) -> Ints:
        """0-based start of each segment."""
        return self.cuts[bins]

    @cached_property
    def ends(self) -> list[Ints]:
        """Sites as .hic files have them: with the length of the chromosome at the end."""
        return [
            sites if len(sites) and sites[-1] == length else np.append(sites, length)
            for length, sites in zip(self.lengths.tolist(), self.sites, strict=True)
        ]

    @property
    def table(self) -> UnequalBins:
        """The segments as bins."""
        stops = (np.append(part[1:], n) for part, n in zip(self._parts, self.lengths, strict=True))
        return UnequalBins(self.chromsizes, 0, self.cuts, np.concatenate([*stops]), self.counts)

    @property
    def bins(self) -> BinTable:
        """The bins of `base` bp."""
        return BinTable(self.chromsizes, self.base)

    @property
    def fragments(self) -> BinTable:
        """The fragments as bins of size 1; a chromosome has one more than sites."""
        counts = (len(sites) + 1 for sites in self.ends)
        return BinTable(dict(zip(self.chromsizes, counts, strict=True)), 1)

    @cached_property
    def in_bins(self) -> NDArray[np.int32]:
        """The bin of each segment, numbered through the genome; shape (segments,)."""
        first = np.repeat(self.bins.offsets[:-1], self.counts)
        return (first + self.cuts // self.base).astype(np.int32)

    @cached_property
    def on_fragments(self) -> NDArray[np.int32]:
        """The fragment of each segment, numbered through the genome; shape (segments,)."""
        found = (
            np.searchsorted(sites, part + 1, side="right")
            for sites, part in zip(self.sites, self._parts, strict=True)
        )
        first = np.repeat(self.fragments.offsets[:-1], self.counts)
        return (first + np.concatenate([*found])).astype(np.int32)

    def fragment(self, chrom: Ints, start: Ints) -> Ints:
        """The fragment (from 0 on its chromosome) of segments at these 0-based starts."""
        return self.on_fragments[self.number(chrom, start + 1)] - self.fragments.offsets[chrom]
