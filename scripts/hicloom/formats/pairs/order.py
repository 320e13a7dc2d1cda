"""Checking that pairs come sorted and in the upper triangle, block by block."""

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.pairs.block import Block
from hicloom.formats.pairs.header import Header
from hicloom.kernels.order import first_descent


class OrderCheck:
    """Refuses rows that are not sorted by chrom1, chrom2, pos1, pos2.

    Chromosomes are compared as bytes (the C locale), as pairtools sorts them.
    """

    def __init__(self) -> None:
        self._last: tuple[bytes, bytes, int, int] | None = None

    def check(self, block: Block) -> None:
        """Check the next block of the same file.

        Raises
        ------
        InputError
            Naming the first line out of order.
        """
        if block.n == 0:
            return
        keys = (
            block.strings("chrom1"),
            block.strings("chrom2"),
            block.ints("pos1"),
            block.ints("pos2"),
        )
        row = 0 if self._last and _row(keys, 0) < self._last else first_descent(keys)
        if row is not None:
            raise unsorted(block, row)
        self._last = _row(keys, -1)


def unsorted(block: Block, row: int) -> InputError:
    """The error for a `row` (0-based) of `block` that is out of order."""
    return block.error(
        row,
        "the pairs are not sorted by chrom1, chrom2, pos1, pos2; "
        f"run: hicloom sort-pairs {block.source} --output SORTED.pairs.gz",
    )


def _row(
    keys: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], row: int
) -> tuple[bytes, bytes, int, int]:
    chrom1, chrom2, pos1, pos2 = keys
    return bytes(chrom1[row]), bytes(chrom2[row]), int(pos1[row]), int(pos2[row])


class TriangleCheck:
    """Refuses pairs that are not in the upper triangle of the header's chromosome order.

    Only pairs with both sides on chromosomes of the header have a triangle.
    """

    def __init__(self, header: Header):
        self._ranks = {name: rank for rank, name in enumerate(header.chromsizes)}

    def check(self, block: Block) -> None:
        """Check one block.

        Raises
        ------
        InputError
            Naming the first line of the lower triangle.
        """
        wrong = np.flatnonzero(self.lower(block))
        if len(wrong):
            raise block.error(
                int(wrong[0]),
                "the pair is in the lower triangle (its second side comes first in the order "
                f"of #chromsize); run: hicloom sort-pairs --flip {block.source} "
                "--output SORTED.pairs.gz",
            )

    def lower(self, block: Block) -> NDArray[np.bool_]:
        """Which lines are in the lower triangle; bool, shape (block.n,)."""
        rank1, rank2 = self._rank(block, "chrom1"), self._rank(block, "chrom2")
        swapped = (rank1 == rank2) & (block.ints("pos1") > block.ints("pos2"))
        return (rank1 >= 0) & (rank2 >= 0) & ((rank1 > rank2) | swapped)

    def _rank(self, block: Block, column: str) -> NDArray[np.int64]:
        codes, names = block.names(column)
        ranks = np.array([self._ranks.get(name, -1) for name in names], np.int64)
        return ranks[codes]
