"""Did the maps balance? Weights of an mcool, norms of a .hic file."""

from pathlib import Path
from typing import Any

import numpy as np

from hicloom.errors import InputError
from hicloom.qc.verdicts import Metric, Verdict

_METHOD = "cooler balance (https://cooler.readthedocs.io): variance of the sums below tol"
_NORMS = "Juicer's norms (Durand et al. 2016, Cell Systems 3:95)"


def balancing(path: Path) -> list[dict[str, Any]]:
    """Convergence of each resolution of an mcool, the finest first.

    Raises
    ------
    InputError
        If it is no mcool.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            levels = sorted(file["resolutions"].items(), key=lambda item: int(item[0]))
            return [_level(int(name), level) for name, level in levels]
    except (OSError, KeyError, ValueError):
        raise InputError(f"{path}: is not a readable .mcool file") from None


def norms(path: Path) -> list[dict[str, Any]]:
    """The norms of a .hic file, and the chromosomes with contacts that lack them, by resolution.

    What the file holds for no chromosome at any resolution is taken not to have been asked for.

    Raises
    ------
    InputError
        If it is missing or damaged.
    """
    from hicloom.formats.hic import GENOME_WIDE, HicFile, NormKey
    from hicloom.formats.hic.genome_wide import LEAST_GENOME_WIDE

    with HicFile(path) as file:
        names = list(file.header.chromsizes)
        filled = sorted({one for one, two in file.pairs if one == two})
        found = []
        for size in sorted(file.header.resolutions):
            for norm in sorted({key.norm for key in file.norms}):
                if norm in GENOME_WIDE and size < LEAST_GENOME_WIDE:
                    continue
                vectors = {chrom: file.norm(NormKey(norm, chrom, size)) for chrom in filled}
                failed = [names[chrom] for chrom in filled if not _has_values(vectors[chrom])]
                found.append({"resolution": size, "norm": norm, "failed": failed})
        return found


def balancing_metric(levels: list[dict[str, Any]] | None) -> Metric:
    """One verdict for all resolutions."""
    if not levels:
        return _metric("balancing", "Balanced resolutions", None, None, "no --mcool given", _METHOD)
    failed = [level for level in levels if not (level["converged"] and level["weighted"])]
    off = [f"{level['resolution']:,} bp" for level in failed]
    value = f"{len(levels) - len(off)} of {len(levels)}"
    if not off:
        why = "Balancing converged at every resolution."
        return _metric("balancing", "Balanced resolutions", value, "good", why, _METHOD)
    verdict: Verdict = "bad" if len(off) == len(levels) else "look"
    why = f"Balancing gave no result at {', '.join(off)}: too few contacts for bins this small."
    return _metric("balancing", "Balanced resolutions", value, verdict, why, _METHOD)


def norms_metric(found: list[dict[str, Any]] | None) -> Metric:
    """One verdict for all norms."""
    if found is None:
        return _metric("hic_norms", "Norms of the .hic file", None, None, "no --hic given", _NORMS)
    off = [f"{row['norm']} at {row['resolution']:,} bp" for row in found if row["failed"]]
    value = f"{len(found) - len(off)} of {len(found)}"
    if not found:
        why = "The .hic file holds no norms."
        return _metric("hic_norms", "Norms of the .hic file", value, "look", why, _NORMS)
    if not off:
        why = "All norms converged for every chromosome."
        return _metric("hic_norms", "Norms of the .hic file", value, "good", why, _NORMS)
    more = f" and {len(off) - 5} more" if len(off) > 5 else ""
    why = f"Some chromosomes lack {', '.join(off[:5])}{more}: use coarser bins or another norm."
    verdict: Verdict = "bad" if len(off) == len(found) else "look"
    return _metric("hic_norms", "Norms of the .hic file", value, verdict, why, _NORMS)


def _metric(
    name: str, label: str, value: str | None, verdict: Verdict | None, why: str, source: str
) -> Metric:
    why = why if verdict else f"Not judged: {why}."
    limits = "good: all, look: some, bad: none"
    return Metric(name, label, value, "", verdict, limits, why, source, "rule of thumb")


def _level(size: int, level: Any) -> dict[str, Any]:
    bins, pairs = int(level["bins"]["start"].shape[0]), int(level.attrs.get("sum", 0))
    row = {"resolution": size, "bins": bins, "pairs": pairs}
    weights = level["bins"].get("weight")
    if weights is None:
        return row | {"converged": None, "variance": None, "weighted": 0}
    said = dict(weights.attrs)
    return row | {
        "converged": bool(np.all(said.get("converged", True))),
        "variance": _plain(said.get("var")),
        "weighted": int(np.isfinite(weights[:]).sum()),
    }


def _plain(value: Any) -> float | None:
    """One number of an attribute, the largest if there is one a chromosome."""
    if value is None:
        return None
    numbers = np.atleast_1d(np.asarray(value, float))
    finite = numbers[np.isfinite(numbers)]
    return float(finite.max()) if len(finite) else None


def _has_values(vector: Any) -> bool:
    return vector is not None and bool((np.isfinite(vector) & (vector > 0)).any())
