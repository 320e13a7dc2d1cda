from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import gcd
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from hicloom.allocation import give_back
from hicloom.errors import InputError
from hicloom.options import Memory, Natural, Output, Threads, parse_size
from hicloom.outputs import atomic, scratch

if TYPE_CHECKING:
    from hicloom.formats.pairs import PairsReader
    from hicloom.matrix.binning import Ints
    from hicloom.matrix.hic_input import HicInput
    from hicloom.matrix.juicer import JuicerTools
    from hicloom.sieve import Test

Norm = Literal[
    "VC",
    "VC_SQRT",
    "KR",
    "SCALE",
    "GW_VC",
    "GW_KR",
    "GW_SCALE",
    "INTER_VC",
    "INTER_KR",
    "INTER_SCALE",
]
Norms = Annotated[Sequence[Norm], Parameter(consume_multiple=True, negative="--no-norms")]


def hic(
    source: str,
    /,
    *,
    output: Output,
    engine: Literal["hicloom", "juicer"] = "hicloom",
    chromsizes: Path | None = None,
    assembly: str | None = None,
    resolutions: Annotated[Sequence[int] | None, Parameter(consume_multiple=True)] = None,
    norms: Norms = ("VC", "VC_SQRT", "KR", "SCALE"),
    fragments: Path | None = None,
    fragment_resolutions: Annotated[Sequence[int] | None, Parameter(consume_multiple=True)] = None,
    min_mapq: Natural = 0,
    drop_same_fragment: bool = False,
    drop_other_chromosomes: bool = False,
    threads: Threads = 1,
    memory: Memory = "4G",
    tmpdir: Path | None = None,
) -> None:
    """Make a .hic file of pairs or of maps: a map at many resolutions, with its norms.

    Of pairs, the pixels are those of `cload` and `zoomify`. The names of the chromosomes are
    kept, and no pair is left out unless an option says so.

    Parameters
    ----------
    source : str
        Pairs in any order, `-` is standard input; or a map (.cool, .mcool, or a map of an
        .mcool: `x.mcool::/resolutions/1000`).
    output : Path
        The map (.hic, version 8). Counts above 16777216 are rounded to what the format holds.
    engine : {"hicloom", "juicer"}
        What makes it; `juicer` is juicer_tools, which needs Java and computes all of VC,
        VC_SQRT, KR and SCALE, or none.
    chromsizes : Path, optional
        Chromosomes of the map and their order (default: the header's). For pairs only.
    assembly : str, optional
        Name of the genome assembly (default: that of the pairs or the map).
    resolutions : sequence of int
        Bin sizes in bp (default: all of an .mcool; else of 1000, 2000, 5000, 10000, 25000,
        50000, 100000, 250000, 500000, 1000000, 2500000, 5000000 and 10000000 those that are
        not above the longest chromosome). Those that an .mcool lacks are made of finer ones.
    norms : sequence of str
        Norms to compute: VC, VC_SQRT, KR and SCALE of each chromosome; GW_VC, GW_KR and
        GW_SCALE of the whole genome, INTER_VC, INTER_KR and INTER_SCALE of it without the
        contacts within chromosomes (both from 10000 bp on). Where one has not converged is
        said.
    fragments : Path, optional
        Restriction sites in Juicer's format, or fragments as BED (see `hicloom fragments`), for
        maps in bins of fragments beside those in bp; a pair's fragments are those that
        `annotate-fragments` tells. For pairs only.
    fragment_resolutions : sequence of int
        Bin sizes in fragments (default, as of juicer_tools: 500 200 100 50 20 5 2 1).
    min_mapq : int
        Leave out pairs with a side below this mapping quality (columns mapq1, mapq2).
    drop_same_fragment : bool
        Leave out pairs with both ends on one restriction fragment, of `fragments` or by columns
        frag1 and frag2 (see `hicloom annotate-fragments`).
    drop_other_chromosomes : bool
        Leave out pairs on chromosomes that the map lacks (else they are an error).
    threads : int
        Threads that read, compress and normalise.
    memory : str
        What it may take, such as `4G`: half of it for gathering pixels of pairs, half for those
        whose blocks are not complete, then all for the norms.
    tmpdir : Path, optional
        Folder for pixels that do not fit (default: the system's).

    Raises
    ------
    InputError
        If a pair lies on a chromosome that the map lacks, or beyond its chromosome, a column
        is missing, fragments are of another genome, an option means nothing for a map, the
        memory is too small, or juicer_tools or Java are not installed.
    """
    from hicloom.formats.hic import add_norms, report_norms
    from hicloom.matrix.hic import write_hic
    from hicloom.matrix.hic_memory import beside_program

    for_pairs = {
        "chromsizes": chromsizes,
        "fragments": fragments,
        "fragment_resolutions": fragment_resolutions,
        "min_mapq": min_mapq,
        "drop_same_fragment": drop_same_fragment,
        "drop_other_chromosomes": drop_other_chromosomes,
    }
    with (
        scratch(tmpdir) as folder,
        _opened(source, folder, memory, threads, for_pairs) as contacts,
        atomic(output) as (part,),
    ):
        tools = None
        if engine == "juicer":
            tools = _juicer_tools(folder.absolute(), parse_size(memory), norms, for_pairs)
        sizes = contacts.choose(resolutions)
        genome = assembly or contacts.assembly or "unknown"
        if tools:
            bins, pixels = contacts.by_chromosomes(gcd(*sizes))
            made = contacts.fragments
            tools.make(part, genome, bins, sizes, pixels, norms=bool(norms), fragments=made)
        else:
            options: dict[str, Any] = {"threads": threads, "memory": memory, "folder": folder}
            write_hic(part, contacts, sizes, assembly=genome, norms=norms, **options)
            give_back()
            add_norms(part, norms, threads=threads, memory=beside_program(memory))
        if norms:
            report_norms(part, norms)


