"""`hicloom 4dn md5`, `sha256`, `validate`: the reports that the portal reads."""

import gzip
import subprocess
from collections.abc import Callable
from pathlib import Path

import pysam
import pytest

Cli = Callable[..., object]
TEXT = b"@r\nACGT\n+\nIIII\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def digest(tool: str, data: bytes) -> str:
    """What coreutils' `tool` says of `data`."""
    return subprocess.run([tool], input=data, capture_output=True).stdout.decode().split()[0]


def write(name: str, data: bytes) -> Path:
    path = Path(name)
    path.write_bytes(data)
    return path


def test_md5_is_of_the_file_and_of_what_it_holds(hicloom: Cli) -> None:
    # Two gzip members: gunzip reads on after the first.
    packed = gzip.compress(TEXT, mtime=0) + gzip.compress(TEXT, mtime=0)
    assert hicloom("4dn", "md5", "--input-file", write("r.fastq.gz", packed)).code == 0
    expected = [digest("md5sum", packed), digest("md5sum", TEXT * 2)]
    assert Path("report").read_text().split("\n") == [*expected, ""]


def test_md5_of_a_plain_file_is_there_twice(hicloom: Cli) -> None:
    hicloom("4dn", "md5", "--input-file", write("r.fastq", TEXT))
    assert Path("report").read_text() == f"{digest('md5sum', TEXT)}\n" * 2


def test_the_name_says_what_is_inflated(hicloom: Cli) -> None:
    """BAM is gzip too, but not by its name; a job file may hold the digest of the file itself."""
    packed = gzip.compress(TEXT, mtime=0)
    hicloom("4dn", "md5", "--input-file", write("x.bam", packed))
    assert Path("report").read_text() == f"{digest('md5sum', packed)}\n" * 2


def test_sha256_is_of_what_a_file_holds(hicloom: Cli) -> None:
    packed = gzip.compress(TEXT, mtime=0)
    for path in (write("r.fastq.gz", packed), write("r.fastq", TEXT)):
        hicloom("4dn", "sha256", "--input-file", path)
        assert Path("report").read_text() == f"{digest('sha256sum', TEXT)}\n"


@pytest.mark.parametrize("tool", ["md5", "sha256"])
@pytest.mark.parametrize(
    ("data", "message"),
    [(TEXT, "is not gzip, as its name says"), (gzip.compress(TEXT, mtime=0)[:-3], "truncated")],
)
def test_a_damaged_gzip_file_gives_no_digest(
    hicloom: Cli, tool: str, data: bytes, message: str
) -> None:
    outcome = hicloom("4dn", tool, "--input-file", write("x.gz", data))
    assert outcome.code == 2
    assert outcome.stderr.count("\n") == 1
    assert message in outcome.stderr
    assert not Path("report").exists()


@pytest.mark.parametrize("tool", ["md5", "sha256", "validate"])
def test_a_missing_file_is_an_error(hicloom: Cli, tool: str) -> None:
    outcome = hicloom("4dn", tool, "--input-file", "none.gz")
    assert outcome.code == 2
    assert outcome.stderr.startswith("hicloom: none.gz: ")


def bam() -> bytes:
    header = pysam.AlignmentHeader.from_dict({"SQ": [{"SN": "chr1", "LN": 1000}]})
    with pysam.AlignmentFile("made.bam", "wb", header=header):
        pass
    return Path("made.bam").read_bytes()


@pytest.mark.parametrize(
    ("name", "data", "words", "expected"),
    [
        ("x.fastq.gz", gzip.compress(TEXT, mtime=0), [], "0\n"),
        ("x.fastq", TEXT.replace(b"IIII", b"III"), [], "255\n"),
        ("x.fa", b">chr1\nACGT\nAC\n", ["--type", "fasta"], "0\n"),
        ("x.fa", b">chr1\n>chr2\nAC\n", ["--type", "fasta"], "255\n"),
        # What it should hold is said by the option alone.
        ("x.fa", b">chr1\nACGT\nAC\n", [], "255\n"),
        ("x", TEXT, ["--type", "bam"], "255\n"),
    ],
)
def test_the_report_says_whether_a_file_is_valid_and_the_job_goes_on(
    hicloom: Cli, name: str, data: bytes, words: list[str], expected: str
) -> None:
    outcome = hicloom("4dn", "validate", "--input-file", write(name, data), *words)
    assert outcome.code == 0
    assert Path("report_validatefiles").read_text() == expected


def test_a_right_bam_file_is_valid_and_a_truncated_one_is_not(hicloom: Cli) -> None:
    for data, expected in ((bam(), "0\n"), (bam()[:-28], "255\n")):
        path = write("x.bam", data)
        hicloom("4dn", "validate", "--input-file", path, "--type", "bam")
        assert Path("report_validatefiles").read_text() == expected


def test_what_is_wrong_is_printed(hicloom: Cli) -> None:
    path = write("x.fastq", TEXT.replace(b"IIII", b"III"))
    outcome = hicloom("4dn", "validate", "--input-file", path)
    assert outcome.stdout == ("x.fastq: sequence and quality of unequal length: once at line 4\n")
