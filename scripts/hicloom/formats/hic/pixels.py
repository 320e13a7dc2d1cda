"""Pixels of one resolution on their way into blocks."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pixels:
    """Pixels: bins numbered through the genome, int64, and counts, float32; shape (pixels,)."""

    bin1: Ints
    bin2: Ints
    counts: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.bin1)

    def __getitem__(self, which: "slice | NDArray[np.bool_] | NDArray[np.integer]") -> "Pixels":
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
    """All pixels of some blocks.

    Attributes
    ----------
    pixels : Pixels
    stripe : int64 array of shape (pixels,)
        First bin of the stripe of each.
    """

    pixels: Pixels
    stripe: Ints
