"""A run in a few lines: its libraries, its maps, and where everything lies."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from hicloom.errors import InputError

COLUMNS = ("read pairs", "mapped", "duplicates", "unique", "cis", "trans", "cis > 1 kb")
MADE = ("*.mcool", "*.hic", "*.png", "*.pairs.gz", "*.stats.tsv", "*.lossless.bam")


def summarise(results: Path) -> str:
    """Tables of the libraries and maps in the folder `results` of a run, and its files.

    Raises
    ------
    InputError
        If the folder holds no statistics of libraries.
    """
    found = sorted((results / "libraries").glob("*.stats.json"))
    if not found:
        raise InputError(f"{results}: holds no libraries/*.stats.json; run snakemake first")
    libraries = [_library(path) for path in found]
    maps = [_map(path) for path in sorted((results / "groups").glob("*.mcool"))]
    parts = [
        table(("library", *COLUMNS), libraries),
        table(("map", "pairs", "resolutions", "balanced"), maps),
        f"time from the first file to the last: {_span(results)}",
        "\n".join(str(path) for path in made(results)),
    ]
    return "\n\n".join(part for part in parts if part)


def table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Text columns of even width, the first to the left, the others to the right."""
    if not rows:
        return ""
    widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    return "\n".join(_line(row, widths) for row in (names, *rows))


def made(results: Path) -> list[Path]:
    """The files of a run that are meant to be looked at, kind by kind."""
    return [path for kind in MADE for path in sorted(results.glob(f"*/{kind}"))]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])


def _library(path: Path) -> list[str]:
    counts: dict[str, Any] = json.loads(path.read_text())
    total, mapped = counts["total"], counts["total_mapped"]
    duplicates, unique = counts["total_dups"], counts["total_nodups"]
    parts = [
        _share(mapped, total),
        _share(duplicates, mapped),
        _share(unique, total),
        *(_share(counts[key], unique) for key in ("cis", "trans", "cis_1kb+")),
    ]
    return [path.name.removesuffix(".stats.json"), f"{total:,}", *parts]


def _map(path: Path) -> list[str]:
    import h5py

    with h5py.File(path, "r") as file:
        levels = {int(name): level for name, level in file["resolutions"].items()}
        pairs = int(levels[min(levels)].attrs["sum"])
        balanced = sum(map(_is_balanced, levels.values()))
    sizes = " ".join(_bp(size) for size in sorted(levels))
    name = path.name.removesuffix(".mcool")
    return [name, f"{pairs:,}", sizes, f"{balanced} of {len(levels)}"]


def _is_balanced(level: Any) -> bool:
    weights = level["bins"].get("weight")
    return weights is not None and bool(weights.attrs.get("converged", True))


def _share(part: int, whole: int) -> str:
    return f"{part:,} ({part / whole:.1%})" if whole else f"{part:,}"


def _bp(size: int) -> str:
    for unit, letter in ((10**6, "M"), (10**3, "k")):
        if size >= unit and size * 10 % unit == 0:
            return f"{size / unit:g}{letter}"
    return str(size)


def _span(results: Path) -> str:
    times = [path.stat().st_mtime for path in _files(results)]
    minutes, seconds = divmod(round(max(times) - min(times)), 60)
    return f"{minutes} min {seconds} s"


def _files(results: Path) -> Iterable[Path]:
    return (path for path in results.rglob("*") if path.is_file())
