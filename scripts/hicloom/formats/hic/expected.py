"""Expected counts by distance: gathered, computed, and in the bytes of .hic files."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.hic.binary import Cursor, doubles, ints, text
from hicloom.formats.hic.grid import BP, Grid
from hicloom.kernels.expected import density, expected_sum

Vector = NDArray[np.float64]

_FACTOR = np.dtype([("chrom", "<i4"), ("factor", "<f8")])


@dataclass(frozen=True)
class Expected:
    """Expected counts of one norm at one resolution.

    Attributes
    ----------
    norm : str
        `NONE` for counts as they are.
    resolution : int
        Bin size.
    values : float64 array
        Mean count at each distance (bins) from 0 on.
    factors : dict of int to float
        By number of a chromosome (from 0), for those with counts: what the values are to be
        divided by, so that their sum is that of the chromosome.
    unit : str
        Of the resolution.
    """

    norm: str
    resolution: int
    values: Vector
    factors: dict[int, float]
    unit: str = BP

    def encode(self) -> bytes:
        """Its bytes in the footer; `NONE` is not written out there."""
        table = np.array(list(self.factors.items()), _FACTOR)
        table["chrom"] += 1
        name = b"" if self.norm == "NONE" else text(self.norm)
        head = name + text(self.unit) + ints(self.resolution)
        return head + doubles(self.values) + ints(len(table)) + table.tobytes()


def read_expected(cursor: Cursor, *, normed: bool) -> Expected:
    """The vector that a cursor stands before."""
    norm = cursor.text() if normed else "NONE"
    unit, resolution = cursor.text(), cursor.int32()
    values = cursor.array("<f8", cursor.int32())
    table = cursor.array(_FACTOR, cursor.int32())
    factors = dict(zip((table["chrom"] - 1).tolist(), table["factor"].tolist(), strict=True))
    return Expected(norm, resolution, values, factors, unit)


@dataclass
class Distances:
    """Sums of counts by distance within chromosomes, and by chromosome.

    Attributes
    ----------
    norm : str
    grid : Grid
    sums : float64 array of shape (Juicer's bins of the longest chromosome,)
        By distance (bins).
    totals : dict of int to float
        By number of the chromosome (from 0), for those with counts.
    """

    norm: str
    grid: Grid
    sums: Vector = field(init=False)
    totals: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sums = np.zeros(int(self.grid.juicer_bins.max()))

    def add(self, sums: Vector, totals: dict[int, float]) -> None:
        """Add such sums; of distances beyond the longest chromosome they are 0."""
        size = min(len(sums), len(self.sums))
        self.sums[:size] += sums[:size]
        for chrom, total in totals.items():
            if total:
                self.totals[chrom] = self.totals.get(chrom, 0.0) + total

    def expected(self) -> Expected:
        """What Juicer's ExpectedValueCalculation makes of them.

        Distances count over whole bins only; a chromosome shorter than a bin gets the factor 0.
        """
        chromosomes = sorted(self.totals)
        bins = self.grid.whole_bins[chromosomes]
        values = density(self.sums, bins)
        factors = {
            chrom: expected_sum(values, count) / self.totals[chrom]
            for chrom, count in zip(chromosomes, bins.tolist(), strict=True)
        }
        return Expected(self.norm, self.grid.size, values, factors, self.grid.unit)
