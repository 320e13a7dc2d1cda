"""Viewconfs: what HiGlass shows, and where.

Source: the JSON schema https://higlass.io/#viewconf (app/schema.json of HiGlass).
"""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from hicloom.formats.regions import LAST, Side, parse_region
from hicloom.higlass.files import Tileset, fits

SERVER = "/api/v1"
"""Where servers of HiGlass, ours among them, answer, on their own host."""

# The colours that cooltools calls "fall".
_FALL = (
    *("#ffffff", "#ffffcc", "#ffeda0", "#fed976", "#feb24c"),
    *("#fd8d3c", "#fc4e2a", "#e31a1c", "#bd0026", "#800026", "#000000"),
)
_DEPTHS = ("#2166ac", "#b2182b", "#4d9221", "#762a83", "#b35806", "#35978f")
_COLUMNS = 12

Json = dict[str, Any]


def viewconf(tilesets: Sequence[Tileset], region: str | None = None) -> Json:
    """Maps side by side, those of one genome moving together, each below the depth of its genome.

    Depth without a map gets a view for each genome.

    Parameters
    ----------
    tilesets : sequence of Tileset
        At least one.
    region : str, optional
        What is in view first, such as `chr1:1-20000` or, of two sides, `chr1|chr2:5-20`
        (1-based, both included; default: the genome).

    Raises
    ------
    InputError
        If the region is not on the chromosomes.
    """
    shown = list(_shown(tilesets))
    columns = math.ceil(math.sqrt(len(shown)))
    views = [
        _view(f"view-{number + 1}", group, number, columns, region)
        for number, group in enumerate(shown)
    ]
    locks = _locks([(view["uid"], group[0]) for view, group in zip(views, shown, strict=True)])
    return {
        "editable": True,
        "zoomFixed": False,
        "trackSourceServers": [SERVER],
        "views": views,
        "zoomLocks": locks,
        "locationLocks": locks,
    }


def domain(side: Side, tileset: Tileset) -> tuple[int, int]:
    """Where a side of a region begins and ends when the chromosomes are laid in a row (bp)."""
    if side.chrom is None:
        return 0, tileset.length
    names = list(tileset.chromsizes)
    start = sum(tileset.chromsizes[name] for name in names[: names.index(side.chrom)])
    last = tileset.chromsizes[side.chrom] if side.last == LAST else side.last
    return start + max(side.first, 1) - 1, start + min(last, tileset.chromsizes[side.chrom])


def tileset_uids(part: Any) -> list[str]:
    """The tilesets that a viewconf or a part of it names, in its order."""
    if isinstance(part, dict):
        own = [part["tilesetUid"]] if isinstance(part.get("tilesetUid"), str) else []
        return own + [uid for value in part.values() for uid in tileset_uids(value)]
    if isinstance(part, list):
        return [uid for value in part for uid in tileset_uids(value)]
    return []


def _shown(tilesets: Sequence[Tileset]) -> Iterator[list[Tileset]]:
    """What each view shows: a map and the tracks of its genome, or tracks of one genome."""
    maps = [tileset for tileset in tilesets if tileset.is_map]
    tracks = [tileset for tileset in tilesets if not tileset.is_map]
    for shown in maps:
        yield [shown, *(track for track in tracks if fits(track, shown))]
    alone = [track for track in tracks if not any(fits(track, shown) for shown in maps)]
    for _, group in groupby(alone, key=lambda track: list(track.chromsizes.items())):
        yield list(group)


def _view(uid: str, shown: list[Tileset], number: int, columns: int, region: str | None) -> Json:
    first, tracks = shown[0], [tileset for tileset in shown if not tileset.is_map]
    width = _COLUMNS // columns
    row, column = divmod(number, columns)
    sides = parse_region(region, first.chromsizes.keys()) if region else (Side(None), Side(None))
    labels = _labels(uid, first)
    return {
        "uid": uid,
        "layout": {"x": column * width, "y": row * _COLUMNS, "w": width, "h": _COLUMNS},
        "initialXDomain": list(domain(sides[0], first)),
        "initialYDomain": list(domain(sides[1], first)),
        "tracks": {
            "top": [*(_depth(uid, *numbered) for numbered in enumerate(tracks)), labels["top"]],
            "left": [labels["left"]] if first.is_map else [],
            "center": [_map(uid, first)] if first.is_map else [],
            "right": [],
            "bottom": [],
        },
    }


def _labels(view: str, tileset: Tileset) -> dict[str, Json]:
    common = {"server": SERVER, "tilesetUid": tileset.uid}
    options = {"showMousePosition": True, "color": "#444444", "fontSize": 11}
    return {
        "top": {
            "uid": f"{view}-top",
            "type": "horizontal-chromosome-labels",
            "height": 28,
            **common,
            "options": options,
        },
        "left": {
            "uid": f"{view}-left",
            "type": "vertical-chromosome-labels",
            "width": 28,
            **common,
            "options": options,
        },
    }


def _map(view: str, tileset: Tileset) -> Json:
    common = {"server": SERVER, "tilesetUid": tileset.uid}
    heatmap = {
        "uid": f"{view}-map",
        "type": "heatmap",
        **common,
        "options": {
            "name": tileset.name,
            "colorRange": list(_FALL),
            "heatmapValueScaling": "log",
            "dataTransform": "default",
            "colorbarPosition": "topRight",
            "labelPosition": "bottomLeft",
            "backgroundColor": "#eeeeee",
            "showMousePosition": True,
            "showTooltip": True,
        },
    }
    grid = {
        "uid": f"{view}-grid",
        "type": "2d-chromosome-grid",
        **common,
        "options": {"lineStrokeWidth": 1, "lineStrokeColor": "#b0b6c2"},
    }
    return {"uid": f"{view}-center", "type": "combined", "contents": [heatmap, grid]}


def _depth(view: str, number: int, tileset: Tileset) -> Json:
    return {
        "uid": f"{view}-depth-{number + 1}",
        "type": "horizontal-bar",
        "height": 48,
        "server": SERVER,
        "tilesetUid": tileset.uid,
        "options": {
            "name": tileset.name,
            "barFillColor": _DEPTHS[number % len(_DEPTHS)],
            "valueScaling": "linear",
            "valueScaleMin": 0,
            "axisPositionHorizontal": "right",
            "labelPosition": "topLeft",
            "labelColor": "#22293a",
            "labelBackgroundColor": "#ffffff",
            "labelBackgroundOpacity": 0.8,
            "showMousePosition": True,
            "showTooltip": True,
        },
    }


def _locks(firsts: Sequence[tuple[str, Tileset]]) -> Json:
    """Views of the same chromosomes move together, without an offset between them."""
    locks: Json = {"locksByViewUid": {}, "locksDict": {}}
    groups: dict[tuple[tuple[str, int], ...], list[tuple[str, Tileset]]] = {}
    for uid, tileset in firsts:
        groups.setdefault(tuple(tileset.chromsizes.items()), []).append((uid, tileset))
    for number, group in enumerate(group for group in groups.values() if len(group) > 1):
        lock = f"lock-{number + 1}"
        middle = group[0][1].length / 2
        locks["locksByViewUid"] |= {uid: lock for uid, _ in group}
        locks["locksDict"][lock] = {"uid": lock, **{u: [middle, middle, 1] for u, _ in group}}
    return locks
