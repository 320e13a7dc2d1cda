from pathlib import Path

from hicloom.compat._inputs import Cores, needed
from hicloom.steps.bam2pairs import bam2pairs


def pairsam_parse_sort(
    *,
    bam: Path | None = None,
    chromsize: Path | None = None,
    outdir: Path = Path(),
    outprefix: str = "out",
    threads: Cores = 8,
    compress_programm: str = "lz4c",
) -> None:
    """Find the pairs of a BAM file and sort them: `<outdir>/<outprefix>.sam.pairs.gz`.

    Every read pair is there, also unmapped and multiply mapped ones, with its alignments in
    columns sam1 and sam2 and their MAPQ in mapq1 and mapq2.

    Parameters
    ----------
    bam : Path, optional
        Alignments with the records of each pair side by side.
    chromsize : Path, optional
        Chromosomes in the order that defines the upper triangle.
    outdir : Path
        Folder of the output; made if it is not there.
    outprefix : str
        The output's name without its endings.
    threads : int
        Threads that sort and compress.
    compress_programm : str
        Taken and not used: it compressed the temporary files of the sort with a program that
        had to be installed, and the result is the same with any. (The two m are theirs.)

    Raises
    ------
    InputError
        If an input is missing or wrong (see `hicloom bam2pairs`).
    """
    bam2pairs(
        needed(bam, "bam"),
        chromsizes=needed(chromsize, "chromsize"),
        output=outdir / f"{outprefix}.sam.pairs.gz",
        min_mapq=1,
        walks_policy="mask",
        max_molecule_size=2000,
        max_inter_align_gap=20,
        add_columns="mapq",
        keep_sam=True,
        threads=threads,
    )
