"""Depth of contacts: where their ends lie, or what short ones span."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hicloom.depth.pile import Pile
from hicloom.formats.pairs import Block, PairsReader
from hicloom.progress import Progress

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

Count = Literal["ends", "spans"]


def add_contacts(
    reader: PairsReader, pile: Pile, *, count: Count, max_span: int, min_mapq: int
) -> None:
    """Add pairs to a pile; read once.

    Parameters
    ----------
    count : {"ends", "spans"}
        Either the base of each end counts, or all bases from one end of a cis pair to the
        other, both included.
    max_span : int
        Longest span (bp) that counts.
    min_mapq : int
        Ends with a lower MAPQ do not count, nor do spans from or to them. Needs the columns
        mapq1 and mapq2, if it is above 0.

    Raises
    ------
    InputError
        If the pairs are damaged, a column is missing, or a position lies beyond its
        chromosome.
    """
    progress = Progress("pairs")
    for block in reader.blocks():
        (chrom1, end1, kept1), (chrom2, end2, kept2) = (
            _side(block, side, pile, min_mapq) for side in "12"
        )
        if count == "ends":
            for end, kept in ((end1, kept1), (end2, kept2)):
                pile.add(end[kept], end[kept] + 1)
        else:
            low, high = np.minimum(end1, end2), np.maximum(end1, end2) + 1
            kept = kept1 & kept2 & (chrom1 == chrom2) & (high - low <= max_span)
            pile.add(low[kept], high[kept])
        progress.add(block.n)
    progress.end()


def _side(block: Block, side: str, pile: Pile, min_mapq: int) -> tuple[Ints, Ints, Bools]:
    """Where on the line each pair's chromosome starts and its end lies, and whether it counts."""
    codes, names = block.names(f"chrom{side}")
    positions = block.ints(f"pos{side}")
    starts = np.array([pile.line.start_of(name) for name in names], np.int64)[codes]
    sizes = np.array([pile.line.chromsizes.get(name, 0) for name in names], np.int64)[codes]
    kept = starts >= 0
    _check(block, kept & ((positions < 1) | (positions > sizes)), side, positions, sizes)
    if min_mapq:
        kept &= block.ints(f"mapq{side}") >= min_mapq
    return starts, starts + positions - 1, kept


def _check(block: Block, wrong: Bools, side: str, positions: Ints, sizes: Ints) -> None:
    if wrong.any():
        row = int(wrong.argmax())
        raise block.error(row, f"pos{side} is {positions[row]}, expected 1 to {sizes[row]}")
