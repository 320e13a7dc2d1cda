"""`hicloom validate` on px2: the index against its file, by content."""

import os
from pathlib import Path

import pytest

from hicloom.findings import Findings
from hicloom.formats.bgzf import BgzfWriter
from hicloom.formats.pairs.indexed import build_index
from hicloom.formats.validators.px2 import validate_px2

HEAD = (
    b"## pairs format v1.0\n#sorted: chr1-chr2-pos1-pos2\n#chromsize: a 1000000\n"
    b"#chromsize: b 1000000\n#columns: readID chr1 pos1 chr2 pos2 strand1 strand2\n"
)
# Bins of the index are 32,768 bp: a|a has the bins 0 and 3, a|b the bin 0.
ROWS = [b"a\t5\ta\t9", b"a\t100000\ta\t200000", b"a\t7\tb\t1"]


def write(path: Path, rows: list[bytes]) -> Path:
    with path.open("wb") as raw, BgzfWriter(raw) as out:
        out.write(HEAD + b"".join(b"r\t" + row + b"\t+\t-\n" for row in rows))
    return path


def index(path: Path) -> Path:
    target = Path(f"{path}.px2")
    target.write_bytes(build_index(path)[0].encode())
    return target


def check(px2: Path, pairs: Path) -> list[str]:
    findings = Findings()
    validate_px2(px2, findings, pairs)
    return [str(violation) for violation in findings.violations]


@pytest.fixture
def pairs(tmp_path):
    return write(tmp_path / "x.pairs.gz", ROWS)


def test_the_index_of_the_file_is_right_whatever_the_times(pairs):
    px2 = index(pairs)
    os.utime(px2, (0, 0))
    assert check(px2, pairs) == []


def test_the_index_that_pairix_makes_is_right(pairs):
    pypairix = pytest.importorskip("pypairix", reason="pypairix is not installed")
    pypairix.build_index(str(pairs), force=1)
    assert check(Path(f"{pairs}.px2"), pairs) == []


def check_against(tmp_path: Path, pairs: Path, rows: list[bytes]) -> list[str]:
    return check(index(write(tmp_path / "other.pairs.gz", rows)), pairs)


def test_an_index_of_a_file_with_more_lines(tmp_path, pairs):
    assert check_against(tmp_path, pairs, [*ROWS, ROWS[-1]]) == [
        "wrong number of lines: once at the header: the index says 9, the file has 8"
    ]


def test_an_index_with_other_chromosome_pairs(tmp_path, pairs):
    found = check_against(tmp_path, pairs, [*ROWS[:2], b"b\t7\tb\t10"])
    assert "chromosome pair missing in the index: once at a|b" in found
    assert "chromosome pair missing in the file: once at b|b" in found


def test_an_index_with_other_bins(tmp_path, pairs):
    found = check_against(tmp_path, pairs, [ROWS[0], b"a\t900000\ta\t999999", ROWS[2]])
    assert "bin that only the index or only the file has: 2 times, first at a|a" in found


def test_an_index_with_another_offset(tmp_path, pairs):
    # The first row is a byte longer, so what follows begins one byte later.
    (violation,) = check_against(tmp_path, pairs, [b"a\t55\ta\t9", *ROWS[1:]])
    assert violation.startswith("wrong offset: once at a|a: bin 3 starts at ") or (
        violation.startswith("wrong offset: 2 times, first at a|a: bin 3 starts at ")
    )


def test_something_else_that_is_called_px2(tmp_path, pairs):
    (violation,) = check(write(tmp_path / "x.px2", ROWS), pairs)
    assert violation.startswith("unreadable index")


def test_pairs_that_are_not_sorted(tmp_path, pairs):
    px2 = index(pairs)
    (violation,) = check(px2, write(tmp_path / "y.pairs.gz", ROWS[::-1]))
    assert violation.startswith("pairs that cannot be indexed")
