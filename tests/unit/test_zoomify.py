"""Many resolutions of a map."""

from collections.abc import Callable
from pathlib import Path

import cooler
import numpy as np
import pytest

from hicloom.matrix import balancing
from hicloom.steps.cload import cload
from tests.unit.matrices import pixels, simulated, simulated_map, weights

Cli = Callable[..., object]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A map of simulated pairs."""
    return simulated_map(tmp_path_factory.mktemp("maps"))


def maps(path: Path) -> list[str]:
    return cooler.fileops.list_coolers(str(path))


def test_a_coarse_map_is_what_binning_gives(hicloom: Cli, tmp_path: Path) -> None:
    """No bin crosses the end of a chromosome: 400 kb, 250001, 99999 and 900 bp."""
    pairs = simulated(tmp_path, 5000)
    cload(pairs, output=tmp_path / "fine.cool")
    cload(pairs, output=tmp_path / "coarse.cool", bin_size=50_000)
    hicloom("zoomify", tmp_path / "fine.cool", "-o", tmp_path / "x.mcool")
    ours = pixels(tmp_path / "x.mcool::/resolutions/50000")
    assert ours.equals(pixels(tmp_path / "coarse.cool"))


def test_the_longest_chromosome_is_the_coarsest(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    hicloom("zoomify", source, "-o", tmp_path / "x.mcool", "--no-balance")
    sizes = [1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000, 250_000]
    assert maps(tmp_path / "x.mcool") == [f"/resolutions/{size}" for size in sizes]
    assert "weight" not in cooler.Cooler(f"{tmp_path}/x.mcool::/resolutions/5000").bins().columns


def test_a_list_is_taken_as_it_is(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    """Not even the base is added."""
    options = ["--resolutions", 4000, 20_000, "--no-balance"]
    hicloom("zoomify", source, "-o", tmp_path / "x.mcool", *options)
    assert maps(tmp_path / "x.mcool") == ["/resolutions/4000", "/resolutions/20000"]
    assert cooler.Cooler(f"{tmp_path}/x.mcool::/resolutions/20000").info["sum"] == 30_000


def test_every_map_names_the_assembly(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    hicloom("zoomify", source, "-o", tmp_path / "x.mcool", "--no-balance")
    uris = [f"{tmp_path}/x.mcool::{name}" for name in maps(tmp_path / "x.mcool")]
    assert {cooler.Cooler(uri).info["genome-assembly"] for uri in uris} == {"toy"}


def test_no_multiple_of_the_base_is_refused(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    outcome = hicloom("zoomify", source, "-o", tmp_path / "x.mcool", "--resolutions", 1500)
    assert outcome.code == 2
    assert "resolution 1500 is not a multiple of the base resolution 1000" in outcome.stderr
    assert not (tmp_path / "x.mcool").exists()


def test_what_converged_is_said_by_resolution(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    options = ["--resolutions", 5000, 10_000, "--max-iters", 1]
    outcome = hicloom("zoomify", source, "-o", tmp_path / "x.mcool", *options)
    assert outcome.stderr.splitlines() == [
        f"{size} bp: balancing has NOT converged in 1 iterations, NaN is stored"
        for size in (5000, 10_000)
    ]
    assert np.isnan(weights(tmp_path / "x.mcool::/resolutions/5000")).all()


def test_threads_change_nothing(
    hicloom: Cli, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers take chunks of a map; these are made small enough here for several of them."""
    monkeypatch.setattr(balancing, "CHUNK", 1000)
    for threads in (1, 2):
        options = ["--threads", threads, "--resolutions", 10_000]
        hicloom("zoomify", source, "-o", tmp_path / f"{threads}.mcool", *options)
    uris = [f"{tmp_path}/{threads}.mcool::/resolutions/10000" for threads in (1, 2)]
    np.testing.assert_array_equal(*map(weights, uris))
    assert pixels(uris[0]).equals(pixels(uris[1]))


def test_what_is_no_map_is_refused(hicloom: Cli, tmp_path: Path) -> None:
    (tmp_path / "x.cool").write_text("no")
    outcome = hicloom("zoomify", tmp_path / "x.cool", "-o", tmp_path / "x.mcool")
    assert outcome.code == 2
    assert "is not a .cool or .mcool" in outcome.stderr
