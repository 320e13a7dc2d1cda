"""What a portal finds, as a table."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from hicloom.errors import InputError, WorkError
from hicloom.portal.client import Portal
from hicloom.portal.query import FIELDS, Query

# Columns of the table, with the portal's fields.
SET_COLUMNS = {
    "accession": "accession",
    **{name: FIELDS[name] for name in ("experiment_type", "assay", "biosource", "organism")},
    **{name: FIELDS[name] for name in ("dataset", "condition", "lab")},
    "experiments": "number_of_experiments",
    "files": "number_of_files",
    "status": "status",
    "released": "public_release",
}
FILE_COLUMNS = {
    "accession": "accession",
    "format": "file_format.file_format",
    "type": "file_type",
    "bytes": "file_size",
    "experiment": "experiments.accession",
    "experiment_set": "source_experiment_sets.accession",
    "experiment_type": "track_and_facet_info.experiment_type",
    "biosource": "track_and_facet_info.biosource_name",
    "dataset": "track_and_facet_info.dataset",
    "condition": "track_and_facet_info.condition",
    "status": "status",
}


def find(portal: Portal, queries: list[Query]) -> list[dict[str, str]]:
    """The experiment sets (or files, where the query is for these) that the portal finds.

    Raises
    ------
    InputError
        If it finds nothing, or refuses.
    WorkError
        If it cannot be reached, or answers what is no result of a search.
    """
    rows = [row for query in queries for row in _find(portal, query)]
    if not rows:
        asked = " ".join(f"{name}={value}" for name, value in queries[0].parameters)
        raise InputError(f"{portal.server}: finds nothing for {asked[:300]}")
    return rows


def _find(portal: Portal, query: Query) -> Iterator[dict[str, str]]:
    of_files = dict(query.parameters)["type"].startswith("File")
    columns = FILE_COLUMNS if of_files else SET_COLUMNS
    fields = [("field", field) for field in columns.values()]
    path = query.path("search", *fields, ("limit", "all"), ("format", "json"))
    for item in _items(portal, path):
        yield {name: cell(_values(item, field)) for name, field in columns.items()}


def _items(portal: Portal, path: str) -> list[Mapping[str, Any]]:
    try:
        # Where nothing is found, the portal says 404 with an empty list.
        items = json.loads(portal.read(path))["@graph"]
        if not all(isinstance(item, dict) for item in items):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise WorkError(
            f"{portal.server}/search/: answers what is no result of a search; is this a portal "
            "like 4DN's?"
        ) from None
    return list(items)


def _values(node: Any, field: str) -> list[str]:
    """Every value at a dotted path, each once; lists on the way are looked through."""
    nodes = [node]
    for name in field.split("."):
        inner = [n[name] for n in nodes if isinstance(n, dict) and name in n]
        nodes = [v for value in inner for v in (value if isinstance(value, list) else [value])]
    return list(dict.fromkeys(str(n) for n in nodes if isinstance(n, str | int | float)))


def cell(values: list[str]) -> str:
    """Values as a cell of a table: one line, nothing that a terminal would obey."""
    text = "; ".join(values)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split()) or "."
