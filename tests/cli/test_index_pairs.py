import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hicloom.formats.bgzf import BgzfWriter
from hicloom.formats.pairs import Header
from hicloom.formats.px2 import read_px2

ROWS = [
    "r1 chr1 100 chr1 200 + + UU 60 60",
    "r2 chr1 40000 chr1 50000 + - UU 60 60",
    "r3 chr1 500 chr2 7 - + UU 60 60",
    "r4 chr2 5 chr2 900 - - UU 60 60",
]
COLUMNS = tuple("readID chrom1 pos1 chrom2 pos2 strand1 strand2 pair_type mapq1 mapq2".split())


def write(path: Path, rows: list[str]) -> Path:
    """A pairs file as another program leaves it: compressed with bgzip, without index."""
    with path.open("wb") as raw, BgzfWriter(raw) as out:
        out.write(Header.new({"chr1": 100_000, "chr2": 1_000}, COLUMNS).encode())
        out.write("".join("\t".join(row.split()) + "\n" for row in rows).encode())
    return path


def test_the_index_is_the_one_that_is_written_with_the_file(
    hicloom: Callable, write_pairs: Callable, tmp_path: Path
) -> None:
    pairs = write_pairs("made.pairs.gz", ROWS)
    bare = Path(shutil.copy(pairs, tmp_path / "copy of é.pairs.gz"))
    assert hicloom("index-pairs", bare, "--threads", 2).code == 0
    again = read_px2(tmp_path / "copy of é.pairs.gz.px2")
    assert again.same_as(read_px2(tmp_path / "made.pairs.gz.px2"))


def test_the_index_may_lie_beside_a_copy(hicloom: Callable, tmp_path: Path) -> None:
    pairs, copy = write(tmp_path / "x.pairs.gz", ROWS), tmp_path / "new" / "y.pairs.gz"
    assert hicloom("index-pairs", pairs, "--output", copy).code == 0
    assert copy.read_bytes() == pairs.read_bytes()
    assert hicloom("query", copy, "chr1|chr2").stdout.split()[0] == "r3"
    assert sorted(tmp_path.iterdir()) == [copy.parent, pairs], "no index beside the original"


def test_chromosomes_may_come_in_any_order(hicloom: Callable, tmp_path: Path) -> None:
    pairs = write(tmp_path / "x.pairs.gz", [ROWS[3], *ROWS[:3]])
    assert hicloom("index-pairs", pairs).code == 0
    assert list(read_px2(tmp_path / "x.pairs.gz.px2").runs) == [
        "chr2|chr2",
        "chr1|chr1",
        "chr1|chr2",
    ]


# The header has 7 lines, so the first row is line 8.
@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([ROWS[1], ROWS[0]], "line 9: its position is smaller"),
        ([ROWS[0], ROWS[2], ROWS[1]], "line 10: chr1|chr1 comes again"),
        ([ROWS[0], ROWS[0].replace("200", "199")], "line 9: its position is smaller"),
        ([ROWS[0].replace("100", "ten")], "line 8"),
    ],
)
def test_unsorted_pairs_are_refused_with_the_line(
    hicloom: Callable, tmp_path: Path, rows: list[str], problem: str
) -> None:
    pairs = write(tmp_path / "x.pairs.gz", rows)
    outcome = hicloom("index-pairs", pairs)
    assert (outcome.code, outcome.stderr.count("\n")) == (2, 1)
    assert f"{pairs}, {problem}" in outcome.stderr
    assert list(tmp_path.iterdir()) == [pairs]


def test_gzip_that_is_not_bgzf_is_refused(hicloom: Callable, tmp_path: Path) -> None:
    pairs = tmp_path / "x.pairs.gz"
    pairs.write_bytes(gzip.compress(b"## pairs format v1.0\n"))
    outcome = hicloom("index-pairs", pairs)
    assert outcome.code == 2
    assert "not compressed with bgzip" in outcome.stderr
    assert "sort-pairs" in outcome.stderr


def test_a_truncated_file_is_refused(hicloom: Callable, tmp_path: Path) -> None:
    pairs = write(tmp_path / "x.pairs.gz", ROWS)
    pairs.write_bytes(pairs.read_bytes()[:-30])
    outcome = hicloom("index-pairs", pairs)
    assert outcome.code == 2
    assert f"{pairs}: truncated" in outcome.stderr


def test_a_missing_file_is_refused(hicloom: Callable, tmp_path: Path) -> None:
    outcome = hicloom("index-pairs", tmp_path / "none.pairs.gz")
    assert (outcome.code, outcome.stderr.count("\n")) == (2, 1)


def test_positions_that_pairix_cannot_find_are_told(hicloom: Callable, tmp_path: Path) -> None:
    pairs = write(tmp_path / "x.pairs.gz", ["r1 chr1 1500000000 chr1 1500000000 + + UU 60 60"])
    outcome = hicloom("index-pairs", pairs)
    assert outcome.code == 0
    assert "pairix finds only those up to 1073741824" in outcome.stderr
    found = hicloom("query", pairs, "chr1:1499999999-1500000001", "--count")
    assert found.stdout == "1\n"
