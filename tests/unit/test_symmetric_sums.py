"""Sums of the rows of a symmetric matrix, held in memory or mapped."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hicloom.kernels.balance import compact, take
from hicloom.matrix import symmetric
from hicloom.matrix.symmetric import Pixels, Scratch, Symmetric

NO_GROUPS = np.empty(0, np.int32)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few pixels are many pieces and shares."""
    monkeypatch.setattr(symmetric, "PIECE", 7)
    monkeypatch.setattr(symmetric, "_LEAST", 3)


def by_rows(upper: np.ndarray) -> Pixels:
    """The pixels of a dense upper triangle."""
    rows, columns = np.nonzero(upper)
    offsets = np.searchsorted(rows, np.arange(len(upper) + 1))
    return Pixels(offsets, columns.astype(np.uint32), upper[rows, columns])


def mapped(pixels: Pixels, scratch: Scratch) -> Pixels:
    """The same pixels in a file."""
    columns = scratch.array(len(pixels.columns), np.uint32)
    counts = scratch.array(len(pixels.counts), pixels.counts.dtype)
    columns[:], counts[:] = pixels.columns, pixels.counts
    return Pixels(pixels.offsets, columns, counts)


@settings(max_examples=60, deadline=None)
@given(
    size=st.integers(1, 20),
    density=st.sampled_from([0, 0.1, 0.9]),
    dtype=st.sampled_from(["int32", "float64"]),
    seed=st.integers(0, 999),
)
def test_sums_are_the_same_to_the_bit_on_all_ways(
    size: int, density: float, dtype: str, seed: int
) -> None:
    """With 1 to 3 threads, in memory and in a file; near what numpy says for the dense matrix."""
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.integers(1, 9, (size, size)) * (rng.random((size, size)) < density))
    pixels, vector = by_rows(upper.astype(dtype)), rng.random(size)
    first, last = sorted(rng.integers(0, size + 1, 2).tolist())
    # Only rows within first .. last have columns there, as where each chromosome is balanced alone.
    inside = np.zeros((size, size), bool)
    inside[first:last, first:last] = True
    pixels = by_rows((upper * inside).astype(dtype))
    matrix = np.triu(upper * inside)
    matrix = matrix + np.triu(matrix, 1).T
    found = []
    for threads in (1, 2, 3):
        for scratch in (None, Scratch(Path(tempfile.gettempdir()))):
            stored = mapped(pixels, scratch) if scratch else pixels
            with Symmetric(stored, scratch, threads) as held:
                found.append(held.sums(vector, first, last))
    for other in found[1:]:
        np.testing.assert_array_equal(other, found[0])
    np.testing.assert_allclose(found[0], (vector * (matrix @ vector))[first:last], rtol=1e-12)


def taken(
    one: list[int], two: list[int], count: list[int], diagonals: int = 0, groups: object = NO_GROUPS
) -> tuple[list[list[float]], list[int], list[int], list[int]]:
    """Totals, lengths of rows, columns and counts of four bins, of pixels taken one by one."""
    totals, lengths = np.zeros((4, 2)), np.zeros(4, np.int64)
    columns, counts = np.zeros(len(one), np.uint32), np.zeros(len(one), np.int32)
    place = 0
    for i in range(len(one)):
        pixel = [np.array(ids[i : i + 1]) for ids in (one, two)]
        value = np.array(count[i : i + 1], np.int32)
        args = (np.asarray(groups, np.int32), totals, lengths, columns, counts)
        place = take(*pixel, value, diagonals, *args, place)
    return totals.tolist(), lengths.tolist(), columns[:place].tolist(), counts[:place].tolist()


def test_a_pixel_counts_for_both_bins_and_one_on_the_diagonal_once() -> None:
    totals, lengths, columns, counts = taken([0, 0, 1], [0, 2, 3], [5, 3, 1])
    assert totals == [[2, 8], [1, 1], [1, 3], [1, 1]]
    assert (lengths, columns, counts) == ([2, 1, 0, 0], [0, 2, 3], [5, 3, 1])


def test_left_out_are_zeros_diagonals_and_what_is_between_groups() -> None:
    """Of four pixels one is 0, one is next to the diagonal, and one between bins 0 and 2."""
    _, lengths, columns, _ = taken([0, 0, 0, 1], [1, 2, 3, 3], [4, 4, 0, 4], 2, [0, 1, 1, 1])
    assert (lengths, columns) == ([0, 1, 0, 0], [3])


def test_compacting_drops_bins_and_numbers_the_others_anew() -> None:
    """Bin 1 goes; bins 0, 2 and 3 become 0, 1 and 2. Within a group nothing stays, if asked."""
    offsets, numbers = np.array([0, 3, 4, 5, 5]), np.array([0, -1, 1, 2], np.int32)
    for groups, expected in (
        (NO_GROUPS, [(1, 7), (2, 8), (2, 9)]),
        ([0, 0, 0, 1], [(2, 8), (2, 9)]),
    ):
        columns = np.array([1, 2, 3, 3, 3], np.uint32)
        counts = np.array([6, 7, 8, 5, 9], np.int32)
        ends = np.zeros(3, np.int64)
        of_bins = np.asarray(groups, np.int32)
        place = compact(offsets, columns, counts, numbers, of_bins, ends, 0, 2, 0)
        place = compact(offsets, columns, counts, numbers, of_bins, ends, 2, 4, place)
        kept = list(zip(columns[:place].tolist(), counts[:place].tolist(), strict=True))
        assert kept == expected
        assert ends.tolist() == [len(expected) - 1, len(expected), len(expected)]


def test_what_a_map_of_a_file_holds_outlives_the_release_of_its_memory(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    array = scratch.array(10_000, np.int32)
    array[:] = np.arange(10_000)
    scratch.release()
    np.testing.assert_array_equal(array, np.arange(10_000))
    assert list(tmp_path.iterdir()) == []
