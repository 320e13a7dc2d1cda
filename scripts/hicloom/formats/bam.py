"""BAM: headers, encoded pieces, and the check of files that others made."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pysam

from hicloom.errors import InputError
from hicloom.formats.bgzf import EOF_BLOCK, has_eof, is_bgzf

# Temporary between two steps, so fast rather than small.
FASTEST = "level=1"

_READ1_OR_READ2 = 0xC0
_NOT_PRIMARY = 0x900
_RECORDS_TO_CHECK = 10_000


def make_header(
    chromsizes: Mapping[str, int],
    read_group: Mapping[str, str] | None,
    programs: Sequence[Mapping[str, str]],
) -> pysam.AlignmentHeader:
    """A header of unsorted, name-grouped records.

    Parameters
    ----------
    chromsizes
        Lengths (bp), in the order of the records' reference numbers.
    read_group
        Fields of @RG, or None.
    programs
        Fields of each @PG, in the order in which they ran.
    """
    fields: dict[str, Any] = {
        "HD": {"VN": "1.6", "SO": "unsorted", "GO": "query"},
        "SQ": [{"SN": name, "LN": length} for name, length in chromsizes.items()],
        "RG": [dict(read_group)] if read_group else [],
        "PG": [dict(program) for program in programs],
    }
    return pysam.AlignmentHeader.from_dict(fields)


def encode_header(header: pysam.AlignmentHeader) -> bytes:
    """The BGZF blocks that start a BAM file with this header."""
    return _encode(header, [])


def encode_records(header: pysam.AlignmentHeader, records: Iterable[pysam.AlignedSegment]) -> bytes:
    """BGZF blocks holding only these records, to stand anywhere behind a header's.

    htslib ends a block after the header, so that the two can be told apart.
    """
    return _encode(header, records)[len(encode_header(header)) :]


def _encode(header: pysam.AlignmentHeader, records: Iterable[pysam.AlignedSegment]) -> bytes:
    memory = os.memfd_create("bam")
    try:
        path = f"/proc/self/fd/{memory}"
        with pysam.AlignmentFile(path, "wb", header=header, format_options=[FASTEST]) as out:
            for record in records:
                out.write(record)
        size = os.fstat(memory).st_size - len(EOF_BLOCK)
        return os.pread(memory, size, 0)
    finally:
        os.close(memory)


def require_name_grouped(path: Path) -> dict[str, int]:
    """Check that a BAM file is whole and holds the records of each pair side by side.

    Returns
    -------
    dict of str to int
        Lengths (bp) of its sequences, in the order of its header.

    Raises
    ------
    InputError
        If it is missing, no BAM, truncated, without @SQ lines, sorted by coordinate, or
        holds reads without mates. Grouping is looked at in the first 10,000 records.
    """
    _require_whole(path)
    try:
        with pysam.AlignmentFile(os.fspath(path), "rb", check_sq=False) as bam:
            sizes = dict(zip(bam.references, bam.lengths, strict=True))
            _check_header(path, bam.header, sizes)
            _check_grouping(path, bam)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: is not a readable BAM file ({error})") from None
    return sizes


def _require_whole(path: Path) -> None:
    try:
        bgzf = is_bgzf(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    if not bgzf:
        raise InputError(f"{path}: is not BAM; convert it with: samtools view -b")
    if not has_eof(path):
        raise InputError(f"{path}: is truncated (no BGZF end-of-file block); make or copy it again")


def _check_header(path: Path, header: pysam.AlignmentHeader, sizes: Mapping[str, int]) -> None:
    if not sizes:
        raise InputError(f"{path}: its header has no @SQ lines; align against a reference genome")
    if header.to_dict().get("HD", {}).get("SO") == "coordinate":
        raise _ungrouped(path, "is sorted by coordinate")


def _check_grouping(path: Path, bam: pysam.AlignmentFile) -> None:
    seen: set[str | None] = set()
    last = None
    for record in bam.head(_RECORDS_TO_CHECK):
        if not record.flag & _READ1_OR_READ2:
            raise InputError(
                f"{path}: read {record.query_name} is neither read 1 nor read 2 of a pair;"
                " expected paired-end alignments"
            )
        if record.query_name != last:
            if record.query_name in seen:
                raise _ungrouped(path, f"has the records of {record.query_name} apart")
            seen.add(record.query_name)
            last = record.query_name


def _ungrouped(path: Path, how: str) -> InputError:
    return InputError(
        f"{path}: {how}; the records of a pair must be side by side."
        f" Run: samtools collate -o grouped.bam {path}"
    )
