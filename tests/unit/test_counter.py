"""Counting more keys than memory holds."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hicloom.errors import WorkError
from hicloom.formats import counter as module
from hicloom.formats.counter import Counter
from hicloom.kernels.counting import sort_keys

Keys = NDArray[np.int64]
TOP = 2**63 - 2


@pytest.fixture(scope="module", autouse=True)
def small_batches() -> Iterator[None]:
    """Batches of 64 keys, so that a few thousand keys fill the memory and many runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LEAST_BATCH", 64)
        patch.setattr(module, "STEP", 4)
        patch.setattr(module, "FAN", 3)
        yield


def counted(parts: list[Keys], folder: Path, memory: int, threads: int) -> tuple[Keys, Keys]:
    with Counter(folder, memory, threads) as counter:
        for part in parts:
            counter.add(part)
        none = np.empty(0, np.int64), np.empty(0, np.int64)
        keys, counts = zip(none, *counter.chunks(), strict=True)
    return np.concatenate(keys), np.concatenate(counts)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("memory", [0, 1 << 24])
@given(
    keys=st.lists(st.integers(0, 40) | st.integers(0, TOP), max_size=600),
    times=st.integers(1, 12),
    ordered=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_each_key_comes_once_in_order_whatever_the_memory(
    keys: list[int], times: int, ordered: bool, memory: int, threads: int
) -> None:
    """The oracle is numpy.unique; keys go up to the largest that 63 bits tell."""
    parts = [np.array(sorted(keys) if ordered else keys, np.int64)] * times
    with TemporaryDirectory() as folder:
        found = counted(parts, Path(folder), memory, threads)
    expected = np.unique(np.concatenate(parts), return_counts=True)
    np.testing.assert_array_equal(found, expected)


def test_what_is_above_the_memory_goes_to_disk_and_runs_are_made_one(tmp_path: Path) -> None:
    """20,000 keys of 9 bytes fill a memory of least size dozens of times; 3 runs become one."""
    keys = np.random.default_rng(5).permutation(20_000)
    counter = Counter(tmp_path, 0)
    for part in np.split(keys, 100):
        counter.add(part)
    found, counts = (np.concatenate(parts) for parts in zip(*counter.chunks(), strict=True))
    np.testing.assert_array_equal(found, np.arange(20_000))
    assert set(counts.tolist()) == {1}
    runs = sorted(int(path.stem) for path in tmp_path.glob("*.run"))
    assert runs[-1] + 1 > 9
    assert len(runs) <= 2 * len(counter._spilled)


def test_a_count_may_be_beyond_32_bits(tmp_path: Path) -> None:
    """Runs on disk tell counts in as few bytes as their sum needs: here 2 * 2**31."""
    held = [module._Held(np.array([7]), np.array([2**31])) for _ in range(2)]
    counter = Counter(tmp_path, 0)
    counter._spill(0, held)
    assert [(k.tolist(), n.tolist()) for k, n in counter.chunks()] == [([7], [2**32])]


def test_no_keys_give_no_chunk(tmp_path: Path) -> None:
    assert list(Counter(tmp_path, 0).chunks()) == []


def test_a_folder_that_cannot_be_written_is_told_at_the_next_spill(tmp_path: Path) -> None:
    """/dev/full is a disk without space."""
    (tmp_path / "0.run").symlink_to("/dev/full")
    counter = Counter(tmp_path, 0)
    with pytest.raises(WorkError, match="the disk is full"):
        counter.add(np.arange(20_000))


@given(st.lists(st.integers(0, TOP) | st.integers(0, 5000)))
@settings(deadline=None)
def test_keys_are_sorted_by_all_their_digits(values: list[int]) -> None:
    keys = np.array(values, np.int64)
    sort_keys(keys, np.empty_like(keys))
    assert keys.tolist() == sorted(values)
