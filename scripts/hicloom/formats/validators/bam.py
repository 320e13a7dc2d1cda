"""BAM (SAM specification, sections 1.3, 4.1 and 4.2)."""

import warnings
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from hicloom.errors import InputError
from hicloom.findings import Findings
from hicloom.formats.bgzf import BgzfReader, has_eof, is_bgzf


def validate_bam(path: Path, findings: Findings) -> None:
    """Check blocks, header, every record, and the order that the header states.

    Unless the header says that records are sorted by coordinate, the records of a read
    must stand together, which is what pairs are made from.
    """
    import pysam

    if not is_bgzf(path):
        findings.add("not BGZF, so not BAM", "byte 0")
        return
    if not has_eof(path):
        findings.add("no BGZF end-of-file block (truncated)", "the end")
    elif fault := _damage(path):
        findings.add("damaged block", "the start or after", fault)
        return
    silent = pysam.set_verbosity(0)
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            pysam.AlignmentFile(str(path), "rb", check_sq=False, ignore_truncation=True) as bam,
        ):
            _check_header(bam.header.to_dict(), findings)
            _check_records(bam, findings)
    except (OSError, ValueError) as error:
        findings.add("unreadable header", "the start", str(error))
    finally:
        pysam.set_verbosity(silent)


def _damage(path: Path) -> str:
    """What is wrong with the compressed blocks, checksums included, or nothing."""
    try:
        with path.open("rb") as file:
            for _ in BgzfReader(file, str(path)).chunks():
                pass
    except InputError as error:
        return str(error)
    return ""


def _check_header(header: dict[str, Any], findings: Findings) -> None:
    names = [line.get("SN", "") for line in header.get("SQ", [])]
    if not names:
        findings.add("no SQ lines", "the header", "no reference sequences are named")
    seen: set[str] = set()
    for number, name in enumerate(names, start=1):
        if name in seen:
            findings.add("reference sequence named twice", f"SQ line {number}", name)
        seen.add(name)


def _check_records(bam: Any, findings: Findings) -> None:
    records = _numbered(bam, findings)
    if bam.header.to_dict().get("HD", {}).get("SO") == "coordinate":
        _check_sorted(records, bam.header.lengths, findings)
    else:
        _check_grouped(records, bam.header.lengths, findings)


def _numbered(bam: Any, findings: Findings) -> Iterator[tuple[int, Any]]:
    """Records with their 1-based numbers, up to the first that cannot be read."""
    number = 0
    try:
        for record in bam.fetch(until_eof=True):
            number += 1
            yield number, record
    except (OSError, ValueError) as error:
        findings.add("unreadable record", f"record {number + 1}", str(error))


def _check_sorted(
    records: Iterable[tuple[int, Any]], lengths: tuple[int, ...], findings: Findings
) -> None:
    last = (0, -1)
    for number, record in records:
        _check_record(number, record, lengths, findings)
        place = (record.reference_id % (1 << 32), record.reference_start)
        if place < last:
            findings.add("not sorted as SO:coordinate says", f"record {number}")
        last = place


def _check_grouped(
    records: Iterable[tuple[int, Any]], lengths: tuple[int, ...], findings: Findings
) -> None:
    for name, group in groupby(records, key=lambda item: item[1].query_name):
        mates = [0, 0]
        first, paired = 0, False
        for number, record in group:
            first = first or number
            _check_record(number, record, lengths, findings)
            if record.is_paired and not record.is_secondary and not record.is_supplementary:
                paired = True
                mates[record.is_read2] += 1
        if paired and mates != [1, 1]:
            detail = f"read {name} has {mates[0]} first and {mates[1]} second mates here"
            findings.add("mates of a read are not together", f"record {first}", detail)


def _check_record(number: int, record: Any, lengths: tuple[int, ...], findings: Findings) -> None:
    if record.is_unmapped:
        return
    if record.reference_end is not None and record.reference_end > lengths[record.reference_id]:
        findings.add("alignment beyond the end of its reference", f"record {number}")
