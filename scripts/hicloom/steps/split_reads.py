from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from hicloom.aligners import BATCH
from hicloom.errors import InputError
from hicloom.options import Output
from hicloom.outputs import atomic_folder

_FASTEST = 1


def split_reads(
    fastq1: Path,
    fastq2: Path,
    /,
    *,
    output: Output,
    chunk_reads: Annotated[int, Parameter(validator=Number(gte=1))],
) -> None:
    """Split a lane's FASTQ pair into chunks, which may be aligned on their own.

    The pairs of the chunks one after the other, in the order of their names, are those of the
    lane. As each chunk holds whole batches of `hicloom align`, its embedded aligner gives the
    same records for chunks as for the lane.

    Parameters
    ----------
    fastq1 : Path
        Read 1 of the lane, plain or gzip.
    fastq2 : Path
        Read 2 of the lane, in the same order.
    output : Path
        Folder of the chunks: 0001_1.fastq.gz, 0001_2.fastq.gz, 0002_1.fastq.gz, ...
    chunk_reads : int
        Read pairs of a chunk, rounded up to a multiple of 2,048, which are aligned at a time.

    Raises
    ------
    InputError
        If a FASTQ is truncated, corrupt or empty, or the two do not hold the same number.
    """
    from hicloom.aligners import whole_batches

    with atomic_folder(output, "*_[12].fastq.gz") as folder, ThreadPoolExecutor() as pool:
        split = partial(_split, folder, whole_batches(chunk_reads) // BATCH)
        one, two = pool.map(split, (fastq1, fastq2), (1, 2))
        if one != two:
            raise InputError(
                f"{fastq2}: holds {two:,} reads, but {fastq1} holds {one:,}; "
                "both files of a lane need the same reads"
            )


def _split(folder: Path, batches: int, path: Path, mate: int) -> int:
    """Write the chunks of one file, of so many batches each; how many reads there were."""
    from itertools import islice

    from isal import igzip

    from hicloom.formats.fastq import count, records

    pieces, reads, chunk = records(path, BATCH), 0, 0
    while piece := next(pieces, b""):
        chunk += 1
        with igzip.open(folder / f"{chunk:04d}_{mate}.fastq.gz", "wb", _FASTEST) as out:
            out.write(piece)
            reads += count(piece)
            for more in islice(pieces, batches - 1):
                out.write(more)
                reads += count(more)
    return reads
