import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hicloom.errors import InputError
from hicloom.options import Output
from hicloom.outputs import atomic, scratch

if TYPE_CHECKING:
    import cooler

    from hicloom.matrix.drawing import View

ENDINGS = (".png", ".pdf", ".svg")
MAX_BINS = 1000
# With fewer a map is mostly empty.
PAIRS_PER_BIN = 200


def plot(
    cool: str,
    /,
    *,
    output: Output,
    region: str | None = None,
    resolution: int | None = None,
    balanced: bool = True,
    title: str | None = None,
) -> None:
    """Draw a contact map.

    Parameters
    ----------
    cool : str
        A .cool or .mcool, or one of the maps of an .mcool: `x.mcool::/resolutions/1000`.
    output : Path
        The picture: .png, .pdf or .svg.
    region : str, optional
        What to show, such as `chr1:1,000,000-2,000,000` or `chr1` (default: the genome).
    resolution : int, optional
        Bin size in bp (default: the finest that is not mostly empty nor has too many bins).
    balanced : bool
        Show balanced contacts; `--no-balanced` shows the counts.
    title : str, optional
        Title (default: name of the file, region, resolution).

    Raises
    ------
    InputError
        If the region is not on the map, the map has no such resolution, or matplotlib is
        not installed.
    """
    from hicloom.formats.cool import split_uri

    if output.suffix not in ENDINGS:
        raise InputError(f"{output}: expected a name that ends in {', '.join(ENDINGS)}")
    with matplotlib_folder(), atomic(output) as (part,):
        try:
            from hicloom.matrix.drawing import draw
        except ImportError:
            raise InputError("matplotlib is not installed: pip install matplotlib") from None
        clr = _map(cool, region, resolution)
        view = _view(clr, region, balanced)
        name = f"{split_uri(cool)[0].stem}, {region or 'whole genome'}, {_bp(clr.binsize)}"
        draw(view, part, title or name)


@contextmanager
def matplotlib_folder() -> Iterator[None]:
    """A folder for matplotlib's caches that goes when the picture is drawn."""
    if "MPLCONFIGDIR" in os.environ:
        yield
        return
    with scratch() as folder:
        os.environ["MPLCONFIGDIR"] = str(folder)
        try:
            yield
        finally:
            del os.environ["MPLCONFIGDIR"]


def _map(cool: str, region: str | None, resolution: int | None) -> "cooler.Cooler":
    from hicloom.formats.cool import open_cool, resolutions, split_uri

    path, _ = split_uri(cool)
    sizes = [] if "::" in cool else resolutions(path)
    if resolution and sizes:
        return open_cool(f"{path}::/resolutions/{resolution}")
    if resolution and open_cool(cool).binsize != resolution:
        raise InputError(f"{cool}: has no map of {resolution} bp; make one with hicloom zoomify")
    maps = [open_cool(f"{path}::/resolutions/{size}") for size in sizes] or [open_cool(cool)]
    return next((clr for clr in maps if _is_clear(clr, region)), _fallback(maps, region))


def _is_clear(clr: "cooler.Cooler", region: str | None) -> bool:
    deep = clr.info.get("sum", 0) >= PAIRS_PER_BIN * clr.info["nbins"]
    return deep and _bins(clr, region) <= MAX_BINS


def _fallback(maps: list["cooler.Cooler"], region: str | None) -> "cooler.Cooler":
    """Of a shallow map, the coarsest resolution that still shows something."""
    return next((clr for clr in reversed(maps) if _bins(clr, region) >= 50), maps[0])


def _bins(clr: "cooler.Cooler", region: str | None) -> int:
    low, high = _extent(clr, region)
    return high - low


def _extent(clr: "cooler.Cooler", region: str | None) -> tuple[int, int]:
    from hicloom.formats.cool import extent

    return extent(clr, region) if region else (0, int(clr.info["nbins"]))


def _view(clr: "cooler.Cooler", region: str | None, balanced: bool) -> "View":
    from hicloom.matrix.drawing import View

    low, high = _extent(clr, region)
    if high - low > 4 * MAX_BINS:
        raise InputError(f"{high - low} bins are too many to draw; choose a coarser --resolution")
    bins = clr.bins()[low:high]
    weighed = balanced and "weight" in bins and bins["weight"].notna().any()
    if balanced and not weighed:
        print(f"{clr.binsize} bp: no weights there, counts are shown", file=sys.stderr)
    values = clr.matrix(balance=weighed)[low:high, low:high].astype(float)
    sizes = bins.groupby("chrom", observed=True, sort=False).size()
    unit = "balanced contacts" if weighed else "pairs"
    return View(values, clr.binsize, int(bins["start"].iloc[0]), sizes.to_dict(), unit)


def _bp(size: int) -> str:
    for unit, name in ((1_000_000, "Mb"), (1_000, "kb")):
        if size % unit == 0 or size > unit:
            return f"{size / unit:g} {name}"
    return f"{size} bp"
