"""Pairs to pixels."""

import json
from collections.abc import Callable
from pathlib import Path

import cooler
import numpy as np
import pytest

from hicloom.formats import counter
from hicloom.formats.counter import Counter
from hicloom.matrix import binner
from tests.unit.matrices import CHROMSIZES, pixels, simulated

Cli = Callable[..., object]
WritePairs = Callable[..., Path]


def row(chrom1: str, pos1: int, chrom2: str, pos2: int) -> str:
    return f". {chrom1} {pos1} {chrom2} {pos2} + - UU 60 60"


def test_positions_are_one_based(hicloom: Cli, write_pairs: WritePairs, tmp_path: Path) -> None:
    # 1000 is the last position of the first bin, 1001 the first of the second; chr1 has
    # 1000 bins, so chr2 begins with bin 1000.
    rows = [row("chr1", 1, "chr1", 1000), row("chr1", 1000, "chr1", 1001)]
    source = write_pairs("x.pairs", [*rows, row("chr1", 1_000_000, "chr2", 1)])
    assert hicloom("cload", source, "-o", tmp_path / "x.cool").code == 0
    assert pixels(tmp_path / "x.cool").to_numpy().tolist() == [[0, 0, 1], [0, 1, 1], [999, 1000, 1]]


def test_pairs_on_other_chromosomes_are_left_out_on_request(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path
) -> None:
    sizes = tmp_path / "sizes"
    sizes.write_text("chr1\t1000000\n")
    rows = [row("!", 0, "chr1", 5), row("chr1", 1, "chr1", 5), row("chr1", 1, "chr2", 500_001)]
    source, output = write_pairs("x.pairs", rows, is_sorted=False), tmp_path / "x.cool"
    words = ["cload", source, "-o", output, "--chromsizes", sizes, "--drop-other-chromosomes"]
    outcome = hicloom(*words)
    assert outcome.stderr == "cload: kept 1 of 3 pairs; dropped by chromosome 2\n"
    assert pixels(output).to_numpy().tolist() == [[0, 0, 1]]


def test_a_pair_beyond_its_chromosome_is_told_by_its_own_line(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path
) -> None:
    """The header has 8 lines; the pair before the wrong one is left out."""
    rows = [row("!", 0, "chr1", 5), row("chr1", 1, "chr1", 1_000_001)]
    source = write_pairs("x.pairs", rows, is_sorted=False)
    outcome = hicloom("cload", source, "-o", tmp_path / "x.cool", "--drop-other-chromosomes")
    assert outcome.code == 2
    assert "x.pairs, line 10: pos2 is 1000001, expected 1 to 1000000" in outcome.stderr


def test_counts_lie_in_the_upper_triangle(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path
) -> None:
    # chr10 is the last of the chromsizes: a pair that names it first is turned round.
    rows = [row("chr10", 5, "chr2", 5), row("chr2", 7, "chr10", 7), row("chr1", 9000, "chr1", 1)]
    source = write_pairs("x.pairs", rows, is_sorted=False)
    hicloom("cload", source, "-o", tmp_path / "x.cool")
    assert pixels(tmp_path / "x.cool").to_numpy().tolist() == [[0, 8, 1], [1000, 1500, 2]]


def test_chromsizes_give_the_order_of_the_bins(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path
) -> None:
    sizes = tmp_path / "sizes"
    sizes.write_text("chr2\t500000\nchr1\t1000000\n")
    source = write_pairs("x.pairs", [row("chr1", 1, "chr2", 1)])
    hicloom("cload", source, "-o", tmp_path / "x.cool", "--chromsizes", sizes)
    assert cooler.Cooler(str(tmp_path / "x.cool")).chromnames == ["chr2", "chr1"]
    assert pixels(tmp_path / "x.cool").to_numpy().tolist() == [[0, 500, 1]]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (row("chr1", 0, "chr1", 5), "pos1 is 0, expected 1 to 1000000"),
        (row("chr1", 1, "chr2", 500_001), "pos2 is 500001, expected 1 to 500000"),
        (row("chr1", 1, "chrZ", 5), "chromosome 'chrZ' is not in the chromsizes"),
    ],
)
def test_a_pair_outside_of_the_map_is_refused(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path, bad: str, message: str
) -> None:
    source = write_pairs("x.pairs", [row("chr1", 1, "chr1", 5), bad])
    header_lines = sum(line.startswith("#") for line in source.read_text().splitlines())
    outcome = hicloom("cload", source, "-o", tmp_path / "x.cool")
    assert outcome.code == 2
    assert f"line {header_lines + 2}: {message}" in outcome.stderr
    assert not (tmp_path / "x.cool").exists()


