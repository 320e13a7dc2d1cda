import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from hicloom.errors import InputError
from hicloom.options import Output
from hicloom.outputs import atomic

if TYPE_CHECKING:
    import hictkpy

Norm = Literal["VC", "VC_SQRT", "KR"]


def add_hic_norms(
    hic: Path,
    mcool: Path,
    /,
    *,
    output: Output,
    norms: Annotated[Sequence[Norm], Parameter(consume_multiple=True)] = ("VC", "VC_SQRT", "KR"),
) -> None:
    """Add the norms of a .hic file to the bins of an .mcool, as `hic2cool extract-norms` does.

    They are divisive: balanced = count / (norm1 * norm2). cooler takes columns of these
    three names so.

    Parameters
    ----------
    hic : Path
        A .hic file with norms.
    mcool : Path
        A map of the same genome (.mcool or .cool).
    output : Path
        A copy of it with columns more, at the resolutions that both have; NaN where a
        chromosome has no such norm.
    norms : sequence of str
        Which.

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
            _check(hic, whole[size], f"{mcool}{sizes[size]}")
        with atomic(output) as (part,):
            shutil.copyfile(mcool, part)
            for size in common:
                _add(whole[size], f"{part}{sizes[size]}", norms)
    for size in sorted(set(sizes) - set(common)):
        print(f"{size} bp: {hic} has no such resolution, so no norms", file=sys.stderr)
    report_norms(hic, norms)


def _single(path: Path) -> dict[int, str]:
    from hicloom.formats.cool import open_cool

    return {open_cool(str(path)).binsize: ""}


def _check(hic: Path, file: "hictkpy.File", uri: str) -> None:
    from hicloom.formats.cool import open_cool

    theirs, ours = file.chromosomes(), open_cool(uri).chromsizes.to_dict()
    if list(theirs.items()) != list(ours.items()):
        raise InputError(
            f"{hic}: has other chromosomes, or in another order, than {uri};"
            " make both with the same chromsizes"
        )


def _add(file: "hictkpy.File", uri: str, norms: Sequence[Norm]) -> None:
    from hicloom.formats.cool import store_column
    from hicloom.formats.hic import norm

    for name in norms:
        store_column(uri, name, norm(file, name), {})
