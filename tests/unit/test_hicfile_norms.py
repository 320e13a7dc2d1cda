"""Norms and expected counts of .hic files, on matrices where they are known."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hicloom.formats.hicfile import CIS, GENOME_WIDE, HicFile, NormKey, add_norms
from hicloom.kernels.expected import density
from hicloom.kernels.knight_ruiz import knight_ruiz
from hicloom.kernels.norms import coverage, iterative_scaling, sum_factor
from tests.unit.hicfiles import SHAPES, shape, write_hic, write_maps

Columns = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]


def columns(matrix: NDArray[np.float64]) -> Columns:
    """The upper triangle of a matrix, sparse."""
    x, y = np.nonzero(np.triu(matrix))
    return x.astype(np.int32), y.astype(np.int32), matrix[x, y].astype(np.float32)


def symmetric(bins: int, seed: int = 0) -> NDArray[np.float64]:
    """A symmetric matrix of whole counts, without zeros."""
    matrix = np.random.default_rng(seed).integers(1, 100, (bins, bins)).astype(float)
    return matrix + matrix.T


def test_vc_is_the_sum_of_each_row() -> None:
    """A pixel of the diagonal counts once, another for both of its rows."""
    matrix = symmetric(20)
    np.testing.assert_array_equal(coverage(*columns(matrix), 20), matrix.sum(axis=1))


def test_the_factor_keeps_the_sum_of_the_matrix() -> None:
    matrix, norm = symmetric(20), np.linspace(1, 3, 20)
    scaled = norm * sum_factor(*columns(matrix), norm)
    assert np.isclose((matrix / np.outer(scaled, scaled)).sum(), matrix.sum(), rtol=1e-12)


@pytest.mark.parametrize(("kernel", "error"), [(knight_ruiz, 1e-6), (iterative_scaling, 1e-3)])
def test_balanced_rows_sum_to_the_same(kernel: object, error: float) -> None:
    """Up to the tolerance of each method. SCALE leaves out 1 % of 20 rows, so none."""
    matrix = symmetric(20)
    norm = kernel(*columns(matrix), 20)  # type: ignore[operator]
    rows = (matrix / np.outer(norm, norm)).sum(axis=1)
    assert np.ptp(rows) / rows.mean() < 2 * error


def test_kr_finds_the_scaling_of_a_matrix_that_has_one() -> None:
    """diag(s) * B * diag(s), where all rows of B sum to 10, has the norm s up to a factor."""
    bins = 10
    balanced = np.full((bins, bins), 1.0)
    s = np.random.default_rng(1).integers(1, 9, bins).astype(float)
    norm = knight_ruiz(*columns(balanced * np.outer(s, s)), bins)
    np.testing.assert_allclose(norm / norm[0], s / s[0], rtol=1e-6)


def test_empty_rows_have_no_kr_norm() -> None:
    matrix = symmetric(20)
    matrix[5], matrix[:, 5] = 0, 0
    assert np.flatnonzero(np.isnan(knight_ruiz(*columns(matrix), 20))).tolist() == [5]


def test_scale_leaves_the_lowest_rows_out() -> None:
    """1 % of 200 rows are two: all must reach the sum of the second lowest, so one is left out.

    The two lowest are those with a tenth of the counts.
    """
    matrix = symmetric(200)
    for low in (17, 120):
        matrix[low] /= 10
        matrix[:, low] /= 10
    left_out = np.flatnonzero(np.isnan(iterative_scaling(*columns(matrix), 200)))
    assert left_out.tolist() == [min((17, 120), key=lambda row: matrix[row].sum())]


def test_kr_of_a_matrix_that_cannot_be_balanced_is_nan() -> None:
    """One row whose counts all lie in one other row, which has more: no scaling evens them."""
    matrix = np.zeros((3, 3))
    matrix[0, 1] = matrix[1, 0] = matrix[1, 2] = matrix[2, 1] = 1
    assert np.isnan(knight_ruiz(*columns(matrix), 3)).all()


def test_expected_counts_are_means_of_each_distance() -> None:
    """In a chromosome of 3 bins, 3, 2 and 1 pixels lie at the distances 0, 1 and 2."""
    means = density(np.array([1200.0, 800, 400, 0]), np.array([3]))
    assert means.tolist() == [400, 400, 400]


def test_expected_counts_are_smoothed_where_they_are_few() -> None:
    """Fewer than 400 counts are joined by those of the distances beside.

    500 counts on 5 pixels at distance 0 are enough. At distance 1 the window is 0 to 2, with
    800 counts on 5 + 4 + 3 pixels; without its ends it would hold 100.
    """
    means = density(np.array([500.0, 100, 200, 100, 0, 0]), np.array([5]))
    assert means[0] == 500 / 5
    assert means[1] == 800 / 12


def test_expected_counts_add_up_to_those_of_each_chromosome(tmp_path: Path) -> None:
    """The values of a chromosome, divided by its factor, sum to its counts."""
    what = SHAPES["empty_chromosome"]()
    with HicFile(write_hic(tmp_path / "x.hic", what)) as file:
        expected = file.expected["NONE", 1000]
        assert set(expected.factors) == {0, 2, 3}
        for chrom in (0, 2):
            bins = what.bins(1000).counts[chrom] - (chrom == 2)
            places = np.arange(bins, 0, -1)
            total = (expected.values[:bins] * places).sum() / expected.factors[chrom]
            assert np.isclose(total, file.pixels(chrom, chrom, 1000)[2].sum())


def test_norms_that_are_not_asked_for_are_not_there(tmp_path: Path) -> None:
    path = write_hic(tmp_path / "x.hic", SHAPES["empty_chromosome"](), ["KR"])
    with HicFile(path) as file:
        assert {key.norm for key in file.norms} == {"KR"}
        assert {norm for norm, _ in file.expected} == {"NONE", "KR"}


def test_norms_are_the_same_for_any_threads_and_replace_older_ones(tmp_path: Path) -> None:
    what = SHAPES["empty_chromosome"]()
    once, again = tmp_path / "once.hic", tmp_path / "again.hic"
    write_hic(once, what)
    write_hic(again, what, [*CIS, *GENOME_WIDE])
    add_norms(again, threads=3)
    assert once.read_bytes() == again.read_bytes()


def test_genome_wide_norms_are_there_for_all_chromosomes(tmp_path: Path) -> None:
    """Also for chr2, where nothing lies; from the finest resolution on that is asked for."""
    path = tmp_path / "x.hic"
    write_maps(path, SHAPES["empty_chromosome"]())
    add_norms(path, ["GW_VC", "INTER_VC"], least_genome_wide=10_000)
    with HicFile(path) as file:
        assert {key.resolution for key in file.norms} == {10_000, 100_000, 1_000_000}
        assert {key.chrom for key in file.norms} == {0, 1, 2, 3}
        assert not file.norm(NormKey("GW_VC", 1, 10_000)).any()


def test_genome_wide_coverage_counts_all_pixels(tmp_path: Path) -> None:
    """Of the pairs a-a, a-b and a-b, the rows of a and b have 3 and 2; without a-a 2 and 2."""
    path = tmp_path / "x.hic"
    one, two = np.array([0, 0, 0]), np.array([0, 1500, 1500])
    write_maps(path, shape({"a": 1000, "b": 1000}, [1000], one, two))
    add_norms(path, ["GW_VC", "INTER_VC"], least_genome_wide=1000)
    with HicFile(path) as file:
        for norm, ratio in (("GW_VC", 1.5), ("INTER_VC", 1.0)):
            first, second = (file.norm(NormKey(norm, chrom, 1000))[0] for chrom in (0, 1))
            assert np.isclose(first / second, ratio)
