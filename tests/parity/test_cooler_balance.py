"""Balancing against `cooler.balance_cooler`, for every option and on odd maps."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cooler
import h5py
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hicloom.matrix.balancing import BalanceOptions, balance_map

# Where a median or a mean is of nothing, and where it does not converge, cooler warns.
pytestmark = pytest.mark.filterwarnings("ignore")

BIN = 10

# The last bin of each chromosome is half a bin long.
CHROMOSOMES = st.lists(st.integers(1, 12), min_size=1, max_size=6)
OPTIONS = st.fixed_dictionaries(
    {
        "ignore_diags": st.integers(0, 3),
        "mad_max": st.sampled_from([0, 1, 5]),
        "min_nnz": st.integers(0, 5),
        "min_count": st.sampled_from([0, 5, 20]),
        "tol": st.sampled_from([1e-5, 1e-2]),
        "max_iters": st.sampled_from([1, 40]),
    }
)
MODES = st.sampled_from([{}, {"cis_only": True}, {"trans_only": True}])


def write_map(
    path: Path, chromosomes: Sequence[int], rows: Any, dtype: str = "int32", **kind: Any
) -> Path:
    """A map of chromosomes of so many bins, and pixels of (bin1, bin2, count)."""
    names = [f"scaffold_{number}" for number in range(len(chromosomes))]
    starts = np.concatenate([np.arange(n) * BIN for n in chromosomes])
    ends = np.concatenate([np.append(np.arange(1, n) * BIN, n * BIN - 5) for n in chromosomes])
    chroms = np.repeat(names, chromosomes)
    bins = pd.DataFrame({"chrom": chroms, "start": starts, "end": ends})
    pixels = pd.DataFrame(np.array(rows, float).reshape(-1, 3), columns=["one", "two", "count"])
    table = pixels.groupby(["one", "two"], as_index=False).sum()
    table = table.set_axis(["bin1_id", "bin2_id", "count"], axis=1)
    table = table.astype({"bin1_id": int, "bin2_id": int, "count": dtype})
    cooler.create_cooler(str(path), bins, table, dtypes={"count": dtype}, ordered=True, **kind)
    return path


def balanced(path: Path, **options: Any) -> tuple[np.ndarray, dict[str, Any]]:
    """The weights that hicloom gives, and their attributes."""
    last = BalanceOptions(convergence_policy="store_final", force=True, **options)
    balance_map(str(path), last)
    with h5py.File(path) as file:
        column = file["bins/weight"]
        return column[:], dict(column.attrs)


def check_same(path: Path, blacklist: Sequence[int] = (), **options: Any) -> None:
    """Weights, which of them are NaN, and the attributes are cooler's."""
    ours, attributes = balanced(path, **options)
    theirs, expected = reference(path, blacklist, **options)
    np.testing.assert_allclose(ours, theirs, rtol=1e-8)
    assert set(attributes) == {*expected, "iterations"}
    for name, value in expected.items():
        assert np.asarray(attributes[name]).dtype == np.asarray(value).dtype, name
        np.testing.assert_allclose(attributes[name], value, rtol=1e-8, atol=1e-14, err_msg=name)


def reference(
    path: Path, blacklist: Sequence[int], **options: Any
) -> tuple[np.ndarray, dict[str, Any]]:
    """The weights that cooler gives, and the attributes as they come from a file."""
    cooler.balance_cooler(
        cooler.Cooler(str(path)),
        blacklist=list(blacklist) or None,
        store=True,
        store_name="theirs",
        **options,
    )
    with h5py.File(path) as file:
        column = file["bins/theirs"]
        return column[:], dict(column.attrs)


def contacts(bins: int, number: int, seed: int = 1) -> np.ndarray:
    """Random pixels of the upper triangle, more of them near the diagonal."""
    rng = np.random.default_rng(seed)
    one = rng.integers(0, bins, number)
    two = np.minimum(one + rng.geometric(min(1, 20 / bins), number) - 1, bins - 1)
    return np.stack((one, two, rng.integers(1, 9, number)), axis=1)


