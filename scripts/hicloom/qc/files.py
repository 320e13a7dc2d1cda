"""Files in, files out: what steps need to count pairs and to write what is known of a library."""

import json
from pathlib import Path

from hicloom.formats.chromsizes import read_chromsizes
from hicloom.formats.fragments import read_sites
from hicloom.formats.pairs import PairsReader
from hicloom.outputs import atomic
from hicloom.qc import multiqc
from hicloom.qc.counts import PairCounts
from hicloom.qc.document import Library
from hicloom.qc.regions import Regions, read_arms


def counts_for(
    reader: PairsReader,
    *,
    columns: tuple[str, ...] | None = None,
    chromsizes: Path | None = None,
    arms: Path | None = None,
    fragments: Path | None = None,
    mismatch: int = 3,
) -> PairCounts:
    """Counts, still all 0, for the pairs of a reader; `columns` if they are not its header's.

    Raises
    ------
    InputError
        If a file is not what it should be.
    """
    header = reader.header.with_columns(*columns) if columns else reader.header
    sizes = read_chromsizes(chromsizes) if chromsizes else header.chromsizes
    regions = Regions(sizes, read_arms(arms, sizes) if arms else ())
    sites = read_sites(fragments) if fragments else None
    line = reader.header_lines + 1
    return PairCounts(header, reader.source, line, regions, sites=sites, mismatch=mismatch)


def write_library(
    library: Library,
    *,
    output: Path | None = None,
    pairsqc: Path | None = None,
    for_multiqc: Path | None = None,
) -> None:
    """Write the document of a library as JSON, pairsqc's tables, and what MultiQC reads."""
    document = library.document()
    if output:
        with atomic(output) as (part,):
            part.write_text(json.dumps(document, allow_nan=False) + "\n")
    if for_multiqc:
        multiqc.write(for_multiqc, document)
    if pairsqc:
        _write_tables(library, pairsqc)


def _write_tables(library: Library, folder: Path) -> None:
    """pairsqc draws the line of a cutter of four bases where no enzyme is known; so is it here."""
    numbers = library.pairsqc()
    texts = {
        "cis_to_trans": numbers.cis_to_trans_text(),
        "plot_table": numbers.plot_table_text(),
        "summary": numbers.summary_text(library.enzyme or "4"),
    }
    for what, text in texts.items():
        with atomic(folder / f"{library.name}.{what}.out") as (part,):
            part.write_text(text)
