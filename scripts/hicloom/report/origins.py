"""What made each file: versions, parameters and commands, as the files themselves say."""

import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hicloom import provenance
from hicloom.report.run import Files, read_document

_PROGRAM = re.compile(r"(\S+)-(\d[\w.+]*)")
_KINDS = {
    "pairs": "Pairs",
    "mcool": "Map for cooler, HiGlass",
    "hic": "Map for Juicebox",
    "d4": "Depth",
    "qc": "Numbers",
    "insulation": "Insulation",
    "compartments": "Compartments",
    "expected": "Expected contacts",
}


@dataclass(frozen=True)
class Origin:
    """A file and what made it.

    Attributes
    ----------
    kind : str
    path : Path
    size : int
        In bytes.
    commands : list of str
        The first one first, with the programs' versions.
    """

    kind: str
    path: Path
    size: int
    commands: list[str]


def origins(files: Files) -> list[Origin]:
    """Every file of the report, kind by kind.

    Raises
    ------
    InputError
        If a file is not what it should be.
    """
    return [
        Origin(title, path, path.stat().st_size, _commands(kind, path))
        for kind, title in _KINDS.items()
        for path in getattr(files, kind)
    ]


def way(path: Path, page: Path) -> str:
    """The path of a file from a page."""
    return os.path.relpath(path.absolute(), page.absolute().parent).replace(os.sep, "/")


def link(path: Path, page: Path, report: Path) -> str | None:
    """The way to a file that lies beside or below the report, and so goes along with it."""
    return None if way(path, report).startswith("..") else way(path, page)


def versions(found: Sequence[Origin]) -> dict[str, list[str]]:
    """The programs that made the files, with their versions."""
    programs: dict[str, set[str]] = {"hicloom": {provenance.PROGRAM.partition("-")[2]}}
    for origin in found:
        for command in origin.commands:
            if match := _PROGRAM.match(command):
                programs.setdefault(match[1], set()).add(match[2])
    return {name: sorted(numbers) for name, numbers in sorted(programs.items())}


def _commands(kind: str, path: Path) -> list[str]:
    reader = _READERS.get(kind)
    return list(dict.fromkeys(filter(None, reader(path)))) if reader else []


def _of_pairs(path: Path) -> list[str]:
    """Lines `@PG` of the alignments and of pairtools, then ours."""
    from hicloom.formats.pairs import open_pairs

    with open_pairs(path) as reader:
        lines = reader.header.fields
    programs = [line.partition("@PG\t")[2] for line in lines if "@PG\t" in line]
    ours = [line.partition(" ")[2] for line in lines if line.startswith("#command:")]
    return [*map(_program, programs), *ours]


def _program(line: str) -> str:
    """A line `@PG` as `name-version command`."""
    parts = dict(field.split(":", 1) for field in line.split("\t") if ":" in field)
    name = parts.get("PN") or parts.get("ID", "")
    return " ".join(filter(None, (f"{name}-{parts.get('VN', '?')}", parts.get("CL", ""))))


def _of_map(path: Path) -> list[str]:
    from hicloom.formats.cool import open_cool, resolutions

    sizes = resolutions(path)
    uri = f"{path}::/resolutions/{sizes[0]}" if sizes else str(path)
    info = open_cool(uri).info
    metadata = info.get("metadata", {})
    metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
    command = metadata.get("command") if isinstance(metadata, dict) else None
    return [str(command or info.get("generated-by", ""))]


def _of_hic(path: Path) -> list[str]:
    from hicloom.formats.hic import HicFile

    with HicFile(path) as file:
        return [file.header.attributes.get("software", "")]


def _of_depth(path: Path) -> list[str]:
    from hicloom.formats import d4

    with d4.open(path) as file:
        return [str(track.metadata.made.get("command", "")) for track in file.tracks.values()]


_READERS: dict[str, Callable[[Path], list[str]]] = {
    "pairs": _of_pairs,
    "mcool": _of_map,
    "hic": _of_hic,
    "d4": _of_depth,
    "qc": lambda path: [str(read_document(path).get("command", ""))],
}
