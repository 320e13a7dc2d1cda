"""Pictures of contact maps."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.colors import Colormap, LinearSegmentedColormap, LogNorm
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# The colours that cooltools calls "fall".
FALL = (
    *("#ffffff", "#ffffcc", "#ffeda0", "#fed976", "#feb24c"),
    *("#fd8d3c", "#fc4e2a", "#e31a1c", "#bd0026", "#800026", "#000000"),
)
_MISSING = "#e8e8ec"
_LINE = {"color": "#33415c", "linewidth": 0.5, "alpha": 0.55}
# A chromosome shorter than this share of the map gets no label.
_LABELLED = 0.018


@dataclass(frozen=True)
class View:
    """A square part of a map.

    Attributes
    ----------
    values : float64 array, shape (n, n)
        Contacts; NaN where a bin is left out of balancing.
    resolution : int
        In bp.
    start : int
        Where the first bin starts on its chromosome (0-based, bp); 0 for a whole genome.
    chromosomes : mapping of str to int
        Number of bins of each chromosome in view.
    unit : str
        What the values are.
    """

    values: NDArray[np.float64]
    resolution: int
    start: int
    chromosomes: Mapping[str, int]
    unit: str


def draw(view: View, path: Path, title: str) -> None:
    """Draw a view on a logarithmic scale; the ending of `path` gives the format."""
    # It gathers fonts, for which those that only want colours do not wait.
    from matplotlib.figure import Figure

    matplotlib.rcParams["svg.hashsalt"] = "hicloom"
    figure = Figure(figsize=(8, 7.2), layout="constrained")
    axes = figure.add_subplot()
    whole = len(view.chromosomes) > 1
    size = len(view.values)
    edges = (0, size) if whole else (view.start, view.start + size * view.resolution)
    image = axes.imshow(
        np.where(view.values > 0, view.values, np.where(np.isnan(view.values), np.nan, 1e-300)),
        cmap=colours(),
        norm=LogNorm(*limits(view.values), clip=False),
        interpolation="none",
        extent=(edges[0], edges[1], edges[1], edges[0]),
    )
    if whole:
        _label_chromosomes(axes, view.chromosomes)
    else:
        _label_positions(axes, next(iter(view.chromosomes)))
    axes.set_title(title, fontsize=11, loc="left")
    bar = figure.colorbar(image, ax=axes, shrink=0.72, pad=0.02, extend="max")
    bar.set_label(view.unit, fontsize=9)
    bar.ax.tick_params(labelsize=8)
    bar.outline.set_visible(False)
    figure.savefig(path, dpi=150)


def colours() -> Colormap:
    """Those of contacts, few to many; NaN has one of its own."""
    fall = LinearSegmentedColormap.from_list("fall", FALL)
    return fall.with_extremes(bad=_MISSING, under=FALL[0])


def limits(values: NDArray[np.float64]) -> tuple[float, float]:
    """The scale's ends: beyond them lie few of the values, and most of the diagonal."""
    there = values[np.isfinite(values) & (values > 0)]
    if not len(there):
        return 0.1, 1.0
    low, high = np.quantile(there, (0.02, 0.995))
    return float(low), float(max(high, low * 10))


def _label_chromosomes(axes: "Axes", chromosomes: Mapping[str, int]) -> None:
    counts = np.fromiter(chromosomes.values(), float)
    ends = np.cumsum(counts)
    for end in ends[:-1]:
        axes.axhline(end, **_line())
        axes.axvline(end, **_line())
    shown = [i for i, count in enumerate(counts) if count >= _LABELLED * ends[-1]]
    names = [list(chromosomes)[i] for i in shown]
    places = [ends[i] - counts[i] / 2 for i in shown]
    axes.set_xticks(places, names, rotation=90 if len(names) > 8 else 0, fontsize=8)
    axes.set_yticks(places, names, fontsize=8)
    axes.tick_params(length=0)


def _line() -> dict[str, Any]:
    return dict(_LINE)


def _label_positions(axes: "Axes", chromosome: str) -> None:
    span = axes.get_xlim()[1] - axes.get_xlim()[0]
    unit, name = (1e6, "Mb") if span >= 1e6 else (1e3, "kb")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda position, _: f"{position / unit:,g}")
    axes.set_xlabel(f"{chromosome} ({name})", fontsize=9)
    axes.tick_params(labelsize=8)
