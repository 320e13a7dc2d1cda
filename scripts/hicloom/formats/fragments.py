"""Restriction fragments: Juicer's site files and BED, from FASTA, written and read.

Juicer's format (`generate_site_positions.py`, Juicer 1.5) is one line a chromosome: its
name, the 1-based first bases of the motifs in ascending order, and the chromosome's length.
BED lists the fragments themselves, 0-based and half-open, with their edges at the cuts.
"""

from array import array
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.pairs import Block
from hicloom.formats.text import open_text, whole_lines

Positions = NDArray[np.int64]
Edges: TypeAlias = "array[int]"


def juicer_line(name: str, motifs: Positions, length: int) -> str:
    """A chromosome's line: `motifs` are 0-based starts, ascending; `length` in bp."""
    return " ".join([name, *map(str, (motifs + 1).tolist()), str(length)]) + "\n"


def bed_lines(name: str, cuts: Positions, length: int) -> str:
    """A chromosome's fragments: `cuts` are bases (0 to `length`) before each cut, ascending."""
    edges = [0, *cuts[(cuts > 0) & (cuts < length)].tolist(), length]
    return "".join(f"{name}\t{start}\t{end}\n" for start, end in pairwise(edges))


def read_sites(path: Path) -> dict[str, Positions]:
    """First base (1-based) of every fragment but the first, by chromosome; either format.

    The fragment of a position is the number of entries that are at most the position
    (`np.searchsorted(sites, position, side="right")`). Of Juicer's format the last entry,
    the chromosome's length, is kept, so the last base counts as one fragment more: that is
    what Juicer's and 4DN's search answers.

    Raises
    ------
    InputError
        If a line is of neither format, its positions do not ascend, or fragments of a BED
        do not join up.
    """
    sites: dict[str, Positions] = {}
    bed: dict[str, Edges] = {}
    with open_text(path) as pieces:
        lines = (line for text in whole_lines(pieces) for line in text.splitlines())
        for number, line in enumerate(lines, start=1):
            words = line.decode(errors="replace").split()
            _read_line(f"{path}, line {number}", words, sites, bed)
    sites |= {name: np.array(edges[1:-1], np.int64) + 1 for name, edges in bed.items()}
    if not sites:
        raise InputError(f"{path}: holds no fragments; make it with hicloom fragments")
    return sites


def fragment_numbers(block: Block, side: str, sites: Mapping[str, Positions]) -> Positions:
    """The fragment (from 0 on its chromosome) of one side, "1" or "2", of each line.

    Where `sites` (see `read_sites`) have no such chromosome it is -1.
    """
    codes, names = block.names(f"chrom{side}")
    positions = block.ints(f"pos{side}")
    fragments = np.full(block.n, -1)
    for code, name in enumerate(names):
        if name in sites:
            rows = np.flatnonzero(codes == code)
            fragments[rows] = np.searchsorted(sites[name], positions[rows], side="right")
    return fragments


def _read_line(
    place: str, words: list[str], sites: dict[str, Positions], bed: dict[str, Edges]
) -> None:
    if not words:
        return
    name, numbers = words[0], words[1:]
    try:
        if name in bed or numbers[:1] == ["0"]:
            _add_fragment(bed.setdefault(name, array("q", [0])), int(numbers[0]), int(numbers[1]))
            return
        positions = np.array(numbers, np.int64)
        if name in sites or not len(positions) or (np.diff(positions) <= 0).any():
            raise ValueError
        sites[name] = positions
    except (ValueError, IndexError):
        raise InputError(
            f"{place}: expected Juicer's format (chromosome, ascending sites, length; one line a "
            "chromosome) or BED of fragments that join up; make it with hicloom fragments"
        ) from None


def _add_fragment(edges: Edges, start: int, end: int) -> None:
    if start != edges[-1] or end <= start:
        raise ValueError
    edges.append(end)
