"""The files of a portal's table, and which of them are wanted."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hicloom.errors import InputError


@dataclass(frozen=True)
class PortalFile:
    """A file of the table.

    Attributes
    ----------
    where : file and line of the table.
    size, roughly : bytes, and how many the size may be off (megabytes are rounded).
    open_url : where it lies for everyone, if it does.
    end, mate : of FASTQs: which reads (`1` or `2`), and the accession of the other ones.
    experiments : each experiment that it belongs to (empty: to a whole set), with its sets.
    """

    where: str
    url: str
    name: str
    accession: str
    format: str
    type: str = ""
    size: int | None = None
    roughly: int = 0
    md5: str | None = None
    open_url: str | None = None
    end: str = ""
    mate: str = ""
    experiments: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Unavailable:
    """A file of the table that the portal does not give, and why."""

    where: str
    accession: str
    format: str
    type: str
    reason: str


Table = tuple[list[PortalFile], list[Unavailable]]


def check_names(files: Sequence[PortalFile]) -> None:
    """Refuse two files that would be written under one name.

    Raises
    ------
    InputError
        With the first such pair.
    """
    seen: dict[str, PortalFile] = {}
    for file in files:
        other = seen.setdefault(file.name.lower(), file)
        if other.url != file.url:
            raise InputError(
                f"{file.where}: {file.name} is on {other.where}, too, with another URL; keep one"
            )


def joined(one: PortalFile, other: PortalFile) -> PortalFile:
    """One file of two rows about the same URL."""
    if one.md5 != other.md5 or one.accession != other.accession:
        raise InputError(
            f"{other.where}: {other.accession} is on {one.where}, too, with another md5 or "
            "accession; download the table again"
        )
    experiments = dict(one.experiments)
    for experiment, sets in other.experiments.items():
        experiments[experiment] = tuple(dict.fromkeys((*experiments.get(experiment, ()), *sets)))
    return replace(one, experiments=experiments)


def join_tables(tables: Sequence[Table]) -> Table:
    """One table of several, each file once.

    Raises
    ------
    InputError
        If they contradict each other.
    """
    files: dict[str, PortalFile] = {}
    for file in (file for table in tables for file in table[0]):
        files[file.url] = joined(files[file.url], file) if file.url in files else file
    check_names(list(files.values()))
    return list(files.values()), [file for table in tables for file in table[1]]


def choose(table: Table, formats: Sequence[str] | None, types: Sequence[str] | None) -> Table:
    """The files of the given formats and types (all, where none are given).

    Raises
    ------
    InputError
        If a format or type is not there at all, or no file is left to download.
    """
    files, unavailable = table
    chosen: list[PortalFile | Unavailable] = [*files, *unavailable]
    for option, words, name in (
        ("--file-format", formats, "format"),
        ("--file-type", types, "type"),
    ):
        wanted = {word.lower() for word in words or ()}
        there = {getattr(file, name).lower() for file in chosen}
        if absent := sorted(wanted - there):
            found = ", ".join(sorted(filter(None, there))) or "none"
            raise InputError(f"{option} {absent[0]}: there are no such files, only: {found}")
        chosen = [f for f in chosen if not wanted or getattr(f, name).lower() in wanted]
    left = [file for file in chosen if isinstance(file, PortalFile)]
    if not left:
        raise InputError("the table has no file that can be downloaded")
    return left, [file for file in chosen if isinstance(file, Unavailable)]
