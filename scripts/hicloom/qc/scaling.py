"""P(s): how often two bases of a chromosome that lie s bp apart are found in contact."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels import fragment_classes as classes
from hicloom.kernels.scaling import possible_pairs, slopes
from hicloom.qc.counts import PairCounts
from hicloom.qc.distances import pairtools_edges, rebin
from hicloom.qc.regions import OTHERS

ORIENTATIONS = {"FF": classes.FF, "FR": classes.FR, "RF": classes.RF, "RR": classes.RR}

MOST_CURVES = 100
"""Chromosomes whose curves are written: the longest."""

SMOOTHING = 0.125
"""Width of the slope's smoothing in log10(s): one bin."""

TOLERANCE = 0.05
"""How far the four orientations may be from their mean, as pairtools has it."""

_STANDARD_ERRORS = 3
_LEAST = 100


@dataclass(frozen=True)
class Curve:
    """Pairs of a region by strands and distance.

    Attributes
    ----------
    pairs : int64 array of shape (5, bins)
        By strands (`FF` to `NO_STRAND`) and distance.
    possible : float64 array of shape (bins,)
        Pairs of bases, bp².
    """

    pairs: NDArray[np.int64]
    possible: NDArray[np.float64]

    def frequency(self) -> NDArray[np.float64]:
        """Pairs for each possible pair, the sum of all that are possible being 1."""
        total = self.pairs.sum()
        return np.divide(
            self.pairs.sum(axis=0),
            self.possible * total,
            out=np.zeros(len(self.possible)),
            where=(self.possible > 0) & (total > 0),
        )

    def slope(self, middles: NDArray[np.float64]) -> NDArray[np.float64]:
        """d log P / d log s at distances `middles` (bp), NaN where nothing is known."""
        frequency, found = self.frequency(), np.full(len(middles), np.nan)
        some = np.flatnonzero(frequency)
        if len(some):
            x, y = np.log10(middles[some]), np.log10(frequency[some])
            weights = self.pairs.sum(axis=0)[some].astype(float)
            found[some] = slopes(x, y, weights, SMOOTHING)
        return found

    def document(self, middles: NDArray[np.float64]) -> dict[str, Any]:
        """As it stands in JSON."""
        return {
            "pairs": int(self.pairs.sum()),
            "possible": _numbers(self.possible),
            "p": _numbers(self.frequency()),
            "slope": _numbers(self.slope(middles), 4),
            "orientations": {name: self.pairs[row].tolist() for name, row in ORIENTATIONS.items()},
            "unstranded": int(self.pairs[classes.NO_STRAND].sum()),
        }


@dataclass(frozen=True)
class Scaling:
    """The curves of a genome, its chromosomes and arms; `edges` (bp) are those of their bins."""

    edges: NDArray[np.int64]
    genome: Curve
    chromosomes: dict[str, Curve]
    arms: dict[str, Curve]
    left_out: int

    @property
    def middles(self) -> NDArray[np.float64]:
        """Geometric means (bp) of the bins' edges."""
        return np.sqrt(self.edges[:-1].astype(np.float64) * self.edges[1:])

    def document(self) -> dict[str, Any]:
        """As it stands in JSON."""
        middles = self.middles
        arms = {name: curve.document(middles) for name, curve in self.arms.items()}
        return {
            "start": self.edges[:-1].tolist(),
            "end": self.edges[1:].tolist(),
            "middle": _numbers(middles),
            "genome": self.genome.document(middles),
            "chromosomes": {n: curve.document(middles) for n, curve in self.chromosomes.items()},
            "chromosomes_left_out": self.left_out,
            "arms": arms or None,
            "genome_within_arms": _sum(self.arms.values()).document(middles) if arms else None,
            "arms_reason": None if arms else "no --arms given; curves are of whole chromosomes",
        }


def scaling(counts: PairCounts) -> Scaling | None:
    """The curves of what was counted; None if no chromosome has a length."""
    regions = counts.regions
    if not regions.chromsizes:
        return None
    edges = pairtools_edges()[1:]
    longest = max(regions.chromsizes.values())
    edges = edges[: max(1, int(np.searchsorted(edges, longest))) + 1]
    binned = rebin(counts.histogram, counts.edges, edges)[..., :-1]
    chromosomes, arms = {}, {}
    for name, row in regions.rows.items():
        parts = regions.arms_of(name)
        pairs = binned[row : row + 1 + len(parts)].sum(axis=0)
        chromosomes[name] = Curve(pairs, possible_pairs(regions.chromsizes[name], edges))
        for place, arm in enumerate(parts, start=1):
            arms[arm.name] = Curve(binned[row + place], possible_pairs(arm.length, edges))
    others = [regions.chromsizes[name] for name in regions.chromsizes if name not in regions.rows]
    possible = sum((possible_pairs(length, edges) for length in others), np.zeros(len(edges) - 1))
    genome = _sum([*chromosomes.values(), Curve(binned[OTHERS], possible)])
    shown = dict(list(chromosomes.items())[:MOST_CURVES])
    return Scaling(edges, genome, shown, arms, len(regions.chromsizes) - len(shown))


def convergence(scaling: Scaling) -> dict[str, Any]:
    """From which distance on the four orientations are equally frequent.

    In each bin the four counts may differ from their mean by `TOLERANCE` of it and three standard
    errors; the distance is the lower edge of the first bin from which on all do so. Bins with a
    mean below 100 pairs are not looked at.
    """
    pairs = scaling.genome.pairs[list(ORIENTATIONS.values())].astype(float)
    mean = pairs.mean(axis=0)
    off = np.abs(pairs - mean) > TOLERANCE * mean + _STANDARD_ERRORS * np.sqrt(mean)
    judged = np.flatnonzero(mean >= _LEAST)
    found: dict[str, Any] = {"distance": None, "tolerance": TOLERANCE, "never": False}
    found["reason"] = None
    if not len(judged):
        return found | {"reason": f"fewer than {4 * _LEAST} pairs in every bin of distances"}
    differing = judged[off.any(axis=0)[judged]]
    if not len(differing):
        return found | {"distance": int(scaling.edges[judged[0]])}
    after = judged[judged > differing[-1]]
    if not len(after):
        reason = "the orientations differ up to the last distance that has enough pairs"
        return found | {"never": True, "reason": reason}
    return found | {"distance": int(scaling.edges[after[0]])}


def _sum(curves: Iterable[Curve]) -> Curve:
    curves = list(curves)
    pairs = np.sum([curve.pairs for curve in curves], axis=0)
    return Curve(pairs, np.sum([curve.possible for curve in curves], axis=0))


def _numbers(values: NDArray[np.float64], digits: int = 6) -> list[float | None]:
    """For JSON: so many significant digits, None for NaN."""
    return [float(f"{v:.{digits}g}") if np.isfinite(v) else None for v in values]
