"""The command `portal search`."""

from pathlib import Path

from hicloom.portal import SERVER


def search(
    *words: str,
    metadata: Path | None = None,
    server: str = SERVER,
    keypairs: Path | None = None,
) -> None:
    """List experiment sets of the portal, as a table on standard output.

    For example:

        hicloom portal search 'in situ Hi-C' organism=human
        hicloom portal search experiment_type='Micro-C' biosource='H1-hESC (Tier 1)'
        hicloom portal search 4DNES4AABNEZ --metadata metadata.tsv
        hicloom portal search type=File file_format.file_format=mcool

    Several values of one field widen a search, fields narrow it; `FIELD!=VALUE` leaves out.

    Parameters
    ----------
    words : str
        Free text; `FIELD=VALUE` with a field of the portal or one of `experiment_type`,
        `biosource`, `organism`, `assay`, `treatment`, `publication`, `dataset`, `condition`,
        `lab`, `status`; accessions; or the URL of a search in the browser.
    metadata : Path, optional
        Write the table of all their files, too, for `hicloom portal download`.
    server : str
        URL of the portal.
    keypairs : Path, optional
        File with access keys (default: what HICLOOM_KEYPAIRS names, else `~/keypairs.json`).
        Data that is released is found without a key.

    Raises
    ------
    InputError
        If nothing is found.
    WorkError
        If the portal cannot be reached.
    """
    from hicloom.commands.portal._shared import open_portal
    from hicloom.outputs import atomic
    from hicloom.portal.metadata import fetch_table
    from hicloom.portal.query import read_queries
    from hicloom.portal.search import find

    portal = open_portal(server, keypairs)
    queries = read_queries(words, portal)
    rows = find(portal, queries)
    if metadata is not None:
        with atomic(metadata) as (part,):
            part.write_text(fetch_table(portal, queries), encoding="utf-8")
    print("#" + "\t".join(rows[0]))
    for row in rows:
        print("\t".join(row.values()))
