"""`hicloom validate` on FASTQ: each test plants one violation."""

import gzip
from pathlib import Path

import pytest

from hicloom.findings import Findings
from hicloom.formats.validators.fastq import validate_fastq

RECORDS = "@r1 x\nACGTN\n+\nIIII!\n@r2\nac.\n+r2\n~~~\n"


def check(path: Path) -> list[str]:
    findings = Findings()
    validate_fastq(path, findings)
    return [str(violation) for violation in findings.violations]


def found(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "x.fastq"
    path.write_bytes(text.encode())
    return check(path)


def test_right_records_have_no_violation(tmp_path):
    assert found(tmp_path, RECORDS) == []
    assert found(tmp_path, RECORDS.rstrip("\n")) == []
    assert found(tmp_path, RECORDS.replace("\n", "\r\n")) == []


@pytest.mark.parametrize(
    ("right", "wrong", "violation"),
    [
        ("@r2", "r2", "name line without @: once at line 5: found 'r2'"),
        ("@r1 x", "@ x", "read without a name: once at line 1"),
        ("@r2", "@", "read without a name: once at line 5"),
        ("+r2", "r2", "separator line without +: once at line 7: found 'r2'"),
        ("~~~", "~~", "sequence and quality of unequal length: once at line 8"),
        ("ac.", "a c", "letter that is no base in a sequence: once at line 6: found 'a c'"),
        ("~~~", "~ ~", "quality outside ! to ~: once at line 8: found '~ ~'"),
    ],
)
def test_faults_of_a_record(tmp_path, right, wrong, violation):
    assert found(tmp_path, RECORDS.replace(right, wrong)) == [violation]


def test_a_file_that_ends_within_a_record(tmp_path):
    assert found(tmp_path, RECORDS + "@r3\nAC\n") == [
        "file ends within a record: once at line 10: expected 4 lines a record"
    ]


def test_an_empty_file(tmp_path):
    assert found(tmp_path, "") == ["no records: once at line 1"]


def test_line_numbers_go_on_over_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr("hicloom.formats.text._PIECE", 11)
    text = RECORDS * 5 + "@r\nAXC\n+\nIII\n" + RECORDS
    assert found(tmp_path, text) == [
        "letter that is no base in a sequence: once at line 42: found 'AXC'"
    ]


def test_gzip_is_read_to_its_end(tmp_path):
    path = tmp_path / "x.fastq.gz"
    path.write_bytes(gzip.compress(RECORDS.encode() * 1000))
    assert check(path) == []
    path.write_bytes(path.read_bytes()[:-12])
    assert any(v.startswith("damaged or truncated file") for v in check(path))
