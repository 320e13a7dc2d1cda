"""Simulated reads: what the names say is what the bases are."""

import gzip
import itertools
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from hicloom.errors import InputError
from hicloom.simulate.digestion import digest
from hicloom.simulate.fasta import Genome, read_genome
from hicloom.simulate.truth import End, Truth, parse_truth
from hicloom.steps.simulate.genome import genome
from hicloom.steps.simulate.reads import reads

COMPLEMENT = bytes.maketrans(b"ACGTN", b"TGCAN")
CHROMOSOMES = "chr1:150000,chr2:80000"

Record = tuple[str, bytes, bytes]


@pytest.fixture(scope="module")
def fasta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("genome") / "genome.fa"
    genome(output=path, chromosomes=CHROMOSOMES, seed=1)
    return path


def library(fasta: Path, folder: Path, **options: object) -> tuple[list[Record], list[Record]]:
    folder.mkdir(parents=True, exist_ok=True)
    one, two = folder / "R1.fastq.gz", folder / "R2.fastq.gz"
    reads(fasta, output1=one, output2=two, **{"pairs": 2_000, **options})  # type: ignore[arg-type]
    return records(one), records(two)


def records(path: Path) -> list[Record]:
    lines = gzip.decompress(path.read_bytes()).splitlines()
    rows = zip(lines[::4], lines[1::4], lines[3::4], strict=True)
    return [(name[1:].decode(), bases, quality) for name, bases, quality in rows]


def side(whole: Genome, end: End, length: int) -> bytes:
    """The `length` bases that a read starting at `end` finds."""
    start = whole.edges[list(whole.sizes).index(end.chrom)] + end.pos - 1
    if end.strand == "+":
        return whole.bases[start : start + length].tobytes()
    return whole.bases[start - length + 1 : start + 1].tobytes()[::-1].translate(COMPLEMENT)


def molecule(whole: Genome, truth: Truth) -> bytes:
    """A molecule from read 1's start to read 2's: its two sides joined at the junction."""
    ends = truth.end1, truth.end2
    first, second = (side(whole, end, end.junction or 0) for end in ends)
    return first + second[::-1].translate(COMPLEMENT)


def test_names_are_parsed() -> None:
    truth = parse_truth("@SIM:1:HICLOOM:1:1101:7:42,42,7,contact,HLA:A:1200:+:57:u,!:0:-:.:x")
    assert truth == Truth(
        42, 7, "contact", End("HLA:A", 1200, "+", 57, "u"), End("!", 0, "-", None, "x")
    )
    assert truth.end1.unique
    assert not truth.unique


