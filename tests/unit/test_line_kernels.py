"""Numbers and names read eight bytes at a time, against Python's own reading of them."""

import random

import numba
import numpy as np
import pytest

from hicloom.kernels import edges, lines
from hicloom.qc.distances import fine_edges

DIGITS = "0123456789"
# What stands beside the digits, or looks like one in its lower half or with its upper half.
NEARLY = "/:\t -@p\x00\xff\xb5"


def octets(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("latin1"), np.uint8)


@pytest.fixture(scope="module")
def draw() -> random.Random:
    return random.Random(7)


def test_a_number_is_what_python_reads(draw: random.Random) -> None:
    """Wherever it stands, with 1 to 18 digits; all else is -1."""
    decimal = numba.njit(lambda text, start, end: lines.decimal(text, start, end))
    for _ in range(20_000):
        word = "".join(draw.choices(DIGITS, k=draw.randrange(21)))
        if word and draw.random() < 0.3:
            place = draw.randrange(len(word))
            word = word[:place] + draw.choice(NEARLY) + word[place + 1 :]
        before = "".join(draw.choices(DIGITS + "\tz", k=draw.randrange(30)))
        right = 0 < len(word) <= 18 and set(word) <= set(DIGITS)
        found = decimal(octets(before + word + "\t7"), len(before), len(before) + len(word))
        assert found == (int(word) if right else -1), (before, word)


def test_a_name_is_found_wherever_it_stands(draw: random.Random) -> None:
    """Whether or not it is that of the line before, is longer than eight bytes, or ends the text;
    the names here begin and end alike."""

    @numba.njit
    def find(text, found, last, names):  # type: ignore[no-untyped-def]
        return lines.find_name(text, found, 1, last, names)

    words = ["chr1", "chr10", "1", "X", "chr1_KI27", "chr1_KI2", "chrUn_KI270302v1"]
    names = lines.hashed(words)
    last = numba.njit(lambda: lines.no_name())()
    for _ in range(5_000):
        word = draw.choice([*words, "chr1_KI3", "chr", "", "chr1_KI28"])
        before, after = ("".join(draw.choices("ab1", k=draw.randrange(12))) for _ in "12")
        text = octets(f"{before}\t{word}\t{after}\n")
        found = np.flatnonzero(np.isin(text, [9, 10])).astype(np.uint32)
        last = find(text, found, (last[0], np.uint64(last[1]), last[2]), names)
        assert last[0] == (words.index(word) if word in words else -1)


def test_a_distance_is_in_the_bin_that_a_search_finds() -> None:
    """At all edges and beside them, and up to 2^60."""
    bin_of = numba.njit(lambda value, lower, cells: edges.bin_of(value, lower, cells))
    lower = fine_edges()
    cells = edges.cells_of(lower)
    large = (2 ** np.random.default_rng(1).uniform(0, 60, 2000)).astype(np.int64)
    values = np.concatenate([np.arange(2000), lower, lower[1:] - 1, lower + 1, large])
    for value in values.tolist():
        assert bin_of(value, lower, cells) == np.searchsorted(lower, value, side="right") - 1
