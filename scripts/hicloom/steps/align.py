import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hicloom import __version__, provenance
from hicloom.aligners import BATCH
from hicloom.errors import InputError
from hicloom.options import Output, Threads
from hicloom.outputs import atomic
from hicloom.progress import Progress

if TYPE_CHECKING:
    from hicloom.formats.fastq import Batch

Aligner = Literal["embedded", "bwa", "bwa-mem2", "minimap2"]

_READ_GROUP_FIELD = re.compile(r"[A-Z][A-Z]:[ -~]+")


def align(
    fastq1: Path,
    fastq2: Path,
    /,
    *,
    output: Output,
    index: Path,
    chromsizes: Path | None = None,
    aligner: Aligner = "embedded",
    read_group: str | None = None,
    split_as_secondary: bool = False,
    threads: Threads = 1,
    tmpdir: Path | None = None,
) -> None:
    r"""Align one lane's FASTQ pair to a genome: BAM in read order, each read on its own.

    The records are those of `bwa mem -SP5`: no pairing and no mate rescue, the 5'-most part
    of a chimeric read as its primary record, its other parts as supplementary ones with
    their own MAPQ. They do not depend on the number of threads. Equal hits (MAPQ 0) are drawn
    by lot; bwa's lots differ with its batches, all other records are the same.

    Parameters
    ----------
    fastq1 : Path
        Read 1 of the lane, plain or gzip; checked while it is read.
    fastq2 : Path
        Read 2 of the lane, in the same order.
    output : Path
        The BAM file.
    index : Path
        Folder of an index made by `hicloom index-genome`, or the prefix of any index of
        `bwa index`, or a tar archive (`.tar`, `.tar.gz`, `.tgz`) of such a folder. For minimap2
        a `.mmi` file or the FASTA.
    chromsizes : Path, optional
        Chromosomes of the maps to be made: each must be in the index, with its length (not
        looked at for minimap2).
    aligner : str
        `embedded` is bwa as it comes with hicloom; the others are native programs that
        must be installed.
    read_group : str, optional
        Fields of the @RG line, `ID:lane1\tSM:library1` for instance (`\t` or a tab between
        them); every record is tagged with its ID.
    split_as_secondary : bool
        Flag the other parts of a chimeric read as secondary (`bwa mem -M`).
    threads : int
        Processes that align.
    tmpdir : Path, optional
        Folder where an archive of an index is unpacked for the time of the run (default: the
        system's).

    Raises
    ------
    InputError
        If a FASTQ is truncated, corrupt or empty, the two do not hold the same reads, a
        file of the index is missing, or the index lacks a chromosome.
    WorkError
        If the aligner dies.
    """
    from hicloom.aligners import Settings
    from hicloom.formats.fastq import batches
    from hicloom.formats.genome import unpacked

    group = _read_group(read_group) if read_group else None
    lane = _shown(batches(fastq1, fastq2, BATCH))
    with unpacked(index, tmpdir) as folder, atomic(output) as (part,):
        settings = Settings(folder, group, split_as_secondary, threads, _program())
        if chromsizes and aligner != "minimap2":
            _check_index(folder, chromsizes)
        if aligner == "embedded":
            from hicloom.aligners import embedded

            embedded.align(lane, part, settings)
        else:
            from hicloom.aligners import external

            external.align(aligner, lane, part, settings)


def _check_index(index: Path, chromsizes: Path) -> None:
    from hicloom.formats.chromsizes import check_subset, read_chromsizes
    from hicloom.formats.genome import BwaIndex, find_prefix

    known = BwaIndex(find_prefix(index, ".ann")).chromsizes()
    check_subset(read_chromsizes(chromsizes), known, chromsizes, f"the index {index}")


def _program() -> dict[str, str]:
    command = provenance.command().replace("\t", r"\t")
    return {"ID": "hicloom-align", "PN": "hicloom", "VN": __version__, "CL": command}


def _read_group(text: str) -> dict[str, str]:
    """Fields of an @RG line such as `ID:lane1\\tSM:library1`."""
    fields = text.replace(r"\t", "\t").removeprefix("@RG\t").split("\t")
    wrong = [field for field in fields if not _READ_GROUP_FIELD.fullmatch(field)]
    group = dict(field.split(":", 1) for field in fields if field not in wrong)
    if wrong or "ID" not in group:
        raise InputError(f"--read-group {text}: expected fields such as ID:lane1\\tSM:library1")
    return group


def _shown(lane: "Iterable[Batch]") -> "Iterator[Batch]":
    """The batches as they come, counted on a terminal."""
    progress = Progress("read pairs")
    for batch in lane:
        yield batch
        progress.add(batch.pairs)
    progress.end()
