"""Numbers of libraries and their verdicts, each on a few rows whose answer is plain."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hicloom.formats.pairs import Header
from hicloom.qc import complexity, rules
from hicloom.qc.counts import PairCounts
from hicloom.qc.maps import balancing_metric
from hicloom.qc.regions import Regions
from hicloom.qc.scaling import convergence, scaling
from hicloom.qc.verdicts import worst
from tests.conftest import CHROMSIZES, COLUMNS
from tests.unit.hicfiles import shape, write_hic
from tests.unit.matrices import simulated_map

Run = Callable[..., Any]
Write = Callable[..., Path]

TILE = "I:1:FC:1:{}:1:1"
ROWS = [
    "a chr1 1000 chr1 1500 + - UU 60 60",
    "b chr1 1000 chr1 31000 - + UU 60 60",
    "c chr1 5000 chr10 20 + + UU 60 60",
    "d ! 0 chr2 7 - + MU 0 60",
    "e ! 0 ! 0 - - NN 0 0",
]


@pytest.fixture
def judged(hicloom: Run, write_pairs: Write, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """The document of `hicloom stats` of some rows."""

    def judge(rows: list[str], *options: object) -> dict[str, Any]:
        out = tmp_path / "qc.json"
        path = write_pairs("lib.pairs", rows, is_sorted=False)
        outcome = hicloom("stats", path, "--output", out, *options)
        assert outcome.code == 0, outcome.stderr
        return json.loads(out.read_text())  # type: ignore[no-any-return]

    return judge


def metric(document: dict[str, Any], name: str) -> dict[str, Any]:
    return next(row for row in document["metrics"] if row["id"] == name)


def count(rows: list[str], **options: Any) -> PairCounts:
    header = Header.new(CHROMSIZES, tuple(COLUMNS.split()))
    counts = PairCounts(header, "x", 1, Regions(CHROMSIZES), **options)
    counts.add("".join("\t".join(row.split()) + "\n" for row in rows).encode())
    return counts


def test_pairs_are_counted_from_reads_to_final_ones(judged: Run) -> None:
    found = judged(ROWS)
    assert found["totals"] == {
        "reads": 5,
        "unmapped": 1,
        "single_sided": 1,
        "mapped": 3,
        "duplicates": 0,
        "unique": 3,
        "final": 3,
    }
    assert found["pair_types"] == {"UU": 3, "MU": 1, "NN": 1}


def test_contacts_are_counted_by_place_and_distance(judged: Run) -> None:
    # a is 500 bp, b 30 kb apart; c is between chromosomes.
    contacts = judged(ROWS)["contacts"]
    assert (contacts["cis"], contacts["trans"], contacts["cis_short"]) == (2, 1, 1)
    assert contacts["cis_at_least"] == {
        "1000": 1,
        "2000": 1,
        "4000": 1,
        "10000": 1,
        "20000": 1,
        "40000": 0,
    }


def test_pairsqcs_metrics_leave_out_what_is_exactly_20_kb_apart(judged: Run) -> None:
    rows = ["a chr1 1 chr1 20001 + + UU 1 1", "b chr1 1 chr1 20002 + + UU 1 1", ROWS[2]]
    found = judged(rows)["pairsqc"]
    assert (found["cis_short"], found["cis_long"], found["trans"]) == (1, 1, 1)
    assert found["cis_to_trans_percent"] == 50
    assert found["long_range_percent"] == pytest.approx(100 / 3)


def test_orientations_are_those_of_the_end_that_comes_first(judged: Run) -> None:
    # The second row is the first one, its ends in the other order.
    rows = ["a chr1 1000 chr1 1500 + - UU 60 60", "b chr1 1500 chr1 1000 - + UU 60 60"]
    genome = judged(rows)["scaling"]["genome"]
    assert sum(genome["orientations"]["FR"]) == 2
    assert sum(genome["orientations"]["RF"]) == 0


def test_a_pair_without_strands_counts_by_distance_only(judged: Run) -> None:
    genome = judged(["a chr1 1000 chr1 1500 . . UU 60 60"])["scaling"]["genome"]
    assert (genome["pairs"], genome["unstranded"]) == (1, 1)


def test_an_empty_file_gives_nulls_with_reasons(judged: Run) -> None:
    found = judged([])
    assert found["verdict"] is None
    for row in found["metrics"]:
        assert row["value"] is None or row["id"] == "pairsqc_convergence"
        assert row["verdict"] is None
        assert row["why"].startswith("Not judged: ")
    assert found["duplicates"]["complexity_reason"] == "there are no pairs"


def test_a_file_with_only_trans_has_no_distances_but_a_bad_ratio(judged: Run) -> None:
    found = judged([ROWS[2]] * 3)
    assert metric(found, "cis_to_trans")["verdict"] == "bad"
    assert metric(found, "slope")["verdict"] is None
    assert not any(found["scaling"]["genome"]["p"])
    assert found["orientation_convergence"]["reason"].startswith("fewer than 400 pairs")


def test_without_arms_curves_are_of_whole_chromosomes_and_it_is_said(judged: Run) -> None:
    found = judged(ROWS)["scaling"]
    assert list(found["chromosomes"]) == list(CHROMSIZES)
    assert found["arms"] is None
    assert "no --arms given" in found["arms_reason"]


def test_a_pair_across_the_centromere_is_in_its_chromosome_but_in_no_arm(
    judged: Run, tmp_path: Path
) -> None:
    # BED: position 1500 is the last base of the short arm, 1501 the first of the long one.
    arms = tmp_path / "arms.bed"
    arms.write_text("chr1\t0\t1500\tchr1p\nchr1\t1500\t1000000\tchr1q\n")
    rows = [
        "a chr1 1000 chr1 1500 + - UU 60 60",
        "b chr1 1501 chr1 9000 + - UU 60 60",
        "c chr1 1500 chr1 1501 + - UU 60 60",
    ]
    curves = judged(rows, "--arms", arms)["scaling"]
    assert curves["chromosomes"]["chr1"]["pairs"] == 3
    assert {name: arm["pairs"] for name, arm in curves["arms"].items()} == {"chr1p": 1, "chr1q": 1}
    assert curves["genome_within_arms"]["pairs"] == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("chr1\t0\n", "line 1: expected chrom, start and end (BED, 0-based)"),
        ("chr1\t0\t2000000\n", "ends at 2000000, but chr1 has 1000000 bp"),
        ("chr1\t0\t10\tp\nchr1\t9\t20\tq\n", "p and q overlap"),
        ("chrX\t0\t10\n", "holds no arm of the chromosomes of the pairs"),
    ],
)
def test_wrong_arms_are_one_line(
    hicloom: Run, write_pairs: Write, tmp_path: Path, text: str, message: str
) -> None:
    arms = tmp_path / "arms.bed"
    arms.write_text(text)
    words = ("stats", write_pairs("x.pairs", ROWS[:3]), "--output", tmp_path / "x.json")
    outcome = hicloom(*words, "--arms", arms)
    assert outcome.code == 2
    assert message in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    assert not (tmp_path / "x.json").exists()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a chr1 1000 chr1 1000001 + - UU 60 60", "expected 1 to 1000000, the end of chr1"),
        ("a chr1 1x chr1 100 + - UU 60 60", "expected a whole number in column pos1, found '1x'"),
        ("a chr1 1 chr1 100 + - UU 60", "expected 10 tab-separated columns"),
    ],
)
def test_a_line_that_is_no_pair_is_named(
    hicloom: Run, write_pairs: Write, tmp_path: Path, row: str, message: str
) -> None:
    path = write_pairs("x.pairs", [*ROWS, row], is_sorted=False)
    outcome = hicloom("stats", path, "--output", tmp_path / "x.json")
    assert outcome.code == 2
    # It is the last line.
    lines = len(path.read_text().splitlines())
    assert f"line {lines}: " in outcome.stderr
    assert message in outcome.stderr


def test_chromosomes_that_do_not_count_are_left_out(judged: Run, tmp_path: Path) -> None:
    some = tmp_path / "some.sizes"
    some.write_text("chr1\t1000000\n")
    found = judged([*ROWS, "f chr2 5 chr2 9000 + - UU 1 1"], "--chromsizes", some)
    assert found["contacts"]["final"] == 2
    assert found["contacts"]["other_chromosomes"] == 2
    assert list(found["chromosomes"]) == ["chr1"]


def test_a_header_without_chromosomes_gives_counts_but_no_curves(
    hicloom: Run, tmp_path: Path
) -> None:
    path, out = tmp_path / "x.pairs", tmp_path / "x.json"
    path.write_text(
        "## pairs format v1.0\n#columns: readID chr1 pos1 chr2 pos2\na\tI\t5\tI\t5000\n"
    )
    assert hicloom("stats", path, "--output", out).code == 0
    found = json.loads(out.read_text())
    assert (found["contacts"]["cis"], found["pair_types"]) == (1, None)
    assert found["scaling"] is None
    assert "no chromosome has a length; give --chromsizes" in found["scaling_reason"]


def test_thousands_of_contigs_that_the_header_lacks_are_counted() -> None:
    rows = [f"r s{n} 1 s{n} 500 + - UU 1 1" for n in range(3000)]
    counts = count(rows)
    assert len(counts.chromosomes) == 3000
    # They have no length, and no curve.
    assert counts.histogram[0].sum() == 3000


def test_every_size_of_pieces_gives_the_same_counts() -> None:
    text = "".join("\t".join(row.split()) + "\n" for row in ROWS * 50).encode()
    lines = text.splitlines(keepends=True)
    whole, parts = count(ROWS * 50), count([])
    for start in range(0, len(lines), 7):
        parts.add(b"".join(lines[start : start + 7]))
    assert (whole.histogram == parts.histogram).all()
    assert whole.chromosomes == parts.chromosomes
    assert whole.kinds == parts.kinds
    assert (whole.totals == parts.totals).all()


def test_contigs_without_a_table_of_their_own_count_in_the_genome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hicloom.qc.regions.MOST_TABLES", 1)
    counts = count(["a chr10 5 chr10 900 + + UU 1 1", "b chr1 5 chr1 900 + + UU 1 1"])
    assert counts.histogram.shape[0] == 3  # unsized, others, chr1
    curves = scaling(counts)
    assert curves is not None
    assert curves.genome.pairs.sum() == 2
    assert (list(curves.chromosomes), curves.left_out) == (["chr1"], 2)


def test_possible_pairs_are_those_of_all_bases() -> None:
    # On L bp there are L^2 / 2 pairs of places, (L - 1)^2 / 2 at distances of 1 bp or more.
    counts = count([])
    curves = scaling(counts)
    assert curves is not None
    areas = sum((length - 1) ** 2 / 2 for length in CHROMSIZES.values())
    assert curves.genome.possible.sum() == pytest.approx(areas)


def test_a_power_law_has_its_slope() -> None:
    from hicloom.kernels.scaling import slopes

    x = np.linspace(3, 7, 33)
    assert slopes(x, -1.5 * x + 2, np.ones(33), 0.125) == pytest.approx(-1.5)


def test_orientations_converge_where_the_last_bin_that_differs_ends() -> None:
    near = ["a chr1 1 chr1 151 + - UU 1 1"] * 2000
    far = [f"a chr1 1 chr1 9001 {one} {two} UU 1 1" for one in "+-" for two in "+-"] * 200
    curves = scaling(count(near + far))
    assert curves is not None
    found = convergence(curves)
    # 9,000 lies in the bin from 7,499 on; nothing between has enough pairs to be looked at.
    assert found["distance"] == 7499
    only_near = scaling(count(near))
    assert only_near is not None
    assert convergence(only_near)["never"]


def test_duplicates_on_the_tile_of_their_original_are_of_the_flow_cell(judged: Run) -> None:
    def pair(tile: int, position: int, kind: str) -> str:
        name = TILE.format(tile)
        return f"{name} chr1 {position} chr1 {position + 9000} + - {kind} 60 60"

    # On tile 1 three copies of pairs of tile 1; one copy is on tile 2.
    rows = [pair(1, place, kind) for place in (100, 200, 300) for kind in ("UU", "DD")]
    rows += [pair(1, 400, "UU"), pair(2, 402, "DD")]
    found = judged(rows)["duplicates"]
    assert (found["same_tile"], found["other_tile"], found["tiles"]) == (3, 1, 2)
    # Of the PCR's copies as many are on the own tile as on each other one: 3 - 1.
    assert found["optical"] == 2


def test_read_names_without_tiles_say_so(judged: Run) -> None:
    rows = [
        "SRR1.1 chr1 100 chr1 9000 + - UU 60 60",
        "SRR1.2 chr1 100 chr1 9000 + - DD 60 60",
    ]
    found = judged(rows)["duplicates"]
    assert found["optical"] is None
    assert "read names carry no tiles" in found["optical_reason"]


def test_complexity_finds_the_library_that_was_drawn_from() -> None:
    for library in (1e5, 1e7, 1e9):
        unique = complexity.unique_pairs(1e6, library)
        assert complexity.molecules(1e6, unique) == pytest.approx(library, rel=1e-6)
    assert complexity.molecules(100, 100) is None
    assert complexity.molecules(100, 0) is None


def test_fragment_classes_are_hic_pros(judged: Run, tmp_path: Path) -> None:
    # Fragments of chr1: 1-999, 1000-1999, 2000-2999, 3000-1000000 (Juicer's sites, 1-based).
    sites = tmp_path / "sites.txt"
    sites.write_text("chr1 1000 2000 3000 1000000\n")
    rows = [
        # From the cut 1000 to the filled-in end behind the cut 2000: one fragment, not ligated.
        "a chr1 1000 chr1 2003 + - UU 1 1",
        "b chr1 1200 chr1 1800 - + UU 1 1",
        "c chr1 1200 chr1 1800 + + UU 1 1",
        "d chr1 1200 chr1 2500 + - UU 1 1",
        "e chr1 1200 chr1 9000 + - UU 1 1",
        "f chr2 1200 chr2 9000 + - UU 1 1",
    ]
    assert judged(rows, "--fragments", sites)["fragments"] == {
        "dangling_ends": 1,
        "self_circles": 1,
        "same_strand": 1,
        "religation": 1,
        "valid_cis": 1,
        "without_sites": 1,
    }


def test_what_pairs_no_longer_show_comes_from_dedups_statistics(
    hicloom: Run, judged: Run, tmp_path: Path
) -> None:
    before = tmp_path / "dedup.tsv"
    numbers = {"": 100, "_unmapped": 10, "_single_sided_mapped": 10, "_mapped": 80}
    numbers |= {"_dups": 20, "_nodups": 60}
    before.write_text("".join(f"total{key}\t{value}\n" for key, value in numbers.items()))
    found = judged(ROWS[:3], "--dedup-stats", before)
    assert metric(found, "mapped")["value"] == 80
    assert metric(found, "duplicates")["value"] == 25
    assert found["totals"]["final"] == 3
    before.write_text("nothing\n")
    outcome = hicloom("stats", tmp_path / "lib.pairs", "--output", "x", "--dedup-stats", before)
    assert outcome.code == 2
    assert "hicloom dedup --stats writes them" in outcome.stderr


def test_dedup_writes_the_same_in_its_one_pass(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    raw = [
        f"{TILE.format(tile)} chr1 {100 + tile // 2} chr1 9000 + - UU 60 60" for tile in range(6)
    ]
    path = write_pairs("lib.pairs", [ROWS[4], ROWS[3], *raw])
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    marked = tmp_path / "lib.marked.pairs"
    hicloom("dedup", path, "-o", tmp_path / "lib.nodups.pairs", "--qc", one)
    hicloom("dedup", path, "-o", marked, "--keep-duplicates")
    hicloom("stats", marked, "--output", two)
    found, expected = json.loads(one.read_text()), json.loads(two.read_text())
    assert found["duplicates"]["duplicates"] == 5
    for key in found.keys() - {"command"}:
        assert found[key] == expected[key], key


def test_files_for_multiqc_hold_curves_and_metrics(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    folder = tmp_path / "multiqc"
    path = write_pairs("lib.pairs", ROWS, is_sorted=False)
    assert hicloom("stats", path, "--multiqc", folder, "--name", "A").code == 0
    files = {file.name: json.loads(file.read_text()) for file in folder.iterdir()}
    # There is no curve of complexity where nothing was seen twice.
    assert set(files) == {"A_hicloom_scaling_mqc.json", "A_hicloom_metrics_mqc.json"}
    assert len(files["A_hicloom_scaling_mqc.json"]["data"]["A"]) == 2
    assert files["A_hicloom_metrics_mqc.json"]["data"]["A"]["mapped"] == 60


@pytest.mark.parametrize(
    ("rule", "value", "verdict"),
    [
        (rules.LONG_RANGE, 40, "good"),
        (rules.LONG_RANGE, 39.9, "look"),
        (rules.LONG_RANGE, 14.9, "bad"),
        (rules.CIS_TO_TRANS, 39.9, "bad"),
        (rules.DUPLICATES, 35, "good"),
        (rules.DUPLICATES, 60.1, "bad"),
    ],
)
def test_limits_are_as_published(rule: rules.Rule, value: float, verdict: str) -> None:
    assert rule.metric(value).verdict == verdict


@pytest.mark.parametrize("rule", [r for r in vars(rules).values() if isinstance(r, rules.Rule)])
def test_every_verdict_is_a_sentence_with_its_number(rule: rules.Rule) -> None:
    for value in (rule.good, rule.look, 1e6, -1e6):
        found = rule.metric(value)
        assert found.why.endswith(".")
        assert found.source


def test_the_worst_verdict_is_the_librarys() -> None:
    metrics = [rules.LONG_RANGE.metric(50), rules.LONG_RANGE.metric(20)]
    assert worst(metrics) == "look"
    assert worst([rules.LONG_RANGE.metric(None, "why")]) is None


def test_a_resolution_that_balancing_left_without_weights_is_not_balanced() -> None:
    """Without a bin that counts, cooler's loop ends at once and says that it has converged."""
    fine = {"resolution": 1000, "converged": True, "weighted": 0}
    coarse = {"resolution": 10_000, "converged": True, "weighted": 40}
    judged = balancing_metric([fine, coarse])
    assert (judged.value, judged.verdict) == ("1 of 2", "look")
    assert "no result at 1,000 bp" in judged.why


