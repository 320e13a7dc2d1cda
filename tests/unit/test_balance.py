"""Weights of a map."""

from collections.abc import Callable
from pathlib import Path

import cooler
import h5py
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


@pytest.mark.parametrize("mode", [[], ["--cis-only"], ["--trans-only", "--max-iters", 20]])
def test_weights_do_not_depend_on_threads_or_memory(
    hicloom: Cli, source: Path, tmp_path: Path, mode: list[object]
) -> None:
    """With 301 MB the pixels go to a file, of which nothing is left."""
    options = [*mode, "--convergence-policy", "store_final", "--tmpdir", tmp_path / "tmp"]
    (tmp_path / "tmp").mkdir()
    found = []
    for threads, memory in ((1, "4G"), (2, "4G"), (3, "4G"), (1, "301M"), (3, "301M")):
        path = tmp_path / f"{threads}-{memory}.cool"
        words = ["--threads", threads, "--memory", memory]
        assert hicloom("balance", source, "-o", path, *options, *words).code == 0
        found.append(weights(path))
    for other in found[1:]:
        np.testing.assert_array_equal(other, found[0])
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_memory_that_cannot_do_is_refused(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    """A map of 752 bins takes a bit more than the 300 MB of the program itself."""
    words = ["balance", source, "-o", tmp_path / "x.cool", "--memory"]
    outcome = hicloom(*words, "100M")
    assert outcome.code == 2
    assert outcome.stderr.strip().endswith(
        "--memory 100M: too little to balance a map of 752 bins; give at least 301M"
    )
    assert not (tmp_path / "x.cool").exists()
    assert hicloom(*words, "301M").code == 0


def test_no_iterations_are_refused(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    outcome = hicloom("balance", source, "-o", tmp_path / "x.cool", "--max-iters", 0)
    assert outcome.code == 2
    assert "--max-iters 0: expected 1 or more" in outcome.stderr


def test_attributes_tell_how_it_went(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    """One number a chromosome with --cis-only; scaf_1, of one bin, has nothing to balance."""
    hicloom("balance", source, "-o", tmp_path / "x.cool", "--cis-only")
    with h5py.File(tmp_path / "x.cool") as file:
        attributes = dict(file["bins/weight"].attrs)
    assert attributes["converged"].tolist() == [True] * 4
    assert (attributes["iterations"] > 0).tolist() == [True, True, True, False]
    assert np.isnan(attributes["scale"]).tolist() == [False, False, False, True]
    assert attributes["ignore_diags"] == 2


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
