"""The bins and blocks of a genome at one resolution."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

WHOLE_GENOME = "ALL"
"""What .hic files call the genome as a whole; they have it as their first chromosome."""

BP, FRAG = "BP", "FRAG"
"""The units of resolutions: base pairs, and restriction fragments."""

_BLOCK = 1000


@dataclass(frozen=True)
class Grid:
    """Bins of `size` bp, numbered through the genome, and the blocks that Juicer groups them in.

    The grid of a matrix is that of the longer one of its two chromosomes.
    """

    unit: ClassVar[str] = BP
    chromsizes: Mapping[str, int]
    size: int

    @cached_property
    def lengths(self) -> Ints:
        """Length of each chromosome (bp), shape (chromosomes,)."""
        return np.fromiter(self.chromsizes.values(), np.int64)

    @cached_property
    def starts(self) -> Ints:
        """First bin of each chromosome and the number of all, shape (chromosomes + 1,)."""
        return np.concatenate(([0], np.cumsum(-(-self.lengths // self.size))))

    @cached_property
    def whole_bins(self) -> Ints:
        """Bins of each chromosome that are not cut off by its end, shape (chromosomes,)."""
        return self.lengths // self.size

    @property
    def juicer_bins(self) -> Ints:
        """What Juicer takes for the number of bins: one more than the whole ones."""
        return self.whole_bins + 1

    @cached_property
    def columns(self) -> Ints:
        """Blocks on a side of the matrix of each chromosome, shape (chromosomes,)."""
        return self.juicer_bins // _BLOCK + 1

    @cached_property
    def widths(self) -> Ints:
        """Bins on a side of a block in the matrix of each chromosome, shape (chromosomes,)."""
        return self.juicer_bins // self.columns + 1

    @property
    def norm_bins(self) -> Ints:
        """Values of the norms of each chromosome, shape (chromosomes,): as many as bins that the
        blocks of its matrix span."""
        return self.widths * self.columns

    def longer(self, chrom1: Ints, chrom2: Ints) -> Ints:
        """The longer chromosome of each pair, whose grid is that of their matrix."""
        return np.where(self.lengths[chrom1] > self.lengths[chrom2], chrom1, chrom2)

    @property
    def counted(self) -> "Grid":
        """The grid over which counts as they are, not normed, are expected."""
        return self


class FragmentGrid(Grid):
    """Bins of `size` restriction fragments.

    What stands for the length of a chromosome is the number of its sites, of which the last is
    its end: as many as it has fragments, and one bin more for the fragment that Juicer's search
    gives to the last base.
    """

    unit = FRAG

    @cached_property
    def starts(self) -> Ints:
        """First bin of each chromosome and the number of all, shape (chromosomes + 1,)."""
        return np.concatenate(([0], np.cumsum(self.juicer_bins)))

    @property
    def norm_bins(self) -> Ints:
        """Values of the norms of each chromosome, shape (chromosomes,): as many as bins."""
        return self.juicer_bins

    @property
    def counted(self) -> "Grid":
        """Juicer's `pre` counts one fragment more than its `addNorm`."""
        return FragmentGrid({name: n + 1 for name, n in self.chromsizes.items()}, self.size)


class WholeGenome(Grid):
    """The grid of the matrix `ALL`: the genome as one chromosome, in kb, in some 500 bins."""

    @classmethod
    def of(cls, chromsizes: Mapping[str, int]) -> "WholeGenome":
        """That of chromosomes (bp)."""
        length = sum(chromsizes.values()) // 1000
        return cls({WHOLE_GENOME: length}, max(1, length // 500))

    @cached_property
    def starts(self) -> Ints:
        """Its length is rounded down, so that the last place may be the bin after it."""
        return np.concatenate(([0], self.juicer_bins))
