"""The numbers and tables of pairsqc (4DN, version 0.2.3; https://github.com/4dn-dcic/pairsqc).

`NAME.cis_to_trans.out`, `NAME.plot_table.out` and `NAME.summary.out` have its rows, columns and
formats, so that `pairsqc-single` can put them into its archive.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels import fragment_classes as classes
from hicloom.qc.counts import PairCounts
from hicloom.qc.distances import LONG_RANGE, PAIRSQC_STEP, at_least, pairsqc_bin

ORIENTATIONS = {
    "Inner": classes.FR,
    "Outer": classes.RF,
    "Right": classes.FF,
    "Left": classes.RR,
}
"""pairsqc's names, in its order."""

MAX_DISTANCE = 8.4
"""log10 of the largest distance (bp) of the table."""

CONVERGENCE = {"4": 3.5, "6": 4.5}
"""log10 of the distance (bp) by which the orientations of a good library agree: by the length of
the enzyme's site."""

VERY_GOOD, GOOD = 0.005, 0.02
"""Below these standard deviations of the four proportions pairsqc's plot.r calls them converged."""

_MIN_DISTANCE, _LAST_JUDGED = 1, 5
SLOPE = (4, 5.5)
"""log10 of the distances (bp) between which the slope is told."""
_PSEUDOCOUNT = 1e-100


