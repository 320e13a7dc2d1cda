"""`hicloom validate` on BAM: each test plants one violation."""

from collections.abc import Sequence
from pathlib import Path

import pysam
import pytest

from hicloom.findings import Findings
from hicloom.formats.bgzf import EOF_BLOCK
from hicloom.formats.validators.bam import validate_bam

HEADER = {"HD": {"VN": "1.6"}, "SQ": [{"SN": "a", "LN": 100}, {"SN": "b", "LN": 50}]}
FIRST, SECOND, SUPPLEMENTARY = 0x1 | 0x40, 0x1 | 0x80, 0x800

Record = tuple[str, int, int, int]
# name, flag, reference, 0-based start
GROUPED: list[Record] = [
    ("r1", FIRST, 0, 90),
    ("r1", FIRST | SUPPLEMENTARY, 1, 3),
    ("r1", SECOND, 0, 5),
    ("r2", FIRST, 1, 40),
    ("r2", SECOND, 0, 1),
]


def write(path: Path, records: Sequence[Record], header: dict = HEADER, cigar: str = "10M") -> Path:
    with pysam.AlignmentFile(str(path), "wb", header=header) as bam:
        for name, flag, reference, start in records:
            record = pysam.AlignedSegment(bam.header)
            record.query_name, record.flag = name, flag
            record.reference_id, record.reference_start = reference, start
            record.query_sequence, record.cigarstring = "ACGTACGTAC", cigar
            bam.write(record)
    return path


def check(path: Path) -> list[str]:
    findings = Findings()
    validate_bam(path, findings)
    return [str(violation) for violation in findings.violations]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x.bam"


def test_grouped_records_are_right(path):
    assert check(write(path, GROUPED)) == []


def test_sorted_records_are_right_when_the_header_says_so(path):
    header = HEADER | {"HD": {"VN": "1.6", "SO": "coordinate"}}
    records = sorted(GROUPED, key=lambda record: record[2:])
    assert check(write(path, [*records, ("u", 0x4, -1, -1)], header)) == []
    assert check(write(path, GROUPED, header)) == [
        "not sorted as SO:coordinate says: 2 times, first at record 3"
    ]


def test_sorted_records_are_not_grouped(path):
    (violation,) = check(write(path, sorted(GROUPED, key=lambda record: record[2:])))
    assert violation.startswith("mates of a read are not together: 2 times, first at record 1: ")


def test_a_missing_mate(path):
    assert check(write(path, GROUPED[:-1])) == [
        "mates of a read are not together: once at record 4: "
        "read r2 has 1 first and 0 second mates here"
    ]


def test_no_end_of_file_block(path):
    write(path, GROUPED)
    path.write_bytes(path.read_bytes()[: -len(EOF_BLOCK)])
    assert check(path) == ["no BGZF end-of-file block (truncated): once at the end"]


def test_a_file_cut_within_a_block(path):
    write(path, GROUPED * 2000)
    path.write_bytes(path.read_bytes()[:-400])
    kinds = {violation.partition(":")[0] for violation in check(path)}
    assert {"no BGZF end-of-file block (truncated)", "unreadable record"} <= kinds


def test_a_damaged_block(path):
    data = bytearray(write(path, GROUPED * 2000).read_bytes())
    data[-200] ^= 1
    path.write_bytes(data)
    (violation,) = check(path)
    assert violation.startswith("damaged block: once at the start or after: ")


def test_no_reference_sequences(path):
    unmapped = [("r1", FIRST | 4, -1, -1), ("r1", SECOND | 4, -1, -1)]
    (violation,) = check(write(path, unmapped, {"HD": {"VN": "1.6"}}))
    assert violation.startswith("no SQ lines")


def test_an_alignment_beyond_its_reference(path):
    records = [("r1", FIRST, 1, 45), ("r1", SECOND, 0, 5)]
    assert check(write(path, records)) == [
        "alignment beyond the end of its reference: once at record 1"
    ]


def test_a_cigar_that_does_not_fit_the_sequence(path):
    (violation,) = check(write(path, GROUPED[-2:], cigar="9M"))
    assert violation.startswith("unreadable record: once at record 1")


def test_a_file_without_records_is_right(path):
    assert check(write(path, [])) == []


def test_text_that_is_called_bam(path):
    path.write_text("@HD\tVN:1.6\n")
    assert check(path) == ["not BGZF, so not BAM: once at byte 0"]


def test_bgzf_that_holds_no_bam(path):
    with pysam.BGZFile(str(path), "w") as file:
        file.write(b"nothing of the kind")
    (violation,) = check(path)
    assert violation.startswith("unreadable header")
