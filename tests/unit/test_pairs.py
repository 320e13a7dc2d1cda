"""Pairs files: both dialects of the header, columns of a block, order and triangle."""

import gzip
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hicloom.errors import InputError
from hicloom.formats.pairs import (
    Block,
    Header,
    OrderCheck,
    PairsReader,
    TriangleCheck,
    create_pairs,
    open_pairs,
)
from hicloom.formats.pairs.flip import Flipper
from hicloom.formats.text import whole_lines

SPEC = """## pairs format v1.0
#sorted: chr1-chr2-pos1-pos2
#shape: upper triangle
#chromsize: b 90
#chromsize: a 50
#columns: readID chr1 pos1 chr2 pos2 strand1 strand2"""
HEADER = Header.parse(SPEC.splitlines(), "spec.pairs")


def block(*rows: str, header: Header = HEADER) -> Block:
    return Block("".join("\t".join(r.split()) + "\n" for r in rows).encode(), header, 7, "x.pairs")


def test_the_specifications_column_names_are_read_as_pairtools_names() -> None:
    assert HEADER.columns[:5] == ("readID", "chrom1", "pos1", "chrom2", "pos2")
    assert HEADER.index("chr2") == HEADER.index("chrom2") == 3


def test_pairtools_first_line_is_read_and_the_specifications_is_written() -> None:
    lines = SPEC.replace("v1.0", "v1.0.0").splitlines()
    assert Header.parse(lines, "x").encode().startswith(b"## pairs format v1.0\n")


