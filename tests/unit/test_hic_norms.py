"""Norms and expected counts of .hic files, on matrices where they are known."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import structural_rank

from hicloom.formats.hic import CIS, GENOME_WIDE, HicFile, NormKey, add_norms
from hicloom.formats.hic.symmetric import Symmetric
from hicloom.kernels.expected import density
from hicloom.kernels.symmetric import lacks_support
from tests.unit.hicfiles import SHAPES, shape, write_hic, write_maps


def sparse(matrix: NDArray[np.float64]) -> Symmetric:
    """The upper triangle of a matrix, as the norms take it."""
    x, y = np.nonzero(np.triu(matrix))
    columns = x.astype(np.int32), y.astype(np.int32), matrix[x, y].astype(np.float32)
    return Symmetric.of(*columns, len(matrix))


def symmetric(bins: int, seed: int = 0) -> NDArray[np.float64]:
    """A symmetric matrix of whole counts, without zeros."""
    matrix = np.random.default_rng(seed).integers(1, 100, (bins, bins)).astype(float)
    return matrix + matrix.T


def test_vc_is_the_sum_of_each_row() -> None:
    """A pixel of the diagonal counts once, another for both of its rows."""
    matrix = symmetric(20)
    np.testing.assert_array_equal(sparse(matrix).coverage(), matrix.sum(axis=1))


def test_the_factor_keeps_the_sum_of_the_matrix() -> None:
    matrix, norm = symmetric(20), np.linspace(1, 3, 20)
    scaled = norm * sparse(matrix).sum_factor(norm)
    assert np.isclose((matrix / np.outer(scaled, scaled)).sum(), matrix.sum(), rtol=1e-12)


@pytest.mark.parametrize(
    ("compute", "error"), [(Symmetric.knight_ruiz, 1e-6), (Symmetric.iterative_scaling, 1e-3)]
)
def test_balanced_rows_sum_to_the_same(
    compute: Callable[[Symmetric], NDArray[np.float64]], error: float
) -> None:
    """Up to the tolerance of each method. SCALE leaves out 1 % of 20 rows, so none."""
    matrix = symmetric(20)
    norm = compute(sparse(matrix))
    rows = (matrix / np.outer(norm, norm)).sum(axis=1)
    assert np.ptp(rows) / rows.mean() < 2 * error


def test_kr_finds_the_scaling_of_a_matrix_that_has_one() -> None:
    """diag(s) * B * diag(s), where all rows of B sum to 10, has the norm s up to a factor."""
    bins = 10
    balanced = np.full((bins, bins), 1.0)
    s = np.random.default_rng(1).integers(1, 9, bins).astype(float)
    norm = sparse(balanced * np.outer(s, s)).knight_ruiz()
    np.testing.assert_allclose(norm / norm[0], s / s[0], rtol=1e-6)


def test_empty_rows_have_no_kr_norm() -> None:
    matrix = symmetric(20)
    matrix[5], matrix[:, 5] = 0, 0
    assert np.flatnonzero(np.isnan(sparse(matrix).knight_ruiz())).tolist() == [5]


def test_scale_leaves_the_lowest_rows_out() -> None:
    """1 % of 200 rows are two: all must reach the sum of the second lowest, so one is left out.

    The two lowest are those with a tenth of the counts.
    """
    matrix = symmetric(200)
    for low in (17, 120):
        matrix[low] /= 10
        matrix[:, low] /= 10
    left_out = np.flatnonzero(np.isnan(sparse(matrix).iterative_scaling()))
    assert left_out.tolist() == [min((17, 120), key=lambda row: matrix[row].sum())]


def test_kr_of_a_matrix_that_cannot_be_balanced_is_nan() -> None:
    """One row whose counts all lie in one other row, which has more: no scaling evens them."""
    matrix = np.zeros((3, 3))
    matrix[0, 1] = matrix[1, 0] = matrix[1, 2] = matrix[2, 1] = 1
    assert np.isnan(sparse(matrix).knight_ruiz()).all()


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(0, 1), (1, 2)], True),
        ([(0, 1), (1, 2), (2, 3)], False),
        ([(0, 1), (1, 2), (2, 2)], False),
        ([(0, 1), (1, 2), (2, 3), (3, 4)], True),
        ([(0, 1), (1, 2), (0, 2)], False),
    ],
    ids=["two rows of one column", "two pairs", "a diagonal", "five in a row", "a triangle"],
)
def test_rows_that_share_too_few_columns_are_found(
    pairs: list[tuple[int, int]], expected: bool
) -> None:
    matrix = np.zeros((5, 5))
    for one, two in pairs:
        matrix[one, two] = matrix[two, one] = 1
    start, column, _, diagonal = sparse(matrix).rows
    assert lacks_support(start, column, diagonal) == expected


@given(
    st.integers(1, 12).flatmap(
        lambda bins: st.lists(st.tuples(*[st.integers(0, bins - 1)] * 2), min_size=1, max_size=20)
    )
)
def test_what_lacks_support_has_no_place_for_each_row_in_a_column_of_its_own(
    pairs: list[tuple[int, int]],
) -> None:
    """Against scipy's matching of all rows with columns, which finds every such matrix."""
    matrix = np.zeros((12, 12))
    for one, two in pairs:
        matrix[one, two] = matrix[two, one] = 1
    filled = matrix[matrix.any(axis=1)][:, matrix.any(axis=0)]
    start, column, _, diagonal = sparse(matrix).rows
    if lacks_support(start, column, diagonal):
        assert structural_rank(csr_matrix(filled)) < len(filled)


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
