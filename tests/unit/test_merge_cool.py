"""Sums of maps."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cooler
import h5py
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hicloom.matrix import merging
from hicloom.steps.cload import cload
from hicloom.steps.merge_cool import merge_cool
from tests.unit.matrices import made_by_cooler, pixels, simulated, simulated_map

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


LENGTHS = {"chr1": 950, "chr2": 60, "chr3": 400}
"""15 bins of 100 bp."""


def small(path: Path, rows: list[Any], **options: Any) -> Path:
    return made_by_cooler(path, LENGTHS, 100, rows, **options)


def merged(folder: Path, *maps: Path, **options: Any) -> list[list[float]]:
    """The pixels of the sum, a row each."""
    merge_cool(*map(str, maps), output=folder / "sum.cool", **options)
    return pixels(folder / "sum.cool").to_numpy().tolist()


def test_counts_of_a_pixel_are_added(tmp_path: Path) -> None:
    one = small(tmp_path / "1.cool", [(0, 0, 1), (0, 7, 2), (9, 9, 4)])
    two = small(tmp_path / "2.cool", [(0, 0, 8), (0, 3, 16), (14, 14, 32)])
    empty = small(tmp_path / "3.cool", [])
    assert merged(tmp_path, one, two, empty, one) == [
        [0, 0, 10],
        [0, 3, 16],
        [0, 7, 4],
        [9, 9, 8],
        [14, 14, 32],
    ]


def test_maps_without_pixels(tmp_path: Path) -> None:
    empty = small(tmp_path / "1.cool", [])
    assert merged(tmp_path, empty, empty) == []


@settings(max_examples=10, deadline=None)
@given(
    numbers=st.lists(st.integers(0, 60), min_size=2, max_size=5),
    seed=st.integers(0, 1000),
    least=st.sampled_from([1, 2, 7]),
    threads=st.sampled_from([1, 2]),
)
def test_maps_are_read_in_pieces(
    tmp_path_factory: pytest.TempPathFactory,
    numbers: list[int],
    seed: int,
    least: int,
    threads: int,
) -> None:
    """Rows lie in several of them, and few files are open at a time."""
    rng = np.random.default_rng(seed)
    folder, maps, total = tmp_path_factory.mktemp("maps"), [], np.zeros((15, 15))
    for i, number in enumerate(numbers):
        places = np.sort(rng.integers(0, 15, (number, 2)), axis=1)
        table = np.zeros((15, 15))
        np.add.at(table, tuple(places.T), 1)
        one, two = np.nonzero(table)
        maps.append(small(folder / f"{i}.cool", np.column_stack((one, two, table[one, two]))))
        total += table
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "_OPEN", 2)
        patch.setattr(merging, "_LEAST_PIXELS", least)
        patch.setattr(merging, "_BYTES_PER_PIXEL", 2**31)
        found = merged(folder, *maps, threads=threads, memory="80G")
    one, two = np.nonzero(total)
    assert found == np.column_stack((one, two, total[one, two])).tolist()


def test_counts_beyond_int32_are_refused(hicloom: Cli, tmp_path: Path) -> None:
    source = small(tmp_path / "x.cool", [(0, 0, 2**30)])
    words = ["merge-cool", source, source, "-o", tmp_path / "y.cool"]
    outcome = hicloom(*words)
    assert outcome.code == 1
    assert "beyond int32 (2147483647)" in outcome.stderr
    assert not (tmp_path / "y.cool").exists()
    assert hicloom(*words, "--count-dtype", "int64").code == 0
    assert pixels(tmp_path / "y.cool")["count"].tolist() == [2**31]


@pytest.mark.parametrize("least", [2, 5, 1000])
def test_sums_of_floats_are_the_same_to_the_bit_for_any_memory(
    least: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counts of a pixel are added in the order of the maps, however many pixels of a row are
    read at a time: 0.1 + 0.2 + 0.3 is another number than 0.1 + (0.2 + 0.3)."""
    rng = np.random.default_rng(5)
    maps, total = [], np.zeros((15, 15))
    for i in range(6):
        table = np.triu(rng.random((15, 15)) * (rng.random((15, 15)) < 0.7))
        one, two = np.nonzero(table)
        rows = np.column_stack((one, two, table[one, two]))
        maps.append(small(tmp_path / f"{i}.cool", rows, dtypes={"count": "float64"}))
        total += table
    monkeypatch.setattr(merging, "_LEAST_PIXELS", least)
    monkeypatch.setattr(merging, "_BYTES_PER_PIXEL", 2**31)
    found = np.array(merged(tmp_path, *maps, memory="80T" if least == 1000 else "80G"))
    one, two = np.nonzero(total)
    np.testing.assert_array_equal(found, np.column_stack((one, two, total[one, two])))


