"""The libraries and groups of a run, and which files are whose."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hicloom.errors import InputError
from hicloom.qc.document import SCHEMA
from hicloom.qc.verdicts import ORDER

MANY = 20
"""More libraries than this get smaller pictures."""


@dataclass(frozen=True)
class Files:
    """What the report is made of; the name of a file up to its first dot says whose it is."""

    qc: Sequence[Path] = ()
    pairs: Sequence[Path] = ()
    mcool: Sequence[Path] = ()
    hic: Sequence[Path] = ()
    d4: Sequence[Path] = ()
    insulation: Sequence[Path] = ()
    compartments: Sequence[Path] = ()
    expected: Sequence[Path] = ()

    def all(self) -> list[Path]:
        """Every file."""
        return [path for paths in vars(self).values() for path in paths]

    def check(self) -> None:
        """Raise InputError if there are none, or one of them is missing."""
        if not (self.qc or self.mcool):
            raise InputError("nothing to show: give --qc, --mcool or both")
        for path in self.all():
            if not path.is_file():
                raise InputError(f"{path}: no such file; leave out what was not made")


@dataclass
class Library:
    """A library; `document` (docs/qc.md) is None where it has no numbers."""

    name: str
    groups: list[str]
    document: dict[str, Any] | None = None
    path: Path | None = None

    @property
    def verdict(self) -> str:
        """`good`, `look`, `bad`; `none` if nothing was judged, `missing` without numbers."""
        if self.document is None:
            return "missing"
        return self.document["verdict"] or "none"

    def metrics(self, *verdicts: str) -> list[dict[str, Any]]:
        """The metrics of these verdicts, the worst first."""
        rows: list[dict[str, Any]] = self.document["metrics"] if self.document else []
        kept = [row for row in rows if row["verdict"] in verdicts]
        return sorted(kept, key=lambda row: -ORDER.index(row["verdict"]))


@dataclass
class Group:
    """A group, its libraries, and its maps by the name of their filter."""

    name: str
    libraries: list[Library] = field(default_factory=list)
    mcool: dict[str, Path] = field(default_factory=dict)
    hic: dict[str, Path] = field(default_factory=dict)

    @property
    def failed(self) -> list[str]:
        """Libraries without numbers."""
        return [library.name for library in self.libraries if library.document is None]


@dataclass(frozen=True)
class Run:
    """All of a run; libraries and groups in the order in which they were given."""

    libraries: list[Library]
    groups: list[Group]
    files: Files

    @property
    def is_large(self) -> bool:
        """Whether pictures shrink."""
        return max(len(self.libraries), len(self.groups)) > MANY

    def filters(self) -> list[str]:
        """Names of the filters of all maps, in the order of the files."""
        names = [name for group in self.groups for name in (*group.mcool, *group.hic)]
        return list(dict.fromkeys(names))


def read_run(files: Files, libraries: Sequence[str], groups: Sequence[str]) -> Run:
    """Who is who.

    Parameters
    ----------
    files : Files
    libraries : sequence of str
        All libraries of the run; one without numbers failed. Empty: those that have some.
    groups : sequence of str
        Of each library its group, or several with commas. Empty: a group each.

    Raises
    ------
    InputError
        If a file is missing or not what it should be, or the names do not fit each other.
    """
    files.check()
    if groups and len(groups) != len(libraries):
        raise InputError(f"--groups: {len(groups)} for {len(libraries)} --libraries; give as many")
    if len(set(libraries)) < len(libraries):
        raise InputError("--libraries: a name is there twice")
    grouped = groups or libraries
    known = {
        name: Library(name, [one.strip() for one in of.split(",")])
        for name, of in zip(libraries, grouped, strict=True)
    }
    for path in files.qc:
        _add_numbers(known, path, own=not libraries)
    of_groups = _grouped(known)
    for name in (*known, *of_groups):
        if not name or "/" in name or name.startswith("."):
            raise InputError(f"'{name}': expected a name without '/', and no '.' in front")
    _add_maps(of_groups, files)
    return Run(list(known.values()), list(of_groups.values()), files)


def read_document(path: Path) -> dict[str, Any]:
    """The numbers of a library.

    Raises
    ------
    InputError
        If the file is no JSON of `hicloom stats` or `hicloom dedup --qc`.
    """
    try:
        document = json.loads(path.read_text("utf-8"))
        if document["schema"] == SCHEMA:
            return dict(document)
    except (ValueError, KeyError, TypeError, UnicodeError):
        pass
    raise InputError(
        f"{path}: is not a file of schema {SCHEMA}; hicloom stats --output writes them"
    )


def owner(path: Path) -> str:
    """The library or group of a file: its name up to the first dot."""
    return path.name.partition(".")[0]


def filter_of(path: Path) -> str:
    """The name of the filter that a map was made with: `x` of `group.assembly.x.mcool`."""
    words = path.name.split(".")[1:-1]
    return words[-1] if words else ""


def _add_numbers(known: dict[str, Library], path: Path, *, own: bool) -> None:
    document = read_document(path)
    name = str(document["name"])
    name = name if own or name in known else owner(path)
    if not own and name not in known:
        raise InputError(f"{path}: '{name}' is not among --libraries; add it there")
    library = known.setdefault(name, Library(name, [name]))
    if library.path:
        raise InputError(f"{path}: {library.path} is of library '{name}', too; give one of them")
    library.document, library.path = document, path


def _grouped(known: dict[str, Library]) -> dict[str, Group]:
    groups: dict[str, Group] = {}
    for library in known.values():
        for name in library.groups:
            groups.setdefault(name, Group(name)).libraries.append(library)
    return groups


def _add_maps(groups: dict[str, Group], files: Files) -> None:
    """Maps by group and filter; one whose group is not known makes its own."""
    for kind in ("mcool", "hic"):
        for path in getattr(files, kind):
            group = groups.setdefault(owner(path), Group(owner(path)))
            maps = getattr(group, kind)
            if filter_of(path) in maps:
                raise InputError(f"{path}: {maps[filter_of(path)]} has the same name; rename it")
            maps[filter_of(path)] = path
