"""Regions whose pairs are counted by distance: chromosomes, and their arms.

The longest chromosomes have a table each; the others of the chromsizes share one, and so do all
that have no length, so that the memory does not grow with the number of contigs.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.text import open_text, whole_lines

Ints = NDArray[np.int64]

MOST_TABLES = 1_000
"""Chromosomes that have a table of their own."""

UNSIZED, OTHERS = 0, 1
"""Rows of chromosomes without a length (or left out), and of those that share a table."""


@dataclass(frozen=True)
class Arm:
    """A part of a chromosome; 0-based and half-open, in bp."""

    chrom: str
    start: int
    end: int
    name: str

    @property
    def length(self) -> int:
        """In bp."""
        return self.end - self.start


@dataclass
class Regions:
    """Which row of a table each region has.

    Parameters
    ----------
    chromsizes : mapping
        Lengths (bp) of the chromosomes that count.
    arms : sequence of Arm

    Attributes
    ----------
    rows : dict
        First row of each chromosome with a table of its own: pairs that are not in one arm; its
        arms follow.
    total : int
        Number of rows.
    """

    chromsizes: Mapping[str, int]
    arms: Sequence[Arm] = ()
    rows: dict[str, int] = field(init=False, default_factory=dict)
    total: int = field(init=False, default=2)

    def __post_init__(self) -> None:
        longest = sorted(self.chromsizes, key=lambda name: -self.chromsizes[name])[:MOST_TABLES]
        self._arms: dict[str, list[Arm]] = {name: [] for name in longest}
        for arm in sorted(self.arms, key=lambda arm: arm.start):
            if arm.chrom in self._arms:
                self._arms[arm.chrom].append(arm)
        for name in self.chromsizes:
            if name in self._arms:
                self.rows[name] = self.total
                self.total += 1 + len(self._arms[name])

    def arms_of(self, name: str) -> list[Arm]:
        """The arms of a chromosome, in order; none for one that shares a table."""
        return self._arms.get(name, [])

    def row(self, name: str) -> int:
        """The first row of a chromosome."""
        return self.rows.get(name, OTHERS if name in self.chromsizes else UNSIZED)


def read_arms(path: Path, chromsizes: Mapping[str, int]) -> list[Arm]:
    """The arms of chromosomes from BED: chrom, start, end and, if there is one, a name.

    Arms of chromosomes that are not in `chromsizes` are left out.

    Raises
    ------
    InputError
        If a line is not BED, an arm reaches beyond its chromosome, or two overlap.
    """
    arms: list[Arm] = []
    with open_text(path) as pieces:
        lines = (line for text in whole_lines(pieces) for line in text.splitlines())
        for number, line in enumerate(lines, start=1):
            words = line.decode(errors="replace").split()
            if words and words[0] not in ("track", "browser") and not words[0].startswith("#"):
                arm = _arm(f"{path}, line {number}", words, chromsizes)
                arms += [arm] if arm.chrom in chromsizes else []
    if not arms:
        raise InputError(f"{path}: holds no arm of the chromosomes of the pairs; leave out --arms")
    arms.sort(key=lambda arm: (arm.chrom, arm.start))
    for one, two in itertools.pairwise(arms):
        if one.chrom == two.chrom and two.start < one.end:
            raise InputError(
                f"{path}: {one.name} and {two.name} overlap; give each base to one arm at most"
            )
    return arms


def _arm(place: str, words: list[str], chromsizes: Mapping[str, int]) -> Arm:
    try:
        chrom, start, end = words[0], int(words[1]), int(words[2])
        if not 0 <= start < end:
            raise ValueError
    except (ValueError, IndexError):
        raise InputError(
            f"{place}: expected chrom, start and end (BED, 0-based), found '{' '.join(words)[:60]}'"
        ) from None
    if end > chromsizes.get(chrom, end):
        raise InputError(
            f"{place}: ends at {end}, but {chrom} has {chromsizes[chrom]} bp;"
            " use the arms of the same assembly"
        )
    return Arm(chrom, start, end, words[3] if len(words) > 3 else f"{chrom}:{start}-{end}")
