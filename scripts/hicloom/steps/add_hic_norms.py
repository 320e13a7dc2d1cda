import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from hicloom.errors import InputError
from hicloom.matrix.juicer import juicer_name
from hicloom.options import Output
from hicloom.outputs import atomic

if TYPE_CHECKING:
    import cooler
    import hictkpy

Norm = Literal["VC", "VC_SQRT", "KR"]


def add_hic_norms(
    hic: Path,
    mcool: Path,
    /,
    *,
    output: Output,
    norms: Annotated[Sequence[Norm], Parameter(consume_multiple=True)] = ("VC", "VC_SQRT", "KR"),
    exclude: Annotated[Sequence[str], Parameter(consume_multiple=True)] = (),
) -> None:
    """Add the norms of a .hic file to the bins of an .mcool, as `hic2cool extract-norms` does.

    They are divisive: balanced = count / (norm1 * norm2). cooler takes columns of these
    three names so.

    Parameters
    ----------
    hic : Path
        A .hic file with norms.
    mcool : Path
        A map of the same genome (.mcool or .cool). Names may differ as juicer_tools changes
        them (`chr2L` to `2L`).
    output : Path
        A copy of it with columns more, at the resolutions that both have; NaN where a
        chromosome has no such norm. A norm that the .hic file lacks altogether is left out.
    norms : sequence of str
        Which.
    exclude : sequence of str
        Chromosomes without norms (NaN), which may be missing in either file.

    Raises
    ------
    InputError
        If the chromosomes differ, or no resolution is in both.
    """
    from hicloom.formats.cool import resolutions
    from hicloom.formats.hic import open_hic, report_norms

    with open_hic(hic) as whole:
        sizes = {size: f"::/resolutions/{size}" for size in resolutions(mcool)} or _single(mcool)
        common = [size for size in whole.resolutions() if size in sizes]
        if not common:
            raise InputError(f"{hic} and {mcool} have no resolution in common")
        for size in common:
            _check(hic, whole[size], f"{mcool}{sizes[size]}", exclude)
        there = [n for n in norms if any(n in whole[s].avail_normalizations() for s in common)]
        with atomic(output) as (part,):
            shutil.copyfile(mcool, part)
            for size in common:
                _add(whole[size], f"{part}{sizes[size]}", there, exclude)
    for size in sorted(set(sizes) - set(common)):
        print(f"{size} bp: {hic} has no such resolution, so no norms", file=sys.stderr)
    for name in [name for name in norms if name not in there]:
        print(f"{hic}: has no {name} norm at these resolutions, so none is added", file=sys.stderr)
    if there:
        report_norms(hic, there)


def _single(path: Path) -> dict[int, str]:
    from hicloom.formats.cool import open_cool

    return {open_cool(str(path)).binsize: ""}


def _check(hic: Path, file: "hictkpy.File", uri: str, exclude: Sequence[str]) -> None:
    from hicloom.formats.cool import open_cool

    theirs, ours = file.chromosomes(), open_cool(uri).chromsizes.to_dict()
    if _compared(theirs, exclude) != _compared(ours, exclude):
        raise InputError(
            f"{hic}: has other chromosomes, or in another order, than {uri};"
            " make both with the same chromsizes"
        )


def _compared(sizes: Mapping[str, int], exclude: Sequence[str]) -> list[tuple[str, int]]:
    """The chromosomes that must agree, under the names that juicer_tools would give them."""
    return [(juicer_name(name), size) for name, size in sizes.items() if name not in exclude]


def _add(file: "hictkpy.File", uri: str, norms: Sequence[Norm], exclude: Sequence[str]) -> None:
    import numpy as np

    from hicloom.formats.cool import open_cool, store_column
    from hicloom.formats.hic import norm_by_chromosome

    clr = open_cool(uri)
    for name in norms:
        known = norm_by_chromosome(file, name)
        found = {juicer_name(chrom): values for chrom, values in known.items()}
        vectors = [
            np.full(number, np.nan) if chrom in exclude else found[juicer_name(chrom)]
            for chrom, number in _bin_counts(clr).items()
        ]
        store_column(uri, name, np.concatenate(vectors), {})


def _bin_counts(clr: "cooler.Cooler") -> dict[str, int]:
    return {chrom: -(-int(size) // clr.binsize) for chrom, size in clr.chromsizes.items()}