def test_convergence_of_balancing_is_told_by_resolution(
    hicloom: Run, judged: Run, tmp_path: Path
) -> None:
    one, mcool = simulated_map(tmp_path), tmp_path / "x.mcool"
    words = ("--resolutions", "1000", "--resolutions", "10000", "--balance", "--max-iters", "3")
    assert hicloom("zoomify", one, "-o", mcool, *words).code == 0
    found = judged(ROWS, "--mcool", mcool)
    assert [level["resolution"] for level in found["balancing"]] == [1000, 10_000]
    assert [level["converged"] for level in found["balancing"]] == [False, False]
    assert metric(found, "balancing")["verdict"] == "bad"


def test_maps_without_weights_have_none_to_judge(hicloom: Run, judged: Run, tmp_path: Path) -> None:
    one, mcool = simulated_map(tmp_path), tmp_path / "x.mcool"
    assert hicloom("zoomify", one, "-o", mcool, "--resolutions", "1000", "--no-balance").code == 0
    found = judged(ROWS, "--mcool", mcool)
    assert found["balancing"][0]["converged"] is None
    outcome = hicloom("stats", tmp_path / "lib.pairs", "--output", "x", "--mcool", one)
    assert (outcome.code, "is not a readable .mcool file" in outcome.stderr) == (2, True)


def test_norms_that_failed_are_named(judged: Run, tmp_path: Path) -> None:
    # Chromosome b has three bins, and its outer ones meet the middle one only: no scaling evens
    # their sums (as in test_hic_norms), while a is full.
    rng = np.random.default_rng(1)
    one, two = rng.integers(0, 20_000, (2, 3000))
    places = np.append(one, [20_000, 21_000]), np.append(two, [21_000, 22_000])
    path = write_hic(tmp_path / "x.hic", shape({"a": 20_000, "b": 3000}, [1000], *places))
    found = judged(ROWS, "--hic", path)
    failed = {row["norm"]: row["failed"] for row in found["hic_norms"]}
    assert failed == {"KR": ["b"], "SCALE": ["b"], "VC": [], "VC_SQRT": []}
    assert metric(found, "hic_norms")["verdict"] == "look"
    assert "KR at 1,000 bp" in metric(found, "hic_norms")["why"]
