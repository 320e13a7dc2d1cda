"""Pairs to the numbers of their pixels: the fast way against the one that looks at columns."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hicloom.errors import InputError
from hicloom.formats.pairs import Block, Header, PairsReader
from hicloom.matrix.binner import MOST_BINS, Binner, memory_for_counting
from hicloom.matrix.binning import Bins
from hicloom.sieve import Sieve, Test

# One shorter than a bin; names that begin alike, and one that is the end of another.
CHROMSIZES = {"chr1": 1000, "chr10": 99, "r1": 250, "chr": 1}
COLUMNS = ("readID", "chrom1", "pos1", "chrom2", "pos2", "strand1", "strand2", "mapq1", "mapq2")
ORDERS = [COLUMNS, COLUMNS[:5], ("pos2", "chrom2", "mapq2", "pos1", "chrom1", "mapq1")]


def reader(lines: Sequence[bytes], columns: Sequence[str], cut: int = 1 << 20) -> PairsReader:
    """Pairs that come in pieces of `cut` bytes."""
    header = Header.new(CHROMSIZES, COLUMNS)
    text = header.encode() + b"".join(line + b"\n" for line in lines)
    made = PairsReader((text[at : at + cut] for at in range(0, len(text), cut)), "x.pairs")
    # Header.parse wants the first columns where the specification has them.
    made.header = made.header.with_columns(*columns)
    return made


def slowly(pairs: PairsReader, bins: Bins, sieve: Sieve, by_chromosomes: bool) -> list[int]:
    keys: list[int] = []
    for block in pairs.blocks():
        bin1, bin2 = bins.of(block, sieve.keep(block))
        n_bins = bins.starts[-1]
        found = bins.block_major(bin1, bin2) if by_chromosomes else bin1 * n_bins + bin2
        keys.extend(found.tolist())
    return keys


def fast(pairs: PairsReader, binner: Binner) -> list[int]:
    return [key for keys in binner.keys(pairs) for key in keys.tolist()]


def outcome(call: Callable[[], list[int]]) -> list[int] | str:
    """The numbers, or what is said instead."""
    try:
        return call()
    except InputError as error:
        return str(error)


right = st.sampled_from(list(CHROMSIZES.items())).flatmap(
    lambda item: st.tuples(st.just(item[0]), st.integers(1, item[1]))
)
wrong = st.tuples(
    st.sampled_from([*CHROMSIZES, "!", "", "chr11", "CHR1"]),
    st.integers(0, 1001) | st.sampled_from(["", "-1", "1.0", " 1", "1" * 19, "0" * 17 + "5", "é"]),
)
odd_lines = st.sampled_from([b"", b"\t" * 4, b"\t" * 5, b"#x", b"\r", b"\x00\t\x01"])


@st.composite
def bodies(draw: st.DrawFn, side: st.SearchStrategy[tuple[str, object]]) -> list[dict[str, str]]:
    """Lines, by their columns."""
    lines = []
    for one, two, mapq in draw(st.lists(st.tuples(side, side, st.integers(0, 2)), max_size=30)):
        fields = {"chrom1": one[0], "pos1": one[1], "chrom2": two[0], "pos2": two[1]}
        fields |= {"readID": "r" * mapq, "strand1": "+", "strand2": "-"}
        lines.append({k: str(v) for k, v in (fields | {"mapq1": mapq, "mapq2": 60}).items()})
    return lines


def written(lines: list[dict[str, str]], columns: Sequence[str]) -> list[bytes]:
    return ["\t".join(line[name] for name in columns).encode() for line in lines]


def good(block: Block) -> np.ndarray:
    return block.ints("mapq1") >= 1


@given(
    lines=bodies(right),
    columns=st.sampled_from(ORDERS),
    size=st.sampled_from([1, 10, 100, 5000]),
    by_chromosomes=st.booleans(),
    threads=st.sampled_from([1, 2]),
    cut=st.integers(20, 400),
)
@settings(max_examples=150, deadline=None)
def test_right_pairs_lie_in_the_same_pixels(
    lines: list[dict[str, str]],
    columns: Sequence[str],
    size: int,
    by_chromosomes: bool,
    threads: int,
    cut: int,
) -> None:
    """Wherever the columns stand and the text is cut, in the order of the lines."""
    bins, text = Bins(CHROMSIZES, size), written(lines, columns)
    binner = Binner(bins, threads=threads, by_chromosomes=by_chromosomes)
    expected = slowly(reader(text, columns), bins, Sieve({}), by_chromosomes)
    assert len(expected) == len(lines)
    assert fast(reader(text, columns, cut), binner) == expected


@given(
    lines=bodies(right | wrong),
    odd=st.lists(st.tuples(st.integers(0, 30), odd_lines), max_size=1),
    drop=st.booleans(),
    tests=st.sampled_from([{}, {"mapq": good}]),
    cut=st.integers(20, 400),
)
@settings(max_examples=300, deadline=None)
def test_wrong_pairs_are_dropped_or_told_in_the_same_words(
    lines: list[dict[str, str]],
    odd: list[tuple[int, bytes]],
    drop: bool,
    tests: dict[str, Test],
    cut: int,
) -> None:
    """Which of several wrong lines of one block is told does not depend on the way."""
    text = written(lines, COLUMNS)
    for place, line in odd:
        text.insert(place, line)
    bins = Bins(CHROMSIZES, 10)
    binner = Binner(bins, drop_other_chromosomes=drop, tests=tests)
    sieve = Sieve(({"chromosome": bins.holds} if drop else {}) | tests)
    expected = outcome(lambda: slowly(reader(text, COLUMNS, cut), bins, sieve, False))
    assert outcome(lambda: fast(reader(text, COLUMNS, cut), binner)) == expected
    assert binner.sieve.counts == sieve.counts


def test_ten_thousand_names_are_told_apart() -> None:
    """Contigs of one bin, each pair on two others: the number of a pixel is that of its names."""
    names = {f"contig_{i}": 7 for i in range(10_000)}
    order = np.random.default_rng(1).permutation(10_000).reshape(-1, 2)
    lines = [f".\tcontig_{a}\t1\tcontig_{b}\t7" for a, b in order]
    header = Header.new(names, COLUMNS[:5])
    text = header.encode() + "\n".join(lines).encode()
    keys = fast(PairsReader([text], "x"), Binner(Bins(names, 10)))
    assert keys == [min(a, b) * 10_000 + max(a, b) for a, b in order.tolist()]


def test_more_pixels_than_63_bits_number_are_refused() -> None:
    with pytest.raises(InputError, match=rf"are {MOST_BINS + 1} .* expected at most {MOST_BINS}"):
        Binner(Bins({"chr1": MOST_BINS + 1}, 1))
    Binner(Bins({"chr1": MOST_BINS}, 1))


def test_the_least_memory_that_would_do_does() -> None:
    with pytest.raises(InputError, match=r"--memory 1M: .* give at least (\d+M)") as caught:
        memory_for_counting("1M", 4)
    least = str(caught.value).split()[-1]
    assert memory_for_counting(least, 4) > 0
