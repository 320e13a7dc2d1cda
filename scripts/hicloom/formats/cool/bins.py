"""The bins of a map: of equal size, or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class BinTable:
    """Bins of `size` bp, chromosome by chromosome; the last of each is what is left.

    Attributes
    ----------
    chromsizes : mapping of str to int
        Lengths in bp, in the order of the bins.
    size : int
        In bp; 0 where bins are of any size.
    """

    chromsizes: Mapping[str, int]
    size: int

    @cached_property
    def lengths(self) -> Ints:
        """Lengths of the chromosomes (bp), shape (chromosomes,)."""
        return np.fromiter(self.chromsizes.values(), np.int64, len(self.chromsizes))

    @cached_property
    def offsets(self) -> Ints:
        """First bin of each chromosome and the number of all, shape (chromosomes + 1,)."""
        return np.concatenate(([0], np.cumsum(-(-self.lengths // self.size))))

    @property
    def n_bins(self) -> int:
        """Number of bins."""
        return int(self.offsets[-1])

    def same_as(self, other: "BinTable") -> bool:
        """Whether these are the bins of `other` on the same chromosomes."""
        return self.size == other.size and self.n_bins == other.n_bins

    def chroms(self, first: int, last: int) -> Ints:
        """Numbers of the chromosomes of bins first .. last - 1."""
        return np.searchsorted(self.offsets, np.arange(first, last), side="right") - 1

    def intervals(self, first: int, last: int) -> tuple[Ints, Ints, Ints]:
        """Chromosome, start and end (0-based, half-open, bp) of bins first .. last - 1."""
        chroms = self.chroms(first, last)
        starts = (np.arange(first, last) - self.offsets[chroms]) * self.size
        return chroms, starts, np.minimum(starts + self.size, self.lengths[chroms])


@dataclass(frozen=True)
class UnequalBins(BinTable):
    """Bins of any size, such as fragments; `size` is 0.

    Attributes
    ----------
    starts, ends : int64 arrays of shape (bins,)
        0-based, half-open, bp.
    counts : int64 array of shape (chromosomes,)
        Number of bins of each chromosome.
    """

    starts: Ints
    ends: Ints
    counts: Ints

    @cached_property
    def offsets(self) -> Ints:
        """First bin of each chromosome and the number of all, shape (chromosomes + 1,)."""
        return np.concatenate(([0], np.cumsum(self.counts)))

    def intervals(self, first: int, last: int) -> tuple[Ints, Ints, Ints]:
        """Chromosome, start and end (0-based, half-open, bp) of bins first .. last - 1."""
        return self.chroms(first, last), self.starts[first:last], self.ends[first:last]

    def same_as(self, other: BinTable) -> bool:
        """Whether these are the bins of `other` on the same chromosomes."""
        if not isinstance(other, UnequalBins):
            return False
        mine, theirs = (
            (self.counts, self.starts, self.ends),
            (other.counts, other.starts, other.ends),
        )
        return all(map(np.array_equal, mine, theirs))