def test_the_sum_is_of_the_widest_type(tmp_path: Path) -> None:
    one = small(tmp_path / "1.cool", [(0, 0, 1)])
    two = small(tmp_path / "2.cool", [(0, 0, 0.5)], dtypes={"count": "float64"})
    assert merged(tmp_path, one, two) == [[0, 0, 1.5]]


def test_more_columns_are_summed_when_named(hicloom: Cli, tmp_path: Path) -> None:
    names = ["bin1_id", "bin2_id", "count", "score"]
    options = {"columns": names, "dtypes": {"score": "float64"}}
    source = small(tmp_path / "x.cool", [(0, 0, 1, 0.5), (0, 1, 2, 0.25)], **options)
    outcome = hicloom("merge-cool", source, source, "-o", tmp_path / "y.cool")
    assert outcome.code == 2
    assert "--sum-columns score" in outcome.stderr
    sums = merged(tmp_path, source, source, sum_columns=["score"])
    assert sums == [[0, 0, 2, 1], [0, 1, 4, 0.5]]


def test_bins_of_unequal_size(hicloom: Cli, tmp_path: Path) -> None:
    """Such as fragments; both maps must have the same."""
    paths = []
    for name, middle in (("one", 120), ("two", 120), ("three", 130)):
        edges = np.array([0, 100, middle, 400])
        bins = pd.DataFrame({"chrom": "chr1", "start": edges[:-1], "end": edges[1:]})
        table = {column: np.array([1]) for column in ("bin1_id", "bin2_id", "count")}
        paths.append(tmp_path / f"{name}.cool")
        cooler.create_cooler(str(paths[-1]), bins, iter([table]))
    assert merged(tmp_path, *paths[:2]) == [[1, 1, 2]]
    clr = cooler.Cooler(str(tmp_path / "sum.cool"))
    assert clr.binsize is None
    assert clr.bins()["end"][:].tolist() == [100, 120, 400]
    outcome = hicloom("merge-cool", *paths, "-o", tmp_path / "x.cool")
    assert outcome.code == 2
    assert "three.cool: has other chromosomes or bins than" in outcome.stderr


def test_a_square_map_and_a_triangle_are_no_sum(hicloom: Cli, tmp_path: Path) -> None:
    one = small(tmp_path / "1.cool", [(0, 0, 1)])
    two = small(tmp_path / "2.cool", [(0, 0, 1)], symmetric_upper=False, triucheck=False)
    outcome = hicloom("merge-cool", one, two, "-o", tmp_path / "x.cool")
    assert outcome.code == 2
    assert "2.cool: only one of it and" in outcome.stderr


def test_rows_out_of_order_are_told(hicloom: Cli, tmp_path: Path) -> None:
    one = small(tmp_path / "1.cool", [(0, 0, 1)])
    two = small(tmp_path / "2.cool", [(5, 5, 1), (0, 0, 1)])
    outcome = hicloom("merge-cool", one, two, "-o", tmp_path / "x.cool")
    assert outcome.code == 2
    assert "2.cool: pixels are out of order or beyond its bins" in outcome.stderr


def test_too_little_memory_is_said_before_starting(hicloom: Cli, tmp_path: Path) -> None:
    source = small(tmp_path / "x.cool", [(0, 0, 1)])
    outcome = hicloom("merge-cool", source, source, "-o", tmp_path / "y.cool", "--memory", "9M")
    assert outcome.code == 2
    assert "--memory 9M: too little to merge 2 maps of 15 bins; give at least" in outcome.stderr


def test_what_made_the_sum_is_written(tmp_path: Path) -> None:
    source = small(tmp_path / "x.cool", [(0, 0, 1)])
    merged(tmp_path, source, source)
    with h5py.File(tmp_path / "sum.cool") as file:
        assert file.attrs["genome-assembly"] == "toy"
        assert "hicloom-" in file.attrs["metadata"]
