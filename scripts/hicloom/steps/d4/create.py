from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from hicloom import provenance
from hicloom.errors import InputError
from hicloom.options import Memory, Natural, Output, Threads, parse_size

if TYPE_CHECKING:
    from hicloom.depth.pile import Pile
    from hicloom.depth.sources import Counting, Source
    from hicloom.formats.d4 import AnyDictionary, Layout

Flag = Literal["unmapped", "secondary", "lone-secondary", "qc-fail", "duplicate", "supplementary"]
DEFAULT_FLAGS: tuple[Flag, ...] = ("unmapped", "duplicate", "qc-fail", "lone-secondary")


def create(
    inputs: Sequence[Path],
    /,
    *,
    output: Output,
    track: Sequence[str] = (),
    sum: bool = False,
    chromsizes: Path | None = None,
    chroms: str = ".*",
    min_mapq: Natural = 0,
    exclude_flags: Sequence[Flag] = DEFAULT_FLAGS,
    exclude_reads: Path | None = None,
    deletions: bool = False,
    count: Literal["ends", "spans"] = "ends",
    max_span: Annotated[int, Parameter(validator=Number(gte=1))] = 1000,
    denominator: float | None = None,
    dictionary: str = "auto",
    sparse: bool = False,
    deflate_level: Annotated[int, Parameter(validator=Number(gte=0, lte=12))] = 2,
    threads: Threads = 1,
    memory: Memory = "1G",
    tmpdir: Path | None = None,
) -> None:
    """Make a D4 file: the depth of every base, from alignments, pairs or depth files.

    Alignments may stand in any order and need no index. Depth is the number of alignments
    whose bases (CIGAR M, = and X) cover a base, as in `samtools depth -a`.

    Parameters
    ----------
    inputs : sequence of Path
        BAM, CRAM, pairs, bedGraph or bigWig files, told by what they hold; `-` is standard
        input. Several make a track each.
    output : Path
        The D4 file.
    track : sequence of str
        Names of the tracks (default: of several inputs, their names; else none).
    sum : bool
        Make one track of all inputs, such as the lanes of a library.
    chromsizes : Path, optional
        Chromosomes and their order (default: those of the inputs); bedGraph needs it.
    chroms : str
        Regular expression (whole name) of the chromosomes to keep.
    min_mapq : int
        Alignments, and ends of pairs, with a lower MAPQ do not count.
    exclude_flags : sequence of str
        Alignments that do not count; unmapped ones never do. `lone-secondary` are secondary
        ones without a tag SA: those that are not a half of a read that was split.
    exclude_reads : Path, optional
        Names of reads that do not count: one a line, or hashes, as `hicloom dedup
        --duplicate-names` writes them.
    deletions : bool
        Count deleted bases (CIGAR D) as covered.
    count : {"ends", "spans"}
        Of pairs, count the base of each end, or all bases from end to end of cis pairs.
    max_span : int
        Longest span (bp) that counts.
    denominator : float, optional
        Of bedGraph and bigWig: store value times this, rounded; readers divide by it.
    dictionary : str
        Values that the primary table holds: `auto` (what makes the smaller file), a range
        such as `0-64` (the last is left out), or a file with a value a line. They are as
        many as a power of two.
    sparse : bool
        Store runs only: the same as `--dictionary 0-1`.
    deflate_level : int
        How much runs are compressed, 1 (fast) to 12 (small); 0 for not at all.
    threads : int
        Threads that inflate and compress.
    memory : str
        What gathering alignments may take, such as `4G`; more is spilled to `tmpdir`.
    tmpdir : Path, optional
        Folder for spilled alignments (default: the system's).

    Raises
    ------
    InputError
        If an input is damaged or of another genome than the others; a bedGraph is not
        sorted, overlaps, or states what a D4 cannot hold; or options contradict each other.
    """
    from hicloom.depth import tracks
    from hicloom.depth.storage import chosen_dictionary
    from hicloom.formats.d4 import create_d4

    table = chosen_dictionary(_dictionary(dictionary, sparse))
    names = tracks.track_names(inputs, track, is_sum=sum)
    counting = _counting(
        min_mapq, exclude_flags, exclude_reads, deletions, count, max_span, denominator
    )
    made = {
        "command": provenance.command(),
        "min_mapq": min_mapq,
        "exclude_flags": list(exclude_flags),
        "deletions": deletions,
    }
    with ExitStack() as stack:
        limit = parse_size(memory) // len(names)
        piles = _fill(stack, inputs, counting, chromsizes, chroms, sum, threads, limit, tmpdir)
        layouts = [
            _layout(pile, table, deflate_level, denominator, made, threads) for pile in piles
        ]
        named = layouts[0] if names == [""] else dict(zip(names, layouts, strict=True))
        sizes = piles[0].line.chromsizes
        with create_d4(output, sizes, named, threads=threads, tmpdir=tmpdir) as out:
            for name, pile in zip(names, piles, strict=True):
                tracks.write_track(out.track(name), pile, threads=threads)