@settings(max_examples=100, deadline=None)
@given(st.data(), CHROMOSOMES, OPTIONS, MODES)
def test_every_option(
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
    chromosomes: list[int],
    options: dict[str, Any],
    mode: dict[str, bool],
) -> None:
    """Among the maps are those without a pixel, with empty chromosomes and of one bin."""
    bins = sum(chromosomes)
    number = data.draw(st.integers(0, 4 * bins), "number of pixels")
    rows = contacts(bins, number, data.draw(st.integers(0, 99), "seed"))
    path = write_map(tmp_path_factory.mktemp("maps") / "x.cool", chromosomes, rows)
    check_same(path, **options, **mode)


@pytest.mark.parametrize("mode", [{}, {"cis_only": True}, {"trans_only": True}], ids=str)
@pytest.mark.parametrize(
    "shape",
    [
        *("nothing", "nothing on one chromosome", "diagonal", "trans"),
        *("one chromosome", "one bin", "empty chromosomes"),
    ],
)
def test_odd_maps(tmp_path: Path, shape: str, mode: dict[str, bool]) -> None:
    """Nothing is left out of them but, by default, two diagonals."""
    chromosomes, rows = [30, 1, 20], contacts(51, 400)
    if shape == "nothing":
        rows = rows[:0]
    elif shape == "nothing on one chromosome":
        chromosomes, rows = [51], rows[:0]
    elif shape == "diagonal":
        rows[:, 1] = rows[:, 0]
    elif shape == "trans":
        rows = rows[(rows[:, 0] < 30) & (rows[:, 1] > 30)]
    elif shape == "one chromosome":
        chromosomes = [51]
    elif shape == "one bin":
        chromosomes, rows = [1], np.array([[0, 0, 3]])
    else:
        chromosomes = [30, 1, 20, 10, 1]
    path = write_map(tmp_path / "x.cool", chromosomes, rows)
    for diagonals in (0, 2):
        check_same(path, ignore_diags=diagonals, min_nnz=0, mad_max=0, max_iters=20, **mode)


@pytest.mark.parametrize("mode", [{}, {"trans_only": True}], ids=str)
def test_thousands_of_contigs(tmp_path: Path, mode: dict[str, bool]) -> None:
    path = write_map(tmp_path / "x.cool", [1, 2, 3] * 1000, contacts(6000, 60_000))
    check_same(path, min_nnz=3, **mode)


def test_hundreds_of_contigs_each_alone(tmp_path: Path) -> None:
    path = write_map(tmp_path / "x.cool", [1, 5, 9] * 60, contacts(900, 9000))
    check_same(path, min_nnz=1, max_iters=20, cis_only=True)


def test_a_blacklist(tmp_path: Path) -> None:
    """chrom 2 begins with bin 20; of the regions the bins 3, 4 and 25 to 27 have a part."""
    path = write_map(tmp_path / "x.cool", [20, 30], contacts(50, 500))
    regions = tmp_path / "x.bed"
    regions.write_text("track\nscaffold_0\t39\t41\nscaffold_1\t50\t80\textra\n")
    ours, _ = balanced(path, blacklist=regions)
    theirs, _ = reference(path, [3, 4, 25, 26, 27])
    np.testing.assert_allclose(ours, theirs, rtol=1e-8)


@pytest.mark.parametrize("dtype", ["int64", "float64"])
@pytest.mark.parametrize("triangle", [True, False])
def test_other_counts_and_both_triangles(tmp_path: Path, dtype: str, triangle: bool) -> None:
    """cooler takes the pixels of a square map as if they were of one triangle."""
    rows = contacts(50, 500) * [1, 1, 0.7 if dtype == "float64" else 2**33]
    if not triangle:
        rows = np.concatenate((rows, rows[:, [1, 0, 2]]))
    path = write_map(tmp_path / "x.cool", [20, 30], rows, dtype, symmetric_upper=triangle)
    check_same(path, min_nnz=5, tol=1e-2 if dtype == "float64" else 1e16)


def test_a_scale_for_each_of_very_many_contigs(tmp_path: Path) -> None:
    """Where cooler fails: an attribute of 9000 numbers is above what HDF5 used to allow."""
    path = write_map(tmp_path / "x.cool", [1] * 9000, [(n, n, 5) for n in range(0, 9000, 2)])
    _, attributes = balanced(path, cis_only=True, ignore_diags=0, min_nnz=0, mad_max=0)
    np.testing.assert_array_equal(attributes["scale"], [5, np.nan] * 4500)
    assert cooler.Cooler(str(path)).bins()["weight"][:].notna().sum() == 4500
