"""The command `portal metadata`."""

from pathlib import Path

from hicloom.options import Output
from hicloom.portal import SERVER


def metadata(
    *words: str,
    output: Output,
    accessions: Path | None = None,
    server: str = SERVER,
    keypairs: Path | None = None,
) -> None:
    """Write the portal's metadata.tsv: a row for each file of what a search finds.

    For example:

        hicloom portal metadata 4DNES4AABNEZ -o metadata.tsv
        hicloom portal metadata organism=human biosource=GM12878 -o metadata.tsv
        hicloom portal metadata --accessions sets.txt -o metadata.tsv

    It is the table that the portal's button "Download" gives, for `hicloom portal download`.

    Parameters
    ----------
    words : str
        As for `hicloom portal search`: free text, `FIELD=VALUE`, accessions of experiment
        sets, experiments or files, or the URL of a search in the browser.
    output : Path
        The table to write.
    accessions : Path, optional
        Text with more accessions, one a line.
    server : str
        URL of the portal.
    keypairs : Path, optional
        File with access keys (default: what HICLOOM_KEYPAIRS names, else `~/keypairs.json`).

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
    from hicloom.portal.query import read_accessions, read_queries

    portal = open_portal(server, keypairs)
    listed = read_accessions(accessions) if accessions is not None else []
    text = fetch_table(portal, read_queries([*words, *listed], portal))
    with atomic(output) as (part,):
        part.write_text(text, encoding="utf-8")
