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


def test_a_word_is_known_again_wherever_it_stands(draw: random.Random) -> None:
    """Of up to eight bytes, unless the text ends sooner; of no other word it is said."""

    @numba.njit
    def is_word(text, found, names, ends, number):  # type: ignore[no-untyped-def]
        word, size = lines.word_of(names, ends, number)
        return lines.is_word(text, found, 1, word, size)

    words = ["chr1", "chr10", "1", "X", "chr1_KI27", "chr1_KI2", "chrUn_KI270302v1"]
    names, ends, _ = lines.hashed(words)
    for _ in range(5_000):
        number, other = draw.randrange(len(words)), draw.choice(words)
        before, after = ("".join(draw.choices("ab1", k=draw.randrange(12))) for _ in "12")
        text = f"{before}\t{other}\t{after}\n"
        found = np.flatnonzero(np.isin(octets(text), [9, 10])).astype(np.uint32)
        equal = words[number] == other
        readable = len(other) <= 8 and len(before) + 9 <= len(text)
        assert is_word(octets(text), found, names, ends, number) == (equal and readable)


def test_a_distance_is_in_the_bin_that_a_search_finds() -> None:
    """At all edges and beside them, and up to 2^60."""
    bin_of = numba.njit(lambda value, lower, cells: edges.bin_of(value, lower, cells))
    lower = fine_edges()
    cells = edges.cells_of(lower)
    large = (2 ** np.random.default_rng(1).uniform(0, 60, 2000)).astype(np.int64)
    values = np.concatenate([np.arange(2000), lower, lower[1:] - 1, lower + 1, large])
    for value in values.tolist():
        assert bin_of(value, lower, cells) == np.searchsorted(lower, value, side="right") - 1
