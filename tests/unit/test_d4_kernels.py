"""Bits, runs and sums that D4 files are made of."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hicloom.kernels.bits import unpack
from hicloom.kernels.codes import pack, runs_outside
from hicloom.kernels.runs import Runs, cut, expand, fill_gaps, join, runs_of, shorten
from hicloom.kernels.summaries import count_halves, count_values, summarise


def runs(*rows: tuple[int, int, int]) -> Runs:
    starts, ends, values = np.array(rows, np.int64).reshape(-1, 3).T
    return starts, ends, values.astype(np.int32)


def rows(of: Runs) -> list[tuple[int, ...]]:
    return list(zip(*(column.tolist() for column in of), strict=True))


def test_the_least_significant_bit_comes_first() -> None:
    # 1, 2, 3 in 2 bits each: 0b11_10_01; then again, 5 bits further on.
    assert pack(np.array([1, 2, 3], np.int32), 0, 2).tolist() == [0b111001]
    assert pack(np.array([1, 2, 3], np.int32), 0, 2, 5).tolist() == [0b00100000, 0b111]


def test_values_outside_of_a_range_get_its_last_code() -> None:
    # The range 5 to 8: 5 is 0b00, and all but 5, 6, 7 are 0b11.
    values = np.array([5, 6, 8, 9, 4, -(1 << 31), (1 << 31) - 1], np.int32)
    assert unpack(pack(values, 5, 2), 2, 0, 7).tolist() == [0, 1, 3, 3, 3, 3, 3]


@settings(max_examples=60, deadline=None)
@given(width=st.integers(1, 25), skip=st.integers(0, 7), n=st.integers(0, 70), data=st.data())
def test_any_stretch_of_packed_numbers_is_found(
    width: int, skip: int, n: int, data: st.DataObject
) -> None:
    seed = data.draw(st.integers(0, 2**32 - 1))
    codes = np.random.default_rng(seed).integers(0, 1 << width, n).astype(np.int32)
    first = data.draw(st.integers(0, n))
    count = data.draw(st.integers(0, n - first))
    packed = pack(codes, 0, width, skip)
    whole = sum(int(code) << (skip + width * i) for i, code in enumerate(codes))
    assert int.from_bytes(packed.tobytes(), "little") == whole
    assert len(packed) == (skip + n * width + 7) // 8
    plain = pack(codes, 0, width)
    assert unpack(plain, width, first, count).tolist() == codes[first : first + count].tolist()


def test_runs_outside_of_a_range_are_as_long_as_values_are_equal() -> None:
    values = np.array([9, 9, 1, 2, 2, -5, -5, 7, 9], np.int32)
    assert rows(runs_outside(values, 1, 7, 100)) == [
        *((100, 102, 9), (105, 107, -5), (107, 108, 7), (108, 109, 9)),
    ]


def test_runs_are_as_long_as_values_are_equal() -> None:
    assert rows(runs_of(np.array([5, 5, 0, 0, 0, 5], np.int32), 100)) == [
        (100, 102, 5),
        (102, 105, 0),
        (105, 106, 5),
    ]


def test_gaps_are_filled_and_runs_that_touch_are_joined() -> None:
    sparse = runs((2, 4, 7), (4, 5, 7), (9, 10, 1))
    assert rows(join(fill_gaps(sparse, 0, 12))) == [
        (0, 2, 0),
        (2, 5, 7),
        (5, 9, 0),
        (9, 10, 1),
        (10, 12, 0),
    ]


def test_runs_are_cut_where_they_cross_an_edge() -> None:
    assert rows(cut(runs((3, 25, 1), (30, 40, 2), (40, 41, 3)), 10)) == [
        (3, 10, 1),
        (10, 20, 1),
        (20, 25, 1),
        (30, 40, 2),
        (40, 41, 3),
    ]


def test_long_runs_become_pieces() -> None:
    assert rows(shorten(runs((3, 13, 1), (20, 24, 2)), 4)) == [
        (3, 7, 1),
        (7, 11, 1),
        (11, 13, 1),
        (20, 24, 2),
    ]


def test_runs_are_clipped_to_the_stretch_that_they_are_expanded_on() -> None:
    assert expand(runs((0, 4, 1), (6, 9, 2)), 3, 8, fill=-1).tolist() == [1, -1, -1, 2, 2]


@pytest.mark.parametrize("edges", [[0, 60], [0, 1, 2, 59, 60], [0, 20, 40, 60]])
def test_sums_and_extremes_between_edges(edges: list[int]) -> None:
    values = np.random.default_rng(1).integers(-3, 3, 60).astype(np.int32)
    parts = [values[a:b] for a, b in pairwise(edges)]
    sums, least, greatest = summarise(runs_of(values), np.array(edges))
    assert sums.tolist() == [part.sum() for part in parts]
    assert least.tolist() == [part.min() for part in parts]
    assert greatest.tolist() == [part.max() for part in parts]


def test_sums_of_the_largest_values_on_the_longest_chromosome_are_exact() -> None:
    sums, _, _ = summarise(runs((0, 1 << 31, -(1 << 31))), np.array([0, 1 << 31]))
    assert sums.tolist() == [-(1 << 62)]


def test_values_are_counted_by_bases() -> None:
    assert count_values(runs((0, 5, -9), (5, 7, 0), (7, 10, 2), (10, 30, 50)), -1, 5).tolist() == [
        *(5, 2, 0, 3, 20),
    ]


def test_halves_of_values_find_any_value() -> None:
    of = runs((0, 3, -1), (3, 4, 70_000))
    # -1 is 0xFFFF beneath the upper half -1; 70,000 is 1 * 65,536 + 4,464.
    assert np.flatnonzero(count_halves(of, None)).tolist() == [32_768 - 1, 32_768 + 1]
    assert np.flatnonzero(count_halves(of, -1)).tolist() == [0xFFFF]
    assert np.flatnonzero(count_halves(of, 1)).tolist() == [4464]
