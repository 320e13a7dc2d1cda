"""Tiles of .cool and .mcool files, by clodius; coarser maps are added where they lack."""

import sys
from pathlib import Path
from typing import Any

import h5py

from hicloom.higlass.files import Tileset
from hicloom.higlass.tiles import clodius, within

SIDE = 256
"""Bins of a side of a tile."""

_FEW = 4
"""Tiles along a side of the coarsest map at most."""


class CoolerTiles:
    """Tiles of a file of balanced or raw maps."""

    def __init__(self, tileset: Tileset, folder: Path):
        path, sizes = tileset.path, list(tileset.resolutions)
        coarser = lacking(tileset)
        if coarser or not _is_multiple(path):
            path = with_coarser(tileset, coarser, folder)
        self._tileset, self._path = tileset, str(path.resolve())
        self._widths = [SIDE * size for size in reversed([*sizes, *coarser])]
        self._clodius = clodius("cooler")

    def info(self) -> dict[str, Any]:
        """Resolutions, chromosomes, and the columns of weights that all resolutions have."""
        found: dict[str, Any] = self._clodius.tileset_info(self._path)
        return found

    def tile(self, place: tuple[int, ...], transform: str) -> dict[str, Any] | None:
        """Contacts, balanced by `transform`: a column of weights, `default` or `None`."""
        if len(place) != 3 or not within(self._tileset, place, self._widths):
            return None
        name = ".".join(map(str, ("x", *place, transform)))
        made: list[tuple[str, dict[str, Any]]] = self._clodius.tiles(self._path, [name])
        return made[0][1] if made else None


def lacking(tileset: Tileset) -> list[int]:
    """Bin sizes (bp) above a map's coarsest, until the genome is a few tiles."""
    size, found = max(tileset.resolutions), []
    while size * SIDE * _FEW < tileset.length:
        size *= 2
        found.append(size)
    return found


def with_coarser(tileset: Tileset, sizes: list[int], folder: Path) -> Path:
    """An .mcool in `folder` that links to the maps of a file, and holds coarser ones.

    They are balanced where the coarsest of the file is.
    """
    path = folder / f"{tileset.uid}.mcool"
    groups = {size: f"/resolutions/{size}" for size in tileset.resolutions}
    if not _is_multiple(tileset.path):
        groups = dict.fromkeys(tileset.resolutions, "/")
    coarsest = max(groups)
    if sizes:
        told = f"has no map coarser than {coarsest} bp; {len(sizes)} are made for this view"
        print(f"{tileset.path}: {told} (hicloom zoomify makes lasting ones)", file=sys.stderr)
        _coarsen(f"{tileset.path}::{groups[coarsest]}", path, sizes)
    with h5py.File(path, "a") as file:
        for size, group in groups.items():
            link = h5py.ExternalLink(str(tileset.path.resolve()), group)
            file.require_group("resolutions")[str(size)] = link
    return path


def _coarsen(uri: str, path: Path, sizes: list[int]) -> None:
    from hicloom.formats.cool import PixelReader
    from hicloom.matrix.balancing import DEFAULTS, balance_map
    from hicloom.matrix.coarsening import coarsen
    from hicloom.matrix.values import summed_columns

    with PixelReader(uri) as source:
        columns = summed_columns(source, None, ("count",))
        coarsen(source, path, sizes, columns=columns, metadata={}, threads=2)
        balanced = "weight" in source.group["bins"]
    for size in sizes if balanced else ():
        balance_map(f"{path}::/resolutions/{size}", DEFAULTS, threads=2, tmpdir=path.parent)


def _is_multiple(path: Path) -> bool:
    with h5py.File(path, "r") as file:
        return "resolutions" in file
