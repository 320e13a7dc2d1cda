"""The table of libraries: numbers as they are written, and by what rows are sorted."""

from dataclasses import dataclass

from hicloom.report.run import Library, Run
from hicloom.report.words import NOTHING, count, length, listed, share


@dataclass(frozen=True)
class Column:
    """A column: its title, and what it means."""

    title: str
    meaning: str


@dataclass(frozen=True)
class Cell:
    """A number as it is written, its value for sorting, and the verdict on it, if there is one."""

    text: str
    value: float | None = None
    verdict: str | None = None


@dataclass(frozen=True)
class Row:
    """A library."""

    library: Library
    groups: str
    cells: list[Cell]


_COLUMNS = {
    "reads": Column("Read pairs", "All read pairs that were sequenced."),
    "mapped": Column("Placed", "Read pairs with a place for both reads, of all."),
    "duplicates": Column("Duplicates", "Copies, of the placed pairs."),
    "final": Column("Unique contacts", "What the maps are made of."),
    "cis": Column("Cis", "Within a chromosome, of the unique contacts."),
    "cis_1kb": Column(
        "Cis ≥\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}kb",
        "Within a chromosome and at least 1 kb apart.",
    ),
    "long_range": Column(
        "Cis >\N{NO-BREAK SPACE}20\N{NO-BREAK SPACE}kb",
        "Within a chromosome and more than 20 kb apart.",
    ),
    "orientation_convergence": Column(
        "Ligations from", "Distance from which on all strand orientations are equally frequent."
    ),
    "complexity": Column("Molecules", "Different molecules that the library is estimated to hold."),
    "yield_of_more": Column(
        "New if doubled", "Of as many placed pairs again, those that would be new."
    ),
}


def columns(run: Run) -> list[Column]:
    """The columns, those without any number left out."""
    return [_COLUMNS[name] for name in _shown(run)]


def rows(run: Run) -> list[Row]:
    """A row a library."""
    shown = _shown(run)
    return [
        Row(
            library,
            listed(library.groups),
            [_cells(library).get(name, Cell(NOTHING)) for name in shown],
        )
        for library in run.libraries
    ]


def _shown(run: Run) -> list[str]:
    known = [_cells(library) for library in run.libraries]
    return [n for n in _COLUMNS if any(n in row and row[n].value is not None for row in known)]


def _cells(library: Library) -> dict[str, Cell]:
    document = library.document
    if document is None:
        return {}
    totals, contacts, copies = document["totals"], document["contacts"], document["duplicates"]
    metrics = {row["id"]: row for row in document["metrics"]}
    cells = {
        "reads": Cell(count(totals["reads"]), totals["reads"]),
        "final": Cell(count(totals["final"]), totals["final"]),
        "cis": _part(contacts["cis"], contacts["final"]),
        "complexity": Cell(count(copies["complexity"]), copies["complexity"]),
    }
    for name in ("mapped", "duplicates", "cis_1kb", "long_range", "yield_of_more"):
        value, verdict = metrics[name]["value"], metrics[name]["verdict"]
        cells[name] = Cell(NOTHING if value is None else share(value, 100), value, verdict)
    row = metrics["orientation_convergence"]
    text = "never" if row["verdict"] == "bad" and row["value"] is None else length(row["value"])
    cells["orientation_convergence"] = Cell(text, row["value"], row["verdict"])
    return cells


def _part(part: int, whole: int) -> Cell:
    return Cell(share(part, whole), 100 * part / whole if whole else None)
