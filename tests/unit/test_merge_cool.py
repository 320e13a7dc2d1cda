"""Sums of maps."""

from collections.abc import Callable
from pathlib import Path

from hicloom.steps.cload import cload
from tests.unit.matrices import simulated, simulated_map

Cli = Callable[..., object]


def test_maps_of_other_bins_are_refused(hicloom: Cli, tmp_path: Path) -> None:
    fine = simulated_map(tmp_path, 1000)
    cload(simulated(tmp_path, 1000), output=tmp_path / "coarse.cool", bin_size=2000)
    outcome = hicloom("merge-cool", fine, tmp_path / "coarse.cool", "-o", tmp_path / "x.cool")
    assert outcome.code == 2
    assert "coarse.cool: has other chromosomes or bins than" in outcome.stderr


def test_one_map_is_no_sum(hicloom: Cli, tmp_path: Path) -> None:
    outcome = hicloom("merge-cool", simulated_map(tmp_path, 1000), "-o", tmp_path / "x.cool")
    assert outcome.code == 2
    assert "expected two maps or more" in outcome.stderr
