"""Weights of a map."""

from collections.abc import Callable
from pathlib import Path

import cooler
import numpy as np
import pytest

from tests.unit.matrices import simulated_map, weights

Cli = Callable[..., object]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A map of simulated pairs."""
    return simulated_map(tmp_path_factory.mktemp("maps"))


def test_balanced_rows_have_equal_sums(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    """With the two diagonals left out, each kept bin sums to 1."""
    hicloom("balance", source, "-o", tmp_path / "x.cool", "--tol", 1e-12, "--max-iters", 1000)
    matrix = cooler.Cooler(str(tmp_path / "x.cool")).matrix()[:]
    near = np.abs(np.subtract.outer(np.arange(len(matrix)), np.arange(len(matrix)))) < 2
    matrix[near] = 0
    sums = np.nansum(matrix, axis=1)
    kept = np.isfinite(weights(tmp_path / "x.cool"))
    assert kept.sum() > 700
    np.testing.assert_allclose(sums[kept], 1, rtol=1e-4)


def test_the_input_stays_as_it_is(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    before = source.read_bytes()
    hicloom("balance", source, "-o", tmp_path / "x.cool")
    assert source.read_bytes() == before


def test_every_map_of_a_file_or_the_one_named(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    zoomed = tmp_path / "zoomed.mcool"
    hicloom("zoomify", source, "-o", zoomed, "--no-balance", "--resolutions", 5000, 10_000)
    hicloom("balance", zoomed, "-o", tmp_path / "all.mcool")
    hicloom("balance", f"{zoomed}::/resolutions/5000", "-o", tmp_path / "one.mcool")
    found = {
        name: [
            size
            for size in (5000, 10_000)
            if "weight" in cooler.Cooler(f"{tmp_path}/{name}.mcool::resolutions/{size}").bins()
        ]
        for name in ("all", "one")
    }
    assert found == {"all": [5000, 10_000], "one": [5000]}


def test_weights_are_replaced_by_force_only(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "1.cool", tmp_path / "2.cool"
    hicloom("balance", source, "-o", first)
    outcome = hicloom("balance", first, "-o", second)
    assert outcome.code == 2
    assert "has a column 'weight' already; --force replaces it" in outcome.stderr
    assert hicloom("balance", first, "-o", second, "--force", "--cis-only").code == 0
    assert hicloom("balance", first, "-o", tmp_path / "3.cool", "--name", "other").code == 0
    np.testing.assert_array_equal(weights(tmp_path / "3.cool", "other"), weights(first))


def test_policy_error_writes_nothing(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    options = ["--max-iters", 1, "--convergence-policy", "error"]
    outcome = hicloom("balance", source, "-o", tmp_path / "x.cool", *options)
    assert outcome.code == 1
    assert "balancing has not converged in 1 iterations" in outcome.stderr
    assert not (tmp_path / "x.cool").exists()


def test_policy_discard_stores_no_weights(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    options = ["--max-iters", 1, "--convergence-policy", "discard"]
    outcome = hicloom("balance", source, "-o", tmp_path / "x.cool", *options)
    assert outcome.stderr == (
        "1000 bp: balancing has NOT converged in 1 iterations, nothing is stored\n"
    )
    assert "weight" not in cooler.Cooler(str(tmp_path / "x.cool")).bins().columns


def test_cis_and_trans_exclude_each_other(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    outcome = hicloom("balance", source, "-o", tmp_path / "x.cool", "--cis-only", "--trans-only")
    assert outcome.code == 2
    assert "--cis-only and --trans-only exclude each other" in outcome.stderr


def test_a_blacklist_beyond_the_map_is_refused(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    blacklist = tmp_path / "x.bed"
    blacklist.write_text("# gaps\nchr1\t0\t10\nchrZ\t0\t10\n")
    outcome = hicloom("balance", source, "-o", tmp_path / "x.cool", "--blacklist", blacklist)
    assert outcome.code == 2
    assert "x.bed, line 3: expected chrom<TAB>start<TAB>end" in outcome.stderr
