from pathlib import Path

from hicloom.errors import InputError
from hicloom.formats.pairs import open_pairs
from hicloom.formats.stats import write_stats
from hicloom.options import Enzyme, Natural, Threads
from hicloom.outputs import is_stream
from hicloom.progress import Progress


def stats(
    pairs: Path,
    /,
    *,
    output: Path | None = None,
    tsv: Path | None = None,
    json: Path | None = None,
    pairsqc: Path | None = None,
    multiqc: Path | None = None,
    name: str | None = None,
    chromsizes: Path | None = None,
    arms: Path | None = None,
    fragments: Path | None = None,
    enzyme: Enzyme | None = None,
    dedup_stats: Path | None = None,
    mcool: Path | None = None,
    hic: Path | None = None,
    max_mismatch: Natural = 3,
    max_distance: float = 8.4,
    threads: Threads = 1,
) -> None:
    """Judge a library by its pairs: counts, P(s), complexity, and what they mean.

    Parameters
    ----------
    pairs : Path
        Pairs of any stage; `-` is standard input. Only with duplicates in their place (`hicloom
        dedup --keep-duplicates`) can those of the flow cell be told from those of the PCR.
    output : Path, optional
        JSON file for every number, with a verdict for each metric (docs/qc.md).
    tsv : Path, optional
        Table of two columns as `pairtools stats` writes it; MultiQC reads it.
    json : Path, optional
        The same table as nested JSON.
    pairsqc : Path, optional
        Folder for pairsqc's tables, with its columns.
    multiqc : Path, optional
        Folder for files that MultiQC shows as P(s), complexity and metrics.
    name : str, optional
        Name of the library (default: that of the file, without endings).
    chromsizes : Path, optional
        Names and lengths of the chromosomes that count (default: those of the header).
    arms : Path, optional
        BED file with the arms of chromosomes, for P(s) within them.
    fragments : Path, optional
        Restriction sites of `hicloom fragments`: classes of fragments are counted.
    enzyme : {"4", "6"}, optional
        Bases that the enzyme's site has: where strand orientations are expected to agree.
    dedup_stats : Path, optional
        Statistics of `hicloom dedup`, for what these pairs no longer show: unmapped read pairs
        and duplicates.
    mcool : Path, optional
        Map whose balancing is judged.
    hic : Path, optional
        Map whose norms are judged.
    max_mismatch : int
        How far (bp) the ends of marked duplicates are apart.
    max_distance : float
        log10 of the largest distance (bp) in pairsqc's table: 8.4 for human, 8.2 for mouse.
    threads : int
        Threads that decompress the input.

    Raises
    ------
    InputError
        If a file is not what it should be, a position lies beyond its chromosome, or no output
        is asked for.
    """
    if not any((output, tsv, json, pairsqc, multiqc)):
        raise InputError("nothing to write: give --output, --tsv, --json, --pairsqc or --multiqc")
    # Bring numba, for which bad usage does not wait.
    from hicloom.qc import maps, pairtools_table
    from hicloom.qc.document import Library
    from hicloom.qc.files import counts_for, write_library
    from hicloom.qc.totals import Totals

    given = Totals.read(dedup_stats) if dedup_stats else None
    levels, norms = maps.balancing(mcool) if mcool else None, maps.norms(hic) if hic else None
    with open_pairs(pairs, threads) as reader:
        counts = counts_for(
            reader, chromsizes=chromsizes, arms=arms, fragments=fragments, mismatch=max_mismatch
        )
        progress = Progress("pairs")
        for text in reader.texts():
            progress.add(counts.add(text))
        progress.end()
        lengths = reader.header.chromsizes
    if tsv or json:
        write_stats(pairtools_table.table(counts, lengths), tsv=tsv, json=json)
    library = Library(
        name or ("pairs" if is_stream(pairs) else pairs.name.partition(".")[0]),
        counts,
        given or Totals.of(counts),
        enzyme=enzyme,
        balancing=levels,
        norms=norms,
        max_distance=max_distance,
    )
    if output or pairsqc or multiqc:
        write_library(library, output=output, pairsqc=pairsqc, for_multiqc=multiqc)
