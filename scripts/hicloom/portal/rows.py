"""Reading `metadata.tsv`, the portal's table of files to download.

A line that begins with `###`, one of column names, a line for each file, and a summary in
lines that begin with `###`. So begin also the lines of files that cannot be downloaded or
stand in the table twice. Written by `batch_download.py` of https://github.com/4dn-dcic/fourfront.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hicloom.errors import InputError
from hicloom.portal.client import is_safe
from hicloom.portal.query import ANY
from hicloom.portal.table import PortalFile, Table, Unavailable, check_names, joined

URL = "File Download URL"
NEEDED = (URL, "File Accession", "File Format")
MEGABYTE = 1 << 20
_DUPLICATE = re.compile(r"### Duplicate of row \d+: (.+)")
_UNAVAILABLE = re.compile(r"### (No URL|Not Yet Uploaded|Restricted)", re.IGNORECASE)
_EMPTY = ("", "N/A", ANY)
# Names of columns have changed in case over the years.
_KNOWN = {
    name.lower(): name
    for name in (
        *NEEDED,
        *("Experiment Set Accession", "Experiment Accession", "File Type", "md5sum"),
        *("Size", "Size (MB)", "Related File Relationship", "Related File", "Paired End"),
        "Open Data URL",
    )
}
Row = dict[str, str]


def read_table(path: Path) -> Table:
    """The files of a `metadata.tsv`, and those that cannot be downloaded.

    Raises
    ------
    InputError
        If it cannot be read, or see `parse_table`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8 text; expected the portal's metadata.tsv") from None
    return parse_table(text, str(path))


def parse_table(text: str, name: str) -> Table:
    """The files of the text of a `metadata.tsv`, and those that cannot be downloaded.

    A file that stands there several times comes once, with all its experiments.

    Raises
    ------
    InputError
        For a table without the columns, a row of another length, a URL or a name of a file
        that is not safe, a size or md5 that is none, two different files of one name.
    """
    files: dict[str, PortalFile] = {}
    unavailable = []
    for where, row in rows_of(text, name):
        if _UNAVAILABLE.match(row[URL]):
            unavailable.append(_unavailable(where, row))
            continue
        again = _DUPLICATE.fullmatch(row[URL])
        file = _file(where, row, again[1] if again else row[URL])
        if again:
            # Only here the portal gives bytes under "Size (MB)".
            file = replace(file, size=None, roughly=0)
        files[file.url] = joined(files[file.url], file) if file.url in files else file
    check_names(list(files.values()))
    return list(files.values()), unavailable


def _unavailable(where: str, row: Row) -> Unavailable:
    reason = row[URL].lstrip("# ").partition(":")[0].lower()
    kind = row["File Format"].lower()
    return Unavailable(where, row["File Accession"], kind, _filled(row, "File Type"), reason)


def rows_of(text: str, name: str) -> Iterator[tuple[str, Row]]:
    """Place and cells of each line that is about a file."""
    reader = csv.reader(io.StringIO(text), delimiter="\t")
    names: list[str] = []
    try:
        for cells in reader:
            where = f"{name}, line {reader.line_num}"
            first = cells[0] if cells else ""
            if first.startswith("#") and not (_DUPLICATE.match(first) or _UNAVAILABLE.match(first)):
                continue
            if not any(cells):
                continue
            if not names:
                names = _checked_names(where, cells)
            elif len(cells) != len(names):
                raise InputError(
                    f"{where}: {len(cells)} cells under {len(names)} column names; "
                    "download the table again"
                )
            else:
                yield where, dict(zip(names, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        raise InputError(f"{name}, line {reader.line_num}: {error}") from None
    if not names:
        raise InputError(f"{name}: is empty; expected the portal's metadata.tsv")


def _checked_names(where: str, cells: list[str]) -> list[str]:
    names = [_KNOWN.get(cell.strip().lower(), cell.strip()) for cell in cells]
    for needed in NEEDED:
        if needed not in names:
            raise InputError(
                f"{where}: no column {needed}; expected the portal's metadata.tsv, as it is"
            )
    twice = [name for name in names if name and names.count(name) > 1]
    if twice:
        raise InputError(f"{where}: column {twice[0]} is there twice; keep one")
    return names


def _file(where: str, row: Row, url: str) -> PortalFile:
    if not is_safe(url):
        raise InputError(f"{where}: expected an https URL of the portal in the first column")
    size, roughly = _size(where, row)
    end = _filled(row, "Paired End")
    return PortalFile(
        where,
        url,
        _name(where, url),
        row["File Accession"],
        row["File Format"].lower(),
        _filled(row, "File Type"),
        size,
        roughly,
        _md5(where, row),
        next((u for u in [_filled(row, "Open Data URL")] if is_safe(u)), None),
        end if end in ("1", "2") else "",
        _mate(row),
        _experiments(row),
    )


def _filled(row: Row, name: str) -> str:
    """A cell; nothing where it is absent or says that there is nothing."""
    return "" if row.get(name, "") in _EMPTY else row[name]


def _name(where: str, url: str) -> str:
    """The name to write a file under: the last part of its URL, if that is a plain name."""
    name = unquote(urlsplit(url).path.rpartition("/")[2])
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,200}", name):
        raise InputError(
            f"{where}: {name!a} is no name for a file (letters, digits, '.', '_', '+', '-')"
        )
    return name


def _size(where: str, row: Row) -> tuple[int | None, int]:
    """Bytes, and how many they may be off."""
    for name, unit in (("Size", 1), ("Size (MB)", MEGABYTE)):
        if text := _filled(row, name):
            if not re.fullmatch(r"\d{1,15}(\.\d+)?", text):
                raise InputError(f"{where}: {name} {text!a} is no size; correct the table")
            # Megabytes have two decimals.
            return round(float(text) * unit), 0 if unit == 1 else unit // 100
    return None, 0


def _md5(where: str, row: Row) -> str | None:
    text = _filled(row, "md5sum").lower()
    if text and not re.fullmatch(r"[0-9a-f]{32}", text):
        raise InputError(f"{where}: md5sum {text!a} is no md5; correct the table")
    return text or None


def _mate(row: Row) -> str:
    """The accession that stands under `Related File` for `paired with`."""
    relations = _filled(row, "Related File Relationship").split(", ")
    others = _filled(row, "Related File").split(", ")
    pairs = zip(relations, others, strict=False)
    return next((other for relation, other in pairs if relation == "paired with"), "")


def _experiments(row: Row) -> dict[str, tuple[str, ...]]:
    sets = _accessions(row, "Experiment Set Accession")
    return dict.fromkeys(_accessions(row, "Experiment Accession") or (("",) if sets else ()), sets)


def _accessions(row: Row, name: str) -> tuple[str, ...]:
    return tuple(w for w in re.split(r"[,\s]+", row.get(name, "")) if w not in _EMPTY)
