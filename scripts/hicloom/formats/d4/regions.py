"""Regions of a D4: 0-based and half-open, as d4tools and BED have them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from hicloom.errors import InputError

_RANGE = re.compile(r"(\d[\d,]*)(?:-(\d[\d,]*)?)?")


class Region(NamedTuple):
    """Part of a chromosome (0-based, half-open, bp)."""

    chrom: str
    start: int
    end: int


def parse_region(text: str, chromsizes: Mapping[str, int]) -> Region:
    """The region of `chrom`, `chrom:start-end` or `chrom:start` (to the end).

    Commas in numbers are ignored. A name that itself holds a colon is understood.

    Raises
    ------
    InputError
        If it is malformed, empty, or not within a chromosome.
    """
    if text in chromsizes:
        return Region(text, 0, chromsizes[text])
    chrom, _, numbers = text.rpartition(":")
    match = _RANGE.fullmatch(numbers)
    if not chrom or not match:
        chrom, start, end = text, 0, 0
    else:
        size = chromsizes.get(chrom, 0)
        start, end = (int(part.replace(",", "")) if part else size for part in match.groups())
    return _checked(f"region '{text}'", Region(chrom, start, end), chromsizes)


def read_regions(path: Path, chromsizes: Mapping[str, int]) -> Iterator[Region]:
    """The regions of a BED file, in its order; columns after the third are ignored.

    Raises
    ------
    InputError
        If the file cannot be read, or a line is no region within a chromosome.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip() and not line.startswith(("#", "track", "browser")):
                    yield _parse_line(f"{path}, line {number}", line.split("\t"), chromsizes)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is no text; expected BED") from None


def chosen_regions(
    texts: Sequence[str], path: Path | None, chromsizes: Mapping[str, int]
) -> list[Region]:
    """The regions of a command line: named ones, then those of a file; else all chromosomes."""
    named = [parse_region(text, chromsizes) for text in texts]
    listed = list(read_regions(path, chromsizes)) if path else []
    if texts or path:
        return named + listed
    return [Region(chrom, 0, size) for chrom, size in chromsizes.items() if size]


def _parse_line(where: str, fields: list[str], chromsizes: Mapping[str, int]) -> Region:
    try:
        region = Region(fields[0], int(fields[1]), int(fields[2]))
    except (ValueError, IndexError):
        raise InputError(f"{where}: expected chrom, start, end (BED, tab-separated)") from None
    return _checked(where, region, chromsizes)


def _checked(where: str, region: Region, chromsizes: Mapping[str, int]) -> Region:
    size = chromsizes.get(region.chrom)
    if size is None:
        some = ", ".join(list(chromsizes)[:5]) + (", ..." if len(chromsizes) > 5 else "")
        raise InputError(f"{where}: no chromosome '{region.chrom}'; there are {some}")
    if not 0 <= region.start < region.end <= size:
        raise InputError(
            f"{where}: {region.start}-{region.end} is empty or not within {region.chrom}, "
            f"which is 0-{size} (0-based, half-open)"
        )
    return region
