"""Native aligners in a pipe, run with the meaning of `bwa mem -SP5`: each read on its own."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import IO, Literal

import pysam

from hicloom.aligners import Settings
from hicloom.errors import InputError, WorkError
from hicloom.formats.bam import FASTEST
from hicloom.formats.fastq import Batch
from hicloom.formats.genome import BWA_SUFFIXES, add_suffix, find_prefix, require
from hicloom.process import Argument, chain, tool

Name = Literal["bwa", "bwa-mem2", "minimap2"]

_BWA_MEM2_SUFFIXES = (".0123", ".amb", ".ann", ".bwt.2bit.64", ".pac")

# One read at a time (no chaining across the two ends, no pairing, no rescue), split hits as
# supplementary records with a MAPQ of their own, no secondary ones, bwa's MD tag, and the
# genome's index in one piece whatever its size, without which there are no @SQ lines.
_MINIMAP2 = ["-a", "-x", "sr", "--frag=no", "--secondary=no", "--MD", "-I", "1000G"]

_PAIRED, _UNMAPPED, _MATE_UNMAPPED, _REVERSE, _MATE_REVERSE = 0x1, 0x4, 0x8, 0x10, 0x20
_READ1, _READ2, _NOT_PRIMARY = 0x40, 0x80, 0x900


def align(name: Name, batches: Iterable[Batch], bam: Path, settings: Settings) -> None:
    """Run a native aligner on batches of read pairs and write its records to `bam`.

    Raises
    ------
    InputError
        If the aligner is not installed, its index is missing, or a batch holds a wrong record.
    WorkError
        If the aligner fails.
    """
    fastq = (batch.interleaved() for batch in batches)
    broken = None
    with chain([command(name, settings)], feed=fastq) as line:
        assert line.stdout
        try:
            _write(line.stdout, bam, settings.program, mated=name != "minimap2")
        except _BrokenSamError as error:
            # An aligner that died says why when the chain ends, better than pysam can.
            broken = error
    if broken:
        raise WorkError(f"{name} wrote no valid SAM ({broken})")


class _BrokenSamError(Exception):
    """What pysam says of an aligner's output."""


def command(name: Name, settings: Settings) -> list[Argument]:
    """The command that reads interleaved FASTQ from its standard input and writes SAM.

    Raises
    ------
    InputError
        If the aligner is not installed, its index is missing, or it lacks an option.
    """
    program = tool(name, "install it, or leave --aligner out to use the embedded bwa")
    shared = ["-t", str(settings.threads), *_read_group(settings)]
    if name == "minimap2":
        if settings.split_as_secondary:
            raise InputError("--split-as-secondary: minimap2 has no such option; leave it out")
        return [program, *_MINIMAP2, *shared, _minimap2_index(settings.index), "-"]
    flags = "-SP5M" if settings.split_as_secondary else "-SP5"
    return [program, "mem", flags, "-p", *shared, _bwa_index(name, settings.index), "-"]


def _read_group(settings: Settings) -> list[str]:
    """`-R` with the tabs escaped, as both bwa and minimap2 want them."""
    if not settings.read_group:
        return []
    return ["-R", r"\t".join(["@RG", *(f"{k}:{v}" for k, v in settings.read_group.items())])]


def _write(sam: IO[bytes], path: Path, program: Mapping[str, str], mated: bool) -> None:
    try:
        source = pysam.AlignmentFile(sam, "r")
    except (OSError, ValueError) as error:
        raise _BrokenSamError(error) from None
    header = source.header.to_dict()
    programs = header.setdefault("PG", [])
    programs.append({**program, **({"PP": programs[-1]["ID"]} if programs else {})})
    records = _records(source) if mated else mate(_records(source))
    with source, pysam.AlignmentFile(path, "wb", header=header, format_options=[FASTEST]) as out:
        for record in records:
            out.write(record)


def _records(source: pysam.AlignmentFile) -> Iterator[pysam.AlignedSegment]:
    try:
        yield from source
    except (OSError, ValueError) as error:
        raise _BrokenSamError(error) from None


def mate(records: Iterable[pysam.AlignedSegment]) -> Iterator[pysam.AlignedSegment]:
    """Make pairs of reads that were aligned one by one: flags and the mate's place.

    The records of a pair come side by side, read 1 first, each read's primary record
    before its others. The primary record of the one read is the mate of every record of
    the other; an unmapped read stands at its mate's place (SAM specification, 2.1).
    """
    for name, group in groupby(records, key=lambda record: record.query_name):
        reads: list[list[pysam.AlignedSegment]] = []
        for record in group:
            if not reads or not record.flag & _NOT_PRIMARY:
                reads.append([])
            reads[-1].append(record)
        if len(reads) != 2:
            raise _BrokenSamError(f"{len(reads)} reads named {name}, expected 2")
        for own, other, side in zip(reads, reads[::-1], (_READ1, _READ2), strict=True):
            for record in own:
                _join(record, other[0], side)
        yield from (record for read in reads for record in read)


def _join(record: pysam.AlignedSegment, other: pysam.AlignedSegment, side: int) -> None:
    record.flag |= _PAIRED | side
    record.flag |= _MATE_UNMAPPED if other.flag & _UNMAPPED else 0
    record.flag |= _MATE_REVERSE if other.flag & _REVERSE else 0
    if not other.flag & _UNMAPPED:
        record.next_reference_id = other.reference_id
        record.next_reference_start = other.reference_start
        if record.flag & _UNMAPPED:
            record.reference_id = other.reference_id
            record.reference_start = other.reference_start
    elif not record.flag & _UNMAPPED:
        record.next_reference_id = record.reference_id
        record.next_reference_start = record.reference_start


def _bwa_index(name: Name, index: Path) -> Path:
    suffixes = _BWA_MEM2_SUFFIXES if name == "bwa-mem2" else BWA_SUFFIXES
    how = "bwa-mem2 index FASTA" if name == "bwa-mem2" else None
    prefix = find_prefix(index, next(s for s in suffixes if s.startswith(".bwt")), how)
    for suffix in suffixes:
        require(add_suffix(prefix, suffix), how)
    return prefix


def _minimap2_index(index: Path) -> Path:
    """A `.mmi` file, given itself or by its folder, or a FASTA."""
    how = "minimap2 -x sr -d GENOME.mmi FASTA (or give the FASTA)"
    if index.is_dir():
        index = add_suffix(find_prefix(index, ".mmi", how), ".mmi")
    require(index, how)
    return index
