import io
from pathlib import Path

import numpy as np
import pytest

from hicloom.errors import InputError
from hicloom.formats.bgzf import BgzfWriter, BlockOffsets
from hicloom.formats.px2 import Px2Builder, read_px2

Row = tuple[str, int, str, int]

# Bins are of 32,768 bp: positions 1 .. 32768 are in the first one.
ROWS: list[Row] = [
    ("chr1", 1, "chr1", 900),
    ("chr1", 32_768, "chr1", 40_000),
    ("chr1", 32_769, "chr1", 50_000),
    ("chr1", 99_000, "chr2", 7),
    ("chr2", 5, "chr2", 5),
]
# One block of text; each line is 10 bytes and the header 20.
OFFSETS = BlockOffsets(np.array([0, 70]), np.array([0, 500]))


def add(builder: Px2Builder, rows: list[Row], start: int) -> None:
    names = sorted({row[0] for row in rows} | {row[2] for row in rows})
    chrom1, chrom2 = (np.array([names.index(str(row[i])) for row in rows]) for i in (0, 2))
    pos1, pos2 = (np.array([row[i] for row in rows], np.int64) for i in (1, 3))
    starts = start + 10 * np.arange(len(rows))
    builder.add((chrom1, names), (chrom2, names), pos1, starts, pos2)


def built(*pieces: list[Row]) -> Px2Builder:
    builder = Px2Builder("x.pairs.gz", header_lines=2)
    start = 20
    for rows in pieces:
        add(builder, rows, start)
        start += 10 * len(rows)
    return builder


def test_a_run_is_what_one_bin_of_one_chromosome_pair_holds() -> None:
    index = built(ROWS).index(OFFSETS)
    found = {pair: runs[["bin", "begin", "end"]].tolist() for pair, runs in index.runs.items()}
    end = 500 << 16
    assert found == {
        "chr1|chr1": [(0, 20, 40), (1, 40, 50)],
        "chr1|chr2": [(3, 50, 60)],
        "chr2|chr2": [(0, 60, end)],
    }


def test_lines_of_the_header_count() -> None:
    assert built(ROWS).index(OFFSETS).lines == 2 + len(ROWS)


@pytest.mark.parametrize("cut", range(6))
def test_the_index_does_not_depend_on_how_lines_are_fed(cut: int) -> None:
    assert built(ROWS[:cut], ROWS[cut:]).index(OFFSETS).same_as(built(ROWS).index(OFFSETS))


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        (1, 10, (20, 40)),
        (32_768, 32_768, (20, 40)),
        (32_768, 32_769, (20, 50)),
        (32_769, 90_000, (40, 50)),
        (70_000, 90_000, None),
    ],
)
def test_a_span_covers_the_bins_of_its_positions(
    first: int, last: int, span: tuple[int, int] | None
) -> None:
    assert built(ROWS).index(OFFSETS).span("chr1|chr1", first, last) == span


def test_an_index_is_read_as_it_was_written(tmp_path: Path) -> None:
    index = built(ROWS).index(OFFSETS)
    path = tmp_path / "x.px2"
    path.write_bytes(index.encode())
    assert read_px2(path).same_as(index)


def test_a_file_without_pairs_has_an_empty_index(tmp_path: Path) -> None:
    path = tmp_path / "x.px2"
    path.write_bytes(built().index(OFFSETS).encode())
    assert read_px2(path).runs == {}


def test_positions_beyond_the_limit_of_pairix_are_indexed() -> None:
    far = 2_000_000_000
    index = built([("chr1", far, "chr1", far)]).index(OFFSETS)
    assert index.span("chr1|chr1", far, far) == (20, 500 << 16)


@pytest.mark.parametrize(
    ("rows", "line", "problem"),
    [
        ([*ROWS, ("chr1", 1, "chr1", 1)], 8, "chr1.chr1 comes again"),
        ([ROWS[1], ROWS[0]], 4, "smaller"),
        ([ROWS[0], ("chr1", 1, "chr1", 899)], 4, "smaller"),
        ([("chr1", 1 << 31, "chr1", 1)], 3, "beyond"),
    ],
    ids=["pair comes again", "pos1", "pos2", "too far"],
)
@pytest.mark.parametrize("together", [True, False])
def test_lines_out_of_order_are_refused_with_their_number(
    rows: list[Row], line: int, problem: str, together: bool
) -> None:
    pieces = [rows] if together else [[row] for row in rows]
    with pytest.raises(InputError, match=rf"x\.pairs\.gz, line {line}: .*{problem}.*sort-pairs"):
        built(*pieces)


@pytest.mark.parametrize("text", [b"", b"PX2.003\1 and so on", b"PX2.004\1 and so on"])
def test_what_is_no_index_is_refused(tmp_path: Path, text: bytes) -> None:
    path, coded = tmp_path / "x.px2", io.BytesIO()
    with BgzfWriter(coded) as out:
        out.write(text)
    path.write_bytes(coded.getvalue())
    with pytest.raises(InputError, match="index-pairs"):
        read_px2(path)
