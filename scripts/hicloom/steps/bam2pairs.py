import re
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

from hicloom import provenance
from hicloom.errors import InputError
from hicloom.options import Memory, Natural, Output, Threads

# What pairtools 1.1.2 can say of an alignment (EXTRA_COLUMNS in lib/pairsam_format.py).
_COLUMNS = (
    *("mapq", "pos5", "pos3", "cigar", "read_len", "matched_bp", "algn_ref_span"),
    *("algn_read_span", "dist_to_5", "dist_to_3", "seq", "mismatches"),
)

WalksPolicy = Literal["mask", "5any", "5unique", "3any", "3unique", "all"]


def bam2pairs(
    bam: Path,
    /,
    *,
    output: Output,
    chromsizes: Path,
    assembly: str = "unknown",
    min_mapq: Natural = 1,
    walks_policy: WalksPolicy = "mask",
    max_molecule_size: Natural = 2000,
    max_inter_align_gap: Natural = 20,
    add_columns: str = "mapq",
    keep_sam: bool = False,
    threads: Threads = 1,
    memory: Memory = "2G",
    tmpdir: Path | None = None,
) -> None:
    """Find the contacts in a name-grouped BAM file and sort them: `pairtools parse`, `sort`.

    Pairs are flipped to the upper triangle of `chromsizes` and sorted by chrom1, chrom2,
    pos1, pos2, pair_type, then in the order of the BAM file.

    Parameters
    ----------
    bam : Path
        Alignments with the records of each pair side by side, as `hicloom align` writes them.
    output : Path
        Sorted pairs: `.gz` is written as BGZF with a `.px2` index beside it; `-` is
        standard output.
    chromsizes : Path
        `name<TAB>length` (bp) of chromosomes of the BAM file, in the order that defines the
        upper triangle; those that it leaves out follow in alphabetical order.
    assembly : str
        Name of the genome assembly, for the header.
    min_mapq : int
        Alignments with a lower MAPQ count as not unique (M).
    walks_policy : str
        What to report of reads that no single ligation explains (see `pairtools parse`).
    max_molecule_size : int
        Longest molecule (bp) for which three alignments are rescued as one ligation.
    max_inter_align_gap : int
        Longest stretch (bp) of a read between alignments that is not taken for one of its own.
    add_columns : str
        Columns to add for each side, separated by commas: those of `pairtools parse`
        (mapq, pos5, cigar, ...) or SAM tags.
    keep_sam : bool
        Keep the alignments in columns sam1 and sam2, for a lossless BAM after dedup.
    threads : int
        Threads that sort and compress.
    memory : str
        What sorting may take, such as `4G`; more than that is spilled to `tmpdir`.
    tmpdir : Path, optional
        Folder for spilled chunks (default: the system's).

    Raises
    ------
    InputError
        If the BAM file is truncated, not grouped by name, without @SQ lines, or
        `chromsizes` does not fit it.
    """
    from hicloom.formats.bam import require_name_grouped
    from hicloom.formats.chromsizes import check_subset, read_chromsizes
    from hicloom.formats.pairs import SORTED, PairsReader, create_pairs
    from hicloom.formats.text import pieces_of
    from hicloom.process import chain
    from hicloom.sorting import sort_command, write_sorted

    check_subset(read_chromsizes(chromsizes), require_name_grouped(bam), chromsizes, str(bam))
    parse = [
        *_parse_command(bam, chromsizes, assembly, add_columns, keep_sam),
        *("--min-mapq", str(min_mapq)),
        *("--walks-policy", walks_policy),
        *("--max-molecule-size", str(max_molecule_size)),
        *("--max-inter-align-gap", str(max_inter_align_gap)),
    ]
    with ExitStack() as parsing:
        parsed = parsing.enter_context(chain([parse])).stdout
        assert parsed
        if not parsed.peek(1):  # type: ignore[attr-defined]
            parsing.close()
        reader = PairsReader(pieces_of(parsed), str(bam))
        sort = sort_command(reader.header, threads=threads, memory=memory, tmpdir=tmpdir)
        header = reader.header.with_values(sorted=SORTED).with_command(provenance.command())
        with create_pairs(output, header, threads) as out:
            write_sorted(out, reader.texts(), sort)
            # A parse that failed must say so before the output takes its name.
            parsing.close()


def _parse_command(
    bam: Path, chromsizes: Path, assembly: str, add_columns: str, keep_sam: bool
) -> list[str]:
    from hicloom.process import tool

    command = [tool("pairtools", "it comes with hicloom; install hicloom again"), "parse"]
    command += ["--chroms-path", str(chromsizes.absolute()), "--assembly", assembly]
    command += ["--add-columns", _checked(add_columns), *([] if keep_sam else ["--drop-sam"])]
    command += ["--report-alignment-end", "5", "--flip", "--nproc-in", "1", "--nproc-out", "1"]
    return [*command, str(bam.absolute())]


def _checked(columns: str) -> str:
    """The columns, if pairtools knows them all."""
    for column in filter(None, columns.split(",")):
        if column not in _COLUMNS and not re.fullmatch("[A-Z]{2}", column):
            raise InputError(
                f"--add-columns {column}: expected a SAM tag or one of {', '.join(_COLUMNS)}"
            )
    return columns
