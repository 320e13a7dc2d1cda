"""`hicloom plan`: what a run will take, and whether its inputs agree."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hicloom.options import Natural, Output, Threads
from hicloom.outputs import STREAM, atomic, is_stream

if TYPE_CHECKING:
    from hicloom.planning.steps import Row
    from hicloom.workflow.preflight import Need


def plan(
    samples: Path,
    /,
    *,
    chromsizes: Path | None = None,
    index: Path | None = None,
    genome: Natural = 3_100_000_000,
    pairs: Natural = 0,
    chunk_reads: Natural = 0,
    maps: Natural = 2,
    hic: bool = True,
    depth: bool = True,
    threads: Threads = 8,
    lanes: bool = False,
    output: Output = STREAM,
) -> None:
    """Check the inputs of a run, and print memory, time and disk of each of its steps.

    The figures come from a model of measured runs (docs/scale.md), on a machine like that one.
    Reads are counted from the sizes of files. The chromsizes, if given, must agree with the
    index and with the headers of BAM and pairs files, the first reads of FASTQs must pair up,
    and the disk must have room. Files that are still to be downloaded are passed over.

    Parameters
    ----------
    samples : Path
        The sample table.
    chromsizes : Path, optional
        Chromosomes of the maps: lines of name and length (bp).
    index : Path, optional
        Folder of the aligner's index, where reads are to be mapped.
    genome : int
        Length of the genome (bp), where no chromsizes are given.
    pairs : int
        Read pairs of each lane that is still to be downloaded.
    chunk_reads : int
        Read pairs of an alignment job, as `input.chunk_reads`; 0 for whole lanes.
    maps : int
        How many named filters make maps.
    hic : bool
        Whether .hic files are made.
    depth : bool
        Whether depth is counted.
    threads : int
        Threads of an alignment job.
    lanes : bool
        List the lanes instead: entry, size (MiB), read pairs, disk needed at the fullest
        moment (MiB).
    output : Path
        Table of steps: how many jobs, and of the longest one threads, memory (MB) and hours; of
        all together processor hours and disk (GB), and whether that is kept after the run. The
        disk that must have room is the one where it lies; standard output stands for here.

    Raises
    ------
    InputError
        If something does not agree; the line of the sample table is named.
    WorkError
        If the disk is too full.
    """
    from hicloom.formats.chromsizes import read_chromsizes
    from hicloom.planning.counting import read_pairs
    from hicloom.planning.steps import Choices, plan_rows
    from hicloom.workflow.preflight import check_disk, check_inputs
    from hicloom.workflow.samples import read_samples

    table = read_samples(samples)
    needs = check_inputs(table, chromsizes, index)
    check_disk(needs, Path() if is_stream(output) else output.parent)
    size = sum(read_chromsizes(chromsizes).values()) if chromsizes else genome
    counted = {lane: read_pairs(lane, size) for lane in table.lanes}
    unknown = [lane for lane, number in counted.items() if number is None]
    if unknown and not pairs:
        print(
            f"hicloom: {len(unknown)} lanes are still to be downloaded and count as empty; "
            "--pairs says how many read pairs each holds",
            file=sys.stderr,
        )
    numbers = {lane: pairs if number is None else number for lane, number in counted.items()}
    choices = Choices(size, chunk_reads, threads, maps, hic, depth)
    text = (
        _lanes(needs, list(numbers.values()))
        if lanes
        else _steps(plan_rows(table, numbers, choices))
    )
    if is_stream(output):
        print(text)
        return
    with atomic(output) as (part,):
        part.write_text(f"{text}\n")


def _lanes(needs: "list[Need]", numbers: list[int]) -> str:
    names = "library\tlane\tgroup\tentry\tinput_mib\tread_pairs\tdisk_mib"
    rows = [
        "\t".join(
            (
                *(need.lane.library, need.lane.name, ",".join(need.lane.groups), need.lane.entry),
                *(f"{need.size / 2**20:.1f}", str(number), f"{need.disk / 2**20:.1f}"),
            )
        )
        for need, number in zip(needs, numbers, strict=True)
    ]
    return "\n".join([names, *rows])


def _steps(rows: "list[Row]") -> str:
    names = "step\tjobs\tthreads\tmemory_mb\thours\tcpu_hours\tdisk_gb\tkept"
    lines = [
        f"{row.step}\t{row.jobs}\t{row.threads}\t{row.largest.memory:.0f}"
        f"\t{row.largest.wall / 3600:.2f}\t{row.cpu / 3600:.2f}\t{row.disk / 1000:.2f}"
        f"\t{'yes' if row.kept else 'no'}"
        for row in rows
    ]
    memory = max((row.largest.memory for row in rows), default=0)
    cpu, disk = sum(row.cpu for row in rows) / 3600, sum(row.disk for row in rows) / 1000
    jobs, most = sum(row.jobs for row in rows), max((row.threads for row in rows), default=0)
    # Each group's and library's jobs follow each other; the longest chain has one of each step.
    hours = sum(row.largest.wall for row in rows) / 3600
    total = f"all\t{jobs}\t{most}\t{memory:.0f}\t{hours:.2f}\t{cpu:.2f}\t{disk:.2f}\t"
    return "\n".join([names, *lines, total])
