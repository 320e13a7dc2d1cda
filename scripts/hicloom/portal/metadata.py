"""The portal's table of files, `metadata.tsv`, as the portal makes it."""

import json
from collections.abc import Iterator, Sequence

from hicloom.errors import InputError, WorkError
from hicloom.portal.client import Portal
from hicloom.portal.query import Query
from hicloom.portal.rows import URL, rows_of


def fetch_table(portal: Portal, queries: Sequence[Query]) -> str:
    """The portal's own `metadata.tsv` of what queries find.

    Raises
    ------
    InputError
        If it finds no files, or refuses.
    WorkError
        If it cannot be reached, or answers what is no such table.
    """
    texts = [_fetch(portal, query) for query in queries]
    heads = {tuple(_names(text)) for text in texts}
    if len(heads) != 1 or URL not in next(iter(heads)):
        raise WorkError(f"{portal.server}/metadata/: answers what is no table of files")
    whole = texts[0] + "".join(_after_names(text) for text in texts[1:])
    if not any(True for _ in rows_of(whole, "metadata.tsv")):
        asked = " ".join(f"{name}={value}" for name, value in queries[0].parameters)
        raise InputError(f"{portal.server}: finds no files for {asked[:300]}")
    return whole


def _fetch(portal: Portal, query: Query) -> str:
    # As the portal's own button does it; a GET is not answered by all of its versions.
    form = {
        "accession_triples": json.dumps(query.wanted),
        "download_file_name": json.dumps("metadata.tsv"),
    }
    answer = portal.read(query.path("metadata", ("sort", "accession")), form)
    return answer.decode("utf-8", errors="replace").replace("\r\n", "\n")


def _lines(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _names(text: str) -> list[str]:
    return [name.strip() for name in next(_lines(text), "").split("\t")]


def _after_names(text: str) -> str:
    return text.partition(next(_lines(text), "") + "\n")[2]
