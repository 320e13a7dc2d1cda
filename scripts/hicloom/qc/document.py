"""Everything that is known of a library, as one JSON document; docs/qc.md describes it."""

from dataclasses import dataclass, replace
from typing import Any

from hicloom import provenance
from hicloom.kernels import fragment_classes as classes
from hicloom.kernels import pair_counts as kernel
from hicloom.qc import complexity, maps, pairsqc, rules
from hicloom.qc.counts import PairCounts
from hicloom.qc.distances import LIMITS, at_least
from hicloom.qc.regions import UNSIZED
from hicloom.qc.scaling import convergence, scaling
from hicloom.qc.totals import Totals
from hicloom.qc.verdicts import OURS, RAO, Metric, Rule, worst

SCHEMA = "hicloom-qc/1"

_FRAGMENTS = {
    "dangling_ends": classes.DANGLING_END,
    "self_circles": classes.SELF_CIRCLE,
    "same_strand": classes.SAME_STRAND,
    "religation": classes.RELIGATION,
    "valid_cis": classes.VALID,
    "without_sites": classes.NO_SITES,
}
_EMPTY = "there are no pairs"
# In bins with fewer pairs proportions scatter by more than half of what pairsqc allows.
_ENOUGH_FOR_PAIRSQC = 1_875


