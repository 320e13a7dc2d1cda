"""The sample table: one row a lane; lanes make libraries, libraries make groups.

Every message names the file and the line, counted as an editor counts them (1-based, the
line of column names is line 1).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hicloom.errors import InputError
from hicloom.workflow import layout
from hicloom.workflow.config import check, load_schema

KINDS = ("fastq", "bam", "pairs", "merged_nodups")
# What Snakemake's storage plugin fetches.
OBJECTS = ("s3://",)
REMOTE = ("http://", "https://", "sra:", *OBJECTS)
Row = dict[str, str]


@dataclass(frozen=True)
class Lane:
    """One row: what a sequencer's lane gave, at whatever stage it enters.

    `files` are paths or remote sources: two for the kind `fastq`, else one.
    """

    library: str
    name: str
    line: int
    kind: str
    stage: str
    groups: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def entry(self) -> str:
        """Kind and, for pairs, stage: what rows of one library must share."""
        return f"{self.kind} ({self.stage})" if self.kind == "pairs" else self.kind


@dataclass(frozen=True)
class Samples:
    """Libraries with their lanes, groups with their libraries, in the order of the table."""

    path: Path
    libraries: dict[str, tuple[Lane, ...]]
    groups: dict[str, tuple[str, ...]]

    @property
    def lanes(self) -> list[Lane]:
        """Every lane, library by library."""
        return [lane for lanes in self.libraries.values() for lane in lanes]

    def lane(self, library: str, name: str) -> Lane:
        """The lane of that name in that library."""
        return next(lane for lane in self.libraries[library] if lane.name == name)

    def of_kind(self, *entries: str) -> list[str]:
        """The libraries that enter so (`fastq`, `bam`, `pairs (raw)`, `pairs (dedup)`...)."""
        return [name for name, lanes in self.libraries.items() if lanes[0].entry in entries]


def is_remote(source: str) -> bool:
    """Whether a file of the table lies elsewhere: to be downloaded, or in an object storage."""
    return source.startswith(REMOTE)


def is_object(source: str) -> bool:
    """Whether a file of the table lies in an object storage; all kinds of files may."""
    return source.startswith(OBJECTS)


def chunk_names(lane: str, table: Path) -> list[str]:
    """The names of a lane's chunks, from the table of `count-reads`; of one chunk, the lane's."""
    names = [line.partition("\t")[0] for line in table.read_text().splitlines()[1:]]
    return [f"{lane}.{name}" for name in names] if len(names) > 1 else [lane]


def read_samples(path: Path, schema: Path | None = None) -> Samples:
    """Read and check a sample table.

    Parameters
    ----------
    path
        Tab-separated text with column names; blank lines and lines that start with `#`
        are passed over. Relative paths in it start from the working directory.
    schema
        Schema of a row; default the one that comes with the package.

    Raises
    ------
    InputError
        For an unknown column, a bad name, a duplicate lane, a missing file, a row with
        none or several kinds of input, a library of mixed kinds or groups.
    """
    rules = load_schema(schema or layout.folder() / "workflows/schemas/samples.schema.yaml")
    lanes = [
        _lane(path, line, check(row, rules, f"{path}, line {line}")) for line, row in _rows(path)
    ]
    if not lanes:
        raise InputError(f"{path}: no rows; give one row for each lane")
    libraries: dict[str, list[Lane]] = {}
    for lane in lanes:
        _join(path, libraries.setdefault(lane.library, []), lane)
    groups: dict[str, list[str]] = {}
    for name, members in libraries.items():
        for group in members[0].groups:
            groups.setdefault(group, []).append(name)
    return Samples(
        path,
        {name: tuple(members) for name, members in libraries.items()},
        {name: tuple(members) for name, members in groups.items()},
    )


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Line number and filled cells of each row; an empty cell is as good as absent."""
    names: list[str] | None = None
    for line, cells in _lines(path):
        if names is None:
            names = cells
            _check_names(path, line, names)
        elif len(cells) > len(names):
            raise InputError(
                f"{path}, line {line}: {len(cells)} cells under {len(names)} column names; "
                "separate them by single tabs"
            )
        else:
            yield line, {n: cell for n, cell in zip(names, cells, strict=False) if cell}


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; it should hold a row for each lane") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8 text; save it as tab-separated text") from None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            cells = next(csv.reader([line], delimiter="\t", quoting=csv.QUOTE_NONE))
            yield number, [cell.strip() for cell in cells]


def _check_names(path: Path, line: int, names: list[str]) -> None:
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise InputError(f"{path}, line {line}: column {min(twice)} is there twice; keep one")
    if "library" not in names:
        raise InputError(
            f"{path}, line {line}: no column library among {', '.join(names)}; the first line "
            "gives the column names, separated by tabs"
        )


def _lane(path: Path, line: int, row: Row) -> Lane:
    where = f"{path}, line {line}"
    kind = _kind(where, row)
    if kind != "pairs" and row["stage"] and row["stage"] != "dedup":
        raise InputError(f"{where}: stage {row['stage']} is only for pairs, this row has {kind}")
    names = ("fastq1", "fastq2") if kind == "fastq" else (kind,)
    files = tuple(row[name] for name in names)
    _check_files(where, kind, files)
    groups = tuple(dict.fromkeys(g.strip() for g in row["group"].split(",") if g.strip()))
    return Lane(
        row["library"],
        row["lane"],
        line,
        kind,
        row["stage"],
        groups or (row["library"],),
        files,
    )


def _kind(where: str, row: Row) -> str:
    given = [k for k in KINDS if row.get(k) or (k == "fastq" and (row["fastq1"] or row["fastq2"]))]
    if len(given) != 1:
        found = " and ".join(given) or "none of them"
        raise InputError(
            f"{where}: give one of fastq1 with fastq2, bam, pairs or merged_nodups; found {found}"
        )
    if given == ["fastq"] and not (row["fastq1"] and row["fastq2"]):
        absent = "fastq1" if row["fastq2"] else "fastq2"
        raise InputError(f"{where}: {absent} is empty; Hi-C reads come in pairs")
    return given[0]


def _check_files(where: str, kind: str, files: tuple[str, ...]) -> None:
    for file in files:
        if is_remote(file):
            if kind != "fastq" and not is_object(file):
                raise InputError(
                    f"{where}: {file}: only FASTQs are downloaded; fetch it first, or put it "
                    "into S3"
                )
        elif not Path(file).is_file():
            raise InputError(
                f"{where}: {file}: no such file (paths start from the working directory)"
            )
    if len(files) == 2 and files[0] == files[1] and not files[0].startswith("sra:"):
        raise InputError(f"{where}: fastq1 and fastq2 are the same file, {files[0]}")


def _join(path: Path, members: list[Lane], lane: Lane) -> None:
    """Add a lane to its library, if it fits."""
    where = f"{path}, line {lane.line}"
    for other in members:
        if other.name == lane.name:
            raise InputError(
                f"{where}: lane {lane.name} of library {lane.library} is already on line "
                f"{other.line}; give each lane its own name"
            )
        if other.entry != lane.entry:
            raise InputError(
                f"{where}: library {lane.library} mixes {lane.entry} with {other.entry} of "
                f"line {other.line}; rows of a library must be of one kind"
            )
        if other.groups != lane.groups:
            raise InputError(
                f"{where}: library {lane.library} is in group {','.join(lane.groups)} here and "
                f"in {','.join(other.groups)} on line {other.line}; repeat the same group"
            )
    members.append(lane)
