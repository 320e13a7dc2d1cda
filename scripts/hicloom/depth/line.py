"""The line on which all chromosomes lie, one after another."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError

Number = TypeVar("Number", bound=np.integer[Any])

LONGEST = (1 << 31) - 1
"""Longest chromosome (bp)."""


class Line:
    """Where each chromosome starts on a line of places; one empty place follows each.

    So a stretch that ends with its chromosome ends at a place of its own, and depth is 0
    there.

    Attributes
    ----------
    chromsizes : dict of str to int
        Lengths (bp), in the order of the line.
    starts : int64 array of shape (chromosomes + 1,)
        The last entry is the number of all places.
    """

    def __init__(self, chromsizes: Mapping[str, int]):
        for name, size in chromsizes.items():
            if size > LONGEST:
                raise InputError(f"{name} has {size} bp; depth is counted up to {LONGEST}")
        self.chromsizes = dict(chromsizes)
        sizes = np.array(list(chromsizes.values()), np.int64)
        self.starts = np.concatenate(([0], np.cumsum(sizes + 1)))
        self._ranks = {name: rank for rank, name in enumerate(chromsizes)}

    @property
    def places(self) -> int:
        """How many places there are."""
        return int(self.starts[-1])

    def start_of(self, chrom: str) -> int:
        """Where a chromosome starts; -1 if it is not on the line."""
        rank = self._ranks.get(chrom, -1)
        return int(self.starts[rank]) if rank >= 0 else -1

    def name_at(self, place: int) -> str:
        """The chromosome of a place."""
        rank = int(np.searchsorted(self.starts, place, side="right")) - 1
        return list(self.chromsizes)[rank]

    def cut(
        self, first: int, values: NDArray[Number]
    ) -> Iterator[tuple[str, int, NDArray[Number]]]:
        """Values of consecutive places from `first` on, chromosome by chromosome.

        Yields
        ------
        (chrom, start, values) : start 0-based; the places between chromosomes are left out
        """
        names, sizes = list(self.chromsizes), list(self.chromsizes.values())
        end = first + len(values)
        rank = int(np.searchsorted(self.starts, first, side="right")) - 1
        while rank < len(names) and self.starts[rank] < end:
            start = int(self.starts[rank])
            low, high = max(first, start), min(end, start + sizes[rank])
            if low < high:
                yield names[rank], low - start, values[low - first : high - first]
            rank += 1
