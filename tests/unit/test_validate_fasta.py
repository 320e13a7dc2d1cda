"""`hicloom validate` on FASTA: each test plants one violation."""

import gzip
from pathlib import Path

import pytest

from hicloom.findings import Findings
from hicloom.formats.validators.fasta import validate_fasta

SEQUENCES = ">chr1 a comment\nACGTNacgtn\nRYKM\n>chr2\nTT\n"


def found(path: Path, data: bytes) -> list[str]:
    path.write_bytes(data)
    findings = Findings()
    validate_fasta(path, findings)
    return [str(violation) for violation in findings.violations]


@pytest.mark.parametrize(
    "text",
    [SEQUENCES, SEQUENCES.rstrip("\n"), SEQUENCES.replace("\n", "\r\n"), SEQUENCES + "\n\n"],
)
def test_right_sequences_have_no_violation(tmp_path, text):
    assert found(tmp_path / "x.fa", text.encode()) == []
    assert found(tmp_path / "x.fa.gz", gzip.compress(text.encode())) == []


@pytest.mark.parametrize(
    ("right", "wrong", "violation"),
    [
        (">chr1 a comment\n", "", "bases before the first name: once at line 1"),
        (">chr2", "> chr2", "sequence without a name: once at line 4"),
        (">chr2", ">", "sequence without a name: once at line 4"),
        (">chr2", ">chr1", "name that is there twice: once at line 4: chr1"),
        ("TT\n", "", "sequence without bases: once at line 4"),
        ("ACGTNacgtn\nRYKM\n", "\n", "sequence without bases: once at line 1"),
        ("RYKM", "RY!M", "letter that is no base in a sequence: once at line 3"),
    ],
)
def test_faults(tmp_path, right, wrong, violation):
    assert found(tmp_path / "x.fa", SEQUENCES.replace(right, wrong).encode()) == [violation]


def test_line_numbers_and_sequences_go_on_over_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr("hicloom.formats.text._PIECE", 7)
    assert found(tmp_path / "x.fa", SEQUENCES.encode()) == []
    text = SEQUENCES + ">chr3\n>chr4\nA*\n"
    assert sorted(found(tmp_path / "x.fa", text.encode())) == [
        "letter that is no base in a sequence: once at line 8",
        "sequence without bases: once at line 6",
    ]


def test_an_empty_file_and_a_truncated_one(tmp_path):
    assert found(tmp_path / "x.fa", b"") == ["no records: once at line 1"]
    (violation,) = found(tmp_path / "x.fa.gz", gzip.compress(SEQUENCES.encode())[:-4])
    assert violation.startswith("damaged or truncated file: once at line ")
