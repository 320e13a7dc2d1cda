"""`hicloom describe` says what a file holds."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome


def test_pairs(write_pairs: Callable[..., Path], hicloom: Callable[..., Outcome]) -> None:
    path = write_pairs("a.pairs.gz", ["r chr1 1 chr1 5 + - UU 60 60"])
    filtered = path.with_name("b.pairs")
    assert hicloom("filter", path, "--output", filtered).code == 0
    said = hicloom("describe", filtered).stdout
    assert "assembly: toy" in said
    assert "chromosomes: 3, 1,800,000 bp" in said
    assert "filter" in said.splitlines()[-1], "the command that made it"


def test_a_map(
    write_pairs: Callable[..., Path], tmp_path: Path, hicloom: Callable[..., Outcome]
) -> None:
    path = write_pairs("a.pairs.gz", ["r chr1 1 chr1 5 + - UU 60 60"])
    cool, mcool = tmp_path / "a.cool", tmp_path / "a.mcool"
    assert hicloom("cload", path, "--bin-size", 100_000, "--output", cool).code == 0
    words = ("--resolutions", 100_000, "--resolutions", 500_000, "--no-balance")
    assert hicloom("zoomify", cool, *words, "--output", mcool).code == 0
    lines = hicloom("describe", mcool).stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["resolution", "bins", "pixels", "pairs", "weights"],
        ["100000", "18", "1", "1", "none"],
        ["500000", "4", "1", "1", "none"],
    ]


@pytest.mark.parametrize("name", ["x.mcool", "x.pairs", "folder"])
def test_what_it_cannot_read(name: str, tmp_path: Path, hicloom: Callable[..., Outcome]) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "x.mcool").write_text("text")
    (tmp_path / "x.pairs").write_text("text\n")
    outcome = hicloom("describe", tmp_path / name)
    assert outcome.code == 2
    assert len(outcome.stderr.splitlines()) == 1
