"""Moving pairs to the upper triangle."""

import numpy as np

from hicloom.formats.pairs.block import Block
from hicloom.formats.pairs.header import Header
from hicloom.formats.pairs.order import TriangleCheck


class Flipper:
    """Swaps the two sides of the pairs that are in the lower triangle.

    Every column whose name ends in 1 changes places with its twin that ends in 2, and the
    pair type is turned round (`UR` becomes `RU`).
    """

    def __init__(self, header: Header):
        self._triangle = TriangleCheck(header)
        names = header.columns
        twins = [name[:-1] + {"1": "2", "2": "1"}.get(name[-1], name[-1]) for name in names]
        self._places = [
            names.index(twin) if twin in names else place for place, twin in enumerate(twins)
        ]
        self._pair_type = names.index("pair_type") if "pair_type" in names else None

    def flip(self, block: Block) -> bytes:
        """The block's text with its pairs in the upper triangle."""
        lower = self._triangle.lower(block)
        if not lower.any():
            return block.text.tobytes()
        lines = block.text.tobytes().splitlines(keepends=True)
        for row in np.flatnonzero(lower).tolist():
            lines[row] = self._flip_line(lines[row])
        return b"".join(lines)

    def _flip_line(self, line: bytes) -> bytes:
        words = line.rstrip(b"\n").split(b"\t")
        words = [words[place] for place in self._places]
        if self._pair_type is not None:
            words[self._pair_type] = words[self._pair_type][::-1]
        return b"\t".join(words) + b"\n"