@dataclass(frozen=True)
class Pairsqc:
    """pairsqc's numbers of a library.

    Attributes
    ----------
    cis_short, cis, trans : int
        Pairs within a chromosome up to 20 kb and farther apart, and between chromosomes.
    chroms : sequence of str
        Names of the chromosomes that have a column, in the order of the table.
    lengths : float64 array of shape (all chromosomes,)
        In bp; the first are those of `chroms`.
    by_strands : int64 array of shape (4, bins)
    by_chrom : int64 array of shape (chroms, bins)
    max_distance : float
        log10 of the largest distance (bp).
    """

    cis_short: int
    cis: int
    trans: int
    chroms: Sequence[str]
    lengths: NDArray[np.float64]
    by_strands: NDArray[np.int64]
    by_chrom: NDArray[np.int64]
    max_distance: float

    @property
    def total(self) -> int:
        """All pairs."""
        return self.cis_short + self.cis + self.trans

    @property
    def cis_to_trans(self) -> float | None:
        """Percent of the pairs beyond 20 kb and between chromosomes that are of the former."""
        return _percent(self.cis, self.cis + self.trans)

    @property
    def long_range(self) -> float | None:
        """Percent of all pairs that are within a chromosome and more than 20 kb apart."""
        return _percent(self.cis, self.total)

    @property
    def middles(self) -> NDArray[np.float64]:
        """log10 of the distances (bp) that stand for the bins."""
        numbers = np.arange(self.by_strands.shape[1], dtype=np.float64)
        return numbers * PAIRSQC_STEP + PAIRSQC_STEP / 2

    @property
    def proportions(self) -> NDArray[np.float64]:
        """Share of each orientation in each bin, shape (4, bins)."""
        counts = self.by_strands + _PSEUDOCOUNT
        return counts / counts.sum(axis=0)

    @property
    def probability(self) -> NDArray[np.float64]:
        """Contact probability by distance, shape (bins,)."""
        return self._probability(self.by_strands.sum(axis=0), self._possible().sum(axis=0))

    def convergence(self, enzyme: str) -> str:
        """`Very Good`, `Good` or `Not converged`, for an enzyme of `4` or `6` bases."""
        middles = self.middles
        judged = (middles >= CONVERGENCE[enzyme]) & (middles <= _LAST_JUDGED)
        spread = np.std(self.proportions[:, judged], axis=0, ddof=1)
        if (spread < VERY_GOOD).all():
            return "Very Good"
        return "Good" if (spread < GOOD).all() else "Not converged"

    def slope(self) -> float | None:
        """Slope of log10 P against log10 s from 10 kb to 300 kb; None without pairs there."""
        inside = (self.middles >= SLOPE[0]) & (self.middles <= SLOPE[1])
        probability = self.probability[inside]
        if len(probability) < 2 or not probability.all():
            return None
        return float(np.polyfit(self.middles[inside], np.log10(probability), 1)[0])

    def cis_to_trans_text(self) -> str:
        """`cis_to_trans.out`."""
        return (
            f"Total reads\t{self.total:,}\n"
            f"Short cis reads (<20kb)\t{self.cis_short:,}\n"
            f"Cis reads (>20kb)\t{self.cis:,}\n"
            f"Trans reads\t{self.trans:,}\n"
            f"Cis/Trans ratio\t{self.cis_to_trans or 0:.3f}\n"
            f"% Long-range intrachromosomal reads\t{self.long_range or 0:.3f}\n"
        )

    def summary_text(self, enzyme: str) -> str:
        """`summary.out`."""
        slope = self.slope()
        said = "NA" if slope is None else f"{round(slope, 2):g}"
        return f"{self.cis_to_trans_text()}convergence\t{self.convergence(enzyme)}\nslope\t{said}\n"

    def plot_table_text(self) -> str:
        """`plot_table.out`."""
        middles = self.middles
        shown = (middles >= _MIN_DISTANCE) & (middles <= self.max_distance)
        rows = [self._row(int(place)) for place in np.flatnonzero(shown)]
        return "".join("\t".join(row) + "\n" for row in [self._names(), *rows])

    def _names(self) -> list[str]:
        names = ["distance", "distance_range(bp)"]
        names += [f"count.{name}" for name in ORIENTATIONS] + ["sum"]
        names += [f"log10count.{name}" for name in ORIENTATIONS] + ["log10sum"]
        names += [f"proportion.{name}" for name in ORIENTATIONS]
        names += ["allpossible_sumcount", "prob", "log10prob"]
        kinds = ("count", "allpossible_count", "prob", "log10prob")
        return names + [f"{kind}_per_chr.{name}" for kind in kinds for name in self.chroms]

    def _row(self, place: int) -> list[str]:
        counts, middle = self.by_strands[:, place], self.middles[place]
        total, possible = int(counts.sum()), self._possible()[:, place]
        low, high = (round(10 ** (middle + side * PAIRSQC_STEP / 2)) for side in (-1, 1))
        probability = self.probability[place]
        of_chroms = self._probability(self.by_chrom, self._possible()[: len(self.chroms)])[:, place]
        logs = [
            _log10(value) if room > 0 else 0
            for value, room in zip(of_chroms, possible[: len(self.chroms)], strict=True)
        ]
        return [
            f"{middle:.3f}",
            f"{low:,}~{high:,}",
            *(str(count) for count in (*counts, total)),
            *(f"{_log10(count):.3f}" for count in counts),
            f"{math.log10(total + 4 * _PSEUDOCOUNT):.3f}",
            *(f"{share:.3f}" for share in self.proportions[:, place]),
            f"{possible.sum():.3E}",
            f"{probability:.3E}",
            f"{_log10(probability):.3f}",
            *(f"{count:.3E}" for count in self.by_chrom[:, place]),
            *(f"{room:.3E}" for room in possible[: len(self.chroms)]),
            *(f"{value:.3E}" for value in of_chroms),
            *(f"{value:.3f}" for value in logs),
        ]

    def _possible(self) -> NDArray[np.float64]:
        """Places at each distance, shape (all chromosomes, bins)."""
        return np.maximum(self.lengths[:, None] - 10**self.middles - 1, 0)

    def _probability(
        self, counts: NDArray[np.int64], possible: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        half = PAIRSQC_STEP / 2
        sizes = 10 ** (self.middles + half) - 10 ** (self.middles - half)
        where = possible > 0
        return np.divide(counts, possible * sizes, out=np.zeros(possible.shape), where=where)


def pairsqc(counts: PairCounts, trans: int, max_distance: float = MAX_DISTANCE) -> Pairsqc:
    """pairsqc's numbers of what was counted; `trans` are the pairs between chromosomes."""
    regions, last = counts.regions, int((max_distance - PAIRSQC_STEP / 2) / PAIRSQC_STEP)
    histogram = counts.histogram[1:]
    cis = at_least(histogram, counts.edges, LONG_RANGE + 1)
    stranded = counts.histogram[:, : classes.NO_STRAND]
    # Bins begin where a distance of one base more falls into the next; none holds distance 0.
    which = np.array([pairsqc_bin(edge) if edge else -1 for edge in counts.edges.tolist()])
    bins = [stranded[..., which == number].sum(axis=-1) for number in range(last + 1)]
    table = np.stack(bins, axis=-1)
    chroms = sorted(regions.rows)
    ends = {name: regions.rows[name] + 1 + len(regions.arms_of(name)) for name in chroms}
    by_chrom = [table[regions.rows[name] : ends[name]].sum(axis=(0, 1)) for name in chroms]
    others = [length for name, length in regions.chromsizes.items() if name not in regions.rows]
    lengths = np.array([*(regions.chromsizes[name] for name in chroms), *others], float)
    by_strands = table[1:].sum(axis=0)[list(ORIENTATIONS.values())]
    return Pairsqc(
        cis_short=int(histogram.sum()) - cis,
        cis=cis,
        trans=trans,
        chroms=chroms,
        lengths=lengths,
        by_strands=by_strands,
        by_chrom=np.array(by_chrom, np.int64).reshape(len(chroms), last + 1),
        max_distance=max_distance,
    )


def document(numbers: Pairsqc, enzyme: str | None) -> dict[str, Any]:
    """As it stands in JSON."""
    return {
        "total": numbers.total,
        "cis_short": numbers.cis_short,
        "cis_long": numbers.cis,
        "trans": numbers.trans,
        "cis_to_trans_percent": numbers.cis_to_trans,
        "long_range_percent": numbers.long_range,
        "slope_10kb_300kb": numbers.slope(),
        "enzyme": enzyme,
        "convergence": numbers.convergence(enzyme) if enzyme else None,
    }


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _log10(value: float) -> float:
    return math.log10(value + _PSEUDOCOUNT)
