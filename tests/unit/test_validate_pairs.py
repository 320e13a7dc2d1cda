"""`hicloom validate` on pairs: each test plants one violation."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from hicloom.findings import Findings
from hicloom.formats.bgzf import BgzfWriter
from hicloom.formats.validators.pairs import validate_pairs
from hicloom.formats.validators.redundancy import Everywhere, hash_words

HEAD = [
    "## pairs format v1.0",
    "#sorted: chr1-chr2-pos1-pos2",
    "#shape: upper triangle",
    "#chromsize: b 1000",
    "#chromsize: a 500",
    "#columns: readID chr1 pos1 chr2 pos2 strand1 strand2 pair_type",
]
# b comes before a in the header, so b|a is upper-triangular; rows need not follow that order.
ROWS = [
    "r1 a 10 a 20 + - UU",
    "r2 a 10 a 30 - - UR",
    "r3 b 5 a 500 + + RU",
    "r4 b 6 a 1 . . UU",
    "r5 b 1 b 1000 + - UU",
]


def write(path: Path, rows: list[str] = ROWS, head: list[str] = HEAD) -> Path:
    body = [row.replace(" ", "\t") for row in rows]
    path.write_text("".join(f"{line}\n" for line in [*head, *body]))
    return path


def check(path: Path) -> list[str]:
    findings = Findings()
    validate_pairs(path, findings)
    return [str(violation) for violation in findings.violations]


def found(tmp_path: Path, rows: list[str] = ROWS, head: list[str] = HEAD) -> list[str]:
    return check(write(tmp_path / "x.pairs", rows, head))


def changed(lines: list[str], number: int, line: str) -> list[str]:
    return [*lines[:number], line, *lines[number + 1 :]]


def test_right_pairs_have_no_violation(tmp_path):
    assert found(tmp_path) == []


def test_pairtools_dialect_is_right_too(tmp_path):
    head = changed(HEAD, 0, "## pairs format v1.0.0")
    head[5] = "#columns: readID chrom1 pos1 chrom2 pos2 strand1 strand2 pair_type"
    rows = ["r0 ! 0 ! 0 - - NN", *ROWS]
    assert found(tmp_path, rows, head) == []


def test_no_rows_are_right(tmp_path):
    assert found(tmp_path, []) == []


@pytest.mark.parametrize(
    ("number", "line", "violation"),
    [
        (0, "## pairs v1", "wrong first line: once at line 1"),
        (5, "#columns: readID pos1 chr1 chr2 pos2", "wrong or missing #columns: once at line 6"),
        (5, "#other: x", "wrong or missing #columns: once at line 7"),
        (4, "#chromsize: a many", "wrong #chromsize: once at line 5"),
        (4, "#chromsize: b 500", "chromosome twice in the header: once at line 5: b"),
    ],
)
def test_faults_of_the_header(tmp_path, number, line, violation):
    assert any(v.startswith(violation) for v in found(tmp_path, head=changed(HEAD, number, line)))


def test_a_header_without_chromsizes(tmp_path):
    head = [line for line in HEAD if not line.startswith("#chromsize")]
    assert found(tmp_path, head=head) == ["no #chromsize lines: once at line 5"]


def test_a_wrong_first_line_does_not_hide_faults_of_rows(tmp_path):
    kinds = found(tmp_path, [*ROWS, "r6 b 2 b 2000 + + UU"], changed(HEAD, 0, "# pairs"))
    assert [kind.partition(":")[0] for kind in kinds] == [
        "wrong first line",
        "position outside 1 to the chromosome's length",
    ]


def test_a_file_without_any_header(tmp_path):
    kinds = {kind.partition(":")[0] for kind in found(tmp_path, head=[])}
    assert kinds == {"wrong first line", "wrong or missing #columns", "no #chromsize lines"}


@pytest.mark.parametrize(
    ("row", "violation"),
    [
        ("r b 1 b 1001 + - UU", "position outside 1 to the chromosome's length: once at line 7: "
         "found '1001'"),
        ("r b 0 b 5 + - UU", "position outside 1 to the chromosome's length: once at line 7: "
         "found '0'"),
        ("r b 1 b 5 + -", "not 8 columns: once at line 7: found '7'"),
        ("r b 1 b 5 + - UU x", "not 8 columns: once at line 7: found '9'"),
        ("r b 1 b 5x + - UU", "position that is no whole number: once at line 7: found '5x'"),
        ("r b -1 b 5 + - UU", "position that is no whole number: once at line 7: found '-1'"),
        ("r c 1 c 5 + - UU", "unknown chromosome: 2 times, first at line 7: found 'c'"),
        ("r b 9 b 9 f - UU", "strand1 other than +, - or .: once at line 7: found 'f'"),
        ("r b 9 b 9 + r UU", "strand2 other than +, - or .: once at line 7: found 'r'"),
        ("r b 9 b 9 + + UZ", "unknown pair_type: once at line 7: found 'UZ'"),
        ("r b 9 b 9 + + U", "unknown pair_type: once at line 7: found 'U'"),
        ("r b 9 b 8 + + UU", "pair in the wrong triangle: once at line 7: "
         "found 'r b 9 b 8 + + UU'"),
    ],
)  # fmt: skip
def test_faults_of_a_row(tmp_path, row, violation):
    assert found(tmp_path, [row]) == [violation]


def test_every_occurrence_is_counted_and_the_first_named(tmp_path):
    rows = ["r1 a 10 a 20 ? - UU", "r2 a 10 a 30 ? - UR", "r3 b 5 a 500 + + RU"]
    assert found(tmp_path, rows) == [
        "strand1 other than +, - or .: 2 times, first at line 7: found '?'"
    ]


def test_positions_out_of_order(tmp_path):
    rows = [*ROWS[:1], "r b 7 b 8 + + UU", "r b 7 b 7 + + UU", "r b 6 b 9 + + UU"]
    (violation,) = found(tmp_path, rows)
    assert violation.startswith("positions not in the order of #sorted: 2 times, first at line 9")


def test_chromosome_pairs_in_several_places(tmp_path):
    (violation,) = found(tmp_path, [*ROWS, "r a 40 a 50 + + UU"])
    assert violation.startswith(
        "chromosomes in several places, unlike #sorted: once at line 12: found 'r a 40"
    )


def test_order_by_the_first_position_only(tmp_path):
    head = changed(HEAD, 1, "#sorted: chr1-pos1")
    rows = ["r1 b 5 a 9 + + UU", "r2 b 6 b 7 + + UU", "r3 b 7 a 1 + + UU"]
    assert found(tmp_path, rows, head) == []
    (violation,) = found(tmp_path, [*rows, "r4 b 6 b 9 + + UU"], head)
    assert violation.startswith("positions not in the order of #sorted: once at line 10")


def test_unsorted_rows_are_right_where_no_order_is_stated(tmp_path):
    assert found(tmp_path, ROWS[::-1], changed(HEAD, 1, "#sorted: none")) == []


def test_a_lower_triangle_is_right_where_it_is_stated(tmp_path):
    head = changed(HEAD, 2, "#shape: lower triangle")
    assert found(tmp_path, ["r a 3 b 9 + + UU", "q b 9 b 5 + + UU"], head) == []
    (violation,) = found(tmp_path, ["r b 3 b 9 + + UU"], head)
    assert violation.startswith("pair in the wrong triangle")


def test_the_triangle_follows_the_header_and_not_the_names(tmp_path):
    (violation,) = found(tmp_path, ["r a 3 b 9 + + UU"])
    assert violation.startswith("pair in the wrong triangle")


def test_the_same_contact_twice(tmp_path):
    rows = [ROWS[0], "q a 10 a 20 + - UU", ROWS[0], ROWS[1]]
    assert found(tmp_path, rows) == ["contact in several rows: once at line 9"]


def test_equal_positions_of_different_reads_are_not_the_same_contact(tmp_path):
    assert found(tmp_path, [ROWS[0], "q a 10 a 20 + - UU"]) == []
    assert found(tmp_path, [". a 10 a 20 + - UU", ". a 10 a 20 + - UU"]) == []


def test_a_contact_and_its_flipped_twin(tmp_path):
    # The example of the specification, "Redundancy".
    rows = ["e a 100 a 200 + + UU", "x b 1 b 2 + + UU", "e a 200 a 100 + + UU"]
    kinds = found(tmp_path, rows)
    assert "contact in several rows: once at line 9" in kinds
    assert any(kind.startswith("pair in the wrong triangle: once at line 9") for kind in kinds)


def test_twins_are_found_anywhere_in_an_unsorted_file(tmp_path):
    head = changed(HEAD, 1, "#sorted: none")
    rows = [ROWS[3], ROWS[0], ROWS[1], ROWS[4], ROWS[0]]
    assert found(tmp_path, rows, head) == ["contact in several rows: once at line 11"]


def test_the_result_does_not_depend_on_the_pieces(tmp_path, monkeypatch):
    rows = [f"r{i // 2} b 7 b {8 + i // 6} + - UU" for i in range(300)]
    whole = found(tmp_path, rows)
    assert whole == ["contact in several rows: 150 times, first at line 8"]
    monkeypatch.setattr("hicloom.formats.text._PIECE", 64)
    assert found(tmp_path, rows) == whole


def test_gzip_that_is_not_bgzf(tmp_path):
    path = tmp_path / "x.pairs.gz"
    path.write_bytes(gzip.compress(write(tmp_path / "x").read_bytes()))
    (violation,) = check(path)
    assert violation.startswith("gzip that is not BGZF")


def bgzf(path: Path, data: bytes) -> Path:
    with path.open("wb") as raw, BgzfWriter(raw) as out:
        out.write(data)
    return path


def test_bgzf_is_right_and_without_its_end_it_is_truncated(tmp_path):
    path = bgzf(tmp_path / "x.pairs.gz", write(tmp_path / "x").read_bytes())
    assert check(path) == []
    path.write_bytes(path.read_bytes()[:-28])
    (violation,) = check(path)
    assert violation.startswith("damaged or truncated file: once at line ")


def test_hashes_do_not_depend_on_the_width_of_the_column():
    short, wide = np.array([b"a", b"bc"]), np.array([b"a", b"bc", b"a long read name"])
    assert hash_words(short).tolist() == hash_words(wide)[:2].tolist()


def test_everywhere_finds_equal_hashes_across_checks():
    findings = Findings()
    places, names = np.arange(1000, dtype=np.uint64), np.ones(1000, np.uint64)
    with Everywhere(findings) as twins:
        twins.check(places, names, np.arange(1000))
        twins.check(places[10:20], names[:10], np.arange(1000, 1010))
        twins.finish()
    assert [str(v) for v in findings.violations] == [
        "contact in several rows: 10 times, first at line 1000"
    ]
