"""Checking that pairs lie on the chromosomes of their header, within their lengths."""

import numpy as np

from hicloom.formats.pairs.block import Block
from hicloom.formats.pairs.header import Header

UNMAPPED = "!"


class PlaceCheck:
    """Refuses pairs off the header's chromosomes; positions are 1-based, both ends included.

    Unmapped sides have no place, and without `#chromsize` lines nothing is known.
    """

    def __init__(self, header: Header):
        self._lengths = header.chromsizes

    def check(self, block: Block) -> None:
        """Check one block.

        Raises
        ------
        InputError
            Naming the first line with an unknown chromosome or a position beyond it.
        """
        if self._lengths:
            self._check_side(block, "1")
            self._check_side(block, "2")

    def _check_side(self, block: Block, side: str) -> None:
        codes, names = block.names(f"chrom{side}")
        position = block.ints(f"pos{side}")
        length = np.array([self._lengths.get(name, 0) for name in names], np.int64)[codes]
        mapped = np.array([name != UNMAPPED for name in names], bool)[codes]
        wrong = np.flatnonzero(mapped & ((position < 1) | (position > length)))
        if len(wrong):
            row = int(wrong[0])
            name = names[codes[row]]
            if name not in self._lengths:
                raise block.error(row, f"chromosome '{name}' has no #chromsize in the header")
            raise block.error(
                row, f"pos{side} is {position[row]}, expected 1 to {length[row]}, the end of {name}"
            )
