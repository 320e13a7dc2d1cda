import gzip
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from hicloom.errors import InputError
from hicloom.options import Output
from hicloom.outputs import STREAM, atomic, is_stream

if TYPE_CHECKING:
    import cooler
    import pandas as pd

CHUNK = 1_000_000
Box = tuple[int, int, int, int]


def dump(
    cool: str,
    /,
    *,
    output: Output = STREAM,
    region: str | None = None,
    region2: str | None = None,
    join: bool = False,
    balanced: bool = False,
    fill_lower: bool = False,
    header: bool = False,
    float_format: str = "g",
) -> None:
    """Write the pixels of a contact map as tab-separated text.

    Parameters
    ----------
    cool : str
        A map (.cool, or a map of an .mcool: `x.mcool::/resolutions/1000`).
    output : Path
        Text, compressed where the name ends in `.gz` (default: standard output).
    region : str, optional
        Rows, such as `chr1:1,000,000-2,000,000` (0-based, half-open) or `chr1`.
    region2 : str, optional
        Columns (default: those of `region`).
    join : bool
        Chromosomes, starts and ends (0-based, half-open) instead of numbers of bins.
    balanced : bool
        A column more: count * weight1 * weight2.
    fill_lower : bool
        Pixels of the lower triangle, too, where the region has some.
    header : bool
        The names of the columns on the first line.
    float_format : str
        How balanced values are written, as in C's printf: `g` (6 digits), `.17g` (all).

    Raises
    ------
    InputError
        If a region is not within the map, or the map has no weights and `balanced` is on.
    """
    from hicloom.formats.cool import open_cool

    clr = open_cool(cool)
    if balanced and "weight" not in clr.bins().columns:
        raise InputError(f"{cool}: has no weights; add them with hicloom balance")
    if region2 and not region:
        raise InputError("--region2 names the columns of a --region; give that, too")
    _check_format(float_format)
    options: dict[str, Any] = {"sep": "\t", "index": False, "float_format": f"%{float_format}"}
    box = _box(clr, region, region2)
    with _text(output) as file:
        for table in _tables(clr, box, join, balanced, fill_lower):
            table.to_csv(file, header=header, lineterminator="\n", **options)
            header = False


def _check_format(text: str) -> None:
    if not re.fullmatch(r"(\.\d{1,2})?[efg]", text):
        raise InputError(f"--float-format {text}: expected one such as g or .17g")


def _box(clr: "cooler.Cooler", region: str | None, region2: str | None) -> Box:
    """First and last (exclusive) rows and columns, as numbers of bins."""
    from hicloom.formats.cool import extent

    if region is None:
        nbins = int(clr.info["nbins"])
        return 0, nbins, 0, nbins
    return *extent(clr, region), *extent(clr, region2 or region)


def _tables(
    clr: "cooler.Cooler", box: Box, join: bool, balanced: bool, fill_lower: bool
) -> Iterator["pd.DataFrame"]:
    """Pixels of the box in chunks, the first perhaps empty; row by row in the order stored."""
    import cooler
    import pandas as pd
    from cooler.core import CSRReader, DirectRangeQuery2D, FillLowerRangeQuery2D

    bins = clr.bins()[:]
    query = FillLowerRangeQuery2D if fill_lower else DirectRangeQuery2D
    with clr.open("r") as group:
        reader = CSRReader(group["pixels"], group["indexes/bin1_offset"][:])
        for chunk in query(reader, "count", box, CHUNK):
            table = pd.DataFrame(chunk, columns=["bin1_id", "bin2_id", "count"])
            if balanced:
                weights = bins["weight"].to_numpy()
                factor = weights[table["bin1_id"]] * weights[table["bin2_id"]]
                table["balanced"] = factor * table["count"]
            if join:
                table = cooler.annotate(table, bins[["chrom", "start", "end"]], replace=True)
            yield table


@contextmanager
def _text(output: Path) -> Iterator[TextIO]:
    if is_stream(output):
        yield sys.stdout
        return
    with atomic(output) as (part,), _open(part) as file:
        yield file


def _open(path: Path) -> TextIO:
    return gzip.open(path, "wt") if path.suffix == ".gz" else path.open("w")
