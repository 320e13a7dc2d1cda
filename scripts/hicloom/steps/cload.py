import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from hicloom import provenance
from hicloom.options import Memory, Output, Threads, parse_size
from hicloom.outputs import atomic

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
        The map (.cool): upper triangle, counts as int32. The same pixels as of
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
    threads : int
        Threads that decompress the pairs.
    memory : str
        What gathering pixels may take, such as `4G`; more is spilled to `tmpdir`.
    tmpdir : Path, optional
        Folder for spilled pixels (default: the system's).

    Raises
    ------
    InputError
        If a pair lies on a chromosome that the map lacks, or beyond its chromosome.
    """
    from hicloom.formats.cool import write_cool
    from hicloom.formats.counter import Counter
    from hicloom.formats.pairs import open_pairs
    from hicloom.matrix.binning import Bins, chosen_chromsizes
    from hicloom.sieve import Sieve

    limit = parse_size(memory)
    with (
        open_pairs(pairs, threads) as reader,
        tempfile.TemporaryDirectory(prefix="hicloom-", dir=tmpdir) as folder,
        atomic(output) as (part,),
    ):
        bins = Bins(chosen_chromsizes(reader.header, reader.source, chromsizes), bin_size)
        sieve = Sieve({"chromosome": bins.holds} if drop_other_chromosomes else {})
        counter = Counter(Path(folder), limit)
        n_bins = int(bins.starts[-1])
        for block in reader.blocks():
            bin1, bin2 = bins.of(block, sieve.keep(block))
            counter.add(bin1 * n_bins + bin2)
        sieve.report("cload")
        write_cool(
            part,
            bins.chromsizes,
            bin_size,
            _pixels(counter, n_bins),
            assembly=assembly or reader.header.assembly,
            metadata={"command": provenance.command()},
        )


def _pixels(counter: "Counter", n_bins: int) -> Iterator[tuple["Ints", "Ints", "Ints"]]:
    """Bins and counts, row by row."""
    for keys, counts in counter.chunks():
        yield *divmod(keys, n_bins), counts