@dataclass(frozen=True)
class Library:
    """What was found of a library.

    Attributes
    ----------
    name : str
    counts : PairCounts
    totals : Totals
        Of all that was sequenced.
    enzyme : str or None
        `4` or `6`: length of the enzyme's site.
    balancing, norms : list or None
        Of `hicloom.qc.maps`; None if not looked at.
    max_distance : float
        log10 of pairsqc's largest distance (bp).
    """

    name: str
    counts: PairCounts
    totals: Totals
    enzyme: str | None = None
    balancing: list[dict[str, Any]] | None = None
    norms: list[dict[str, Any]] | None = None
    max_distance: float = pairsqc.MAX_DISTANCE

    def pairsqc(self) -> pairsqc.Pairsqc:
        """pairsqc's numbers."""
        return pairsqc.pairsqc(self.counts, self.places()["trans"], self.max_distance)

    def places(self) -> dict[str, Any]:
        """Final pairs within and between the chromosomes that count, and by distance."""
        known = self.counts.regions.chromsizes
        counted = {
            pair: number
            for pair, number in self.counts.chromosomes.items()
            if not known or (pair[0] in known and pair[1] in known)
        }
        final = sum(counted.values())
        cis = sum(number for (one, two), number in counted.items() if one == two)
        table = self.counts.histogram[UNSIZED + 1 if known else UNSIZED :]
        far = {limit: at_least(table, self.counts.edges, limit) for limit in LIMITS}
        return {
            "final": final,
            "other_chromosomes": sum(self.counts.chromosomes.values()) - final,
            "cis": cis,
            "trans": final - cis,
            "cis_short": cis - far[LIMITS[0]],
            "cis_at_least": {str(limit): number for limit, number in far.items()},
        }

    def document(self) -> dict[str, Any]:
        """The whole document."""
        places, curves = self.places(), scaling(self.counts)
        copies, numbers = self.duplicates(), self.pairsqc()
        fragments = self.fragments()
        agreement = convergence(curves) if curves else _no_curves({"distance": None})
        metrics = [
            *self._sequencing(copies),
            *_contacts(places, numbers, agreement, self.enzyme),
            *_of_fragments(fragments, places["final"]),
            maps.balancing_metric(self.balancing),
            maps.norms_metric(self.norms),
        ]
        return {
            "schema": SCHEMA,
            "name": self.name,
            "command": provenance.command(),
            "verdict": worst(metrics),
            "metrics": [metric.document() for metric in metrics],
            "totals": self.totals.document() | {"final": places["final"]},
            "pair_types": dict(self.totals.pair_types) or None,
            "contacts": places,
            "chromosomes": _chromosomes(self.counts),
            "scaling": curves.document() if curves else None,
            "scaling_reason": None if curves else _no_curves({})["reason"],
            "orientation_convergence": agreement,
            "duplicates": copies,
            "fragments": fragments,
            "pairsqc": pairsqc.document(numbers, self.enzyme),
            "balancing": self.balancing,
            "hic_norms": self.norms,
        }

    def duplicates(self) -> dict[str, Any]:
        """Duplicates, those of the flow cell among them, and what more sequencing would give."""
        totals, tiles = self.totals, self.counts.totals
        same, other = int(tiles[kernel.SAME_TILE]), int(tiles[kernel.OTHER_TILE])
        judged = same + other
        copied = complexity.optical(same, other, len(self.counts.tiles)) if judged else None
        # Duplicates whose tile is not known are taken to be as the others.
        flow_cell = round(totals.duplicates * copied / judged) if copied is not None else None
        mapped = totals.mapped - (flow_cell or 0)
        naive = complexity.molecules(totals.mapped, totals.unique)
        library = complexity.molecules(mapped, totals.unique)
        twice = complexity.unique_pairs(2 * mapped, library) if library else None
        return {
            "duplicates": totals.duplicates,
            "same_tile": same,
            "other_tile": other,
            "tiles": len(self.counts.tiles),
            "optical": flow_cell,
            "optical_reason": None if flow_cell is not None else _no_tiles(totals, judged),
            "complexity_naive": naive,
            "complexity": library,
            "complexity_reason": None if library else _no_complexity(totals),
            "unique_at_twice": twice,
            "curve": _curve(mapped, library) if library else None,
        }

    def fragments(self) -> dict[str, Any] | None:
        """Classes of pairs within chromosomes; None without sites."""
        if not self.counts.has_sites:
            return None
        return {name: int(self.counts.fragments[row]) for name, row in _FRAGMENTS.items()}

    def _sequencing(self, copies: dict[str, Any]) -> list[Metric]:
        totals = self.totals
        lost = totals.unmapped + totals.single_sided
        reason = "the pairs hold only placed ones, and no statistics of dedup were given"
        of_mapped = totals.mapped if totals.duplicates else 0
        twice = copies["unique_at_twice"]
        new = None if twice is None else 100 * (twice - totals.unique) / max(1, totals.mapped)
        none = _EMPTY if not totals.reads else "no duplicates are marked in the pairs"
        return [
            _share(rules.MAPPED, totals.mapped, totals.reads if lost else 0, reason),
            _share(rules.DUPLICATES, totals.duplicates, of_mapped, none),
            _share(rules.OPTICAL, copies["optical"], of_mapped, copies["optical_reason"] or none),
            rules.YIELD.metric(new, copies["complexity_reason"]),
        ]


def _contacts(
    places: dict[str, Any], numbers: pairsqc.Pairsqc, agreement: dict[str, Any], enzyme: str | None
) -> list[Metric]:
    far = places["cis_at_least"]["1000"]
    return [
        _share(rules.CIS_1KB, far, places["final"], _EMPTY),
        rules.CIS_TO_TRANS.metric(numbers.cis_to_trans, "no pair is beyond 20 kb or in trans"),
        rules.LONG_RANGE.metric(numbers.long_range, _EMPTY),
        _orientations(agreement, enzyme),
        _pairsqc_convergence(numbers, enzyme),
        _slope(numbers.slope()),
    ]


def _slope(slope: float | None) -> Metric:
    if slope is None:
        return rules.SLOPE.metric(None, "not every distance from 10 kb to 300 kb has pairs")
    return replace(rules.SLOPE.metric(abs(slope + 1)), value=slope)


def _orientations(agreement: dict[str, Any], enzyme: str | None) -> Metric:
    metric = _orientation_rule(enzyme).metric(agreement["distance"], agreement["reason"])
    if agreement.get("never"):
        return replace(metric, verdict="bad", why=rules.NEVER)
    return metric


