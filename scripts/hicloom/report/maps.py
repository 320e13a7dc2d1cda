"""The maps of a group: their pictures, and how their balancing and norms went."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hicloom.errors import InputError
from hicloom.qc import maps as judge
from hicloom.qc.verdicts import Metric
from hicloom.report.pictures import Missing, Picture, picture
from hicloom.report.run import Group, Run
from hicloom.report.summary import Judged, of_group

# Of the 15 MB of a page, plotly takes 5 and numbers up to 3; base64 makes 4 bytes of 3.
PICTURES = 5_000_000
LARGEST, THUMBNAIL = 700_000, 40_000
SIDES = 240, 1000
"""Fewest and most pixels a side that are aimed at."""


@dataclass(frozen=True)
class Map:
    """One map: `levels` and `norms` as in docs/qc.md, None where they were not looked at."""

    name: str
    mcool: Path | None
    hic: Path | None
    pictures: list[Picture | Missing]
    levels: list[dict[str, Any]] | None
    norms: list[dict[str, Any]] | None

    @property
    def unbalanced(self) -> bool:
        """Whether counts are shown for want of weights."""
        return any(isinstance(one, Picture) and one.counts for one in self.pictures)

    def table(self) -> list[tuple[str, dict[int, list[str]]]]:
        """Norms by name, each with the chromosomes that lack it by resolution."""
        found: dict[str, dict[int, list[str]]] = {}
        for row in self.norms or []:
            found.setdefault(row["norm"], {})[row["resolution"]] = row["failed"]
        return list(found.items())


@dataclass(frozen=True)
class Section:
    """A group with its maps."""

    group: Group
    maps: list[Map]
    judged: Judged


def sections(run: Run, chromosome: str | None, *, thumbnails: bool) -> list[Section]:
    """All groups; the pictures of all together are small enough for one page.

    Raises
    ------
    InputError
        If a file is damaged, or no map has the chromosome.
    """
    number = 2 * sum(len(group.mcool) for group in run.groups)
    size = THUMBNAIL if thumbnails else min(LARGEST, PICTURES // max(1, number))
    maps = run.files.mcool
    if chromosome and maps and not any(chromosome in _chromosomes(path) for path in maps):
        raise InputError(f"--chromosome {chromosome}: is on none of the maps")
    return [section(group, chromosome, size, whole_only=thumbnails) for group in run.groups]


def section(
    group: Group, chromosome: str | None, size: int, *, whole_only: bool = False
) -> Section:
    """A group, with pictures of at most `size` bytes each."""
    names = dict.fromkeys((*group.mcool, *group.hic))
    made = [_map(group, name, chromosome, size, whole_only) for name in names]
    first = next((one for one in made if one.levels), None)
    pairs = first.levels[0]["pairs"] if first and first.levels else None
    judged = of_group(group, first.levels if first else None, _metrics(made), pairs)
    return Section(group, made, judged)


def _map(group: Group, name: str, chromosome: str | None, size: int, whole_only: bool) -> Map:
    mcool, hic = group.mcool.get(name), group.hic.get(name)
    levels = _levels(mcool) if mcool else None
    norms = judge.norms(hic) if hic else None
    pictures = _pictures(mcool, chromosome, size, whole_only) if mcool else []
    return Map(name, mcool, hic, pictures, levels, norms)


def _pictures(
    mcool: Path, chromosome: str | None, size: int, whole_only: bool
) -> list[Picture | Missing]:
    """The genome and a chromosome, which is left out where it is not on the map."""
    side = max(SIDES[0], min(SIDES[1], math.isqrt(2 * size)))
    names = _chromosomes(mcool)
    wanted: list[str | None] = [None] if len(names) > 1 or whole_only else []
    if not whole_only and (not chromosome or chromosome in names):
        wanted.append(chromosome or max(names, key=lambda name: names[name]))
    return [picture(mcool, region, side=side, size=size) for region in wanted]


def _chromosomes(mcool: Path) -> dict[str, int]:
    from hicloom.formats.cool import open_cool, resolutions

    sizes = resolutions(mcool)
    clr = open_cool(f"{mcool}::/resolutions/{sizes[-1]}" if sizes else str(mcool))
    return {str(name): int(length) for name, length in clr.chromsizes.items()}


def _levels(mcool: Path) -> list[dict[str, Any]] | None:
    """Convergence by resolution; of a .cool, which has one, it is not looked at."""
    from hicloom.formats.cool import resolutions

    return judge.balancing(mcool) if resolutions(mcool) else None


def _metrics(made: Sequence[Map]) -> list[Metric]:
    """Verdicts on the first map that was balanced, and the first with norms."""
    levels = next((one.levels for one in made if one.levels), None)
    norms = next((one.norms for one in made if one.norms is not None), None)
    found = [judge.balancing_metric(levels)] if levels else []
    return [*found, judge.norms_metric(norms)] if norms is not None else found
