"""The table of `pairtools stats` (1.1), key for key, from counts that were taken in one pass."""

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels import fragment_classes as classes
from hicloom.kernels import pair_counts as kernel
from hicloom.qc.complexity import molecules
from hicloom.qc.counts import PairCounts
from hicloom.qc.distances import LIMITS, at_least, pairtools_edges, rebin

_STRANDS = {"+-": classes.FR, "-+": classes.RF, "--": classes.RR, "++": classes.FF}
_TOLERANCE = 0.05
_SHARES = ("cis", *(f"cis_{limit // 1000}kb+" for limit in LIMITS))


def table(counts: PairCounts, chromsizes: dict[str, int]) -> str:
    """The text of the table; `chromsizes` are those of the header.

    The strands of a pair are those of the end with the smaller position, then of the other, as in
    any file of the upper triangle.
    """
    numbers = _counts(counts)
    by_distance = _by_distance(counts)
    parts = {
        **numbers,
        **{f"summary/{key}": value for key, value in _summary(numbers, by_distance).items()},
        **{f"chrom_freq/{a}/{b}": number for (a, b), number in counts.chromosomes.items()},
        **_distance_rows(by_distance),
        **{f"chromsizes/{name}": length for name, length in chromsizes.items()},
    }
    return "".join(f"{key}\t{value}\n" for key, value in parts.items())


def _counts(counts: PairCounts) -> dict[str, int]:
    lines, unmapped, single, duplicates = counts.totals[: kernel.SAME_TILE].tolist()
    mapped = lines - unmapped - single
    cis = sum(number for (one, two), number in counts.chromosomes.items() if one == two)
    return {
        "total": lines,
        "total_unmapped": unmapped,
        "total_single_sided_mapped": single,
        "total_mapped": mapped,
        "total_dups": duplicates,
        "total_nodups": mapped - duplicates,
        "cis": cis,
        "trans": mapped - duplicates - cis,
        **{f"pair_types/{kind}": number for kind, number in counts.kinds.items()},
        **{
            name: at_least(counts.histogram, counts.edges, limit)
            for name, limit in zip(_SHARES[1:], LIMITS, strict=True)
        },
    }


def _by_distance(counts: PairCounts) -> dict[str, NDArray[np.int64]]:
    """Pairs by strands, in pairtools' bins."""
    binned = rebin(counts.histogram.sum(axis=0), counts.edges, pairtools_edges())
    return {strands: binned[row] for strands, row in _STRANDS.items()}


def _distance_rows(by_distance: dict[str, NDArray[np.int64]]) -> dict[str, int]:
    edges = pairtools_edges().tolist()
    bins = [*(f"{a}-{b}" for a, b in itertools.pairwise(edges)), f"{edges[-1]}+"]
    return {
        f"dist_freq/{name}/{strands}": int(numbers[place])
        for place, name in enumerate(bins)
        for strands, numbers in by_distance.items()
    }


def _summary(numbers: dict[str, int], by_distance: dict[str, NDArray[np.int64]]) -> dict[str, Any]:
    total, mapped, duplicates = (numbers[f"total_{key}"] for key in ("nodups", "mapped", "dups"))
    shares = {f"frac_{key}": numbers[key] / total if total else 0 for key in _SHARES}
    return {
        **shares,
        "frac_dups": duplicates / mapped if mapped else 0,
        "complexity_naive": _naive(mapped, total),
        **{
            f"dist_freq_convergence/{key}": value
            for key, value in _convergence(numbers, by_distance).items()
        },
    }


def _naive(mapped: int, unique: int) -> float:
    """As pairtools says it: 0 for nothing left, nan for nothing sequenced twice."""
    if not mapped or not unique:
        return 0
    return molecules(mapped, unique) or float("nan")


def _convergence(
    numbers: dict[str, int], by_distance: dict[str, NDArray[np.int64]]
) -> dict[str, Any]:
    """Above which distance counts by strands are all within 5 % of their mean."""
    order = ("++", "--", "-+", "+-")
    mean = np.mean([by_distance[strands] for strands in order], axis=0)
    last, strands = 0, "??"
    for name in order:
        far = np.flatnonzero(np.abs(by_distance[name] - mean) > _TOLERANCE * mean)
        if len(far) and far[-1] > last:
            last, strands = int(far[-1]), name
    edges = pairtools_edges()
    below = {name: int(by_distance[name][: last + 1].sum()) for name in order}
    above = sum(int(by_distance[name][last + 1 :].sum()) for name in order)
    found: dict[str, Any] = {
        "convergence_dist": int(edges[min(last + 1, len(edges) - 1)]) if last else 0,
        "strands_w_max_convergence_dist": strands,
        "convergence_rel_diff_threshold": _TOLERANCE,
        **{f"n_cis_pairs_below_convergence_dist/{name}": n for name, n in below.items()},
        "n_cis_pairs_below_convergence_dist_all_strands": sum(below.values()),
        "n_cis_pairs_above_convergence_dist_all_strands": above,
    }
    for of in ("cis", "total_mapped", "total_nodups"):
        shares = {name: _share(number, numbers[of]) for name, number in below.items()}
        key = f"frac_{of}_in_cis_below_convergence_dist"
        found |= {f"{key}/{name}": share for name, share in shares.items()}
        found[f"{key}_all_strands"] = sum(shares.values())
        found[key.replace("below", "above") + "_all_strands"] = _share(above, numbers[of])
    return found


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
