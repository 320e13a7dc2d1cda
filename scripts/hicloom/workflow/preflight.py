"""Looking at the inputs of a run before hours are spent on them.

What is wrong is said with the line of the sample table that asks for it.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hicloom.errors import InputError, WorkError
from hicloom.formats.bam import require_name_grouped
from hicloom.formats.chromsizes import check_subset, read_chromsizes
from hicloom.formats.fastq import batches
from hicloom.formats.genome import BwaIndex, find_prefix
from hicloom.formats.pairs import open_pairs
from hicloom.workflow.samples import Lane, Samples, is_remote

Sizes = Mapping[str, int]
GZIP_MAGIC = b"\x1f\x8b"
READS = 1000
"""How many read pairs of a lane are looked at."""

# Bytes on the disk at the fullest moment for each compressed byte that enters. Simulated reads
# took 1.5 (BAM), 0.2 (pairs of lanes), 0.3 (pairs of libraries and groups); maps and sorting
# are the margin.
GROWTH = {"fastq": 3.0, "bam": 1.5, "pairs": 4.0, "merged_nodups": 3.0}
PLAIN = 4
"""How many times a plain text is larger than its gzip, about."""


@dataclass(frozen=True)
class Need:
    """What one lane brings and asks for: bytes of input, bytes of disk."""

    lane: Lane
    size: int
    disk: int


def check_inputs(samples: Samples, chromsizes: Path | None, index: Path | None) -> list[Need]:
    """Check the genome and every lane's files that are on this machine.

    Parameters
    ----------
    samples
        The sample table.
    chromsizes
        Chromosomes of the maps, which all inputs must agree with; None while they are still
        to be made.
    index
        Folder of the aligner's index, where reads are to be mapped.

    Returns
    -------
    list of Need
        One for each lane, in the order of the table.

    Raises
    ------
    InputError
        If chromosomes or lengths differ, a file is not what its column says, or the first
        reads of a FASTQ pair do not bear one name.
    """
    genome = _Genome.read(chromsizes) if chromsizes else None
    if index and genome:
        genome.check(BwaIndex(find_prefix(index, ".ann")).chromsizes(), f"the index {index}")
    for lane in samples.lanes:
        try:
            _check_lane(lane, genome)
        except InputError as error:
            raise InputError(f"{samples.path}, line {lane.line}: {error}") from None
    return [_need(lane) for lane in samples.lanes]


def check_columns(samples: Samples, columns: Iterable[str]) -> None:
    """Check that pairs files have the columns that filters ask for.

    Raises
    ------
    InputError
        Naming the line of the sample table and the columns that there are.
    """
    for lane in samples.lanes:
        if lane.kind == "pairs" and not is_remote(lane.files[0]):
            with open_pairs(Path(lane.files[0])) as reader:
                for column in columns:
                    reader.header.index(
                        column, f"{samples.path}, line {lane.line}: {reader.source}"
                    )


def check_disk(needs: list[Need], folder: Path) -> None:
    """Check that what the lanes need is free where the results go.

    Raises
    ------
    WorkError
        If it is not.
    """
    free, due = shutil.disk_usage(folder).free, sum(need.disk for need in needs)
    if due > free:
        raise WorkError(
            f"{folder.absolute()}: about {due / 2**30:.1f} GiB are needed, {free / 2**30:.1f} GiB "
            "are free; make room, or run on another disk (snakemake --directory)"
        )


@dataclass(frozen=True)
class _Genome:
    """The chromosomes of the maps, and the file that gives them."""

    path: Path
    sizes: Sizes

    @classmethod
    def read(cls, path: Path) -> "_Genome":
        return cls(path, read_chromsizes(path))

    def check(self, known: Sizes, source: str) -> None:
        """Refuse a source that lacks a chromosome or has another length of it."""
        check_subset(self.sizes, known, self.path, source)


def _check_lane(lane: Lane, genome: _Genome | None) -> None:
    paths = [Path(file) for file in lane.files if not is_remote(file)]
    if lane.kind == "fastq" and len(paths) == 2:
        next(batches(paths[0], paths[1], READS)).reads()
    elif lane.kind == "bam":
        known = require_name_grouped(paths[0])
        if genome:
            genome.check(known, f"the header of {paths[0]}")
    elif lane.kind == "pairs" and genome:
        _check_pairs(paths[0], genome)


def _check_pairs(pairs: Path, genome: _Genome) -> None:
    """The order of chromosomes defines the upper triangle, so it matters here."""
    with open_pairs(pairs) as reader:
        known = reader.header.chromsizes
    genome.check(known, f"the header of {pairs}")
    if [name for name in known if name in genome.sizes] != list(genome.sizes):
        raise InputError(
            f"{genome.path}: its chromosomes come in another order than in the header of "
            f"{pairs}, which defines the upper triangle; use the header's order"
        )


def _need(lane: Lane) -> Need:
    paths = [Path(file) for file in lane.files if not is_remote(file)]
    size = sum(path.stat().st_size for path in paths)
    packed = sum(path.stat().st_size // (1 if _is_packed(path) else PLAIN) for path in paths)
    return Need(lane, size, int(packed * GROWTH[lane.kind]))


def _is_packed(path: Path) -> bool:
    with path.open("rb") as handle:
        return handle.read(2) == GZIP_MAGIC
