"""Tests that pairs must pass, and how many failed each."""

import sys
from collections.abc import Callable, Mapping
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.pairs import Block

Test = Callable[[Block], NDArray[np.bool_]]


class Counts(TypedDict):
    """Pairs read and kept, and those dropped by the first test that they fail."""

    read: int
    kept: int
    dropped: dict[str, int]


class Sieve:
    """Named tests, which all must hold.

    Attributes
    ----------
    counts : Counts
        Of all blocks so far.
    """

    def __init__(self, tests: Mapping[str, Test]):
        self._tests = tests
        self.counts: Counts = {"read": 0, "kept": 0, "dropped": dict.fromkeys(tests, 0)}

    def keep(self, block: Block) -> NDArray[np.bool_]:
        """Which pairs of the next block pass; bool, shape (lines,)."""
        keep, counts = self.judge(block)
        self.add(counts)
        return keep

    def judge(self, block: Block) -> tuple[NDArray[np.bool_], Counts]:
        """Which pairs of a block pass, and its counts, which `add` is to be told."""
        keep = np.ones(block.n, bool)
        dropped = {}
        for name, test in self._tests.items():
            passed = keep & test(block)
            dropped[name] = int(keep.sum() - passed.sum())
            keep = passed
        return keep, {"read": block.n, "kept": int(keep.sum()), "dropped": dropped}

    def add(self, counts: Counts) -> None:
        """Add the counts of a block."""
        self.counts["read"] += counts["read"]
        self.counts["kept"] += counts["kept"]
        for name, number in counts["dropped"].items():
            self.counts["dropped"][name] += number

    def report(self, step: str) -> None:
        """Say the counts on stderr, if there is a test."""
        if self._tests:
            counts = self.counts
            dropped = ", ".join(f"{name} {count}" for name, count in counts["dropped"].items())
            print(
                f"{step}: kept {counts['kept']} of {counts['read']} pairs; dropped by {dropped}",
                file=sys.stderr,
            )
