from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from hicloom import provenance
from hicloom.options import Memory, Output, Threads
from hicloom.outputs import atomic, scratch

if TYPE_CHECKING:
    from hicloom.formats.counter import Counter
    from hicloom.matrix.binning import Ints


def cload(
    pairs: Path,
    /,
    *,
    output: Output,
    bin_size: Annotated[int, Parameter(validator=Number(gte=1))] = 1000,
    chromsizes: Path | None = None,
    assembly: str | None = None,
    drop_other_chromosomes: bool = False,
    count_dtype: Literal["int32", "int64"] = "int32",
    threads: Threads = 1,
    memory: Memory = "1G",
    tmpdir: Path | None = None,
) -> None:
    """Bin pairs into a contact map.

    Parameters
    ----------
    pairs : Path
        Pairs in any order; `-` is standard input.
    output : Path
        The map (.cool): upper triangle. The same pixels as of
        `cooler cload pairs -c1 2 -p1 3 -c2 4 -p2 5`.
    bin_size : int
        In bp. A pair at (1-based) position p lies in bin (p - 1) // bin_size.
    chromsizes : Path, optional
        Chromosomes of the map and their order (default: the header's).
    assembly : str, optional
        Name of the genome assembly (default: the header's).
    drop_other_chromosomes : bool
        Leave out pairs on chromosomes that the map lacks, and say how many (else they are an
        error).
    count_dtype : {"int32", "int64"}
        Type of the counts; more than 2147483647 pairs in a pixel need `int64`.
    threads : int
        Threads that decompress and parse the pairs, and sort and write the pixels.
    memory : str
        What the map may take in memory, such as `4G`, beside the program itself; more is spilled
        to `tmpdir`.
    tmpdir : Path, optional
        Folder for spilled pixels (default: the system's).

    Raises
    ------
    InputError
        If a pair lies on a chromosome that the map lacks, or beyond its chromosome, or the
        memory is too small.
    WorkError
        If a pixel holds more pairs than `count_dtype` can tell.
    """
    from hicloom.formats.cool import write_cool
    from hicloom.formats.counter import Counter
    from hicloom.formats.pairs import open_pairs
    from hicloom.matrix.binner import MOST_READERS, Binner, memory_for_counting
    from hicloom.matrix.binning import Bins, chosen_chromsizes

    readers = min(threads, MOST_READERS)
    limit = memory_for_counting(memory, readers)
    with open_pairs(pairs, readers) as reader:
        bins = Bins(chosen_chromsizes(reader.header, reader.source, chromsizes), bin_size)
        binner = Binner(bins, threads=readers, drop_other_chromosomes=drop_other_chromosomes)
        with (
            scratch(tmpdir) as folder,
            atomic(output) as (part,),
            Counter(folder, limit, readers) as counter,
        ):
            for keys in binner.keys(reader):
                counter.add(keys)
            binner.sieve.report("cload")
            write_cool(
                part,
                bins.chromsizes,
                bin_size,
                _pixels(counter, int(bins.starts[-1])),
                assembly=assembly or reader.header.assembly,
                metadata={"command": provenance.command()},
                threads=threads,
                count_dtype=count_dtype,
            )


def _pixels(counter: "Counter", n_bins: int) -> Iterator[tuple["Ints", "Ints", "Ints"]]:
    """Bins and counts, row by row."""
    import numpy as np

    from hicloom.kernels.binning import split_keys

    for keys, counts in counter.chunks():
        bin1, bin2 = np.empty_like(keys), np.empty_like(keys)
        split_keys(keys, n_bins, bin1, bin2)
        yield bin1, bin2, counts
