import tempfile
from collections.abc import Iterator, Sequence
from math import gcd
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from hicloom.matrix.juicer import JuicerTools
from hicloom.matrix.resolutions import choose
from hicloom.options import Memory, Natural, Output, Threads, parse_size
from hicloom.outputs import atomic

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hicloom.formats.pairs import PairsReader
    from hicloom.matrix.binning import Bins

Norm = Literal["VC", "VC_SQRT", "KR", "SCALE"]


def hic(
    pairs: Path,
    /,
    *,
    output: Output,
    chromsizes: Path | None = None,
    assembly: str | None = None,
    resolutions: Annotated[Sequence[int] | None, Parameter(consume_multiple=True)] = None,
    norms: Annotated[Sequence[Norm], Parameter(consume_multiple=True)] = ("VC", "VC_SQRT", "KR"),
    min_mapq: Natural = 0,
    threads: Threads = 1,
    memory: Memory = "4G",
    tmpdir: Path | None = None,
) -> None:
    """Make a .hic file with juicer_tools: a map at many resolutions, with its norms.

    The pixels are those of `cload` and `zoomify`, the names of the chromosomes are kept,
    and no pair is left out but by `--min-mapq`.

    Parameters
    ----------
    pairs : Path
        Pairs in any order; `-` is standard input.
    output : Path
        The map (.hic, version 8).
    chromsizes : Path, optional
        Chromosomes of the map and their order (default: the header's).
    assembly : str, optional
        Name of the genome assembly (default: the header's).
    resolutions : sequence of int
        Bin sizes in bp (default: of 1000, 2000, 5000, 10000, 25000, 50000, 100000, 250000,
        500000, 1000000, 2500000, 5000000 and 10000000 those that are not above the longest
        chromosome).
    norms : sequence of str
        Norms to report on, where one has not converged. juicer_tools computes VC, VC_SQRT,
        KR and SCALE always.
    min_mapq : int
        Leave out pairs with a side below this mapping quality (columns mapq1, mapq2).
    threads : int
        Threads that decompress the pairs; juicer_tools itself uses one.
    memory : str
        What gathering pixels, then Java, may take, such as `4G`.
    tmpdir : Path, optional
        Folder for the pixels on their way to juicer_tools (default: the system's).

    Raises
    ------
    InputError
        If a pair lies on a chromosome that the map lacks, or beyond its chromosome, or
        juicer_tools or Java are not installed.
    """
    from hicloom.formats.counter import Counter
    from hicloom.formats.hic import report_norms
    from hicloom.formats.pairs import open_pairs
    from hicloom.matrix.binning import Bins, chosen_chromsizes

    limit = parse_size(memory)
    with (
        open_pairs(pairs, threads) as reader,
        tempfile.TemporaryDirectory(prefix="hicloom-", dir=tmpdir) as name,
        atomic(output) as (part,),
    ):
        folder = Path(name).absolute()
        tools = JuicerTools(folder, limit)
        sizes = chosen_chromsizes(reader.header, reader.source, chromsizes)
        zooms = choose(resolutions, max(sizes.values()))
        bins = Bins(sizes, gcd(*zooms))
        counter = Counter(folder, limit // 2)
        for keys in _keys(reader, bins, min_mapq):
            counter.add(keys)
        genome = assembly or reader.header.assembly or "unknown"
        tools.make(part, genome, bins, zooms, counter.chunks())
        report_norms(part, norms)


def _keys(reader: "PairsReader", bins: "Bins", min_mapq: int) -> Iterator["NDArray[np.int64]"]:
    """Pixels as numbers that ascend by chromosome pair first, as juicer_tools wants them."""
    from hicloom.formats.pairs import Block

    for block in reader.blocks():
        if min_mapq:
            good = (block.ints("mapq1") >= min_mapq) & (block.ints("mapq2") >= min_mapq)
            block = Block(block.select(good), block.header, block.first_line, block.source)
        yield bins.block_major(*bins.of(block))
