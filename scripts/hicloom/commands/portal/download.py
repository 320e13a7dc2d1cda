"""The command `portal download`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hicloom.errors import InputError
from hicloom.options import Threads
from hicloom.portal import SERVER

if TYPE_CHECKING:
    from hicloom.portal.client import Portal
    from hicloom.portal.table import PortalFile, Table


def download(
    *sources: str,
    into: Path,
    file_format: list[str] | None = None,
    file_type: list[str] | None = None,
    samples: Path | None = None,
    dry_run: bool = False,
    threads: Threads = 4,
    server: str = SERVER,
    keypairs: Path | None = None,
) -> None:
    r"""Download files of the portal: reads, pairs, .mcool, .hic; and write their samples.tsv.

    For example:

        hicloom portal download metadata.tsv --into data --dry-run
        hicloom portal download metadata.tsv --into maps --file-format mcool hic
        hicloom portal download 4DNES4AABNEZ --into reads --file-format fastq \
            --samples config/samples.tsv
        hicloom portal download 4DNES4AABNEZ --into pairs --file-format pairs \
            --file-type 'contact list-replicate' --samples config/samples.tsv

    A file that is there with the right md5 is left alone; a broken download goes on where it
    stopped. Size and md5 are checked. The portal gives files to those with an access key:
    make one in your profile there and put it into `~/keypairs.json`.

    Parameters
    ----------
    sources : str
        A `metadata.tsv` (of the portal, or of `hicloom portal metadata`), or accessions of
        experiment sets, experiments or files; several of them.
    into : Path
        Folder for the files. What is unfinished begins with `.fetch-` there.
    file_format : list of str, optional
        Only files of these formats: `fastq`, `pairs`, `pairs_px2`, `mcool`, `hic`...
    file_type : list of str, optional
        Only files of these types, in the portal's words: `reads`, `contact list-replicate`...
    samples : Path, optional
        Write the workflow's sample table of the FASTQs or pairs: an experiment is a library,
        its experiment set a group, a pair of FASTQs a lane.
    dry_run : bool
        List the files and download nothing.
    threads : int
        How many files come at a time.
    server : str
        URL of the portal; the access key goes there and nowhere else.
    keypairs : Path, optional
        File with access keys (default: what HICLOOM_KEYPAIRS names, else `~/keypairs.json`).
        The variables HICLOOM_PORTAL_KEY and HICLOOM_PORTAL_SECRET come before it.

    Raises
    ------
    InputError
        For a table that is not sound, a refused key, or files that make no sample table.
    WorkError
        If the portal cannot be reached, the disk is full, or a file is not what was promised.
    """
    from hicloom.commands.portal._shared import open_portal
    from hicloom.portal.files import fetch_files
    from hicloom.portal.samples import check_folder, plan_lanes, write_samples

    portal = open_portal(server, keypairs)
    files = _chosen(_tables(sources, portal), file_format, file_type)
    check_folder(into)
    lanes = plan_lanes(files) if samples is not None else []
    _print("#file", "bytes", "md5", "state")
    if dry_run:
        for file in files:
            size = file.size if file.size is not None else "."
            _print(into / file.name, size, file.md5 or ".", "to download")
        return
    for done in fetch_files(portal, files, into, threads=threads):
        state = "was there" if done.was_there else "downloaded"
        _print(done.path, done.size, done.md5 or ".", state)
    if samples is not None:
        write_samples(lanes, into, samples)


def _tables(sources: tuple[str, ...], portal: "Portal") -> "Table":
    """The files of all tables and accessions."""
    from hicloom.portal.metadata import fetch_table
    from hicloom.portal.query import is_accession, read_queries
    from hicloom.portal.rows import parse_table, read_table
    from hicloom.portal.table import join_tables

    if not sources:
        raise InputError("nothing to download; give a metadata.tsv or accessions")
    accessions = [source for source in sources if is_accession(source)]
    tables = [read_table(Path(source)) for source in sources if not is_accession(source)]
    if accessions:
        text = fetch_table(portal, read_queries(accessions, portal))
        tables.append(parse_table(text, f"{portal.server}/metadata/"))
    return join_tables(tables)


def _chosen(
    table: "Table", formats: list[str] | None, types: list[str] | None
) -> "list[PortalFile]":
    """The files of some formats and types; what cannot be had of them is told."""
    from hicloom.portal.table import choose

    files, unavailable = choose(table, formats, types)
    for lost in unavailable:
        _say(f"{lost.where}: {lost.accession} cannot be downloaded ({lost.reason})")
    for file in files:
        if file.md5 is None:
            _say(f"{file.where}: {file.name} has no md5 in the table; only its size is checked")
    return files


def _say(message: str) -> None:
    print(f"hicloom: {message}", file=sys.stderr)


def _print(*cells: object) -> None:
    print(*cells, sep="\t", flush=True)
