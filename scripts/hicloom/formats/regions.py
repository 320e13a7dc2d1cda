"""Regions of a contact map as text, in pairix's syntax: `chr1:1-10|chr2:5-20`."""

import re
from collections.abc import Set
from dataclasses import dataclass

from hicloom.errors import InputError

SPLIT = "|"
LAST = (1 << 31) - 1

_RANGE = re.compile(r"(\d[\d,]*)(?:-(\d[\d,]*)?)?")


@dataclass(frozen=True)
class Side:
    """One side of a region: a chromosome (None: any) and positions, 1-based, both included."""

    chrom: str | None
    first: int = 0
    last: int = LAST

    @property
    def whole(self) -> bool:
        """Whether every position is in it."""
        return self.first <= 1 and self.last >= LAST


def parse_region(region: str, known: Set[str]) -> tuple[Side, Side]:
    """Both sides of a region.

    A side is `chrom`, `chrom:first-last`, `chrom:first` (to the end) or `*`; commas in
    numbers are ignored. A region of one side means that both ends lie there. Names that
    themselves hold `:` or `|` are understood when `known` has them.

    Raises
    ------
    InputError
        If it is malformed, or a chromosome is not in `known`.
    """
    text = "".join(region.split())
    cuts = [place for place, letter in enumerate(text) if letter == SPLIT]
    readings = [(text[:cut], text[cut + 1 :]) for cut in cuts]
    problems = []
    for one, two in [*readings, (text, text)]:
        try:
            return _side(one, known), _side(two, known)
        except ValueError as problem:
            problems.append(problem)
    raise InputError(f"region '{region}': {problems[0]}")


def _side(text: str, known: Set[str]) -> Side:
    if text == "*":
        return Side(None)
    if text in known:
        return Side(text)
    chrom, _, positions = text.rpartition(":")
    match = _RANGE.fullmatch(positions)
    if chrom not in known:
        name = chrom if chrom and match else text
        raise ValueError(f"no chromosome '{name}' here; there are {_some(known)}")
    if not match:
        raise ValueError(f"'{positions}' is not FIRST-LAST (1-based, both included)")
    first, last = (int(part.replace(",", "")) if part else LAST for part in match.groups())
    if last < first:
        raise ValueError(f"it ends ({last}) before it begins ({first})")
    return Side(chrom, first, last)


def _some(names: Set[str]) -> str:
    shown = sorted(names)[:5]
    return ", ".join(shown) + (", ..." if len(names) > 5 else "") if shown else "none"
