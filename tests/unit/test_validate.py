"""`hicloom validate`: kinds of files, the report and the exit code."""

import gzip
import json
from pathlib import Path

import pytest

from hicloom.cli import main
from hicloom.errors import InputError
from hicloom.steps.validate import _kind_of, validate

FASTQ = b"@r\nAC\n+\nII\n"
PAIRS = b"## pairs format v1.0\n#chromsize: a 9\n#columns: readID chr1 pos1 chr2 pos2\n"


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_right_files_give_a_line_each(tmp_path, capsys):
    one, two = write(tmp_path / "x.fq", FASTQ), write(tmp_path / "ä 'b'.pairs", PAIRS)
    validate(one, two)
    assert capsys.readouterr().out == f"{one}: OK (fastq)\n{two}: OK (pairs)\n"


def test_a_wrong_file_gives_every_kind_with_place_and_count(tmp_path, capsys):
    path = write(tmp_path / "x.pairs", PAIRS + b"r\ta\t10\ta\t0\nq\tb\t1\ta\t2\n")
    with pytest.raises(InputError, match="1 of 1 files are not valid"):
        validate(path)
    assert capsys.readouterr().out.splitlines() == [
        f"{path}: unknown chromosome: once at line 5: found 'b'",
        f"{path}: position outside 1 to the chromosome's length: 2 times, first at line 4: "
        "found '10'",
        f"{path}: pair in the wrong triangle: once at line 4: found 'r a 10 a 0'",
    ]


def test_the_exit_code_is_2_and_all_files_are_looked_at(tmp_path, capsys):
    bad, good = write(tmp_path / "bad.fastq", b"@r\n"), write(tmp_path / "good.fastq", FASTQ)
    with pytest.raises(SystemExit) as end:
        main(["validate", str(bad), str(good)])
    assert end.value.code == 2
    captured = capsys.readouterr()
    assert captured.out.endswith(f"{good}: OK (fastq)\n")
    assert captured.err == "hicloom: validate: 1 of 2 files are not valid\n"


def test_json_gives_an_object_a_file(tmp_path, capsys):
    path = write(tmp_path / "x.fastq", FASTQ + b"rx\nAC\n+\nII\n")
    with pytest.raises(InputError):
        validate(path, json=True)
    assert json.loads(capsys.readouterr().out) == {
        "file": str(path),
        "kind": "fastq",
        "ok": False,
        "violations": [
            {"kind": "name line without @", "first": "line 5", "detail": "found 'rx'", "count": 1}
        ],
    }


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("x.fastq.gz", b"", "fastq"),
        ("X.FQ", b"", "fastq"),
        ("x.fa.gz", b"", "fasta"),
        ("a.b.bam", b"", "bam"),
        ("x.pairs.gz", b"", "pairs"),
        ("x.pairs.gz.px2", b"", "px2"),
        ("x.1000.cool", b"", "cool"),
        ("x.mcool", b"", "cool"),
        ("x.hic", b"", "hic"),
        ("x", b"@r\n", "fastq"),
        ("x", b">r\n", "fasta"),
        ("x", gzip.compress(b"## pairs", mtime=0), "pairs"),
        ("x", gzip.compress(b"BAM\1", mtime=0), "bam"),
        ("x", gzip.compress(b"PX2.004\1", mtime=0), "px2"),
        ("x", b"\x89HDF\r\n", "cool"),
        ("x", b"HIC\0", "hic"),
    ],
)
def test_the_kind_is_told_by_the_ending_or_the_first_bytes(tmp_path, name, data, kind):
    assert _kind_of(write(tmp_path / name, data)) == kind


def test_unknown_and_missing_files_are_refused(tmp_path):
    with pytest.raises(InputError, match="unknown kind"):
        validate(write(tmp_path / "x.txt", b"text"))
    with pytest.raises(InputError, match="no such file"):
        validate(tmp_path / "absent.bam")


def test_against_is_for_px2(tmp_path):
    path = write(tmp_path / "x.fastq", FASTQ)
    with pytest.raises(InputError, match=r"--against is for \.px2"):
        validate(path, against=path)


def test_a_px2_is_held_against_the_file_beside_it_or_another_one(tmp_path, capsys):
    from hicloom.formats.bgzf import BgzfWriter
    from hicloom.formats.pairs.indexed import build_index

    pairs = tmp_path / "x.pairs.gz"
    with pairs.open("wb") as raw, BgzfWriter(raw) as out:
        out.write(PAIRS + b"r\ta\t1\ta\t2\n")
    beside, elsewhere = Path(f"{pairs}.px2"), tmp_path / "y.px2"
    for path in (beside, elsewhere):
        path.write_bytes(build_index(pairs)[0].encode())
    validate(beside)
    validate(elsewhere, against=pairs)
    assert capsys.readouterr().out.count("OK (px2)") == 2
    with pytest.raises(InputError):
        validate(elsewhere)


def test_the_kind_may_be_said(hicloom, tmp_path):
    path = write(tmp_path / "x.txt", b">r\nACGT\n")
    assert hicloom("validate", path, "--kind", "fasta").stdout == f"{path}: OK (fasta)\n"
    assert hicloom("validate", path, "--kind", "fastq").code == 2
    assert hicloom("validate", tmp_path / "none", "--kind", "fasta").code == 2
