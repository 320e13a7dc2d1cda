"""Plots along the genome: depth, insulation, compartments; and expected contacts by distance."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hicloom.errors import InputError
from hicloom.report.figures import Figure, Trace, plain
from hicloom.report.run import Run, owner
from hicloom.report.words import counted, length, listed

if TYPE_CHECKING:
    import pandas as pd

    from hicloom.formats.d4 import D4File, Track

POINTS = 1000
"""Points of a curve along the genome."""

_MOST_CHROMOSOMES = 30
Place = tuple[str, int]


def depth(run: Run) -> Figure:
    """Mean depth along the longest chromosomes, a curve a library.

    Of a file with a track for each library each is drawn, else its last one.

    Raises
    ------
    InputError
        If a file is no D4, or damaged.
    """
    numbers = {library.name: i for i, library in enumerate(run.libraries)}
    traces: list[Trace] = []
    ticks: list[tuple[float, str]] = []
    for path in run.files.d4:
        from hicloom.formats import d4

        with d4.open(path) as file:
            for name, track in _tracks(file, path, numbers).items():
                trace, ticks = _depth_trace(track)
                traces.append(
                    {"name": plain(name), "meta": numbers.get(name, len(numbers))} | trace
                )
    means = [f"{trace['name']} {trace.pop('mean'):.3g}" for trace in traces]
    return {
        "kind": "depth",
        "traces": traces,
        "ticks": [(at, plain(name)) for at, name in ticks],
        "top": _top([trace["y"] for trace in traces]),
        "alt": f"Depth along the genome. Mean of each library: {listed(means, 30)}.",
    }


def _tracks(file: "D4File", path: Path, libraries: Mapping[str, int]) -> dict[str, "Track"]:
    named = {name: track for name, track in file.tracks.items() if name in libraries}
    return named or {owner(path): list(file.tracks.values())[-1]}


def _depth_trace(track: "Track") -> tuple[Trace, list[tuple[float, str]]]:
    longest = sorted(track.chromsizes, key=lambda name: -track.chromsizes[name])
    largest = set(longest[:_MOST_CHROMOSOMES])
    kept = [name for name in track.chromsizes if name in largest]
    sizes = [track.chromsizes[name] for name in kept]
    starts, genome = [0, *accumulate(sizes)], sum(sizes)
    x: list[int] = []
    y: list[float | None] = []
    places: list[str] = []
    total = 0.0
    for name, size, start in zip(kept, sizes, starts, strict=False):
        edges, means = track.resample(name, bins=max(1, round(POINTS * size / genome)))
        middles = (edges[:-1] + edges[1:]) // 2
        total += float(means @ np.diff(edges))
        # A gap after each chromosome.
        x += [*(start + middles).tolist(), start + size]
        y += [*(float(f"{mean:.4g}") for mean in means), None]
        places += [*(f"{plain(name)}, {length(at)}" for at in middles.tolist()), ""]
    ticks = [(float(start), name) for name, start in zip(kept, starts, strict=False)]
    trace = {"x": x, "y": y, "customdata": places, "mean": total / genome}
    return trace, [*ticks, (float(genome), "")]


def _top(curves: Sequence[Sequence[float | None]]) -> float:
    """Where the axis ends: repeats go beyond it."""
    values = np.array([y for curve in curves for y in curve if y is not None])
    if not len(values) or not values.max():
        return 1.0
    usual = 3 * float(np.quantile(values, 0.9))
    return 1.05 * (min(usual, float(values.max())) or float(values.max()))


def downstream(run: Run, chromosome: str | None) -> dict[str, Figure]:
    """Insulation and compartments along a chromosome, expected contacts by distance.

    Raises
    ------
    InputError
        If a table lacks a column that cooltools writes.
    """
    colours = {group.name: i for i, group in enumerate(run.groups)}
    made = {
        "insulation": _along(run.files.insulation, "log2_insulation_score_", chromosome, colours),
        "compartments": _along(run.files.compartments, "E1", chromosome, colours),
        "expected": _expected(run.files.expected, colours),
    }
    return {name: figure for name, figure in made.items() if figure["traces"]}


def _along(
    paths: Sequence[Path], column: str, chromosome: str | None, colours: Mapping[str, int]
) -> Figure:
    """A column along one chromosome; of several windows the smallest."""
    traces: list[Trace] = []
    shown, name = chromosome, column
    for path in paths:
        table = _table(path, "chrom", "start", "end")
        name = next((one for one in table if str(one).startswith(column)), "")
        if not name:
            raise InputError(f"{path}: has no column {column}; was it written by cooltools?")
        if shown is None:
            shown = str(table.groupby("chrom", sort=False)["end"].max().idxmax())
        rows = table[table["chrom"].astype(str) == shown]
        middles = ((rows["start"] + rows["end"]) // 2).tolist()
        values = [float(f"{y:.4g}") if np.isfinite(y) else None for y in rows[name].astype(float)]
        traces.append(_of_map(path, colours) | {"x": middles, "y": values})
    window = name.removeprefix(column)
    what = f"Insulation, window of {length(float(window))}" if window.isdecimal() else column
    return {
        "kind": "along",
        "traces": [trace for trace in traces if trace["x"]],
        "title": plain(f"{shown}"),
        "value": what,
        "alt": f"{what} along chromosome {shown} of {counted(len(traces), 'map')}.",
    }


def _expected(paths: Sequence[Path], colours: Mapping[str, int]) -> Figure:
    """Mean balanced contacts by distance, of all regions, in eight bins a decade."""
    traces = []
    for path in paths:
        table = _table(path, "dist", "n_valid")
        name = next((n for n in ("balanced.sum", "count.sum") if n in table), "")
        if not name:
            raise InputError(f"{path}: has no column balanced.sum; was it written by cooltools?")
        rows = table[(table["dist"] > 1) & (table["n_valid"] > 0)]
        distances = rows["dist_bp"] if "dist_bp" in rows else rows["dist"]
        bins = np.round(np.log10(distances.to_numpy(float)) * 8)
        sums = rows.groupby(bins)[[name, "n_valid"]].sum()
        ratio = sums[name] / sums["n_valid"]
        x = [round(10 ** (float(at) / 8)) for at in sums.index]
        y = [float(f"{value:.4g}") if value > 0 else None for value in ratio]
        traces.append(_of_map(path, colours) | {"x": x, "y": y, "bins": "dist_bp" not in rows})
    return {
        "kind": "expected",
        "traces": traces,
        "unit": "bins" if any(trace.pop("bins") for trace in traces) else "bp",
        "alt": f"Mean balanced contacts by distance, of {counted(len(traces), 'map')}.",
    }


def _of_map(path: Path, colours: Mapping[str, int]) -> dict[str, Any]:
    words = path.name.split(".")[:-2]
    label = " ".join(words[:1] + words[2:]) or owner(path)
    return {"name": plain(label), "meta": colours.get(owner(path), len(colours))}


def _table(path: Path, *columns: str) -> "pd.DataFrame":
    import pandas as pd

    try:
        table = pd.read_csv(path, sep="\t")
    except (ValueError, UnicodeError):
        raise InputError(f"{path}: is not a tab-separated table") from None
    for column in columns:
        if column not in table:
            raise InputError(f"{path}: has no column {column}; was it written by cooltools?")
    return table
