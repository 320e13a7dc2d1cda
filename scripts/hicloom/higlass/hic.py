"""Tiles of .hic files, by hictkpy."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.higlass.cooler import SIDE
from hicloom.higlass.files import Tileset
from hicloom.higlass.tiles import packed, within

Floats = NDArray[np.float64]

_PREFERRED = ("KR", "SCALE", "VC_SQRT", "VC")
_OPEN = 16


class Part(NamedTuple):
    """The bins of a chromosome that begin in a tile: its name, length (bp), first bin, the bin
    behind the last, and the number of the chromosome's first bin in the map; and where they
    begin in the tile (in bins)."""

    chrom: str
    length: int
    first: int
    behind: int
    offset: int
    at: int


class HicTiles:
    """Tiles of a .hic file, of contacts or normalised: divided by the values of both bins.

    A bin lies in the tile in which it begins, as in clodius.
    """

    def __init__(self, tileset: Tileset):
        self._tileset = tileset
        self._sizes = sorted(tileset.resolutions, reverse=True)
        self._widths = [SIDE * size for size in self._sizes]
        self._opened = lru_cache(_OPEN)(self._open)
        self._weights = lru_cache(_OPEN)(self._read_weights)
        found = [set(self._opened(size).avail_normalizations()) for size in self._sizes]
        shared = set.intersection(*found)
        self._norms = [name for name in _PREFERRED if name in shared]
        self._norms += sorted(shared.difference(self._norms))

    def info(self) -> dict[str, Any]:
        """Resolutions, chromosomes, and the norms that all resolutions have."""
        total = self._tileset.length
        return {
            "resolutions": sorted(self._sizes),
            "transforms": [{"name": name, "value": name} for name in self._norms],
            "min_pos": [1, 1],
            "max_pos": [total, total],
            "chromsizes": [[name, size] for name, size in self._tileset.chromsizes.items()],
        }

    def tile(self, place: tuple[int, ...], transform: str) -> dict[str, Any] | None:
        """Contacts, normalised by `transform`: a norm, `default` (the first) or `None`."""
        if len(place) != 3 or not within(self._tileset, place, self._widths):
            return None
        zoom, x, y = place
        first = self._norms[0] if self._norms else ""
        norm = first if transform == "default" else transform if transform in self._norms else ""
        return packed(self.contacts(self._sizes[zoom], x, y, norm).astype(np.float32))

    def contacts(self, size: int, x: int, y: int, norm: str) -> Floats:
        """Values of a tile, y down and x to the right; NaN where a norm has none.

        HiGlass takes a tile on the diagonal to hold its lower half only, and mirrors it.

        Returns
        -------
        float64 array of shape (256, 256)
        """
        values: Floats = np.zeros((SIDE, SIDE))
        columns = list(self._parts(size, x))
        for number, row in enumerate(self._parts(size, y)):
            for column in columns[: number + 1] if x == y else columns:
                # Of a chromosome's last bin and the next one's first in one place, what
                # holds contacts stays.
                block = self._block(size, row, column, norm)
                top, left = row.at, column.at
                place = values[top : top + block.shape[0], left : left + block.shape[1]]
                np.copyto(place, block, where=block != 0)
        return np.tril(values) if x == y else values

    def _parts(self, size: int, number: int) -> Iterator[Part]:
        low, offset, start = number * SIDE * size, 0, 0
        high = low + SIDE * size
        for chrom, length in self._tileset.chromsizes.items():
            bins = -(-length // size)
            first, behind = (min(max(0, -(-(end - start) // size)), bins) for end in (low, high))
            if first < behind:
                at = (start + first * size - low) // size
                yield Part(chrom, length, first, behind, offset, at)
            offset, start = offset + bins, start + length

    def _block(self, size: int, row: Part, column: Part, norm: str) -> Floats:
        turned = (row.offset, row.first) > (column.offset, column.first)
        one, two = (column, row) if turned else (row, column)
        counts = self._counts(size, one, two)
        counts = counts.T if turned else counts
        if not norm:
            return counts
        weights = self._weights(size, norm)
        down, across = (
            weights[part.offset + part.first : part.offset + part.behind] for part in (row, column)
        )
        return counts / down[:, None] / across[None, :]

    def _counts(self, size: int, one: Part, two: Part) -> Floats:
        ranges = (
            f"{part.chrom}\t{part.first * size}\t{min(part.behind * size, part.length)}"
            for part in (one, two)
        )
        try:
            found = self._opened(size).fetch(*ranges, count_type="float64", query_type="BED")
            dense: Floats = found.to_numpy(query_span="full")
        except (RuntimeError, ValueError) as error:
            reason = str(error).partition("\n")[0]
            raise InputError(f"{self._tileset.path}: cannot be read ({reason})") from None
        return dense

    def _read_weights(self, size: int, norm: str) -> Floats:
        weights: Floats = self._opened(size).weights(norm)
        return np.where(weights > 0, weights, np.nan)

    def _open(self, size: int) -> Any:
        import hictkpy

        return hictkpy.File(self._tileset.path, size)
