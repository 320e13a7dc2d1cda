"""pairsqc's archive: its tables, its plots and a page, named and laid out as plot.r does.

https://github.com/4dn-dcic/pairsqc, version 0.2.3. Its page asks a server for d3 to draw the
chromosomes one by one; here that is a picture, too.
"""

import html
import io
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hicloom.outputs import atomic
from hicloom.qc.pairsqc import CONVERGENCE, GOOD, ORIENTATIONS, SLOPE, VERY_GOOD

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Table = dict[str, NDArray[np.float64]]

_TABLES = ("cis_to_trans", "plot_table", "summary")
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
_CONVERGES, _FALLS = (2.0, 5.5), (3.2, 8.0)
_NO_PAIRS = -90
# Every archive of the same numbers has the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


def write_report(path: Path, folder: Path, name: str, enzyme: str) -> None:
    """Write `NAME_report.zip`.

    Parameters
    ----------
    path : Path
        The archive; all in it lies in a folder `NAME_report`.
    folder : Path
        Where `NAME.cis_to_trans.out`, `NAME.plot_table.out` and `NAME.summary.out` are.
    name : str
        The sample's.
    enzyme : str
        `4` or `6`: bases of the enzyme's site.
    """
    with atomic(path) as (part,), zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for inner, content in _files(folder, name, enzyme):
            member = zipfile.ZipInfo(f"{name}_report/{inner}", _TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)


def _files(folder: Path, name: str, enzyme: str) -> Iterator[tuple[str, bytes]]:
    tables = {what: (folder / f"{name}.{what}.out").read_text() for what in _TABLES}
    for what, text in tables.items():
        yield f"{name}.{what}.out", text.encode()
    table = _columns(tables["plot_table"])
    plots = {
        "proportion": _orientations(table, enzyme),
        "log10prob": _probability(table),
        "log10prob_per_chr": _chromosomes(table),
    }
    for what, figure in plots.items():
        for kind in ("png", "pdf"):
            yield f"plots/{name}.{what}.{kind}", _drawn(figure, kind)
    yield "pairsqc_report.html", _page(name, tables["summary"]).encode()


def _columns(text: str) -> Table:
    """The numbers of a table by the names of its columns, without the ranges in words."""
    head, *rows = (line.split("\t") for line in text.splitlines())
    return {
        column: np.array([float(row[place]) for row in rows])
        for place, column in enumerate(head)
        if column != "distance_range(bp)"
    }


def _orientations(table: Table, enzyme: str) -> "Figure":
    """Pairs, shares and their spread by distance, for each orientation."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 8), layout="constrained")
    counts, shares, spread = figure.subplots(3, sharex=True)
    distance = table["distance"]
    proportions = np.array([table[f"proportion.{name}"] for name in ORIENTATIONS])
    for name, colour, share in zip(ORIENTATIONS, _COLOURS, proportions, strict=True):
        style = {"color": colour, "marker": ".", "label": name}
        counts.plot(distance, _present(table[f"log10count.{name}"]), **style)
        shares.plot(distance, share, **style)
    spread.plot(distance, np.std(proportions, axis=0, ddof=1), color="black", marker=".")
    for limit in (VERY_GOOD, GOOD):
        spread.axhline(limit, color="grey", linestyle=":")
    for axes, label in ((counts, "pairs"), (shares, "proportion"), (spread, "sd")):
        axes.axvline(CONVERGENCE[enzyme], color="grey", linestyle="--")
        axes.set(ylabel=label, xlim=_CONVERGES)
    _powers(counts, y=True)
    _powers(spread, x=True)
    spread.set_xlabel("distance (bp)")
    counts.legend(frameon=False)
    return figure


def _probability(table: Table) -> "Figure":
    """Contact probability by distance, with the straight line whose slope is told."""
    figure, axes = _falling()
    distance, height = table["distance"], _present(table["log10prob"])
    axes.plot(distance, height, color=_COLOURS[0], marker=".")
    inside = (distance >= SLOPE[0]) & (distance <= SLOPE[1])
    if inside.sum() > 1 and np.isfinite(height[inside]).all():
        slope, base = np.polyfit(distance[inside], height[inside], 1)
        line = slope * distance[inside] + base
        axes.plot(distance[inside], line, "k--", label=f"slope = {slope:.2f}")
        axes.legend(frameon=False)
    return figure


def _chromosomes(table: Table) -> "Figure":
    """The same for each chromosome, between 10^3.5 and 10^7 bp."""
    from matplotlib import colormaps

    figure, axes = _falling()
    start = "log10prob_per_chr."
    names = [column.removeprefix(start) for column in table if column.startswith(start)]
    inside = (table["distance"] > 3.5) & (table["distance"] < 7)
    for place, name in enumerate(names):
        colour = colormaps["turbo"](place / max(1, len(names) - 1))
        heights = _present(table[start + name][inside])
        axes.plot(table["distance"][inside], heights, color=colour, label=name)
    if 0 < len(names) <= 30:
        figure.legend(frameon=False, loc="outside right upper", fontsize="x-small")
    return figure


def _falling() -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 5), layout="constrained")
    axes = figure.subplots()
    axes.set(xlabel="distance (bp)", ylabel="contact probability", xlim=_FALLS)
    _powers(axes, x=True, y=True)
    return figure, axes


def _powers(axes: "Axes", *, x: bool = False, y: bool = False) -> None:
    """Write the axes' numbers as powers of ten."""
    for axis in [axes.xaxis] * x + [axes.yaxis] * y:
        axis.set_major_formatter(lambda value, _: f"$10^{{{value:g}}}$")


def _present(heights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithms, without those of nothing."""
    return np.where(heights > _NO_PAIRS, heights, math.nan)


def _drawn(figure: "Figure", kind: str) -> bytes:
    stamps = {"CreationDate": None} if kind == "pdf" else {}
    out = io.BytesIO()
    figure.savefig(out, format=kind, dpi=100, metadata=stamps)
    return out.getvalue()


def _page(name: str, summary: str) -> str:
    shown = html.escape(name)
    rows = "".join(
        "<tr><th>{}</th><td>{}</td></tr>\n".format(*map(html.escape, line.split("\t")))
        for line in summary.splitlines()
    )
    titles = {
        "proportion": "Proportion of read orientation versus genomic separation",
        "log10prob": "Contact probability versus genomic separation",
        "log10prob_per_chr": "Contact probability versus genomic separation, per chromosome",
    }
    figures = "".join(
        f'<h2>{title}</h2>\n<a href="plots/{shown}.{what}.pdf">'
        f'<img src="plots/{shown}.{what}.png" alt="{title}: {shown}"></a>\n'
        for what, title in titles.items()
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f"<title>PairsQC Report: {shown}</title>\n"
        "<style>body {font-family: sans-serif; max-width: 50em; margin: 2em auto}"
        " th {text-align: left; font-weight: normal; padding-right: 2em}</style>\n"
        f"<h1>PairsQC Report: {shown}</h1>\n<h2>Summary table</h2>\n"
        f"<table>\n{rows}</table>\n{figures}</html>\n"
    )
