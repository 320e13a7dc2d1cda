import tempfile
from collections.abc import Sequence
from math import gcd
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from hicloom.matrix.juicer import JuicerTools
from hicloom.matrix.resolutions import choose
from hicloom.options import Memory, Natural, Output, Threads, parse_size
from hicloom.outputs import atomic

if TYPE_CHECKING:
    from hicloom.formats.pairs import PairsReader
    from hicloom.sieve import Test

Norm = Literal["VC", "VC_SQRT", "KR", "SCALE"]
Norms = Annotated[Sequence[Norm], Parameter(consume_multiple=True, negative="--no-norms")]


def hic(
    pairs: Path,
    /,
    *,
    output: Output,
    chromsizes: Path | None = None,
    assembly: str | None = None,
    resolutions: Annotated[Sequence[int] | None, Parameter(consume_multiple=True)] = None,
    norms: Norms = ("VC", "VC_SQRT", "KR"),
    min_mapq: Natural = 0,
    drop_same_fragment: bool = False,
    drop_other_chromosomes: bool = False,
    threads: Threads = 1,
    memory: Memory = "4G",
    tmpdir: Path | None = None,
) -> None:
    """Make a .hic file with juicer_tools: a map at many resolutions, with its norms.

    The pixels are those of `cload` and `zoomify`, the names of the chromosomes are kept,
    and no pair is left out unless an option says so.

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
        KR and SCALE always, or none of them with `--no-norms`.
    min_mapq : int
        Leave out pairs with a side below this mapping quality (columns mapq1, mapq2).
    drop_same_fragment : bool
        Leave out pairs with both ends on one restriction fragment (columns frag1, frag2; see
        `hicloom annotate-fragments`).
    drop_other_chromosomes : bool
        Leave out pairs on chromosomes that the map lacks (else they are an error).
    threads : int
        Threads that decompress the pairs; juicer_tools itself uses one.
    memory : str
        What gathering pixels, then Java, may take, such as `4G`.
    tmpdir : Path, optional
        Folder for the pixels on their way to juicer_tools (default: the system's).

    Raises
    ------
    InputError
        If a pair lies on a chromosome that the map lacks, or beyond its chromosome, a column
        is missing, or juicer_tools or Java are not installed.
    """
    from hicloom.formats.counter import Counter
    from hicloom.formats.hic import report_norms
    from hicloom.formats.pairs import open_pairs
    from hicloom.matrix.binning import Bins, chosen_chromsizes
    from hicloom.sieve import Sieve

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
        tests = _tests(reader, min_mapq, drop_same_fragment)
        sieve = Sieve({"chromosome": bins.holds} | tests if drop_other_chromosomes else tests)
        for block in reader.blocks():
            # Numbers that ascend by chromosome pair first, as juicer_tools wants the pixels.
            counter.add(bins.block_major(*bins.of(block, sieve.keep(block))))
        sieve.report("hic")
        genome = assembly or reader.header.assembly or "unknown"
        tools.make(part, genome, bins, zooms, counter.chunks(), norms=bool(norms))
        if norms:
            report_norms(part, norms)


def _tests(reader: "PairsReader", min_mapq: int, drop_same_fragment: bool) -> "dict[str, Test]":
    """What else a pair must pass, whose columns must be there."""
    from hicloom.steps.filter import same_fragment

    tests: dict[str, Test] = {}
    if min_mapq:
        tests["mapq"] = lambda b: (b.ints("mapq1") >= min_mapq) & (b.ints("mapq2") >= min_mapq)
    if drop_same_fragment:
        tests["same_fragment"] = lambda block: ~same_fragment(block)
    for name in ["mapq1", "mapq2"] * bool(min_mapq) + ["frag1", "frag2"] * drop_same_fragment:
        reader.header.index(name, reader.source)
    return tests
