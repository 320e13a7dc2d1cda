from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hicloom.aligners import BATCH
from hicloom.errors import InputError
from hicloom.options import Natural, Output
from hicloom.outputs import STREAM, atomic, is_stream


def count_reads(
    fastq1: Path, fastq2: Path, /, *, chunk_reads: Natural = 0, output: Output = STREAM
) -> None:
    """Count the read pairs of a lane, and list the chunks that `split-reads` makes of it.

    Parameters
    ----------
    fastq1 : Path
        Read 1 of the lane, plain or gzip.
    fastq2 : Path
        Read 2 of the lane.
    chunk_reads : int
        Read pairs of a chunk, rounded up to a multiple of 2,048, which are aligned at a time:
        so each pair is aligned as in the whole lane. 0 for one chunk of all.
    output : Path
        Table of chunks: name, number of the first pair (1-based), how many pairs.

    Raises
    ------
    InputError
        If a FASTQ is truncated, corrupt or empty, or the two do not hold the same number.
    """
    from hicloom.aligners import whole_batches

    with ThreadPoolExecutor() as pool:
        one, two = pool.map(_count, (fastq1, fastq2))
    if one != two:
        raise InputError(
            f"{fastq2}: holds {two:,} reads, but {fastq1} holds {one:,}; "
            "both files of a lane need the same reads"
        )
    size = whole_batches(chunk_reads) or one
    rows = (
        f"{place:04d}\t{first + 1}\t{min(size, one - first)}"
        for place, first in enumerate(range(0, one, size), start=1)
    )
    text = "\n".join(["chunk\tfirst\tpairs", *rows])
    if is_stream(output):
        print(text)
        return
    with atomic(output) as (part,):
        part.write_text(f"{text}\n")


def _count(path: Path) -> int:
    from hicloom.formats.fastq import count, records

    return sum(map(count, records(path, BATCH)))
