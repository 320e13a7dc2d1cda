"""A sample table of the workflow from files of a portal.

An experiment of the portal is a library, an experiment set a group, a pair of FASTQs a lane.
Pairs of an experiment are a library without duplicates; so are those of a whole set.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hicloom.errors import InputError
from hicloom.outputs import atomic
from hicloom.portal.table import PortalFile

COLUMNS = ("library", "lane", "group", "fastq1", "fastq2", "pairs", "stage")


@dataclass(frozen=True)
class Lane:
    """A row: one file of pairs, or two of reads."""

    library: str
    groups: tuple[str, ...]
    files: tuple[PortalFile, ...]

    @property
    def is_pairs(self) -> bool:
        """Whether it is of pairs, not of reads."""
        return len(self.files) == 1


def plan_lanes(files: Sequence[PortalFile]) -> list[Lane]:
    """The lanes that files make; those of other formats are passed over.

    Raises
    ------
    InputError
        If there are none, reads without their mates or their experiment, or files that hold
        the same contacts twice (reads and their pairs; pairs of a set and of its experiments).
    """
    lanes = [*_lanes_of_reads(files), *_lanes_of_pairs(files)]
    if not lanes:
        raise InputError("no FASTQ and no pairs among the files, so no sample table; see --samples")
    groups: dict[str, dict[str, None]] = {}
    for lane in lanes:
        _check_name(lane)
        groups.setdefault(lane.library, {}).update(dict.fromkeys(lane.groups))
    _check_overlap(lanes)
    return [Lane(n.library, tuple(groups[n.library]), n.files) for n in lanes]


def write_samples(lanes: Sequence[Lane], folder: Path, output: Path) -> None:
    """Write lanes, whose files lie in a folder, as a sample table.

    Paths start where `folder` does: from the working directory, if it is relative.

    Raises
    ------
    InputError
        If the folder has a name that such a table cannot hold.
    """
    check_folder(folder)
    rows = ["\t".join(COLUMNS), *("\t".join(_row(lane, folder)) for lane in lanes)]
    with atomic(output) as (part,):
        part.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


def check_folder(folder: Path) -> None:
    """Refuse a folder whose name a sample table cannot hold.

    Raises
    ------
    InputError
        If there are tabs, line breaks, or blanks at its ends.
    """
    text = str(folder)
    if text != text.strip() or not text.isprintable():
        raise InputError(f"{text!a}: a sample table cannot hold this path; choose another")


def _row(lane: Lane, folder: Path) -> Iterator[str]:
    paths = [str(folder / file.name) for file in lane.files]
    yield from (lane.library, lane.files[0].accession, ",".join(lane.groups))
    yield from ("", "", paths[0], "dedup") if lane.is_pairs else (*paths, "", "")


def _lanes_of_reads(files: Sequence[PortalFile]) -> Iterator[Lane]:
    reads = {file.accession: file for file in files if file.format == "fastq"}
    mates = {file.mate: file for file in reads.values() if file.mate}
    used = set()
    for file in reads.values():
        if not file.end:
            raise InputError(
                f"{file.where}: {file.accession} is not said to be reads 1 or 2 (Paired End); "
                "Hi-C reads come in pairs"
            )
        mate = reads.get(file.mate) or mates.get(file.accession)
        if mate is None or mate.end == file.end:
            raise InputError(
                f"{file.where}: {file.accession} lacks its mate {file.mate or '(not named)'} "
                "among the files; choose both, or neither"
            )
        if file.end == "2":
            used.add(file.accession)
            continue
        for experiment, sets in _experiments(file):
            yield Lane(experiment, sets, (file, mate))


def _lanes_of_pairs(files: Sequence[PortalFile]) -> Iterator[Lane]:
    for file in files:
        if file.format == "pairs":
            for experiment, sets in file.experiments.items() or _experiments(file):
                if experiment:
                    yield Lane(experiment, sets or (experiment,), (file,))
                else:
                    yield from (Lane(one, (one,), (file,)) for one in sets)


def _experiments(file: PortalFile) -> list[tuple[str, tuple[str, ...]]]:
    found = [(name, sets or (name,)) for name, sets in file.experiments.items() if name]
    if not found:
        raise InputError(
            f"{file.where}: {file.accession} is of no experiment (Experiment Accession); fetch "
            "the table of its experiment set"
        )
    return found


def _check_name(lane: Lane) -> None:
    for word in (lane.library, lane.files[0].accession, *lane.groups):
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", word):
            raise InputError(f"{lane.files[0].where}: {word!a} is no accession")


def _check_overlap(lanes: Sequence[Lane]) -> None:
    """No contact may come twice."""
    pairs: dict[str, Lane] = {}
    for lane in lanes:
        if lane.is_pairs and (other := pairs.setdefault(lane.library, lane)) is not lane:
            raise InputError(
                f"{lane.files[0].where}: pairs of {lane.library} are on {other.files[0].where}, "
                "too; keep one of the rows"
            )
    for lane in lanes:
        if not lane.is_pairs and lane.library in pairs:
            raise InputError(
                f"{pairs[lane.library].files[0].where}: pairs of {lane.library}, whose reads are "
                "there, too; choose with --file-format fastq or --file-format pairs"
            )
        for group in lane.groups:
            if group in pairs and group != lane.library:
                raise InputError(
                    f"{pairs[group].files[0].where}: pairs of all of {group}, whose experiment "
                    f"{lane.library} is there, too; choose with --file-type or --file-format"
                )
