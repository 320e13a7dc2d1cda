"""Pictures of depth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#2166ac", "#b2182b", "#4d9221", "#762a83", "#b35806", "#35978f")
_GRID = {"color": "#d9dce3", "linewidth": 0.5}
_UNITS = ((1_000_000, "Mb"), (1_000, "kb"))


@dataclass(frozen=True)
class Curve:
    """Depth along a chromosome.

    Attributes
    ----------
    edges : int64 array of shape (n + 1,)
        Where bins begin, and the end (0-based, bp).
    means : float64 array of shape (n,)
    """

    edges: NDArray[np.int64]
    means: NDArray[np.float64]


def draw(panels: Mapping[str, Mapping[str, Curve]], path: Path, title: str) -> None:
    """Draw a panel for each chromosome, with a curve for each track, all on one scale.

    The ending of `path` gives the format.
    """
    matplotlib.rcParams["svg.hashsalt"] = "hicloom"
    height = 1.2 + max(2.6, 0.7 * len(panels))
    figure = Figure(figsize=(9, height), layout="constrained")
    rows = figure.subplots(len(panels), squeeze=False, sharex=len(panels) > 1)[:, 0]
    curves = [curve for panel in panels.values() for curve in panel.values()]
    bounds = min(c.edges[0] for c in curves), max(c.edges[-1] for c in curves)
    limits = _limits(curves, whole=len(panels) > 1)
    for axes, (chrom, panel) in zip(rows, panels.items(), strict=True):
        _draw_panel(axes, panel, limits[1])
        axes.set_xlim(*bounds)
        axes.set_ylim(*limits)
        _label(axes, chrom, many=len(panels) > 1)
    _label_positions(rows[-1], *bounds, "" if len(panels) > 1 else next(iter(panels)))
    figure.suptitle(title, fontsize=11, x=0.02, ha="left")
    handles, names = rows[0].get_legend_handles_labels()
    if len(names) > 1:
        figure.legend(handles, names, loc="outside upper right", fontsize=8, ncols=6, frameon=False)
    figure.savefig(path, dpi=150)


def _draw_panel(axes: "Axes", panel: Mapping[str, Curve], top: float) -> None:
    """Curves; a triangle at the top marks bins that lie beyond it."""
    axes.grid(axis="y", **_GRID)  # type: ignore[arg-type]
    axes.set_axisbelow(True)
    for number, (name, curve) in enumerate(panel.items()):
        colour = COLOURS[number % len(COLOURS)]
        if len(panel) == 1:
            axes.stairs(curve.means, curve.edges, fill=True, color=colour, alpha=0.35)
        steps = np.append(curve.means, curve.means[-1:])
        style: dict[str, Any] = {"color": colour, "linewidth": 0.8, "drawstyle": "steps-post"}
        axes.plot(curve.edges, steps, label=name, **style)
        beyond = curve.edges[:-1][curve.means > top]
        if len(beyond):
            tops = np.full(len(beyond), top)
            axes.plot(beyond, tops, "^", color=colour, markersize=3, clip_on=False)


def _limits(curves: Sequence[Curve], *, whole: bool) -> tuple[float, float]:
    """The scale's ends; of a whole genome, repeats go beyond it and copy numbers show."""
    means = np.concatenate([curve.means for curve in curves])
    bottom, top = min(0.0, float(means.min())), float(means.max())
    usual = 3 * float(np.quantile(means, 0.9))
    if whole and 0 < usual < top:
        top = usual
    return bottom, bottom + 1.08 * (top - bottom or 1.0)


def _label(axes: "Axes", chrom: str, *, many: bool) -> None:
    axes.tick_params(labelsize=7 if many else 8)
    axes.spines[["top", "right"]].set_visible(False)
    if many:
        axes.set_ylabel(chrom, rotation=0, ha="right", va="center", fontsize=8)
        axes.locator_params(axis="y", nbins=2)
    else:
        axes.set_ylabel("depth", fontsize=9)


def _label_positions(axes: "Axes", start: int, end: int, chrom: str) -> None:
    unit, name = next(((size, name) for size, name in _UNITS if end - start >= size), (1, "bp"))
    axes.xaxis.set_major_formatter(lambda position, _: f"{position / unit:,.9g}")
    axes.set_xlabel(f"{chrom} ({name})" if chrom else name, fontsize=9)
