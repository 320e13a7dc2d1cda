"""Pairs to pixels."""

import json
from collections.abc import Callable
from pathlib import Path

import cooler
import numpy as np
import pytest

from hicloom.formats.counter import Counter
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


def test_spilling_changes_nothing(tmp_path: Path) -> None:
    """Whatever goes to disk, each key comes once, in order, with the number of its additions."""
    keys = np.random.default_rng(5).integers(0, 2000, 300_000)
    counter = Counter(tmp_path, memory=0)
    counter._capacity = 1500
    for part in np.split(keys, 100):
        counter.add(part)
    assert list(tmp_path.glob("*.npy"))
    found, counts = (np.concatenate(parts) for parts in zip(*counter.chunks(), strict=True))
    expected = np.unique(keys, return_counts=True)
    np.testing.assert_array_equal(found, expected[0])
    np.testing.assert_array_equal(counts, expected[1])


def test_every_pair_is_counted(hicloom: Cli, tmp_path: Path) -> None:
    hicloom("cload", simulated(tmp_path, 5000), "-o", tmp_path / "x.cool", "--bin-size", 7)
    clr = cooler.Cooler(str(tmp_path / "x.cool"))
    assert clr.info["sum"] == 5000
    assert clr.chromsizes.to_dict() == CHROMSIZES
