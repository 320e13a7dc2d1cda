"""The records of .hic files that say where the blocks of each matrix lie."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.hic.batches import Blocks
from hicloom.formats.hic.grid import Grid
from hicloom.kernels.block_bytes import scatter_rows

Ints = NDArray[np.int64]

MATRIX = np.dtype([("chrom1", "<i4"), ("chrom2", "<i4"), ("zooms", "<i4")])
_ZOOM = [
    ("index", "<i4"),
    ("sum", "<f4"),
    ("occupied", "<f4"),
    ("percent5", "<f4"),
    ("percent95", "<f4"),
    ("size", "<i4"),
    ("width", "<i4"),
    ("columns", "<i4"),
    ("blocks", "<i4"),
]
"""What is said of a resolution after its unit. Juicer leaves 0 in the three fields after the
sum."""

BLOCK = np.dtype([("number", "<i4"), ("position", "<i8"), ("size", "<i4")])


@dataclass
class Zoom:
    """The blocks of one resolution, in any order, as they are written.

    Attributes
    ----------
    grid : Grid
    index : int
        Place of the resolution among those of its unit in the header.
    """

    grid: Grid
    index: int

    def __post_init__(self) -> None:
        self._parts: list[tuple[Ints, NDArray[np.void], NDArray[np.float64]]] = []

    def add(self, blocks: Blocks, position: int) -> None:
        """Note blocks whose data starts at `position` of the file."""
        table = np.empty(len(blocks.size), BLOCK)
        table["number"], table["size"] = blocks.number, blocks.size
        table["position"] = position + np.cumsum(blocks.size) - blocks.size
        pairs = blocks.chrom1 * len(self.grid.lengths) + blocks.chrom2
        self._parts.append((pairs, table, blocks.sums))

    def sorted(self) -> "Sorted":
        """The blocks by pair of chromosomes, then number; to be asked once."""
        if not self._parts:
            empty = np.zeros(0, np.int64)
            return Sorted(self, empty, empty, np.zeros(0), np.zeros(0, BLOCK))
        pairs, table, sums = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        self._parts.clear()
        order = np.lexsort((table["number"], pairs))
        pairs, first = np.unique(pairs[order], return_index=True)
        counts = np.diff(np.append(first, len(order)))
        return Sorted(self, pairs, counts, np.add.reduceat(sums[order], first), table[order])


@dataclass(frozen=True)
class Sorted:
    """The blocks of one resolution.

    Attributes
    ----------
    zoom : Zoom
    pairs : int64 array of shape (matrices,)
        Pairs of chromosomes that have blocks, as chrom1 * chromosomes + chrom2; ascending.
    counts, sums : arrays of shape (matrices,)
        Their numbers of blocks, and sums of counts.
    table : array of BLOCK
    """

    zoom: Zoom
    pairs: Ints
    counts: Ints
    sums: NDArray[np.float64]
    table: NDArray[np.void]

    def heads(self, pairs: Ints) -> NDArray[np.void]:
        """What is said of the resolution in the records of some pairs."""
        grid = self.zoom.grid
        zoom = np.dtype([("unit", f"S{len(grid.unit) + 1}"), *_ZOOM])
        heads, here = np.zeros(len(pairs), zoom), np.searchsorted(pairs, self.pairs)
        heads["unit"], heads["index"], heads["size"] = grid.unit, self.zoom.index, grid.size
        longer = grid.longer(*np.divmod(pairs, len(grid.lengths)))
        heads["width"], heads["columns"] = grid.widths[longer], grid.columns[longer]
        heads["blocks"][here], heads["sum"][here] = self.counts, self.sums
        return heads


def records(zooms: list[Sorted], base: int) -> tuple[bytes, Ints, Ints]:
    """The records of all matrices of the given resolutions.

    Parameters
    ----------
    zooms : list of Sorted
    base : int
        What the number of the first chromosome is in the file.

    Returns
    -------
    bytes
    pairs : int64 array of shape (matrices, 2)
        Numbers of the chromosomes in the file, ascending.
    offsets : int64 array of shape (matrices + 1,)
        Where the record of each starts, and the end.
    """
    pairs = np.unique(np.concatenate([zoom.pairs for zoom in zooms]))
    heads = [zoom.heads(pairs) for zoom in zooms]
    sizes = [head.itemsize + BLOCK.itemsize * head["blocks"].astype(np.int64) for head in heads]
    ends = np.cumsum(MATRIX.itemsize + sum(sizes))
    offsets = np.concatenate(([0], ends)).astype(np.int64)
    out = np.empty(int(offsets[-1]), np.uint8)
    matrices = np.empty(len(pairs), MATRIX)
    chrom1, chrom2 = np.divmod(pairs, len(zooms[0].zoom.grid.lengths))
    matrices["chrom1"], matrices["chrom2"] = chrom1 + base, chrom2 + base
    matrices["zooms"] = len(zooms)
    _scatter(matrices, offsets[:-1], out)
    at = offsets[:-1] + MATRIX.itemsize
    for zoom, head, size in zip(zooms, heads, sizes, strict=True):
        _scatter(head, at, out)
        counts = head["blocks"].astype(np.int64)
        place = np.arange(len(zoom.table)) - np.repeat(np.cumsum(counts) - counts, counts)
        first = np.repeat(at + head.itemsize, counts)
        _scatter(zoom.table, first + BLOCK.itemsize * place, out)
        at = at + size
    return out.tobytes(), np.stack([chrom1, chrom2], axis=1) + base, offsets


def _scatter(table: NDArray[np.void], offsets: Ints, out: NDArray[np.uint8]) -> None:
    rows = np.ascontiguousarray(table).view(np.uint8).reshape(len(table), table.dtype.itemsize)
    scatter_rows(rows, offsets, out)