def _dictionary(dictionary: str, sparse: bool) -> str:
    if sparse and dictionary != "auto":
        raise InputError("--sparse and --dictionary: give one of them")
    return "0-1" if sparse else dictionary


def _counting(
    min_mapq: int,
    exclude_flags: Sequence[Flag],
    exclude_reads: Path | None,
    deletions: bool,
    count: Literal["ends", "spans"],
    max_span: int,
    denominator: float | None,
) -> "Counting":
    from hicloom.depth.alignments import FLAGS, LONE_SECONDARY, Filters
    from hicloom.depth.sources import Counting
    from hicloom.formats.names import no_names, read_names

    if denominator is not None and not 0 < denominator < float("inf"):
        raise InputError(f"--denominator {denominator}: expected a number above 0")
    filters = Filters(
        min_mapq,
        exclude=_union(FLAGS[flag] for flag in exclude_flags if flag != LONE_SECONDARY),
        lone_secondary=LONE_SECONDARY in exclude_flags,
        deletions=deletions,
        names=read_names(exclude_reads) if exclude_reads else no_names(),
    )
    return Counting(filters, count, max_span, denominator)


def _union(flags: Iterable[int]) -> int:
    whole = 0
    for flag in flags:
        whole |= flag
    return whole


def _fill(
    stack: ExitStack,
    inputs: Sequence[Path],
    counting: "Counting",
    chromsizes: Path | None,
    chroms: str,
    is_sum: bool,
    threads: int,
    memory: int,
    tmpdir: Path | None,
) -> "list[Pile]":
    """A pile of each input, or one of all."""
    from hicloom.depth import tracks
    from hicloom.depth.line import Line
    from hicloom.depth.pile import Pile
    from hicloom.depth.sources import open_source

    with ExitStack() as opened:
        sources = [opened.enter_context(open_source(path, counting, threads)) for path in inputs]
        sizes = tracks.common_chromsizes(sources, chromsizes)
        line = Line(tracks.kept_chromsizes(sizes, chroms))
        groups: list[list[Source]] = [sources] if is_sum else [[source] for source in sources]
        piles = []
        for group in groups:
            pile = stack.enter_context(Pile(line, tmpdir=tmpdir, memory=memory))
            for source in group:
                source.add_to(pile, sizes)
            piles.append(pile)
    return piles


def _layout(
    pile: "Pile",
    table: "AnyDictionary | None",
    level: int,
    denominator: float | None,
    made: dict[str, Any],
    threads: int,
) -> "Layout":
    from hicloom.depth.storage import profiled_dictionary
    from hicloom.formats.d4 import Layout

    chosen = table or profiled_dictionary(pile, level or None, threads)
    return Layout(chosen, level or None, denominator, made)
