"""Tiles as HiGlass asks for them: squares of maps, stretches of depth.

Chromosomes lie in a row, in the order of the tileset. At zoom 0 a tile is widest.
"""

import re
import threading
import warnings
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from hicloom.higlass.files import Tileset

Json = dict[str, Any]

_TILE = re.compile(r"([\w-]+)((?:\.[0-9]{1,9}){2,3})(?:\.(\w+))?", re.ASCII)
_KEPT = 512


class Tiles(Protocol):
    """The tiles of one tileset."""

    def info(self) -> Json:
        """What HiGlass must know to ask for tiles."""

    def tile(self, place: tuple[int, ...], transform: str) -> Json | None:
        """A tile at (zoom, x[, y]); None where there is none."""


class TileServer:
    """Answers for tilesets by their uids; for nothing else.

    Parameters
    ----------
    tilesets : iterable of Tileset
    folder : Path
        Existing; for what is made of maps that lack coarse resolutions.

    Raises
    ------
    InputError
        If a file is damaged.
    """

    def __init__(self, tilesets: Iterable[Tileset], folder: Path):
        self.tilesets = {tileset.uid: tileset for tileset in tilesets}
        self._tiles = {uid: tiles_of(tileset, folder) for uid, tileset in self.tilesets.items()}
        # HDF5 works for one thread at a time anyway, and readers of D4 and .hic hold a position.
        self._one_at_a_time = threading.Lock()
        self._tile = lru_cache(_KEPT)(self._made)

    def info(self, uid: str) -> Json:
        """What HiGlass must know of a tileset, or an error in its words."""
        if uid not in self._tiles:
            return {"error": f"No such tileset with uid: {uid}"}
        return {"name": self.tilesets[uid].name, "coordSystem": "", **self._tiles[uid].info()}

    def tile(self, tile: str) -> Json | None:
        """A tile by its id, `uid.zoom.x[.y][.transform]`; None where there is none."""
        match = _TILE.fullmatch(tile)
        if not match or match[1] not in self._tiles:
            return None
        place = tuple(int(number) for number in match[2].split(".")[1:])
        with self._one_at_a_time:
            return self._tile(match[1], place, match[3] or "default")

    def _made(self, uid: str, place: tuple[int, ...], transform: str) -> Json | None:
        return self._tiles[uid].tile(place, transform)


def tiles_of(tileset: Tileset, folder: Path) -> Tiles:
    """What makes the tiles of a tileset."""
    if tileset.kind == "cooler":
        from hicloom.higlass.cooler import CoolerTiles

        return CoolerTiles(tileset, folder)
    if tileset.kind == "hic":
        from hicloom.higlass.hic import HicTiles

        return HicTiles(tileset)
    from hicloom.higlass.depth import DepthTiles

    return DepthTiles(tileset)


def clodius(module: str) -> Any:
    """A module of clodius, `clodius.tiles.<module>`; it imports what pydantic warns of."""
    from importlib import import_module

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module(f"clodius.tiles.{module}")


def packed(values: Any) -> Json:
    """Values of a tile as HiGlass takes them: float16 or float32, in base64."""
    tile: Json = clodius("format").format_dense_tile(values.ravel())
    return tile


def within(tileset: Tileset, place: tuple[int, ...], widths: list[int]) -> bool:
    """Whether a tile begins on the genome; `widths` (bp) of tiles by zoom."""
    zoom, *at = place
    return zoom < len(widths) and all(number * widths[zoom] < tileset.length for number in at)
