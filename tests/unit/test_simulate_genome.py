"""Simulated genomes: seeded, of the asked sizes, with repeats, duplications and gaps."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from hicloom.errors import InputError
from hicloom.simulate.fasta import read_genome
from hicloom.simulate.genome import Recipe, chromosomes, parse_chromosomes
from hicloom.simulate.structure import fold
from hicloom.simulate.uniqueness import K, unique_kmers
from hicloom.steps.simulate.genome import genome

SIZES = {"chr1": 120_000, "chr2": 60_050, "tiny": 1_000}


def letters(bases: np.ndarray) -> bytes:
    return bases.tobytes()


def test_a_number_of_chromosomes_gives_falling_lengths_and_a_mitochondrion() -> None:
    sizes = parse_chromosomes("3")
    assert list(sizes) == ["chr1", "chr2", "chr3", "chrM"]
    assert list(sizes.values()) == sorted(sizes.values(), reverse=True)


def test_names_and_lengths_are_taken_as_given() -> None:
    assert parse_chromosomes("b:2000, HLA:A*01:3000") == {"b": 2000, "HLA:A*01": 3000}


@pytest.mark.parametrize("text", ["", "0", "chr1", "a:10", "a:2000,a:3000", "a b:2000"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="--chromosomes"):
        parse_chromosomes(text)


def test_the_same_seed_gives_the_same_genome_and_another_seed_another() -> None:
    first, again, other = (
        {name: letters(bases) for name, bases in chromosomes(SIZES, Recipe(seed=seed))}
        for seed in (1, 1, 2)
    )
    assert first == again != other
    assert {name: len(text) for name, text in first.items()} == SIZES


def test_repeats_are_lower_case_and_cover_about_the_asked_fraction() -> None:
    text = dict(chromosomes({"a": 500_000}, Recipe(repeats=0.3, seed=3)))["a"]
    masked = np.isin(text, np.frombuffer(b"acgt", np.uint8)).mean()
    # Copies may fall on each other, so a little less than 0.3.
    assert 0.2 < masked < 0.33


def test_gaps_are_runs_of_n_on_long_chromosomes_only() -> None:
    made = dict(chromosomes(SIZES, Recipe(gaps=2, seed=1)))
    assert letters(made["chr1"]).count(b"N") >= 500
    assert b"N" * 500 in letters(made["chr1"])
    assert b"N" not in letters(made["chr2"])


def test_an_exact_duplication_leaves_a_stretch_without_unique_kmers() -> None:
    made = dict(chromosomes({"a": 200_000}, Recipe(repeats=0, gaps=0, seed=1)))["a"]
    unique = unique_kmers(made & np.uint8(0xDF))
    # One duplication of 2 to 5 kb, twice; everything else is random, hence unique.
    assert 4_000 - 2 * K < (~unique).sum() < 15_000


def test_fasta_is_wrapped_at_60_letters_and_read_back(tmp_path: Path) -> None:
    plain, packed, table = tmp_path / "g.fa", tmp_path / "g é.fa.gz", tmp_path / "g.sizes"
    wanted = ",".join(f"{name}:{length}" for name, length in SIZES.items())
    genome(output=plain, chromosomes=wanted, seed=1, chromsizes=table)
    genome(output=packed, chromosomes=wanted, seed=1)
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    assert max(map(len, plain.read_bytes().splitlines())) == 60
    assert table.read_text() == "chr1\t120000\nchr2\t60050\ntiny\t1000\n"
    for path in (plain, packed):
        read = read_genome(path)
        assert read.sizes == SIZES
        assert read.edges.tolist() == [0, 120_000, 180_050, 181_050]
        assert set(letters(read.bases)) <= set(b"ACGTN")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"ACGT\n", "is not FASTA; expected a line that starts with"),
        (b"", "is empty; expected FASTA sequences"),
        (b">a\nAC\n>a\nAC\n", "a is there twice"),
        (b">a\n>b\nAC\n", "sequence a is empty"),
        (b">\nAC\n", "a sequence has no name"),
        (b"\x1f\x8b\x08 truncated", "truncated gzip file"),
    ],
)
def test_what_is_no_fasta_is_refused(tmp_path: Path, text: bytes, message: str) -> None:
    path = tmp_path / "bad.fa"
    path.write_bytes(text)
    with pytest.raises(InputError, match=message):
        read_genome(path)


def test_kmers_are_compared_on_both_strands() -> None:
    rng = np.random.default_rng(1)
    half = np.frombuffer(b"ACGT", np.uint8)[rng.integers(0, 4, 100)]
    reverse = np.frombuffer(letters(half[::-1]).translate(bytes.maketrans(b"ACGT", b"TGCA")), "u1")
    alone, twice = unique_kmers(half), unique_kmers(np.concatenate((half, reverse)))
    assert alone[: 100 - K + 1].all()
    assert not twice[: 100 - K + 1].any()


def test_structure_depends_on_names_and_lengths_only() -> None:
    one, two = fold(SIZES), fold(dict(SIZES))
    assert (one.domain == two.domain).all()
    assert (one.bias == two.bias).all()
    assert not np.array_equal(one.domain, fold({"x": 120_000, "chr2": 60_050, "t": 1_000}).domain)
