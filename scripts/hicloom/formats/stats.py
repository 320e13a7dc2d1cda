"""pairtools' statistics: a two-column table whose keys are paths, such as `pair_types/UU`."""

import json as json_format
from pathlib import Path
from typing import Any

from hicloom.outputs import atomic


def write_stats(table: Path, *, tsv: Path | None, json: Path | None) -> None:
    """Write the table that pairtools made at `table` as TSV, as JSON, or both."""
    if tsv:
        with atomic(tsv) as (part,):
            part.write_bytes(table.read_bytes())
    if json:
        with atomic(json) as (part,):
            text = json_format.dumps(parse_stats(table.read_text()), indent=2)
            part.write_text(text + "\n")


def parse_stats(text: str) -> dict[str, Any]:
    """The table as nested dictionaries; numbers are int or float."""
    tree: dict[str, Any] = {}
    for line in text.splitlines():
        key, _, value = line.partition("\t")
        *parents, leaf = key.split("/")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        node[leaf] = _number(value)
    return tree


def _number(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text
