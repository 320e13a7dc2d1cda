"""pairtools' statistics: a two-column table whose keys are paths, such as `pair_types/UU`."""

import json as json_format
import math
from pathlib import Path
from typing import Any

from hicloom.outputs import atomic


def write_stats(text: str, *, tsv: Path | None, json: Path | None) -> None:
    """Write the `text` of a table as TSV, as JSON, or both."""
    if tsv:
        with atomic(tsv) as (part,):
            part.write_text(text)
    if json:
        with atomic(json) as (part,):
            part.write_text(json_format.dumps(parse_stats(text), indent=2) + "\n")


def parse_stats(text: str) -> dict[str, Any]:
    """The table as nested dictionaries; numbers are int or float, None if not finite."""
    tree: dict[str, Any] = {}
    for line in text.splitlines():
        key, _, value = line.partition("\t")
        *parents, leaf = key.split("/")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        node[leaf] = _number(value)
    return tree


def _number(text: str) -> int | float | str | None:
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        return value if math.isfinite(value) else None
    return text
