"""Tiles of depth: means of bigWig and D4 in bins of 1, 2, 4 ... bp.

The bins lie on the genome, its chromosomes in a row, so one may hold the end of a chromosome
and the beginning of the next. (clodius drops such ends, and what follows moves.)
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.higlass.files import Tileset
from hicloom.higlass.tiles import packed, within

WIDTH = 1024
"""Bins of a tile."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Means = Callable[[str, Ints], Floats]
"""Means between ascending edges (0-based, bp) on a chromosome; NaN where nothing is known."""


class DepthTiles:
    """Tiles of a bigWig, or of a track of a D4."""

    def __init__(self, tileset: Tileset):
        self._tileset = tileset
        self._zooms = max(0, (-(-tileset.length // WIDTH) - 1).bit_length())
        self._widths = [WIDTH << (self._zooms - zoom) for zoom in range(self._zooms + 1)]
        self._means = _bigwig(tileset) if tileset.kind == "bigwig" else _d4(tileset)

    def info(self) -> dict[str, Any]:
        """Zooms and chromosomes."""
        return {
            "min_pos": [0],
            "max_pos": [self._tileset.length],
            "max_width": self._widths[0],
            "tile_size": WIDTH,
            "max_zoom": self._zooms,
            "chromsizes": [[name, size] for name, size in self._tileset.chromsizes.items()],
        }

    def tile(self, place: tuple[int, ...], transform: str) -> dict[str, Any] | None:
        """Means of bins."""
        if len(place) != 2 or not within(self._tileset, place, self._widths):
            return None
        zoom, number = place
        return packed(self.means(number * self._widths[zoom], self._widths[zoom] // WIDTH))

    def means(self, start: int, width: int) -> Floats:
        """Means of the bins of `width` bp from `start` on the genome; NaN beyond its end.

        Returns
        -------
        float64 array of shape (1024,)
        """
        sums, known = np.zeros(WIDTH), np.zeros(WIDTH)
        for chrom, offset, edges in self._pieces(start, width):
            means, sizes = self._means(chrom, edges), np.diff(edges)
            bins = (edges[:-1] + offset - start) // width
            told = ~np.isnan(means)
            np.add.at(sums, bins[told], means[told] * sizes[told])
            np.add.at(known, bins[told], sizes[told])
        return np.divide(sums, known, out=np.full(WIDTH, np.nan), where=known > 0)

    def _pieces(self, start: int, width: int) -> Iterator[tuple[str, int, Ints]]:
        """Chromosomes in view, where they begin on the genome, and edges of bins on them."""
        offset, end = 0, start + WIDTH * width
        for chrom, length in self._tileset.chromsizes.items():
            low, high = max(start, offset), min(end, offset + length)
            if low < high:
                inner = np.arange(start + -(-(low - start) // width) * width, high, width)
                edges = np.unique(np.concatenate(([low], inner, [high]))).astype(np.int64)
                yield chrom, offset, edges - offset
            offset += length


def _d4(tileset: Tileset) -> Means:
    from hicloom.formats import d4

    # Open for as long as it is shown.
    track = d4.open(tileset.path).track(tileset.track)

    def means(chrom: str, edges: Ints) -> Floats:
        if chrom not in track.chromsizes:
            return np.full(len(edges) - 1, np.nan)
        sums, _, _ = track.between(chrom, edges)
        return sums / np.diff(edges) / (track.denominator or 1.0)

    return means


def _bigwig(tileset: Tileset) -> Means:
    import bbi

    path = str(tileset.path)
    known = bbi.chromsizes(path)

    def means(chrom: str, edges: Ints) -> Floats:
        found: Floats = np.full(len(edges) - 1, np.nan)
        if chrom not in known:
            return found
        # All bins but the first and last are of one width.
        for low, high in ((0, 1), (1, len(found) - 1), (len(found) - 1, len(found))):
            if low < high:
                found[low:high] = _summary(path, chrom, edges[low], edges[high], high - low)
        return found

    return means


def _summary(path: str, chrom: str, start: int, end: int, bins: int) -> Floats:
    import bbi

    try:
        return bbi.fetch(path, chrom, int(start), int(end), bins=bins, missing=np.nan, oob=np.nan)
    except (OSError, RuntimeError, KeyError) as error:
        raise InputError(f"{path}: is a damaged bigWig file ({error})") from None
