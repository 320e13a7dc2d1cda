"""Rows of pairs as arrays, with those that cannot be read set aside and counted."""

from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from hicloom.findings import Findings
from hicloom.formats.pairs import Block

_NEWLINE, _TAB = 10, 9
_UNMAPPED = "!"


def regular_lines(
    text: bytes, line: int, columns: int, findings: Findings
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The lines with the right number of columns, and their 1-based numbers."""
    array = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(array == _NEWLINE)
    tabs = np.searchsorted(np.flatnonzero(array == _TAB), ends)
    found = np.diff(tabs, prepend=0) + 1
    numbers = line + np.arange(len(ends))
    wrong = found != columns
    findings.add_rows(f"not {columns} columns", wrong, numbers, found)
    sizes = np.diff(ends, prepend=-1)
    return (array[np.repeat(~wrong, sizes)] if wrong.any() else array), numbers[~wrong]


@dataclass
class Rows:
    """Rows whose positions are numbers.

    Attributes
    ----------
    block : Block
        The lines they come from.
    kept : int64 array of shape (rows,)
        Row of `block`.
    lines : int64 array of shape (rows,)
        1-based line of the file.
    chrom1, chrom2 : int64 arrays of shape (rows,)
        Rank in the header's order; negative where the header does not know the chromosome.
    pos1, pos2 : int64 arrays of shape (rows,)
        1-based positions (bp).
    """

    block: Block
    kept: NDArray[np.int64]
    lines: NDArray[np.int64]
    chrom1: NDArray[np.int64]
    pos1: NDArray[np.int64]
    chrom2: NDArray[np.int64]
    pos2: NDArray[np.int64]

    @classmethod
    def parse(cls, block: Block, lines: NDArray[np.int64], findings: Findings) -> "Rows":
        """Read chromosomes and positions, and note those that are wrong."""
        sizes = block.header.chromsizes
        lengths = np.array([*sizes.values(), 0], np.int64)
        ranks = {name: rank for rank, name in enumerate(sizes)}
        chroms, positions, bad = [], [], np.zeros(block.n, bool)
        for side in "12":
            codes, names = block.names(f"chrom{side}")
            position, not_number = _numbers(block, f"pos{side}")
            rank = np.array([_rank(name, ranks) for name in names], np.int64)
            free = np.array([name == _UNMAPPED for name in names], bool)[codes]
            chrom = rank[codes]
            if sizes:
                named = [names[code] for code in codes] if (chrom < -1).any() else None
                unknown = (chrom < 0) & ~free
                findings.add_rows("unknown chromosome", unknown, lines, named)
            shown = block.strings(f"pos{side}")
            findings.add_rows("position that is no whole number", not_number, lines, shown)
            outside = (chrom >= 0) & ((position < 1) | (position > lengths[np.maximum(chrom, -1)]))
            findings.add_rows(
                "position outside 1 to the chromosome's length", outside & ~not_number, lines, shown
            )
            bad |= not_number
            chroms.append(chrom)
            positions.append(position)
        kept = np.flatnonzero(~bad)
        return cls(
            block, kept, lines[kept],
            chroms[0][kept], positions[0][kept], chroms[1][kept], positions[1][kept],
        )  # fmt: skip

    @cached_property
    def mapped(self) -> NDArray[np.bool_]:
        """Where the header knows both chromosomes."""
        known: NDArray[np.bool_] = (self.chrom1 >= 0) & (self.chrom2 >= 0)
        return known

    def __getitem__(self, row: int) -> str:
        """The text of a row, as messages show it."""
        return self.block.line(int(self.kept[row])).replace("\t", " ")[:80]


def _rank(name: str, ranks: dict[str, int]) -> int:
    """Place of a chromosome in the header's order, or a negative number of its own."""
    return ranks.get(name, -2 - crc32(name.encode()))


def _numbers(block: Block, column: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """A column's whole numbers, and where it holds something else."""
    start, end = block.bounds(column)
    width = end - start
    value = np.zeros(block.n, np.int64)
    bad = (width == 0) | (width > 18)
    for place in range(min(18, int(width.max(initial=0)))):
        inside = place < width
        digit = block.text[np.where(inside, start + place, start)].astype(np.int64) - ord("0")
        bad |= inside & ((digit < 0) | (digit > 9))
        value = np.where(inside & ~bad, value * 10 + digit, value)
    return value, bad
