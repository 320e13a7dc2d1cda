"""A stream of pixels to batches that hold whole blocks."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.hic.grid import Grid
from hicloom.kernels.blocks import are_pixels, find_stripes

Ints = NDArray[np.int64]

Order = Literal["genome", "pairs"]
"""How pixels are sorted: by bin1, then bin2 (as in cool files); or by chromosome 1, chromosome
2, bin1, bin2. Bins are numbered through the genome, and bin1 <= bin2."""

BATCH = 1 << 18
"""Pixels that a batch is cut from, at least."""


@dataclass(frozen=True)
class Pixels:
    """Pixels: bins numbered through the genome, int64, and counts, float32; shape (pixels,)."""

    bin1: Ints
    bin2: Ints
    counts: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.bin1)

    def __getitem__(self, which: "slice | NDArray[np.bool_] | Ints") -> "Pixels":
        return Pixels(self.bin1[which], self.bin2[which], self.counts[which])

    @staticmethod
    def joined(parts: "list[Pixels]") -> "Pixels":
        """One after the other."""
        if len(parts) == 1:
            return parts[0]
        names = [column.name for column in fields(Pixels)]
        return Pixels(*(np.concatenate([getattr(p, name) for p in parts]) for name in names))


NONE = Pixels(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))


@dataclass(frozen=True)
class Batch:
    """All pixels of some stripes (or, by pairs, of one chromosome 2 in them).

    Attributes
    ----------
    pixels : Pixels
    stripe : int64 array of shape (pixels,)
        First bin of the stripe of each.
    """

    pixels: Pixels
    stripe: Ints


class Stripes:
    """Cuts the pixels of one resolution into batches, the same for any size of the pieces.

    It holds the pixels of the stripes that are not complete, and as many or BATCH beside.

    Parameters
    ----------
    grid : Grid
    order : Order
    """

    def __init__(self, grid: Grid, order: Order):
        self._grid = grid
        self._order = order
        self._open = NONE
        self._new = [NONE]
        self._size = 0

    def add(self, pixels: Pixels) -> Iterator[Batch]:
        """Take the next pixels, and give the batches that are complete.

        Raises
        ------
        ValueError
            If they are not sorted.
        """
        self._new.append(pixels)
        self._size += len(pixels)
        while self._size > (want := max(BATCH, len(self._open))):
            new = Pixels.joined(self._new)
            self._new, self._size = [new[want:]], len(new) - want
            batch = self._cut(Pixels.joined([self._open, new[:want]]), final=False)
            if len(batch.pixels):
                yield batch

    def rest(self) -> Iterator[Batch]:
        """Give what is left."""
        last = Pixels.joined([self._open, *self._new])
        self._new, self._size = [NONE], 0
        if len(last):
            yield self._cut(last, final=True)

    def _cut(self, pixels: Pixels, *, final: bool) -> Batch:
        grid, shape = self._grid, len(pixels)
        stripe, end = np.empty(shape, np.int64), np.empty(shape, np.int64)
        self._check(pixels)
        find_stripes(
            *(pixels.bin1, pixels.bin2, grid.starts, grid.lengths, grid.widths),
            *(stripe, end),
        )
        if final:
            self._open = NONE
            return Batch(pixels, stripe)
        done = self._is_done(pixels, stripe, end)
        self._open = pixels[~done]
        return Batch(pixels[done], stripe[done])

    def _is_done(self, pixels: Pixels, stripe: Ints, end: Ints) -> NDArray[np.bool_]:
        if self._order == "genome":
            done: NDArray[np.bool_] = end <= pixels.bin1[-1]
            return done
        chrom2 = np.searchsorted(self._grid.starts, pixels.bin2[-1], side="right") - 1
        low, high = self._grid.starts[chrom2 : chrom2 + 2]
        here = (pixels.bin2 >= low) & (pixels.bin2 < high)
        return ~(here & (stripe == stripe[-1]))

    def _check(self, pixels: Pixels) -> None:
        bins, by_row = int(self._grid.starts[-1]), self._order == "genome"
        if not are_pixels(pixels.bin1, pixels.bin2, bins, by_row):
            raise ValueError(
                "the pixels are not sorted by bin1, or one lies below the diagonal or"
                " beyond the genome"
            )
