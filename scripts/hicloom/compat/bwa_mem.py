from pathlib import Path

from hicloom.compat._inputs import Cores
from hicloom.steps.align import align


def bwa_mem(
    *,
    fastq1: Path,
    fastq2: Path,
    bwa_index: Path,
    outdir: Path = Path(),
    prefix: str = "out",
    nthreads: Cores = 4,
) -> None:
    """Align a FASTQ pair as `bwa mem -SP5M` does: `<outdir>/<prefix>.bam`, in read order.

    Parameters
    ----------
    fastq1 : Path
        Read 1, plain or gzip.
    fastq2 : Path
        Read 2, in the same order.
    bwa_index : Path
        Tar archive (`.tgz`) of the index's files, under any prefix; also a folder or prefix.
    outdir : Path
        Folder of the output; made if it is not there.
    prefix : str
        The output's name without `.bam`.
    nthreads : int
        Processes that align.

    Raises
    ------
    InputError
        If a FASTQ or the index is wrong (see `hicloom align`).
    """
    output = outdir / f"{prefix}.bam"
    align(fastq1, fastq2, output=output, index=bwa_index, split_as_secondary=True, threads=nthreads)
