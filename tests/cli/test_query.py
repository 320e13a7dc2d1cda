import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROWS = [
    "r1 chr1 100 chr1 200 + + UU 60 60",
    "r2 chr1 40000 chr1 50000 + - UU 60 60",
    "r3 chr1 500 chr2 7 - + UU 60 60",
    "r4 chr1 501 chr2 8 - + UU 60 60",
    "r5 chr2 5 chr2 900 - - UU 60 60",
]


@pytest.fixture
def pairs(write_pairs: Callable) -> Path:
    return write_pairs("some pairs.pairs.gz", ROWS)


@pytest.mark.parametrize(
    ("region", "reads"),
    [
        ("chr1:100-100|chr1:200-200", "r1"),
        ("chr1:101-1000|chr1", ""),
        ("chr1", "r1 r2"),
        ("chr1:100-40,000", "r1"),
        ("chr1:100-50,000", "r1 r2"),
        ("chr1|chr2", "r3 r4"),
        ("chr1|chr2:8-8", "r4"),
        ("chr2:8-8|chr1", "r4"),
        ("chr2|chr1:1-500", "r3"),
        ("chr1:1-500|*", "r1 r3"),
        ("*|chr2", "r3 r4 r5"),
        ("*|chr2:7-7", "r3"),
        ("*|*", "r1 r2 r3 r4 r5"),
        ("chr10", ""),
        ("chr10|*", ""),
    ],
)
def test_a_region_gives_its_pairs(hicloom: Callable, pairs: Path, region: str, reads: str) -> None:
    outcome = hicloom("query", pairs, region)
    assert outcome.code == 0
    assert " ".join(line.split("\t")[0] for line in outcome.stdout.splitlines()) == reads
    assert hicloom("query", pairs, region, "--count").stdout == f"{len(reads.split())}\n"


def test_lines_come_as_they_stand_in_the_file(hicloom: Callable, pairs: Path) -> None:
    assert hicloom("query", pairs, "chr2").stdout == ROWS[4].replace(" ", "\t") + "\n"


def test_the_header_comes_first_when_asked(hicloom: Callable, pairs: Path) -> None:
    assert (
        hicloom("query", pairs, "*|*", "--header").stdout
        == gzip.decompress(pairs.read_bytes()).decode()
    )


def test_regions_are_answered_in_their_order(hicloom: Callable, pairs: Path) -> None:
    assert hicloom("query", pairs, "chr2", "chr1", "chr2", "--count").stdout == "1\n2\n1\n"


@pytest.mark.parametrize("name", ["out.txt", "out.txt.gz"])
def test_an_output_file_holds_what_would_be_printed(
    hicloom: Callable, pairs: Path, tmp_path: Path, name: str
) -> None:
    output = tmp_path / name
    assert hicloom("query", pairs, "chr1", "--output", output).stdout == ""
    text = output.read_bytes()
    text = gzip.decompress(text) if name.endswith(".gz") else text
    assert text.decode() == hicloom("query", pairs, "chr1").stdout


@pytest.mark.parametrize(
    ("region", "problem"),
    [
        ("chrQ:1-5", "no chromosome 'chrQ'"),
        ("chr1:10-5", "ends (5) before it begins (10)"),
        ("chr1:x", "'x' is not FIRST-LAST"),
    ],
)
def test_a_wrong_region_is_refused(
    hicloom: Callable, pairs: Path, region: str, problem: str
) -> None:
    outcome = hicloom("query", pairs, "chr1", region)
    assert (outcome.code, outcome.stdout, outcome.stderr.count("\n")) == (2, "", 1)
    assert problem in outcome.stderr


def test_a_query_without_region_is_refused(hicloom: Callable, pairs: Path) -> None:
    assert hicloom("query", pairs).code == 2


def test_a_missing_index_is_refused_with_the_command(hicloom: Callable, pairs: Path) -> None:
    pairs.with_name(pairs.name + ".px2").unlink()
    outcome = hicloom("query", pairs, "chr1")
    assert outcome.code == 2
    assert "hicloom index-pairs" in outcome.stderr


@pytest.mark.parametrize(
    "others",
    [ROWS[:3], [*ROWS, "r6 chr2 6 chr2 900 - - UU 60 60"], ROWS[4:]],
    ids=["shorter", "longer", "other chromosomes"],
)
def test_the_index_of_another_file_is_refused(
    hicloom: Callable, write_pairs: Callable, pairs: Path, others: list[str]
) -> None:
    other = write_pairs("other.pairs.gz", others)
    shutil.copy(other.with_name("other.pairs.gz.px2"), pairs.with_name(pairs.name + ".px2"))
    outcome = hicloom("query", pairs, "chr2")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "belongs to another file" in outcome.stderr


def test_a_file_that_is_not_bgzf_is_refused(hicloom: Callable, tmp_path: Path) -> None:
    pairs = tmp_path / "x.pairs.gz"
    pairs.write_bytes(gzip.compress(b"## pairs format v1.0\n"))
    outcome = hicloom("query", pairs, "chr1")
    assert outcome.code == 2
    assert "not compressed with bgzip" in outcome.stderr
