"""Files that a stock MultiQC reads as custom content: `NAME_hicloom_*_mqc.json`.

https://docs.seqera.io/multiqc/custom_content. Files of several libraries with one `id` make one
section.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hicloom.outputs import atomic
from hicloom.qc import maps

_PARENT = {
    "parent_id": "hicloom",
    "parent_name": "hicloom",
    "parent_description": "Contacts of Hi-C libraries.",
}
_TABLE = ("mapped", "duplicates", "optical", "yield_of_more", "cis_1kb", "cis_to_trans",
          "long_range", "orientation_convergence", "dangling_ends", "self_circles",
          "religation")  # fmt: skip


def write(folder: Path, document: dict[str, Any]) -> list[Path]:
    """Write what a library's `document` has for MultiQC into `folder`; the files."""
    name = document["name"]
    sections = {"scaling": _scaling(document), "complexity": _complexity(document)}
    sections |= {"metrics": _metrics(document)}
    filled = {what: section for what, section in sections.items() if section["data"].get(name)}
    return [
        _write_section(folder / f"{name}_hicloom_{what}_mqc.json", section)
        for what, section in filled.items()
    ]


@dataclass(frozen=True)
class Map:
    """What was found of a map; None if not looked at.

    Attributes
    ----------
    balancing, norms : list or None
        As `hicloom.qc.maps` gives them.
    """

    balancing: list[dict[str, Any]] | None = None
    norms: list[dict[str, Any]] | None = None


def write_maps(folder: Path, found: Mapping[str, Map]) -> list[Path]:
    """Write what is known of maps, by their names, into `folder`; the files."""
    sections = {"maps": _maps(found), "balancing": _balancing(found)}
    filled = {what: section for what, section in sections.items() if section["data"]}
    return [
        _write_section(folder / f"hicloom_{what}_mqc.json", section)
        for what, section in filled.items()
    ]


def _write_section(path: Path, section: dict[str, Any]) -> Path:
    with atomic(path) as (part,):
        part.write_text(json.dumps(_PARENT | section, indent=1) + "\n")
    return path


def _scaling(document: dict[str, Any]) -> dict[str, Any]:
    curves = document["scaling"] or {"middle": [], "genome": {"p": []}}
    points = zip(curves["middle"], curves["genome"]["p"], strict=True)
    return {
        "id": "hicloom_scaling",
        "section_name": "P(s)",
        "description": "How often two bases that lie s bp apart are in contact.",
        "plot_type": "linegraph",
        "pconfig": {
            "id": "hicloom_scaling_plot",
            "title": "hicloom: contact probability by distance",
            "xlab": "distance (bp)",
            "ylab": "P(s) (1 / bp²)",
            "xlog": True,
            "ylog": True,
        },
        "data": {document["name"]: {str(round(x)): y for x, y in points if y}},
    }


def _complexity(document: dict[str, Any]) -> dict[str, Any]:
    curve = document["duplicates"]["curve"] or {"mapped": [], "unique": []}
    points = zip(curve["mapped"], curve["unique"], strict=True)
    return {
        "id": "hicloom_complexity",
        "section_name": "Library complexity",
        "description": "Unique pairs that so many placed pairs are expected to give.",
        "plot_type": "linegraph",
        "pconfig": {
            "id": "hicloom_complexity_plot",
            "title": "hicloom: unique pairs by sequencing",
            "xlab": "placed pairs",
            "ylab": "unique pairs",
        },
        "data": {document["name"]: {str(x): y for x, y in points}},
    }


def _metrics(document: dict[str, Any]) -> dict[str, Any]:
    metrics = [m for m in document["metrics"] if m["id"] in _TABLE]
    headers = {
        m["id"]: {"title": m["label"], "description": m["threshold"], "suffix": m["unit"]}
        for m in metrics
    }
    values = {m["id"]: m["value"] for m in metrics if m["value"] is not None}
    verdict = {"verdict": document["verdict"]} if document["verdict"] else {}
    return {
        "id": "hicloom_metrics",
        "section_name": "Metrics",
        "description": "What docs/qc.md of hicloom explains.",
        "plot_type": "table",
        "pconfig": {"id": "hicloom_metrics_table", "title": "hicloom: metrics"},
        "headers": {"verdict": {"title": "Verdict", "description": "The worst of all."}} | headers,
        "data": {document["name"]: verdict | values},
    }


def _maps(found: Mapping[str, Map]) -> dict[str, Any]:
    metrics = {
        name: [maps.balancing_metric(of_map.balancing), maps.norms_metric(of_map.norms)]
        for name, of_map in found.items()
    }
    headers = {
        metric.id: {"title": metric.label, "description": metric.threshold}
        for row in metrics.values()
        for metric in row
    }
    numbers = {
        "pairs": {"title": "Pairs", "description": "Sum of the map.", "format": "{:,d}"},
        "finest": {
            "title": "Finest balanced",
            "description": "The smallest bins (bp) at which balancing converged.",
            "suffix": " bp",
            "format": "{:,d}",
        },
    }
    return {
        "id": "hicloom_maps",
        "section_name": "Maps",
        "description": "Did the contact maps balance, and did the norms of the .hic file converge?",
        "plot_type": "table",
        "pconfig": {"id": "hicloom_maps_table", "title": "hicloom: maps"},
        "headers": numbers | headers,
        "data": {
            name: _numbers(found[name].balancing or [])
            | {metric.id: metric.value for metric in row if metric.value is not None}
            for name, row in metrics.items()
        },
    }


def _numbers(levels: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    balanced = [level["resolution"] for level in levels if level["converged"] and level["weighted"]]
    pairs = {"pairs": levels[0]["pairs"]} if levels else {}
    return pairs | ({"finest": min(balanced)} if balanced else {})


def _balancing(found: Mapping[str, Map]) -> dict[str, Any]:
    """Bins that have a weight (%), 0 where there is no result; a column a resolution."""
    rows = {
        name: {str(level["resolution"]): _weighted(level) for level in of_map.balancing}
        for name, of_map in found.items()
        if of_map.balancing
    }
    sizes = sorted({int(size) for row in rows.values() for size in row})
    return {
        "id": "hicloom_balancing",
        "section_name": "Balanced bins",
        "description": "Bins that have a weight, by bin size; 0 where balancing gave no result.",
        "plot_type": "table",
        "pconfig": {"id": "hicloom_balancing_table", "title": "hicloom: balanced bins"},
        "headers": {
            str(size): {
                "title": f"{size:,} bp",
                "description": f"Bins of {size:,} bp that have a weight.",
                "suffix": "%",
                "min": 0,
                "max": 100,
                "scale": "RdYlGn",
            }
            for size in sizes
        },
        "data": rows,
    }


def _weighted(level: Mapping[str, Any]) -> float:
    return 100 * level["weighted"] / level["bins"] if level["converged"] and level["bins"] else 0.0
