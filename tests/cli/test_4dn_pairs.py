"""`hicloom 4dn merge-pairs` and `addfragtopairs`."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pysam
import pytest

from hicloom.formats.pairs import index_path
from hicloom.steps.simulate.pairs import pairs as simulate_pairs
from tests.conftest import CHROMSIZES, Outcome, body

Cli = Callable[..., Outcome]
ROWS = ["a chr1 100 chr1 900 + - UU 60 60", "b chr1 100 chr2 50 + + UU 60 10"]
SITES = {name: [*range(3000, length, 4000), length] for name, length in CHROMSIZES.items()}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def replicates(chromsizes: Path) -> list[Path]:
    """Two files of simulated pairs."""
    paths = [Path(f"{seed}.pairs.gz") for seed in (1, 2)]
    for seed, path in enumerate(paths, start=1):
        simulate_pairs(chromsizes=chromsizes, output=path, pairs=3000, seed=seed, assembly="toy")
    return paths


def header(path: Path) -> list[str]:
    with pysam.BGZFile(str(path)) as text:
        return [line.decode() for line in text if line.startswith(b"#")]


def write_sites(path: Path, sites: dict[str, list[int]] = SITES) -> Path:
    path.write_text("".join(f"{name} {' '.join(map(str, s))}\n" for name, s in sites.items()))
    return path


def test_replicates_are_merged_as_sort_merges_them(hicloom: Cli, replicates: list[Path]) -> None:
    """Rows with equal chromosomes and positions, which 4DN's sort orders by name, apart."""
    assert hicloom("4dn", "merge-pairs", "--input-pairs", *replicates).code == 0
    rows = [Path(f"{path.name}.rows") for path in replicates]
    for path, text in zip(replicates, rows, strict=True):
        text.write_text("".join("\t".join(row.split()) + "\n" for row in body(path)))
    keys = ["-k2,2", "-k4,4", "-k3,3g", "-k5,5g"]
    command = ["sort", "-m", *keys, *rows]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    merged = subprocess.run(command, capture_output=True, check=True, env=environment).stdout
    expected = [line.split("\t") for line in merged.decode().splitlines()]
    found = [row.split() for row in body(Path("out.pairs.gz"))]
    assert [row[1:5] for row in found] == [row[1:5] for row in expected]
    assert sorted(found) == sorted(expected)
    assert index_path(Path("out.pairs.gz")).exists()


def test_the_header_is_the_first_ones_with_the_commands_of_all(
    hicloom: Cli, write_pairs: Callable[..., Path]
) -> None:
    paths = [write_pairs(f"{name}.pairs", ROWS) for name in "ab"]
    for path in paths:
        text = path.read_text()
        path.write_text(text.replace("#columns", f"#command: made {path.stem}\n#columns"))
    hicloom("4dn", "merge-pairs", "--input-pairs", *paths, "--outprefix", "x")
    lines = header(Path("x.pairs.gz"))
    commands = [line for line in lines if line.startswith("#command: ")]
    assert commands[:2] == ["#command: made a", "#command: made b"]
    assert "4dn merge-pairs" in commands[2], "what made this file"
    assert [line for line in lines if line not in commands] == [
        line for line in paths[0].read_text().splitlines()
        if line.startswith("#") and "#command" not in line
    ]  # fmt: skip


def test_a_single_file_is_copied_byte_for_byte_and_indexed(
    hicloom: Cli, replicates: list[Path]
) -> None:
    index_path(replicates[0]).unlink()
    assert hicloom("4dn", "merge-pairs", "--input-pairs", replicates[0]).code == 0
    assert Path("out.pairs.gz").read_bytes() == replicates[0].read_bytes()
    asked = hicloom("query", "out.pairs.gz", "chr1:1-50000|chr2").stdout.splitlines()
    rows = [row.split() for row in body(replicates[0])]
    near = [row for row in rows if (row[1], row[3]) == ("chr1", "chr2") and int(row[2]) <= 50_000]
    assert len(near) > 3
    assert [line.split() for line in asked] == near


def test_a_single_file_that_is_not_sorted_is_refused(
    hicloom: Cli, write_pairs: Callable[..., Path]
) -> None:
    rows = ["c chr1 9 chr1 9 + + UU 1 1", "d chr1 5 chr1 9 + + UU 1 1"]
    path = write_pairs("bad.pairs.gz", rows, is_sorted=False)
    outcome = hicloom("4dn", "merge-pairs", "--input-pairs", path)
    assert outcome.code == 2
    assert "bad.pairs.gz, line 10: its position is smaller" in outcome.stderr
    assert not Path("out.pairs.gz").exists()


def test_fragments_are_counted_from_0_by_the_sites_up_to_the_position(
    hicloom: Cli, replicates: list[Path]
) -> None:
    options = ["--restriction-file", write_sites(Path("sites")), "--outprefix", "x"]
    assert hicloom("4dn", "addfragtopairs", "--input-pairs", replicates[0], *options).code == 0
    found = [row.split() for row in body(Path("x.ff.pairs.gz"))]
    assert len(found) == 3000
    for row, before in zip(found, body(replicates[0]), strict=True):
        assert row[:-2] == before.split()
        sides = ((row[1], int(row[2])), (row[3], int(row[4])))
        assert row[-2:] == [str(sum(site <= pos for site in SITES[name])) for name, pos in sides]
    assert header(Path("x.ff.pairs.gz"))[-1].endswith(" mapq1 mapq2 frag1 frag2")
    assert index_path(Path("x.ff.pairs.gz")).exists()


def test_fragments_that_are_there_are_replaced(hicloom: Cli, replicates: list[Path]) -> None:
    words = ["4dn", "addfragtopairs", "--input-pairs"]
    coarse = {name: [length // 2, length] for name, length in CHROMSIZES.items()}
    hicloom(*words, replicates[0], "--restriction-file", write_sites(Path("coarse"), coarse))
    fine = ["--restriction-file", write_sites(Path("sites"))]
    hicloom(*words, "out.ff.pairs.gz", *fine, "--outprefix", "again")
    hicloom(*words, replicates[0], *fine, "--outprefix", "once")
    assert body(Path("again.ff.pairs.gz")) == body(Path("once.ff.pairs.gz"))


def test_without_sites_pairs_are_copied(hicloom: Cli, replicates: list[Path]) -> None:
    assert hicloom("4dn", "addfragtopairs", "--input-pairs", replicates[0]).code == 0
    assert Path("out.ff.pairs.gz").read_bytes() == replicates[0].read_bytes()
    assert Path("out.ff.pairs.gz.px2").exists()


def test_a_chromosome_without_sites_is_refused(hicloom: Cli, replicates: list[Path]) -> None:
    """4DN's script gives all its pairs fragment 0, and juicer_tools then drops them."""
    sites = write_sites(Path("sites"), {"chr1": SITES["chr1"], "chr2": SITES["chr2"]})
    options = ["--input-pairs", replicates[0], "--restriction-file", sites]
    outcome = hicloom("4dn", "addfragtopairs", *options)
    assert outcome.code == 2
    assert "chromosome chr10 is not in sites" in outcome.stderr
    assert not Path("out.ff.pairs.gz").exists()