def test_the_header_keeps_its_fields_and_the_order_of_chromosomes() -> None:
    assert Header.parse(HEADER.encode().decode().splitlines(), "x") == HEADER
    assert list(HEADER.chromsizes.items()) == [("b", 90), ("a", 50)]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (("## pairs format v1.0", "#pairs"), "line 1: expected '## pairs format v1.0'"),
        (("#columns:", "#names:"), "no '#columns:' line"),
        (("chr1 pos1 chr2", "pos1 chr1 chr2"), "must begin with readID chrom1 pos1"),
        (("#chromsize: a 50", "#chromsize: b 50"), "chromosome b stands twice"),
        (("#chromsize: a 50", "#chromsize: a fifty"), "expected '#chromsize: NAME LENGTH'"),
    ],
)
def test_a_wrong_header_is_refused_with_the_reason(spoil: tuple[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Header.parse(SPEC.replace(*spoil).splitlines(), "x.pairs")


def test_a_block_gives_its_columns_by_name() -> None:
    rows = block("r1 b 5 a 17 + -", "read2 b 12345678901 a 7 - -")
    assert rows.ints("pos1").tolist() == [5, 12345678901]
    assert rows.strings("readID").tolist() == [b"r1", b"read2"]
    codes, names = rows.names("chrom2")
    assert (codes.tolist(), names) == ([0, 0], ["a"])


@given(st.lists(st.tuples(st.text("abz19", min_size=1, max_size=9), st.integers(0, 10**12))))
def test_any_words_and_numbers_come_back_from_a_block(rows: list[tuple[str, int]]) -> None:
    parsed = block(*(f"{word} b {number} a 1 + +" for word, number in rows))
    assert [w.decode() for w in parsed.strings("readID").tolist()] == [word for word, _ in rows]
    assert parsed.ints("pos1").tolist() == [number for _, number in rows]
    codes, names = parsed.names("readID")
    assert [names[code] for code in codes] == [word for word, _ in rows]


def test_select_keeps_whole_lines() -> None:
    rows = block("r1 b 1 a 1 + +", "r2 b 2 a 2 + +", "r3 b 3 a 3 + +")
    kept = rows.select(np.array([True, False, True])).tobytes()
    assert kept == b"r1\tb\t1\ta\t1\t+\t+\nr3\tb\t3\ta\t3\t+\t+\n"


def test_columns_can_be_left_out() -> None:
    left = block("r1 b 1 a 22 + -", "r2 b 333 a 4 - +").without(["pos2", "strand2"])
    assert left.text.tobytes() == b"r1\tb\t1\ta\t+\nr2\tb\t333\ta\t-\n"
    assert left.header.columns[-2:] == ("chrom2", "strand1")


@pytest.mark.parametrize("place", ["start", "end"])
def test_a_line_with_a_wrong_number_of_columns_is_named(place: str) -> None:
    good, short = "r1 b 1 a 1 + +", "r2 b 1 a 1 +"
    rows = [good, short, good] if place == "end" else [short, good]
    # Blocks of these tests begin at line 7 of their file.
    line = 8 if place == "end" else 7
    with pytest.raises(InputError, match=f"x.pairs, line {line}: expected 7 tab-separated.* 6"):
        block(*rows).ints("pos1")


def test_a_missing_column_in_one_line_is_not_made_up_for_by_the_next() -> None:
    # 5 + 7 tabs are the 12 of two right lines, but not in the right places.
    with pytest.raises(InputError, match="line 7"):
        block("r1 b 1 a 1 +", "r2 b 1 a 1 + + more").ints("pos1")


@pytest.mark.parametrize("value", ["12x", "-5", ".", "1.5"])
def test_a_position_that_is_no_number_is_named(value: str) -> None:
    with pytest.raises(InputError, match=r"line 8: expected a whole number in column pos2"):
        block("r1 b 1 a 1 + +", f"r2 b 1 a {value} + +").ints("pos2")


@given(st.lists(st.text("a\n", max_size=5)))
def test_text_cut_anywhere_is_put_together_to_whole_lines(pieces: list[str]) -> None:
    texts = list(whole_lines(piece.encode() for piece in pieces))
    whole = "".join(pieces)
    assert b"".join(texts).decode() == (
        whole if whole.endswith("\n") or not whole else whole + "\n"
    )
    assert all(text.endswith(b"\n") for text in texts)


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_the_body_does_not_depend_on_how_the_text_was_cut(size: int) -> None:
    text = SPEC.encode() + b"\n" + b"r\tb\t1\ta\t2\t+\t-\n" * 50
    stream = io.BytesIO(text)
    reader = PairsReader(iter(lambda: stream.read(size), b""), "x")
    assert b"".join(reader.texts()) == b"r\tb\t1\ta\t2\t+\t-\n" * 50
    assert (reader.header_lines, reader.header_size) == (6, len(SPEC) + 1)


@pytest.mark.parametrize("name", ["x.pairs", "x.pairs.gz"])
def test_what_is_written_is_read(tmp_path: Path, name: str) -> None:
    with create_pairs(tmp_path / name, HEADER) as out:
        out.write(b"r\tb\t1\ta\t2\t+\t-\n")
    with open_pairs(tmp_path / name) as reader:
        assert reader.header == HEADER
        assert b"".join(reader.texts()) == b"r\tb\t1\ta\t2\t+\t-\n"
    assert (tmp_path / "x.pairs.gz.px2").exists() == name.endswith(".gz")


def test_plain_gzip_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(gzip.compress(HEADER.encode() + b"r\tb\t1\ta\t2\t+\t-\n"))
    with open_pairs(tmp_path / "x.gz") as reader:
        assert sum(rows.n for rows in reader.blocks()) == 1


def test_nothing_is_left_when_writing_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), create_pairs(tmp_path / "x.pairs.gz", HEADER) as out:
        out.write(b"r\tb\t1\ta\t2\t+\t-\n")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_order_is_that_of_bytes_not_of_the_header() -> None:
    OrderCheck().check(block("r a 9 b 1 + +", "r b 1 a 5 + +", "r b 1 b 1 + +"))
    with pytest.raises(InputError, match=r"line 8: .*hicloom sort-pairs x.pairs"):
        OrderCheck().check(block("r b 1 a 5 + +", "r a 9 b 1 + +"))


def test_order_is_checked_across_blocks() -> None:
    check = OrderCheck()
    check.check(block("r a 5 a 9 + +"))
    with pytest.raises(InputError, match="line 7"):
        check.check(block("r a 5 a 8 + +"))


def test_the_triangle_follows_the_order_of_the_header() -> None:
    # The header lists b before a; unmapped sides have no triangle.
    TriangleCheck(HEADER).check(block("r b 9 a 1 + +", "r b 3 b 3 + +", "r ! 0 a 1 - +"))
    for lower in ("r a 1 b 9 + +", "r b 9 b 3 + +"):
        with pytest.raises(InputError, match=r"line 7: .*lower triangle.*sort-pairs --flip"):
            TriangleCheck(HEADER).check(block(lower))


def test_flipping_swaps_all_that_belongs_to_a_side() -> None:
    header = HEADER.with_columns(*HEADER.columns, "pair_type", "mapq1", "mapq2")
    rows = block("r1 a 1 b 9 + - UR 10 60", "r2 b 1 a 9 + - UR 10 60", header=header)
    flipped = Flipper(header).flip(rows).decode().split("\n")
    assert flipped[0].split() == "r1 b 9 a 1 - + RU 60 10".split()
    assert flipped[1].split() == "r2 b 1 a 9 + - UR 10 60".split()
