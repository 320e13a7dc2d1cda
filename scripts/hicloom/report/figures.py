"""Plots of all libraries together, as plotly's traces without their colours.

Each trace has `meta`: the number of the library that it is of, or of the colour that it takes.
Names of users go through `plain`, for plotly reads a little HTML in texts.
"""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from hicloom.report.run import Library
from hicloom.report.words import counted, length, listed, share

Trace = dict[str, Any]
Figure = dict[str, Any]

FATES = {
    "contacts over 20 kb": "good",
    "contacts from 1 to 20 kb": "fair",
    "contacts between chromosomes": "trans",
    "pairs closer than 1 kb": "close",
    "on other chromosomes": "other",
    "duplicates": "copies",
    "one read without a place": "single",
    "no read with a place": "none",
}
"""What becomes of read pairs, and the colour of each."""

_TYPES = {
    "UU": "good", "UR": "fair", "RU": "fair/", "DD": "copies", "WW": "trans", "XX": "trans/",
    "MM": "other", "MU": "close", "UM": "close", "MR": "close/", "RM": "close/",
    "NU": "single", "UN": "single", "NR": "single/", "RN": "single/", "NM": "other/",
    "MN": "other/", "NN": "none",
}  # fmt: skip
"""Colours of pair types; those with a stroke are hatched."""


def plain(text: str) -> str:
    """A text that plotly shows as it is."""
    return html.escape(text, quote=False)


def figures(libraries: Sequence[Library]) -> dict[str, Figure]:
    """All that is to be drawn of libraries with numbers, by the name of the plot."""
    there = [(i, one) for i, one in enumerate(libraries) if one.document]
    if not there:
        return {}
    made = {
        "fates": fates(there),
        "types": types(there),
        "scaling": scaling(there),
        "orientations": orientations(there),
        "complexity": complexity(there),
    }
    return {name: figure for name, figure in made.items() if figure["traces"]}


Numbered = Sequence[tuple[int, Library]]


def fates(there: Numbered) -> Figure:
    """Bars: where the read pairs went."""
    rows = {one.name: _fate(one) for _, one in there}
    tellings = [
        f"{name}: {share(row['contacts over 20 kb'], sum(row.values()))}"
        for name, row in rows.items()
    ]
    alt = "Of all read pairs, contacts over 20 kb within a chromosome: "
    return _bars(there, rows, FATES, alt + listed(tellings, 30) + ".")


def _fate(library: Library) -> dict[str, int]:
    document = library.document or {}
    totals, contacts = document["totals"], document["contacts"]
    far, near = (contacts["cis_at_least"].get(at, 0) for at in ("20000", "1000"))
    return {
        "contacts over 20 kb": far,
        "contacts from 1 to 20 kb": near - far,
        "contacts between chromosomes": contacts["trans"],
        "pairs closer than 1 kb": contacts["cis_short"],
        "on other chromosomes": contacts["other_chromosomes"],
        "duplicates": totals["duplicates"],
        "one read without a place": totals["single_sided"],
        "no read with a place": totals["unmapped"],
    }


def types(there: Numbered) -> Figure:
    """Bars: pair types, the commonest first."""
    rows = {one.name: dict((one.document or {})["pair_types"] or {}) for _, one in there}
    sums: dict[str, int] = {}
    for row in rows.values():
        for name, number in row.items():
            sums[name] = sums.get(name, 0) + number
    order = sorted(sums, key=lambda name: -sums[name])
    colours = {name: _TYPES.get(name.upper(), "none/") for name in order}
    alt = "Read pairs by type: " + listed(
        [f"{name} {share(sums[name], sum(sums.values()))}" for name in order], 12
    )
    return _bars(there, rows, colours, f"{alt} of all libraries together.")


