"""`hicloom plan`: what a sample table asks for, checked against what is there."""

from pathlib import Path

from hicloom.options import Output
from hicloom.outputs import STREAM, atomic, is_stream


def plan(
    samples: Path, /, *, chromsizes: Path, index: Path | None = None, output: Output = STREAM
) -> None:
    """Check the inputs of a run, and print what each lane brings and needs.

    The chromsizes must agree with the index and with the headers of BAM and pairs files,
    the first reads of FASTQs must pair up, and the disk must have room. Files that are
    still to be downloaded are passed over.

    Parameters
    ----------
    samples : Path
        The sample table.
    chromsizes : Path
        Chromosomes of the maps: lines of name and length (bp).
    index : Path, optional
        Folder of the aligner's index, where reads are to be mapped.
    output : Path
        Table of lanes: size of the input and disk needed at the fullest moment (MiB). The
        disk that counts is the one where it lies; standard output stands for here.

    Raises
    ------
    InputError
        If something does not agree; the line of the sample table is named.
    WorkError
        If the disk is too full.
    """
    from hicloom.workflow.preflight import Need, check_disk, check_inputs
    from hicloom.workflow.samples import read_samples

    def row(need: Need) -> str:
        lane, sizes = need.lane, (need.size, need.disk)
        groups, mib = ",".join(lane.groups), (f"{size / 2**20:.1f}" for size in sizes)
        return "\t".join((lane.library, lane.name, groups, lane.entry, *mib))

    needs = check_inputs(read_samples(samples), chromsizes, index)
    check_disk(needs, Path() if is_stream(output) else output.parent)
    names = "library\tlane\tgroup\tentry\tinput_mib\tdisk_mib"
    text = "\n".join([names, *map(row, needs)])
    if is_stream(output):
        print(text)
        return
    with atomic(output) as (part,):
        part.write_text(f"{text}\n")