@contextmanager
def _opened(
    source: str, folder: Path, memory: str, threads: int, for_pairs: dict[str, Any]
) -> "Iterator[HicInput]":
    """The input, for which options for pairs must not be given if it is a map."""
    from hicloom.formats.pairs import open_pairs
    from hicloom.matrix.binned_pairs import BinnedPairs
    from hicloom.matrix.binning import chosen_chromsizes
    from hicloom.matrix.hic_input import Maps, is_map

    if is_map(source):
        if given := [name for name, value in for_pairs.items() if value]:
            option = given[0].replace("_", "-")
            raise InputError(f"--{option} is for pairs, but {source} is a map; leave it out")
        with Maps(source, threads) as maps:
            yield maps
        return
    with open_pairs(Path(source), threads) as reader:
        chromsizes = chosen_chromsizes(reader.header, reader.source, for_pairs["chromsizes"])
        sites, in_fragments = _fragments(chromsizes, for_pairs)
        yield BinnedPairs(
            reader,
            chromsizes,
            folder,
            memory=memory,
            threads=threads,
            drop_other_chromosomes=for_pairs["drop_other_chromosomes"],
            tests=_tests(reader, for_pairs["min_mapq"], for_pairs["drop_same_fragment"], sites),
            **in_fragments,
        )


def _fragments(
    chromsizes: Mapping[str, int], for_pairs: dict[str, Any]
) -> "tuple[Mapping[str, Ints] | None, dict[str, Any]]":
    """The restriction sites, if there are some, and what `BinnedPairs` is told of them."""
    from hicloom.formats.fragments import read_sites
    from hicloom.matrix.segments import RESOLUTIONS, chosen_sites

    path, wanted = for_pairs["fragments"], for_pairs["fragment_resolutions"]
    if path is None:
        if wanted:
            raise InputError("--fragment-resolutions is for --fragments; give both")
        return None, {}
    if wrong := [size for size in wanted or () if size < 1]:
        raise InputError(f"--fragment-resolutions {wrong[0]}: expected 1 or more")
    sites = read_sites(path)
    of_map = chosen_sites(sites, chromsizes, path)
    return sites, {"sites": of_map, "fragment_resolutions": wanted or RESOLUTIONS}


def _juicer_tools(
    folder: Path, memory: int, norms: Sequence[Norm], for_pairs: dict[str, Any]
) -> "JuicerTools":
    from hicloom.matrix.juicer import JuicerTools

    if for_pairs["fragments"] and not for_pairs["drop_same_fragment"]:
        raise InputError(
            "--engine juicer leaves out pairs within a fragment where there are maps in fragments;"
            " give --drop-same-fragment, too"
        )
    if others := [norm for norm in norms if norm.startswith(("GW_", "INTER_"))]:
        raise InputError(f"--norms {others[0]}: --engine juicer does not compute it; leave it out")
    return JuicerTools(folder, memory)


def _tests(
    reader: "PairsReader",
    min_mapq: int,
    drop_same_fragment: bool,
    sites: "Mapping[str, Ints] | None",
) -> "dict[str, Test]":
    """What else a pair must pass, whose columns must be there."""
    from hicloom.matrix.segments import apart
    from hicloom.steps.filter import same_fragment

    tests: dict[str, Test] = {}
    columns = ["mapq1", "mapq2"] * bool(min_mapq)
    if min_mapq:
        tests["mapq"] = lambda b: (b.ints("mapq1") >= min_mapq) & (b.ints("mapq2") >= min_mapq)
    if drop_same_fragment and sites is not None:
        tests["same_fragment"] = apart(sites)
    elif drop_same_fragment:
        tests["same_fragment"] = lambda block: ~same_fragment(block)
        columns += ["frag1", "frag2"]
    for name in columns:
        reader.header.index(name, reader.source)
    return tests