def _bars(
    there: Numbered, rows: Mapping[str, Mapping[str, int]], colours: Mapping[str, str], alt: str
) -> Figure:
    """A row a library in percent; the plot is redrawn of those that are chosen."""
    traces = []
    for part, colour in colours.items():
        numbers = [rows[one.name].get(part, 0) for _, one in there]
        if any(numbers):
            wholes = [sum(rows[one.name].values()) for _, one in there]
            percent = [
                round(100 * n / whole, 3) if whole else 0
                for n, whole in zip(numbers, wholes, strict=True)
            ]
            shape = {"meta": colour.rstrip("/"), "hatched": colour.endswith("/")}
            traces.append(shape | {"name": plain(part), "x": percent, "customdata": numbers})
    names = [plain(one.name) for _, one in there]
    return {
        "kind": "bars",
        "traces": traces,
        "rows": names,
        "libraries": [number for number, _ in there],
        "alt": alt,
    }


def scaling(there: Numbered) -> Figure:
    """P(s) and its slope."""
    traces, told = [], []
    for number, one in there:
        curves = (one.document or {})["scaling"]
        points = _points(curves, "p") if curves else []
        if not points:
            continue
        slope = _points(curves, "slope")
        traces.append(_line(number, one.name, points, axis=""))
        traces.append(_line(number, one.name, slope, axis="2"))
        metric = next((m for m in one.metrics("good", "look", "bad") if m["id"] == "slope"), None)
        told.append(f"{one.name} {metric['value']:.2f}" if metric else one.name)
    alt = "Contact probability P(s) falls with distance s; below it the slope. "
    text = f"{alt}Slopes from 10 to 300 kb: {listed(told, 30)}."
    return {"kind": "scaling", "traces": traces, "alt": text}


def _points(curves: Mapping[str, Any], what: str) -> list[tuple[float, float]]:
    """Of bins with pairs, from 1 kb on or from where there is anything."""
    values = zip(curves["middle"], curves["genome"][what], strict=True)
    known = zip(curves["genome"]["p"], values, strict=True)
    return [(round(x), y) for p, (x, y) in known if p and y is not None and x >= 100]


def _line(number: int, name: str, points: Sequence[tuple[float, float]], axis: str) -> Trace:
    x, y = zip(*points, strict=True) if points else ((), ())
    return {"name": plain(name), "meta": number, "x": list(x), "y": list(y), "yaxis": f"y{axis}"}


def orientations(there: Numbered) -> Figure:
    """The share of each orientation by distance, of one library at a time."""
    traces, told = [], []
    for number, one in there:
        document = one.document or {}
        curves = document["scaling"]
        if not curves:
            continue
        counts = curves["genome"]["orientations"]
        for colour, (strands, numbers) in enumerate(counts.items()):
            rows = zip(
                curves["middle"], numbers, map(sum, zip(*counts.values(), strict=True)), strict=True
            )
            points = [
                (round(x), round(100 * n / whole, 3))
                for x, n, whole in rows
                if whole >= 40 and x >= 100
            ]
            if points:
                line = _line(number, strands, points, axis="")
                traces.append(line | {"colour": colour})
        at = document["orientation_convergence"]["distance"]
        told.append(f"{one.name} {'from ' + length(at) if at else 'nowhere'}")
    alt = "Share of the four strand orientations by distance; they agree at "
    return {"kind": "orientations", "traces": traces, "alt": f"{alt}25 %: {listed(told, 30)}."}


def complexity(there: Numbered) -> Figure:
    """Unique pairs by sequencing, and where each library stands."""
    traces, told = [], []
    for number, one in there:
        document = one.document or {}
        curve, totals = document["duplicates"]["curve"], document["totals"]
        if not curve:
            continue
        points = list(zip(curve["mapped"], curve["unique"], strict=True))
        traces.append(_line(number, one.name, points, axis=""))
        stands = (totals["mapped"] - (document["duplicates"]["optical"] or 0), totals["unique"])
        traces.append(_line(number, one.name, [stands], axis="") | {"mode": "markers"})
        told.append(one.name)
    alt = (
        f"Unique pairs that more sequencing is expected to give, of {counted(len(told), 'library')}"
    )
    return {"kind": "complexity", "traces": traces, "alt": f"{alt}; a dot is where each stands."}
