"""Files that a stock MultiQC reads as custom content: `NAME_hicloom_*_mqc.json`.

https://docs.seqera.io/multiqc/custom_content. Files of several libraries with one `id` make one
section.
"""

import json
from pathlib import Path
from typing import Any

from hicloom.outputs import atomic

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
    written = []
    for what, section in sections.items():
        if section["data"].get(name):
            path = folder / f"{name}_hicloom_{what}_mqc.json"
            with atomic(path) as (part,):
                part.write_text(json.dumps(_PARENT | section, indent=1) + "\n")
            written.append(path)
    return written


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
