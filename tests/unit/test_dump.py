"""Pixels as text."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.matrices import simulated_map

Cli = Callable[..., object]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A map of simulated pairs."""
    return simulated_map(tmp_path_factory.mktemp("maps"), 2000)


def test_a_file_holds_what_the_screen_shows(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    shown = hicloom("dump", source, "--region", "chr1:0-100,000").stdout
    hicloom("dump", source, "--region", "chr1:0-100,000", "-o", tmp_path / "x.tsv.gz")
    assert shown.count("\n") > 50
    assert gzip.decompress((tmp_path / "x.tsv.gz").read_bytes()).decode() == shown


def test_all_digits_on_request(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    balanced = tmp_path / "x.cool"
    options = ["--min-nnz", 1, "--mad-max", 0, "--convergence-policy", "store_final"]
    hicloom("balance", source, "-o", balanced, *options)
    words = hicloom("dump", balanced, "--balanced", "--float-format", ".17g").stdout.split()
    assert max(map(len, words)) > 15


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--region", "chrZ"], "region chrZ: Unknown sequence label"),
        (["--region", "chr1:500000-600000"], "region chr1:500000-600000"),
        (["--balanced"], "has no weights; add them with hicloom balance"),
        (["--region2", "chr1"], "give that, too"),
        (["--float-format", "s"], "--float-format s: expected one such as g"),
    ],
)
def test_what_is_not_there_is_refused(
    hicloom: Cli, source: Path, options: list[str], message: str
) -> None:
    outcome = hicloom("dump", source, *options)
    assert outcome.code == 2
    assert message in outcome.stderr


def test_a_multi_resolution_file_needs_a_choice(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    zoomed = tmp_path / "x.mcool"
    hicloom("zoomify", source, "-o", zoomed, "--no-balance", "--resolutions", 1000, 5000)
    outcome = hicloom("dump", zoomed)
    assert outcome.code == 2
    assert f"name one of its maps, {zoomed}::/resolutions/1000 {zoomed}::/" in outcome.stderr
    outcome = hicloom("dump", f"{zoomed}::/resolutions/7")
    assert outcome.code == 2
    assert "no map there; the file holds" in outcome.stderr
