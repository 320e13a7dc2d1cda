"""`hicloom validate` on cool and mcool: each test plants one violation."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cooler
import h5py
import numpy as np
import pandas as pd
import pytest

from hicloom.findings import Findings
from hicloom.formats.validators import cool as validator
from hicloom.formats.validators.cool import validate_cool

SIZES = pd.Series({"b": 95, "a": 40})
# 10 bins of 10 bp on b, 4 on a: bins 0 to 13.
PIXELS = pd.DataFrame(
    {
        "bin1_id": [0, 0, 1, 2, 5, 9, 13],
        "bin2_id": [0, 3, 1, 9, 12, 10, 13],
        "count": [4, 1, 2, 3, 1, 2, 5],
    }
)


@pytest.fixture
def cool(tmp_path) -> Path:
    path = tmp_path / "x.cool"
    cooler.create_cooler(str(path), cooler.binnify(SIZES, 10), PIXELS)
    return path


@pytest.fixture
def mcool(tmp_path, cool) -> Path:
    path = tmp_path / "x.mcool"
    cooler.zoomify_cooler(str(cool), str(path), [10, 20, 40], chunksize=100)
    return path


def check(path: Path) -> list[str]:
    findings = Findings()
    validate_cool(path, findings)
    return [str(violation) for violation in findings.violations]


def change(path: Path, how: Callable[[Any], object]) -> list[str]:
    with h5py.File(path, "r+") as file:
        how(file)
    return check(path)


def put(dataset: str, row: int, value: float) -> Callable[[Any], object]:
    def how(file: Any) -> None:
        file[dataset][row] = value

    return how


def test_what_cooler_makes_is_right(cool, mcool):
    assert check(cool) == []
    assert check(mcool) == []


def test_no_pixels_are_right(tmp_path):
    # cooler states nnz 0 and leaves rows of zeros in the table.
    cooler.create_cooler(str(tmp_path / "e.cool"), cooler.binnify(SIZES, 10), PIXELS.iloc[:0])
    assert check(tmp_path / "e.cool") == []


def test_chunks_of_any_size_give_the_same(mcool, monkeypatch):
    monkeypatch.setattr(validator, "_CHUNK", 2)
    assert check(mcool) == []


def test_variable_bins_are_right(tmp_path):
    bins = pd.DataFrame({"chrom": ["b", "b", "a"], "start": [0, 7, 0], "end": [7, 95, 40]})
    cooler.create_cooler(str(tmp_path / "v.cool"), bins, PIXELS.iloc[[0, 2]])
    assert check(tmp_path / "v.cool") == []


@pytest.mark.parametrize(
    ("dataset", "row", "value", "violation"),
    [
        ("indexes/bin1_offset", 3, 9, "wrong bin1_offset index: once at the cooler, bin 3: "
         "9, expected 4"),
        ("indexes/chrom_offset", 1, 9, "wrong chrom_offset index: once at the cooler"),
        ("bins/start", 4, 41, "bins do not tile chromosomes: once at the cooler, bin 4: "
         "start 41, end 50"),
        ("pixels/bin2_id", 6, 14, "bin id out of range: once at the cooler, pixel 6"),
        ("pixels/bin2_id", 4, 4, "pixel below the diagonal: once at the cooler, pixel 4"),
    ],
)  # fmt: skip
def test_a_changed_value(cool, dataset, row, value, violation):
    assert violation in change(cool, put(dataset, row, value))


def test_bins_that_end_before_their_chromosome(cool):
    found = change(cool, put("chroms/length", 0, 99))
    assert found == ["bins do not tile chromosomes: once at the cooler, bin 9: start 90, end 95"]


def test_bins_of_chromosomes_in_disorder(cool):
    def swap(file: Any) -> None:
        file["bins/chrom"][0] = 1

    assert "bins not in the order of chromosomes: once at the cooler" in change(cool, swap)


def test_pixels_out_of_order(cool):
    def swap(file: Any) -> None:
        for column in file["pixels"].values():
            values = column[:]
            values[[3, 4]] = values[[4, 3]]
            column[:] = values

    assert change(cool, swap) == ["pixels not sorted: once at the cooler, pixel 4"]


@pytest.mark.parametrize("chunk", [2, 3, 100])
def test_a_bin_pair_in_several_pixels(cool, chunk, monkeypatch):
    # cooler 0.8.3 split bins where its chunks met when it coarsened: a pixel's counts then
    # stand in two rows, here in the rows 0 and 2, with another pixel of bin 0 in between.
    def split(file: Any) -> None:
        for name, values in (("bin1_id", [0, 0, 0]), ("bin2_id", [0, 3, 0]), ("count", [3, 1, 1])):
            file[f"pixels/{name}"][:3] = values
        file["indexes/bin1_offset"][1] = 3

    monkeypatch.setattr(validator, "_CHUNK", chunk)
    found = change(cool, split)
    assert "bin pair in several pixels: once at the cooler, pixel 2" in found
    assert "pixels not sorted: once at the cooler, pixel 2" in found


def test_split_pixels_are_found_at_a_coarse_resolution_only(mcool):
    def split(file: Any) -> None:
        group = file["resolutions/20"]
        pixels = {name: column[:] for name, column in group["pixels"].items()}
        for name, values in pixels.items():
            del group["pixels"][name]
            group["pixels"][name] = np.insert(values, 1, values[0])
        group["pixels/count"][0] -= 1
        group["pixels/count"][1] = 1
        group["indexes/bin1_offset"][1:] += 1
        group.attrs["nnz"] += 1

    assert change(mcool, split) == ["bin pair in several pixels: once at resolution 20, pixel 1"]


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
def test_counts_are_finite_and_not_negative(tmp_path, value):
    path = tmp_path / "f.cool"
    cooler.create_cooler(str(path), cooler.binnify(SIZES, 10), PIXELS, dtypes={"count": "float64"})
    found = change(path, put("pixels/count", 2, value))
    assert "count negative or not finite: once at the cooler, pixel 2" in found


def test_sums_that_differ_between_resolutions(mcool):
    def lose(file: Any) -> None:
        file["resolutions/40/pixels/count"][0] -= 1
        file["resolutions/40"].attrs["sum"] -= 1

    assert change(mcool, lose) == [
        "sum of counts differs between resolutions: once at resolution 40: "
        "17, but 18 at resolution 10"
    ]


@pytest.mark.parametrize(("name", "value"), [("nnz", 8), ("sum", 17)])
def test_wrong_attributes(cool, name, value):
    (violation,) = change(cool, lambda file: file.attrs.modify(name, value))
    assert violation.startswith(f"wrong {name} attribute: once at the cooler: {value}, expected ")


def test_a_missing_dataset(mcool):
    def remove(file: Any) -> None:
        del file["resolutions/20/indexes/bin1_offset"]

    assert change(mcool, remove) == ["dataset missing: once at resolution 20: indexes/bin1_offset"]


def test_columns_of_unequal_length(cool):
    def longer(file: Any) -> None:
        file["bins/weight"] = np.ones(3)

    assert change(cool, longer) == ["columns of unequal length: once at the cooler: bins"]


def test_hdf5_that_is_no_cooler(tmp_path):
    with h5py.File(tmp_path / "x.cool", "w") as file:
        file["x"] = 1
    (violation,) = check(tmp_path / "x.cool")
    assert violation.startswith("neither a cool nor an mcool file")


def test_a_truncated_file(mcool):
    mcool.write_bytes(mcool.read_bytes()[:-500])
    (violation,) = check(mcool)
    assert violation.startswith("unreadable HDF5 data")