def _orientation_rule(enzyme: str | None) -> Rule:
    """Without an enzyme the stricter limit of a cutter of four bases holds."""
    of = f"{enzyme} bases" if enzyme else "4 bases, as no --enzyme was given"
    limit = round(10 ** pairsqc.CONVERGENCE[enzyme or "4"])
    return rules.convergence_rule(limit, f"{RAO}, an enzyme that cuts {of}")


def _pairsqc_convergence(numbers: pairsqc.Pairsqc, enzyme: str | None) -> Metric:
    said = numbers.convergence(enzyme) if enzyme else None
    parts = ("pairsqc_convergence", "Convergence of orientations (pairsqc)", said, "")
    limits = (
        "good: standard deviation of the four proportions below 0.02 (Very Good: 0.005) from "
        "10^3.5 bp (4 bases) or 10^4.5 bp (6 bases) to 10^5 bp"
    )
    source = pairsqc.__doc__.split("\n")[0] if pairsqc.__doc__ else OURS
    if not said:
        why = "Not judged: it needs --enzyme."
        return Metric(*parts, None, limits, why, source, "published")
    middles = numbers.middles
    judged = (middles >= pairsqc.CONVERGENCE[enzyme or "4"]) & (middles <= 5)
    fewest = numbers.by_strands[:, judged].sum(axis=0).min()
    if fewest < (_ENOUGH_FOR_PAIRSQC if said == "Not converged" else 1):
        why = "Not judged: too few pairs; the proportions scatter more than pairsqc allows."
        return Metric(*parts, None, limits, why, source, "published")
    if said == "Not converged":
        why = "The four strand orientations are not equally frequent beyond pairsqc's distance."
        return Metric(*parts, "look", limits, why, source, "published")
    why = f"pairsqc calls the orientations' convergence {said.lower()}."
    return Metric(*parts, "good", limits, why, source, "published")


def _of_fragments(fragments: dict[str, Any] | None, final: int) -> list[Metric]:
    reason = "no --fragments given" if fragments is None else _EMPTY
    found = fragments or {}
    return [
        _share(rule, found.get(rule.id), final if fragments else 0, reason)
        for rule in (rules.DANGLING, rules.SELF_CIRCLES, rules.RELIGATION)
    ]


def _share(rule: Rule, part: int | None, whole: int, reason: str) -> Metric:
    """A metric in percent."""
    if part is None or not whole:
        return rule.metric(None, reason)
    return rule.metric(100 * part / whole)


def _chromosomes(counts: PairCounts) -> dict[str, Any]:
    """Lengths, and final pairs within each chromosome and between it and others."""
    sizes = counts.regions.chromsizes
    cis: dict[str, int] = {}
    trans: dict[str, int] = {}
    for (one, two), number in counts.chromosomes.items():
        for name in {one, two}:
            table = cis if one == two else trans
            table[name] = table.get(name, 0) + number
    return {
        name: {"length": length, "cis": cis.get(name, 0), "trans": trans.get(name, 0)}
        for name, length in list(sizes.items())[:1000]
    }


def _curve(mapped: int, library: float) -> dict[str, list[int]]:
    """Unique pairs that so many placed pairs give, up to four times those there are."""
    steps = [round(mapped * step / 10) for step in range(41)]
    return {
        "mapped": steps,
        "unique": [round(complexity.unique_pairs(step, library)) for step in steps],
    }


def _no_tiles(totals: Totals, judged: int) -> str:
    if not totals.duplicates:
        return "no duplicates are marked in the pairs"
    if not judged:
        return "the pairs hold no duplicates, or read names carry no tiles"
    return "all duplicates are on one tile"


def _no_complexity(totals: Totals) -> str:
    if not totals.mapped:
        return _EMPTY
    return "no pair was seen twice" if totals.unique else "all pairs are duplicates"


def _no_curves(found: dict[str, Any]) -> dict[str, Any]:
    return found | {"reason": "no chromosome has a length; give --chromsizes"}
