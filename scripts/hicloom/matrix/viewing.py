"""Which map a picture shows, and its part in view."""

import sys
from typing import TYPE_CHECKING

from hicloom.errors import InputError
from hicloom.formats.cool import extent, open_cool, resolutions, split_uri

if TYPE_CHECKING:
    import cooler

    from hicloom.matrix.drawing import View

MAX_BINS = 1000
# With fewer a map is mostly empty.
PAIRS_PER_BIN = 200


def chosen_map(
    cool: str, region: str | None, resolution: int | None = None, max_bins: int = MAX_BINS
) -> "cooler.Cooler":
    """The map at `cool` that shows a region best, or that of a `resolution`.

    That is the finest that is not mostly empty and has at most `max_bins` bins in the region
    (None: the genome).

    Raises
    ------
    InputError
        If there is no such map, or the region is not on it.
    """
    path, _ = split_uri(cool)
    sizes = [] if "::" in cool else resolutions(path)
    if resolution and sizes:
        return open_cool(f"{path}::/resolutions/{resolution}")
    if resolution and open_cool(cool).binsize != resolution:
        raise InputError(f"{cool}: has no map of {resolution} bp; make one with hicloom zoomify")
    maps = [open_cool(f"{path}::/resolutions/{size}") for size in sizes] or [open_cool(cool)]
    clear = (clr for clr in maps if _is_clear(clr, region, max_bins))
    return next(clear, _fallback(maps, region))


def _is_clear(clr: "cooler.Cooler", region: str | None, max_bins: int) -> bool:
    deep = clr.info.get("sum", 0) >= PAIRS_PER_BIN * clr.info["nbins"]
    return deep and _bins(clr, region) <= max_bins


def _fallback(maps: list["cooler.Cooler"], region: str | None) -> "cooler.Cooler":
    """Of a shallow map, the coarsest resolution that still shows something."""
    return next((clr for clr in reversed(maps) if _bins(clr, region) >= 50), maps[0])


def _bins(clr: "cooler.Cooler", region: str | None) -> int:
    low, high = _extent(clr, region)
    return high - low


def _extent(clr: "cooler.Cooler", region: str | None) -> tuple[int, int]:
    return extent(clr, region) if region else (0, int(clr.info["nbins"]))


def view_of(clr: "cooler.Cooler", region: str | None, balanced: bool) -> "View":
    """A region of a map (None: the genome); the counts where there are no weights.

    Raises
    ------
    InputError
        If the region is not on the map, or has too many bins.
    """
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


def bp_text(size: int) -> str:
    """A length in words: `5 kb`."""
    for unit, name in ((1_000_000, "Mb"), (1_000, "kb")):
        if size % unit == 0 or size > unit:
            return f"{size / unit:g} {name}"
    return f"{size} bp"
