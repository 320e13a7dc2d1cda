import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from hicloom.errors import InputError
from hicloom.matrix.juicer import juicer_name
from hicloom.options import Output, Threads
from hicloom.outputs import atomic

if TYPE_CHECKING:
    from hicloom.formats.cool import BinTable
    from hicloom.formats.hic import HicFile

Norm = Literal["VC", "VC_SQRT", "KR"]


def add_hic_norms(
    hic: Path,
    mcool: Path,
    /,
    *,
    output: Output,
    norms: Annotated[Sequence[Norm], Parameter(consume_multiple=True)] = ("VC", "VC_SQRT", "KR"),
    exclude: Annotated[Sequence[str], Parameter(consume_multiple=True)] = (),
    threads: Threads = 1,
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
    threads : int
        Threads that compress.

    Raises
    ------
    InputError
        If the chromosomes differ, or no resolution is in both.
    """
    from hicloom.formats.hic import HicFile, report_norms

    with HicFile(hic) as file:
        maps = _maps(mcool)
        common = [size for size in file.header.resolutions if size in maps]
        if not common:
            raise InputError(f"{hic} and {mcool} have no resolution in common")
        tables = {size: _bins(hic, file, f"{mcool}{maps[size]}", exclude) for size in common}
        known = {(key.norm, key.resolution) for key in file.norms}
        there = [norm for norm in norms if any((norm, size) in known for size in common)]
        with atomic(output) as (part,):
            shutil.copyfile(mcool, part)
            for size, bins in tables.items():
                _add(file, f"{part}{maps[size]}", bins, there, exclude, threads)
    for size in sorted(set(maps) - set(common)):
        print(f"{size} bp: {hic} has no such resolution, so no norms", file=sys.stderr)
    for name in [name for name in norms if name not in there]:
        print(f"{hic}: has no {name} norm at these resolutions, so none is added", file=sys.stderr)
    if there:
        report_norms(hic, there)


def _maps(path: Path) -> dict[int, str]:
    """Where the maps of a file lie, by bin size (bp)."""
    from hicloom.formats.cool import PixelReader, resolutions

    if sizes := resolutions(path):
        return {size: f"::/resolutions/{size}" for size in sizes}
    with PixelReader(str(path)) as reader:
        return {reader.bin_size: ""} if reader.bin_size else {}


def _bins(hic: Path, file: "HicFile", uri: str, exclude: Sequence[str]) -> "BinTable":
    """The bins of a map, whose chromosomes must be those of the .hic file."""
    from hicloom.formats.cool import PixelReader

    with PixelReader(uri) as reader:
        if _compared(file.header.chromsizes, exclude) != _compared(reader.chromsizes, exclude):
            raise InputError(
                f"{hic}: has other chromosomes, or in another order, than {uri};"
                " make both with the same chromsizes"
            )
        return reader.bins


def _compared(sizes: Mapping[str, int], exclude: Sequence[str]) -> list[tuple[str, int]]:
    """The chromosomes that must agree, under the names that juicer_tools would give them."""
    return [(juicer_name(name), size) for name, size in sizes.items() if name not in exclude]


def _add(
    file: "HicFile",
    uri: str,
    bins: "BinTable",
    norms: Sequence[Norm],
    exclude: Sequence[str],
    threads: int,
) -> None:
    import numpy as np

    from hicloom.formats.cool import store_column
    from hicloom.formats.hic import NormKey

    numbers = {juicer_name(name): number for number, name in enumerate(file.header.chromsizes)}
    for norm in norms:
        column = np.full(bins.n_bins, np.nan)
        for name, first, last in zip(
            bins.chromsizes, bins.offsets[:-1], bins.offsets[1:], strict=True
        ):
            if name in exclude:
                continue
            vector = file.norm(NormKey(norm, numbers[juicer_name(name)], bins.size))
            if vector is not None:
                number = min(len(vector), last - first)
                column[first : first + number] = vector[:number]
        store_column(uri, norm, column, {}, threads)
