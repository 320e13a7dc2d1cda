"""Simulated pairs: sorted, upper-triangular, of the asked number, shaped like Hi-C."""

import gzip
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from hicloom.errors import InputError
from hicloom.simulate import text
from hicloom.simulate.pairs import Contents, body
from hicloom.simulate.structure import fold
from hicloom.steps.simulate.pairs import pairs

# chr10 sorts before chr2 in the C locale, but comes after it in the chromsizes.
SIZES = {"chr2": 3_000_000, "chr10": 2_000_000, "chr1": 700_001, "tiny": 50}


def rows(**contents: object) -> list[list[str]]:
    made = body(SIZES, Contents(**{"pairs": 20_000, "seed": 1, **contents}))  # type: ignore[arg-type]
    return [row.split("\t") for row in b"".join(map(bytes, made)).decode().splitlines()]


def key(fields: list[str]) -> tuple[str, str, int, int, str]:
    return fields[1], fields[3], int(fields[2]), int(fields[4]), fields[7]


@pytest.mark.parametrize("raw", [False, True])
def test_rows_are_sorted_as_pairtools_sorts_them(raw: bool) -> None:
    made = rows(raw=raw)
    assert len(made) == len({fields[0] for fields in made}) == 20_000
    assert made == sorted(made, key=key)


@pytest.mark.parametrize("raw", [False, True])
def test_ends_are_in_range_and_in_the_order_of_the_chromsizes(raw: bool) -> None:
    rank = {name: i for i, name in enumerate(["!", *SIZES])}
    for fields in rows(raw=raw):
        one, two = ((fields[i], int(fields[i + 1])) for i in (1, 3))
        assert (rank[one[0]], one[1]) <= (rank[two[0]], two[1])
        for chrom, pos in (one, two):
            assert pos == 0 if chrom == "!" else 1 <= pos <= SIZES[chrom]


def test_the_seed_decides() -> None:
    assert rows() == rows() != rows(seed=2)


def test_final_pairs_are_all_unique_and_columns_follow_the_option() -> None:
    assert {fields[7] for fields in rows()} == {"UU"}
    assert {len(fields) for fields in rows()} == {10}
    assert {len(fields) for fields in rows(mapq=False)} == {8}
    assert {int(q) for fields in rows() for q in fields[8:]} <= set(range(1, 61))


def test_raw_pairs_hold_every_type_and_duplicates() -> None:
    made = rows(raw=True, duplicates=0.2)
    types = Counter(fields[7] for fields in made)
    assert set(types) == {"MM", "NM", "NN", "WW", "MU", "NU", "RU", "UR", "UU"}
    places = Counter(tuple(fields[1:7]) for fields in made if fields[1] != "!")
    copies = sum(count - 1 for count in places.values())
    # Of 15,800 mapped pairs a fifth are copies, seven in ten of them unshifted.
    assert 1_800 < copies < 3_200
    for fields in made:
        assert (fields[8] == "0") == (fields[1] == "!")


def test_contacts_fall_with_distance_and_cis_is_as_asked() -> None:
    made = rows(pairs=50_000, cis=0.7)
    cis = [int(f[4]) - int(f[2]) for f in made if f[1] == f[3]]
    assert abs(len(cis) / 50_000 - 0.7) < 0.01
    counts, _ = np.histogram(cis, [10_000, 20_000, 40_000, 80_000, 160_000])
    density = counts / [1, 2, 4, 8]
    # 1 / s alone halves it with each doubling; domains and compartments take more.
    assert (density[1:] < 0.62 * density[:-1]).all()
    assert (density[1:] > 0.2 * density[:-1]).all()


def test_compartments_of_a_kind_attract_each_other_between_chromosomes() -> None:
    structure = fold(SIZES)
    names = list(SIZES)
    same = other = 0
    for fields in rows(cis=0.0, pairs=30_000):
        first, second = (
            structure.domain[structure.first[names.index(fields[i])]
                             + (int(fields[i + 1]) - 1) // structure.width] % 2
            for i in (1, 3)
        )  # fmt: skip
        same += first == second
        other += first != second
    assert same > 1.5 * other


def test_near_pairs_face_each_other_and_far_ones_do_not_care() -> None:
    near, far = Counter[str](), Counter[str]()
    for fields in rows(pairs=100_000, cis=1.0):
        distance = int(fields[4]) - int(fields[2])
        if distance < 400:
            near[fields[5] + fields[6]] += 1
        elif distance > 50_000:
            far[fields[5] + fields[6]] += 1
    assert near["+-"] > 2 * near["++"]
    assert max(far.values()) < 1.1 * min(far.values())


def test_a_file_is_written_with_its_header_and_index(tmp_path: Path) -> None:
    table, output = tmp_path / "sizes", tmp_path / "a b.pairs.gz"
    table.write_text("".join(f"{name}\t{length}\n" for name, length in SIZES.items()))
    pairs(chromsizes=table, output=output, pairs=1_000, assembly="toy")
    lines = gzip.decompress(output.read_bytes()).decode().splitlines()
    header = [line for line in lines if line.startswith("#")]
    assert header[:4] == [
        "## pairs format v1.0",
        "#sorted: chr1-chr2-pos1-pos2",
        "#shape: upper triangle",
        "#genome_assembly: toy",
    ]
    assert header[4:8] == [f"#chromsize: {name} {length}" for name, length in SIZES.items()]
    assert len(lines) - len(header) == 1_000
    assert output.with_name("a b.pairs.gz.px2").exists()


def test_one_chromosome_has_no_trans_pairs() -> None:
    made = b"".join(map(bytes, body({"only": 40_000}, Contents(500))))
    assert made.count(b"\n") == 500


def test_chromosomes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="long"):
        body({"long": 2**30}, Contents(10))


def test_numbers_are_written_without_leading_zeros() -> None:
    values = np.array([0, 7, 10, 9_999, 10_000, 10_203_040, 99_999_999, 100_000_000, 10**12 - 1])
    made = text.lines([text.numbers(values), text.constant(b"\n", len(values))])
    assert bytes(made).decode().split() == [str(value) for value in values]