@pytest.mark.parametrize("name", ["SRR1.1", "a,1,.,odd,c:1:+:1:u,c:1:+:1:u", "a,1,.,contact,c,d"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="read name"):
        parse_truth(name)


def test_names_are_the_same_in_both_files_unique_and_without_blanks(
    fasta: Path, tmp_path: Path
) -> None:
    one, two = library(fasta, tmp_path)
    names = [name for name, _, _ in one]
    assert names == [name for name, _, _ in two]
    assert len({name.split(",")[0] for name in names}) == len(names) == 2_000
    assert not any(set(name) & set(" \t/") for name in names)
    assert [parse_truth(name).pair for name in names] == list(range(1, 2_001))


@pytest.mark.parametrize("enzyme", ["DpnII", "HindIII", "Arima", "none"])
def test_without_errors_reads_are_the_molecule_s_ends(
    fasta: Path, tmp_path: Path, enzyme: str
) -> None:
    """Reads across the junction go on, on the other side, towards the mate's start."""
    whole = read_genome(fasta)
    one, two = library(fasta, tmp_path, enzyme=enzyme, errors=0.0, unmappable=0.0, unligated=0.0)
    crossing = 0
    for (name, bases1, _), (_, bases2, _) in zip(one, two, strict=True):
        truth = parse_truth(name)
        forward = molecule(whole, truth)
        backward = forward[::-1].translate(COMPLEMENT)
        assert len(forward) >= 100
        for bases, true in ((bases1, forward), (bases2, backward)):
            assert all(a in (b, ord("N")) for a, b in zip(bases, true, strict=False))
        crossing += (truth.end1.junction or 0) < 100
    assert crossing > 200


def test_ligation_repeats_the_overhang(fasta: Path, tmp_path: Path) -> None:
    """Filled-in DpnII ends join as GATCGATC, HindIII ends as AAGCTAGCTT."""
    whole = read_genome(fasta)
    for enzyme, junction in (("DpnII", b"GATCGATC"), ("HindIII", b"AAGCTAGCTT")):
        one, _ = library(fasta, tmp_path / enzyme, enzyme=enzyme, unligated=0.0, unmappable=0.0)
        truths = [parse_truth(name) for name, _, _ in one]
        half = len(junction) // 2
        joined = [
            molecule(whole, truth)[at - half : at + half]
            for truth in truths
            if (at := truth.end1.junction or 0) >= half <= (truth.end2.junction or 0)
        ]
        assert set(joined) == {junction}


def test_arima_has_the_ends_of_both_its_enzymes() -> None:
    """^GATC leaves GATC at both sides; G^ANTC leaves GANT on the left, ANTC on the right."""
    bases = np.frombuffer(b"AAGATCAAGAGTCAA", np.uint8)
    ends = digest(bases, "Arima")
    assert ends.right.tolist() == [6, 12]
    assert ends.left.tolist() == [2, 9]


def test_unligated_molecules_face_each_other_without_a_junction(
    fasta: Path, tmp_path: Path
) -> None:
    one, _ = library(fasta, tmp_path, unligated=0.5)
    truths = [parse_truth(name) for name, _, _ in one]
    linear = [truth for truth in truths if truth.kind == "linear"]
    assert 800 < len(linear) < 1_200
    for truth in linear:
        ends = sorted((truth.end1, truth.end2), key=lambda end: end.pos)
        assert [end.strand for end in ends] == ["+", "-"]
        assert ends[0].chrom == ends[1].chrom
        assert ends[1].pos - ends[0].pos < 1_000
        assert ends[0].junction is None


def test_circles_face_away_from_each_other(fasta: Path, tmp_path: Path) -> None:
    one, _ = library(fasta, tmp_path, circles=0.3, enzyme="HindIII", unmappable=0.0)
    truths = [parse_truth(name) for name, _, _ in one]
    circles = [truth for truth in truths if truth.kind == "circle"]
    assert len(circles) > 300
    for truth in circles:
        left, right = sorted((truth.end1, truth.end2), key=lambda end: end.strand == "+")
        # The fragment runs from the first base of the - side to the last one of the + side.
        assert left.pos - (left.junction or 0) < right.pos + (right.junction or 0)
        assert left.chrom == right.chrom


def test_duplicates_start_within_3_bp_of_each_other(fasta: Path, tmp_path: Path) -> None:
    one, _ = library(fasta, tmp_path, duplicates=0.3, unmappable=0.0)
    truths = {truth.pair: truth for truth in (parse_truth(name) for name, _, _ in one)}
    families = defaultdict(list)
    for truth in truths.values():
        families[truth.duplicate_of or truth.pair].append(truth)
    assert 500 < sum(len(family) - 1 for family in families.values()) < 700
    shifted = 0
    for original, family in families.items():
        assert truths[original].duplicate_of is None
        for a, b in itertools.combinations(family, 2):
            for x, y in ((a.end1, b.end1), (a.end2, b.end2)):
                assert (x.chrom, x.strand) == (y.chrom, y.strand)
                assert abs(x.pos - y.pos) <= 3
                shifted += x.pos != y.pos
    assert shifted > 50


def test_copies_have_the_same_random_sequence(fasta: Path, tmp_path: Path) -> None:
    one, _ = library(fasta, tmp_path, duplicates=0.5, unmappable=1.0, errors=0.0, unligated=0.0)
    pairs = {parse_truth(name).pair: (parse_truth(name), bases) for name, bases, _ in one}
    shared = [
        bases[5:90] in pairs[truth.duplicate_of][1]
        for truth, bases in pairs.values()
        if truth.duplicate_of and b"N" not in bases
    ]
    # All but those where the ends are shifted further in, or the twin has an N.
    assert np.mean(shared) > 0.85


def test_errors_come_at_the_asked_rate_and_more_towards_the_end(
    fasta: Path, tmp_path: Path
) -> None:
    whole = read_genome(fasta)
    one, _ = library(fasta, tmp_path, errors=0.02, unmappable=0.0, unligated=0.0, pairs=5_000)
    wrong = np.zeros(100)
    for name, bases, _ in one:
        true = molecule(whole, parse_truth(name))[:100]
        wrong += np.frombuffer(bases, np.uint8) != np.frombuffer(true, np.uint8)
    rate = wrong / len(one)
    # 500,000 bases: the standard error of the rate is 0.0002.
    assert abs(rate.mean() - 0.02) < 0.001
    assert rate[75:].mean() > 1.5 * rate[:25].mean()


def test_wrong_bases_have_worse_qualities(fasta: Path, tmp_path: Path) -> None:
    whole = read_genome(fasta)
    one, _ = library(fasta, tmp_path, errors=0.02, unmappable=0.0, unligated=0.0)
    good, bad = [], []
    for name, bases, quality in one:
        true = molecule(whole, parse_truth(name))
        for base, truly, score in zip(bases, true, quality, strict=False):
            (good if base == truly else bad).append(score - 33)
    assert np.mean(bad) < np.mean(good) - 10


def test_the_seed_decides_and_the_number_of_threads_does_not(fasta: Path, tmp_path: Path) -> None:
    first, again, other = (
        library(fasta, tmp_path / str(i), seed=seed, threads=threads)[0]
        for i, (seed, threads) in enumerate([(1, 1), (1, 2), (2, 1)])
    )
    assert first == again
    common = {bases for _, bases, _ in first} & {bases for _, bases, _ in other}
    # Two dangling ends at one site may begin alike.
    assert len(common) < 20


def test_the_same_seed_gives_the_same_bytes_for_a_gzip_genome(fasta: Path, tmp_path: Path) -> None:
    packed = tmp_path / "genome.fa.gz"
    packed.write_bytes(gzip.compress(fasta.read_bytes()))
    assert library(fasta, tmp_path / "a") == library(packed, tmp_path / "b")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"enzyme": "EcoXYZ"}, "--enzyme EcoXYZ: unknown"),
        ({"duplicates": 0.9}, "--duplicates"),
        ({"errors": -0.1}, "--errors"),
        ({"pairs": 0}, "--pairs"),
        ({"molecule": 50}, "--molecule"),
    ],
)
def test_wrong_options_are_refused_and_nothing_is_written(
    fasta: Path, tmp_path: Path, options: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        library(fasta, tmp_path, **options)
    assert not list(tmp_path.iterdir())


def test_one_name_for_both_outputs_is_refused(fasta: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two outputs"):
        reads(fasta, output1=tmp_path / "R.fq", output2=tmp_path / "R.fq", pairs=10)
