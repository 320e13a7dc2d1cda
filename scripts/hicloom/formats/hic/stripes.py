"""A stream of pixels to batches that hold whole blocks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.hic.grid import Grid
from hicloom.formats.hic.pixels import NONE, Batch, Ints, Pixels
from hicloom.formats.hic.spill import Spill, pieces
from hicloom.kernels.blocks import are_pixels, find_stripes

Order = Literal["genome", "pairs"]
"""How pixels are sorted: by bin1, then bin2 (as in cool files); or by chromosome 1, chromosome
2, bin1, bin2. Bins are numbered through the genome, and bin1 <= bin2."""

BATCH = 1 << 18
"""Pixels that a batch is cut from, at least, where there is room."""

LEAST = 1 << 13
"""The same where there is little."""


class Room:
    """How many pixels may wait in memory until their blocks are whole.

    Parameters
    ----------
    pixels : int
        Of all maps together, about.
    maps, threads : int
        Maps that are written, and threads that encode batches.
    folder : Path
        Where more go, to a file without a name.
    """

    def __init__(self, pixels: int, maps: int, threads: int, folder: Path):
        self.folder = folder
        self.least = min(BATCH, max(LEAST, pixels // (2 * maps)))
        self.most = max(self.least, pixels // (threads + 2))
        self._pixels, self._share = pixels, max(self.least, pixels // maps)
        self._waiting = 0

    def wait(self, change: int) -> None:
        """So many more pixels wait."""
        self._waiting += change

    def is_full(self, of_one: int) -> bool:
        """Whether too many wait, and those of one map are more than its share."""
        return of_one > self._share and self._waiting > self._pixels


class Stripes:
    """Cuts the pixels of one resolution into batches; blocks are the same for any size of the
    pieces, and any room.

    It holds the pixels of the stripes that are not complete, and as many or a batch beside.

    Parameters
    ----------
    grid : Grid
    order : Order
    room : Room, optional
        What it has in memory; for pixels in the order of the genome.
    """

    def __init__(self, grid: Grid, order: Order, room: Room | None = None):
        self._grid, self._order = grid, order
        self._room = room if order == "genome" else None
        self._spill: Spill | None = None
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
        least = self._room.least if self._room else BATCH
        while self._size > (want := max(least, len(self._open))):
            new = Pixels.joined(self._new)
            self._new, self._size = [new[want:]], len(new) - want
            yield from self._cut(Pixels.joined([self._open, new[:want]]), final=False)

    def rest(self) -> Iterator[Batch]:
        """Give what is left."""
        last = Pixels.joined([self._open, *self._new])
        self._new, self._size = [NONE], 0
        yield from self._cut(last, final=True)

    def _cut(self, pixels: Pixels, *, final: bool) -> Iterator[Batch]:
        self._check(pixels)
        if self._spill:
            ended = self._after_chromosome(pixels)
            if ended == len(pixels) and not final:
                self._hold(pixels)
                return
            self._put_aside(self._spill, pixels[:ended])
            yield from self._spill.batches(self._room.most if self._room else BATCH)
            self._spill, pixels = None, pixels[ended:]
        if not len(pixels):
            self._hold(NONE)
            return
        stripe, end = self._stripes(pixels)
        done = np.full(len(pixels), final) if final else self._is_done(pixels, stripe, end)
        self._hold(pixels[~done])
        batch = Batch(pixels[done], stripe[done])
        yield from pieces(self._grid, batch, self._room.most if self._room else len(pixels))

    def _hold(self, pixels: Pixels) -> None:
        """Let pixels wait: in memory, or on disk if they are too many."""
        if self._room:
            self._room.wait(len(pixels) - len(self._open))
            if self._room.is_full(len(pixels)):
                self._room.wait(-len(pixels))
                self._spill = self._spill or Spill(self._grid, self._room.folder)
                self._put_aside(self._spill, pixels)
                pixels = NONE
        self._open = pixels

    def _put_aside(self, spill: Spill, pixels: Pixels) -> None:
        if len(pixels):
            # What waits lies in one chromosome's rows, whose blocks then all wait for its end.
            self._last = pixels.bin1[-1]
            spill.add(Batch(pixels, self._stripes(pixels)[0]))

    def _after_chromosome(self, pixels: Pixels) -> int:
        """The first pixel that is not in the rows of the chromosome that is put aside."""
        end = self._grid.starts[np.searchsorted(self._grid.starts, self._last, side="right")]
        return int(np.searchsorted(pixels.bin1, end))

    def _stripes(self, pixels: Pixels) -> tuple[Ints, Ints]:
        """The first bin of the stripe of each pixel, and the first after it."""
        grid, shape = self._grid, len(pixels)
        stripe, end = np.empty(shape, np.int64), np.empty(shape, np.int64)
        places = grid.starts, grid.lengths, grid.widths
        find_stripes(pixels.bin1, pixels.bin2, *places, stripe, end)
        return stripe, end

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
