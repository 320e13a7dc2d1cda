"""The jobs that an experiment gives, and what they take."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hicloom.aligners import whole_batches
from hicloom.planning.model import Cost, cost
from hicloom.workflow.samples import Lane, Samples


@dataclass(frozen=True)
class Choices:
    """What of the settings costs something.

    genome : bp. chunk_reads : read pairs of an alignment job, 0 for whole lanes. threads : of an
    alignment job. maps : named filters. hic, depth : whether they are made.
    """

    genome: int
    chunk_reads: int
    threads: int
    maps: int
    hic: bool
    depth: bool


@dataclass(frozen=True)
class Row:
    """The jobs of one step: the costliest of them, and of all processor seconds and disk (MB)."""

    step: str
    jobs: int
    threads: int
    largest: Cost
    cpu: float
    disk: float
    kept: bool


# Steps whose files stay; the others' disappear once they are used.
KEPT = {"dedup", "filter", "merge-pairs", "add-hic-norms", "hic", "d4"}
_ENTRY = {"fastq": "bam2pairs", "bam": "bam2pairs", "merged_nodups": "sort-pairs"}


def plan_rows(samples: Samples, pairs: Mapping[Lane, int], choices: Choices) -> list[Row]:
    """The steps of a run in their order, each with all its jobs.

    Every read pair counts as a contact, so that what follows the alignment costs rather less.

    Parameters
    ----------
    pairs
        Read pairs of each lane.
    """
    sizes: dict[str, list[int]] = {}
    for step, number in _jobs(samples, pairs, choices):
        sizes.setdefault(step, []).append(number)
    return [_row(step, numbers, choices) for step, numbers in sizes.items()]


def _row(step: str, numbers: list[int], choices: Choices) -> Row:
    threads = choices.threads if step == "align" else 2
    jobs = [cost(step, number, choices.genome, threads) for number in numbers]
    kept = step in KEPT or (step == "zoomify" and not choices.hic)
    cpu, disk = sum(job.cpu for job in jobs), sum(job.disk for job in jobs)
    return Row(step, len(jobs), threads, max(jobs, key=lambda job: job.wall), cpu, disk, kept)


def _jobs(
    samples: Samples, pairs: Mapping[Lane, int], choices: Choices
) -> Iterator[tuple[str, int]]:
    """A step and the pairs that go into it, for each job."""
    yield from _lane_jobs(samples, pairs, choices)
    for lanes in samples.libraries.values():
        is_final = lanes[0].entry in ("pairs (dedup)", "merged_nodups")
        number = sum(pairs[lane] for lane in lanes)
        yield ("filter" if is_final else "dedup"), number
        if choices.depth:
            tracks = 3 if lanes[0].kind in ("fastq", "bam") else 1
            yield from [("d4", number)] * tracks
    for libraries in samples.groups.values():
        number = sum(pairs[lane] for name in libraries for lane in samples.libraries[name])
        if len(libraries) > 1:
            yield "merge-pairs", number
        made = ("cload", "zoomify", *(("hic", "add-hic-norms") if choices.hic else ()))
        yield from [(step, number) for step in made for _ in range(choices.maps)]


def _lane_jobs(
    samples: Samples, pairs: Mapping[Lane, int], choices: Choices
) -> Iterator[tuple[str, int]]:
    for lane in samples.lanes:
        parts = _parts(pairs[lane], choices) if lane.kind == "fastq" else [pairs[lane]]
        if len(parts) > 1:
            yield from (("count-reads", pairs[lane]), ("split-reads", pairs[lane]))
        if lane.kind == "fastq":
            yield from (("align", part) for part in parts)
        step = "sort-pairs" if lane.entry == "pairs (raw)" else _ENTRY.get(lane.entry)
        if step:
            yield from ((step, part) for part in parts)


def _parts(pairs: int, choices: Choices) -> list[int]:
    size = whole_batches(choices.chunk_reads) or pairs
    return [min(size, pairs - first) for first in range(0, pairs, size)] or [0]