def test_another_length_than_the_headers_is_refused(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path
) -> None:
    (tmp_path / "sizes").write_text("chr1\t999\n")
    source = write_pairs("x.pairs", [])
    outcome = hicloom(
        "cload", source, "-o", tmp_path / "x.cool", "--chromsizes", tmp_path / "sizes"
    )
    assert outcome.code == 2
    assert "chr1 has length 999, but 1000000" in outcome.stderr


def test_no_pairs_give_an_empty_map(hicloom: Cli, write_pairs: WritePairs, tmp_path: Path) -> None:
    assert hicloom("cload", write_pairs("x.pairs", []), "-o", tmp_path / "x.cool").code == 0
    assert len(pixels(tmp_path / "x.cool")) == 0


def test_the_file_says_what_made_it(hicloom: Cli, write_pairs: WritePairs, tmp_path: Path) -> None:
    hicloom("cload", write_pairs("x.pairs", []), "-o", tmp_path / "x.cool")
    info = cooler.Cooler(str(tmp_path / "x.cool")).info
    metadata = info["metadata"]
    metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
    assert info["genome-assembly"] == "toy"
    assert "cload" in metadata["command"]


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_and_memory_change_nothing(
    hicloom: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    """Counted 64 pairs at a time, with so little memory that there are many runs on disk."""
    source = simulated(tmp_path, 5000)
    hicloom("cload", source, "-o", tmp_path / "one.cool")
    monkeypatch.setattr(counter, "LEAST_BATCH", 64)
    monkeypatch.setattr(binner, "memory_for_counting", lambda *_: 0)
    assert hicloom("cload", source, "-o", tmp_path / "two.cool", "-t", threads).code == 0
    assert pixels(tmp_path / "two.cool").equals(pixels(tmp_path / "one.cool"))


def test_too_little_memory_is_refused_before_anything_is_made(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path
) -> None:
    """The message says how much would do, and that does."""
    words = ["cload", write_pairs("x.pairs", []), "-o", tmp_path / "out" / "x.cool", "--memory"]
    outcome = hicloom(*words, "1M")
    assert outcome.code == 2
    assert outcome.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()
    assert hicloom(*words, outcome.stderr.split()[-1]).code == 0


def test_the_order_of_the_pairs_does_not_matter_whatever_the_header_says(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path
) -> None:
    """The rows descend and lie in the lower triangle, the header says that they are sorted."""
    rows = [
        row("chr2", 9000, "chr1", 1),
        row("chr1", 5000, "chr1", 4000),
        row("chr1", 1, "chr1", 2),
    ]
    source = write_pairs("x.pairs", rows, is_sorted=True)
    assert "#sorted: chr1-chr2-pos1-pos2" in source.read_text()
    assert hicloom("cload", source, "-o", tmp_path / "x.cool").code == 0
    assert pixels(tmp_path / "x.cool").to_numpy().tolist() == [[0, 0, 1], [0, 1008, 1], [3, 4, 1]]


def test_counts_are_of_the_type_that_is_asked_for(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path
) -> None:
    source = write_pairs("x.pairs", [row("chr1", 1, "chr1", 5)])
    for options, dtype in (([], np.int32), (["--count-dtype", "int64"], np.int64)):
        hicloom("cload", source, "-o", tmp_path / "x.cool", *options)
        assert pixels(tmp_path / "x.cool")["count"].dtype == dtype


def test_a_count_beyond_its_type_is_told_with_the_option_that_helps(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two thousand million pairs are too many for a test; the counter only says them."""
    many = np.array([0]), np.array([2**31])
    monkeypatch.setattr(Counter, "chunks", lambda _: iter([many]))
    words = ["cload", write_pairs("x.pairs", []), "-o", tmp_path / "x.cool"]
    outcome = hicloom(*words)
    assert outcome.code == 1
    assert "--count-dtype int64" in outcome.stderr
    assert not (tmp_path / "x.cool").exists()
    assert hicloom(*words, "--count-dtype", "int64").code == 0
    assert pixels(tmp_path / "x.cool")["count"].tolist() == [2**31]


def test_every_pair_is_counted(hicloom: Cli, tmp_path: Path) -> None:
    hicloom("cload", simulated(tmp_path, 5000), "-o", tmp_path / "x.cool", "--bin-size", 7)
    clr = cooler.Cooler(str(tmp_path / "x.cool"))
    assert clr.info["sum"] == 5000
    assert clr.chromsizes.to_dict() == CHROMSIZES
