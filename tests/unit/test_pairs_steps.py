"""sort-pairs, merge-pairs, dedup, filter and stats, each on a few rows."""

import json
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pysam
import pytest

from hicloom.process import chain
from tests.conftest import Outcome, body

Run = Callable[..., Outcome]
Write = Callable[..., Path]

SORTED = [
    "a chr1 100 chr1 900 + - UU 60 60",
    "b chr1 100 chr2 50 + + UU 60 10",
    "c chr10 5 chr10 7 - + UR 60 60",
    "d chr2 9 chr2 9 - - RU 60 60",
]


def test_chromosomes_sort_as_bytes_and_positions_as_numbers(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    # chr10 comes before chr2; 900 comes before 1000.
    rows = [
        "1 chr2 9 chr2 9 - - UU 1 1",
        "2 chr10 5 chr10 7 - - UU 1 1",
        "3 chr1 1000 chr1 2000 - - UU 1 1",
        "4 chr1 900 chr1 3000 - - UU 1 1",
    ]
    out = tmp_path / "s.pairs.gz"
    assert hicloom("sort-pairs", write_pairs("x.pairs", rows, is_sorted=False), "-o", out).code == 0
    assert [row[0] for row in body(out)] == ["4", "3", "2", "1"]


def test_equal_pairs_keep_their_order(hicloom: Run, write_pairs: Write, tmp_path: Path) -> None:
    rows = [f"{name} chr1 5 chr1 9 + + {kind} 1 1" for name, kind in ("zU", "aR", "bU", "yU")]
    out = tmp_path / "s.pairs"
    hicloom("sort-pairs", write_pairs("x.pairs", rows, is_sorted=False), "-o", out)
    # The pair type is the last key: R before U.
    assert [row.split()[0] for row in body(out)] == ["a", "z", "b", "y"]


@pytest.mark.parametrize("options", [["--threads", 2], ["--memory", "100K"]])
def test_the_sorted_file_does_not_depend_on_threads_or_memory(
    hicloom: Run, write_pairs: Write, tmp_path: Path, options: list[object]
) -> None:
    draw = random.Random(1)
    rows = [f"r{i} chr1 {draw.randint(1, 99)} chr1 500 + + UU 1 1" for i in range(5000)]
    unsorted = write_pairs("x.pairs", rows, is_sorted=False)
    hicloom("sort-pairs", unsorted, "-o", tmp_path / "one.pairs")
    hicloom("sort-pairs", unsorted, "-o", tmp_path / "two.pairs", *options)
    assert body(tmp_path / "one.pairs") == body(tmp_path / "two.pairs")


def test_a_lower_triangle_is_refused_or_flipped(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    # The header lists chr2 before chr10.
    path = write_pairs("x.pairs", ["a chr10 5 chr2 7 - + UR 60 1"], is_sorted=False)
    out = tmp_path / "s.pairs"
    refused = hicloom("sort-pairs", path, "-o", out)
    assert refused.code == 2
    assert "line 9: the pair is in the lower triangle" in refused.stderr
    assert not out.exists()
    assert hicloom("sort-pairs", "--flip", path, "-o", out).code == 0
    assert body(out) == ["a chr2 7 chr10 5 + - RU 1 60"]


def test_merging_keeps_the_order_of_the_files_for_equal_pairs(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    one = write_pairs("1.pairs.gz", ["m1 chr1 5 chr1 9 + + UU 1 1", "m4 chr2 1 chr2 1 + + UU 1 1"])
    two = write_pairs("2.pairs.gz", ["m2 chr1 5 chr1 9 + + UU 1 1", "m3 chr1 6 chr1 9 + + UU 1 1"])
    out = tmp_path / "m.pairs.gz"
    assert hicloom("merge-pairs", one, two, "-o", out).code == 0
    assert [row[:2] for row in body(out)] == ["m1", "m2", "m3", "m4"]


def test_merging_one_file_copies_it(hicloom: Run, write_pairs: Write, tmp_path: Path) -> None:
    one = write_pairs("1.pairs.gz", SORTED)
    hicloom("merge-pairs", one, "-o", tmp_path / "m.pairs")
    assert body(tmp_path / "m.pairs") == SORTED


def test_many_files_merge_at_once(hicloom: Run, write_pairs: Write, tmp_path: Path) -> None:
    files = [
        write_pairs(f"{i}.pairs", [f"r{i} chr1 {1 + i * 7 % 50} chr1 99 + + UU 1 1"])
        for i in range(50)
    ]
    hicloom("merge-pairs", *files, "-o", tmp_path / "m.pairs")
    assert [int(row.split()[2]) for row in body(tmp_path / "m.pairs")] == list(range(1, 51))


@pytest.mark.parametrize("place", [0, 1])
def test_merging_an_unsorted_file_names_it_and_the_line(
    hicloom: Run, write_pairs: Write, tmp_path: Path, place: int
) -> None:
    files = [write_pairs("good.pairs", SORTED), write_pairs("good2.pairs", SORTED)]
    files[place] = write_pairs("bad.pairs", [SORTED[0], SORTED[2], SORTED[1]])
    outcome = hicloom("merge-pairs", *files, "-o", tmp_path / "m.pairs")
    # The header has 8 lines and the third row is out of order.
    assert outcome.code == 2
    assert "bad.pairs, line 11: the pairs are not sorted" in outcome.stderr
    assert "hicloom sort-pairs" in outcome.stderr
    assert not (tmp_path / "m.pairs").exists()


def test_merging_refuses_the_lower_triangle(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    one = write_pairs("1.pairs.gz", ["a chr10 5 chr2 7 - + UU 60 1"])
    outcome = hicloom("merge-pairs", one, "-o", tmp_path / "m.pairs")
    assert outcome.code == 2
    assert "line 9: the pair is in the lower triangle" in outcome.stderr


def test_merging_files_of_different_chromosomes_is_refused(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    one = write_pairs("1.pairs", SORTED)
    two = write_pairs("2.pairs", SORTED)
    two.write_text(two.read_text().replace("#chromsize: chr1 1000000", "#chromsize: chr1 1000001"))
    outcome = hicloom("merge-pairs", one, two, "-o", tmp_path / "m.pairs")
    assert outcome.code == 2
    assert "2.pairs: its chromosomes differ from those of" in outcome.stderr


DUPLICATED = [
    "u ! 0 chr1 5 - + MU 0 60",
    "a chr1 100 chr1 900 + - UU 60 60",
    "a2 chr1 102 chr1 897 + - UU 60 60",
    "b chr1 102 chr1 897 + + UU 60 60",
    "c chr1 106 chr1 900 + - UU 60 60",
]


def test_dedup_drops_near_pairs_of_the_same_strands(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    # a2 is 2 and 3 bp from a; b has other strands; c is 6 bp away.
    path = write_pairs("x.pairs", DUPLICATED)
    assert hicloom("dedup", path, "-o", tmp_path / "d.pairs").code == 0
    assert [row.split()[0] for row in body(tmp_path / "d.pairs")] == ["a", "b", "c"]


def test_dedup_with_an_exact_match_keeps_near_pairs(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    path = write_pairs("x.pairs", DUPLICATED)
    hicloom("dedup", path, "-o", tmp_path / "d.pairs", "--max-mismatch", "0")
    assert len(body(tmp_path / "d.pairs")) == 4


def test_duplicates_go_to_a_file_of_their_own(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    path = write_pairs("x.pairs", DUPLICATED)
    out, dups = tmp_path / "d.pairs", tmp_path / "dups.pairs.gz"
    hicloom("dedup", path, "-o", out, "--dups", dups)
    assert body(dups) == ["a2 chr1 102 chr1 897 + - DD 60 60"]
    assert [row.split()[0] for row in body(out)] == ["a", "b", "c"]


def test_duplicates_and_unmapped_pairs_are_kept_in_their_places_on_request(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    path = write_pairs("x.pairs", DUPLICATED)
    out, dups = tmp_path / "d.pairs.gz", tmp_path / "dups.pairs"
    hicloom("dedup", path, "-o", out, "--keep-duplicates", "--dups", dups)
    assert [(row.split()[0], row.split()[7]) for row in body(out)] == [
        ("u", "MU"), ("a", "UU"), ("a2", "DD"), ("b", "UU"), ("c", "UU"),
    ]  # fmt: skip
    # Sorted as before, so there is an index; the other files hold what they hold without.
    assert hicloom("query", out, "chr1:102-102|chr1").stdout.splitlines() == [
        row.replace(" ", "\t") for row in body(out)[2:4]
    ]
    assert [row.split()[0] for row in body(dups)] == ["a2"]


def test_dedup_counts_what_it_saw(hicloom: Run, write_pairs: Write, tmp_path: Path) -> None:
    path = write_pairs("x.pairs", DUPLICATED)
    tsv, as_json = tmp_path / "x.tsv", tmp_path / "x.json"
    hicloom("dedup", path, "-o", tmp_path / "d", "--stats", tsv, "--stats-json", as_json)
    table = dict(line.split("\t") for line in tsv.read_text().splitlines())
    counts = json.loads(as_json.read_text())
    assert table["total"] == "5"
    assert counts["total_single_sided_mapped"] == 1
    assert counts["total_dups"] == 1
    assert counts["total_nodups"] == 3
    assert counts["pair_types"] == {"MU": 1, "UU": 3, "DD": 1}


def test_dedup_refuses_what_is_not_sorted(hicloom: Run, write_pairs: Write, tmp_path: Path) -> None:
    path = write_pairs("x.pairs", DUPLICATED[::-1])
    outcome = hicloom("dedup", path, "-o", tmp_path / "d.pairs.gz", "--stats", tmp_path / "s")
    assert outcome.code == 2
    assert "line 10: the pairs are not sorted" in outcome.stderr
    assert list(tmp_path.iterdir()) == [path]


def test_filter_keeps_unique_pairs_by_default(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    rows = [*SORTED, "e chr2 10 chr2 20 + + MR 0 0"]
    hicloom("filter", write_pairs("x.pairs", rows), "-o", tmp_path / "f.pairs")
    assert body(tmp_path / "f.pairs") == SORTED


def test_filter_counts_a_pair_under_the_first_test_it_fails(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    rows = [*SORTED, "e chr2 10 chr2 20 + + MR 0 0"]
    sizes = tmp_path / "some.sizes"
    sizes.write_text("chr1\t1000000\nchr2\t500000\n")
    counts = tmp_path / "f.json"
    outcome = hicloom(
        *("filter", write_pairs("x.pairs", rows), "-o", tmp_path / "f.pairs.gz"),
        *("--chromsizes", sizes, "--expression", "mapq1 >= 30 and mapq2 >= 30"),
        *("--stats", counts),
    )
    assert outcome.code == 0
    assert [row.split()[0] for row in body(tmp_path / "f.pairs.gz")] == ["a", "d"]
    # e has a wrong type, c is on chr10, b has mapq2 = 10.
    assert json.loads(counts.read_text()) == {
        "read": 5,
        "kept": 2,
        "dropped": {"pair_type": 1, "chromosome": 1, "expression": 1},
    }


def test_filter_leaves_dropped_chromosomes_out_of_the_header(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    sizes = tmp_path / "some.sizes"
    sizes.write_text("chr2\t500000\n")
    path = write_pairs("x.pairs", SORTED)
    text = hicloom("filter", path, "-o", "-", "--chromsizes", sizes).stdout
    assert [line for line in text.splitlines() if line.startswith("#chromsize")] == [
        "#chromsize: chr2 500000"
    ]


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ("chr1\t7\n", "chr1 has length 7, but the header .* has length 1000000"),
        ("chr3\t7\n", "chr3 has length 7, but the header .* has no such chromosome"),
        ("chr2\t500000\nchr1\t1000000\n", "come in another order"),
    ],
)
def test_filter_refuses_chromsizes_that_disagree(
    hicloom: Run, write_pairs: Write, tmp_path: Path, sizes: str, message: str
) -> None:
    (tmp_path / "x.sizes").write_text(sizes)
    path = write_pairs("x.pairs", SORTED)
    outcome = hicloom(
        "filter", path, "-o", tmp_path / "f.pairs", "--chromsizes", tmp_path / "x.sizes"
    )
    assert outcome.code == 2
    assert re.search(message, outcome.stderr)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["filter", "--pair-types", "UUU"], "--pair-types UUU: expected two letters"),
        (["dedup", "--max-mismatch", "-1"], "--max-mismatch"),
    ],
)
def test_options_out_of_range_are_refused(
    hicloom: Run, write_pairs: Write, tmp_path: Path, words: list[str], message: str
) -> None:
    verb, *options = words
    outcome = hicloom(verb, write_pairs("x.pairs", SORTED), "-o", tmp_path / "out", *options)
    assert outcome.code == 2
    assert message in outcome.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("verb", ["filter", "sort-pairs"])
@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("chr1 0 chr1 9", "pos1 is 0, expected 1 to 1000000, the end of chr1"),
        ("chr1 5 chr10 300001", "pos2 is 300001, expected 1 to 300000, the end of chr10"),
        ("chr1 5 chr9 7", "chromosome 'chr9' has no #chromsize in the header"),
    ],
)
def test_pairs_off_the_genome_are_refused_with_their_line(
    hicloom: Run, write_pairs: Write, tmp_path: Path, verb: str, row: str, message: str
) -> None:
    # The header has 8 lines; an unmapped side is no mistake.
    rows = ["u ! 0 chr1 5 - + NU 0 60", f"x {row} + + UU 60 60"]
    path = write_pairs("x.pairs", rows, is_sorted=False)
    outcome = hicloom(verb, path, "-o", tmp_path / "out.pairs")
    assert outcome.code == 2
    assert f"x.pairs, line 10: {message}" in outcome.stderr
    assert not (tmp_path / "out.pairs").exists()


def test_a_pipe_whose_first_command_fails_leaves_no_output(
    write_pairs: Write, tmp_path: Path
) -> None:
    bad = write_pairs("bad.pairs", [SORTED[0], SORTED[2], SORTED[1]])
    python, out = f"{sys.executable} -m hicloom", tmp_path / "out.pairs.gz"
    # Without pipefail, as a pipe is usually typed: the last command's code counts.
    script = f"{python} merge-pairs {bad} -o - | {python} dedup - -o - | {python} filter - -o {out}"
    outcome = subprocess.run(["sh", "-c", script], capture_output=True, check=False)
    assert outcome.returncode == 2
    assert b"standard input: the command that writes it failed" in outcome.stderr
    assert list(tmp_path.iterdir()) == [bad]


def test_an_unsorted_file_takes_the_place_of_an_indexed_one_without_its_index(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    write_pairs("x.pairs.gz", SORTED)
    assert (tmp_path / "x.pairs.gz.px2").exists()
    write_pairs("x.pairs.gz", SORTED[::-1], is_sorted=False)
    assert not (tmp_path / "x.pairs.gz.px2").exists()


def test_filter_drops_pairs_within_a_fragment_on_request(
    hicloom: Run, tmp_path: Path, write_pairs: Write
) -> None:
    path = write_pairs("x.pairs", [])
    text = path.read_text().replace("mapq1 mapq2", "frag1 frag2")
    rows = "a chr1 1 chr1 9 + - UU 4 4\nb chr1 1 chr1 9 + - UU 4 5\nc chr1 1 chr2 9 + - UU 4 4\n"
    path.write_text(text + rows.replace(" ", "\t"))
    hicloom("filter", path, "-o", tmp_path / "f.pairs", "--drop-same-fragment")
    assert [row[0] for row in body(tmp_path / "f.pairs")] == ["b", "c"]


def with_alignments(path: Path, rows: list[str]) -> Path:
    """Give pairs SAM columns: a record with a flag and a position for each side but `.`."""
    header = path.read_text().replace("mapq1 mapq2", "sam1 sam2").replace(
        "#columns", "#samheader: @SQ\tSN:chr1\tLN:1000000\n#columns"
    )  # fmt: skip
    lines = []
    for row in rows:
        *words, one, two = row.split()
        sams = ["." if s == "." else sam(words[0], *s.split(",")) for s in (one, two)]
        lines.append("\t".join([*words, *sams]) + "\n")
    path.write_text(header + "".join(lines))
    return path


def sam(name: str, flag: str, position: str) -> str:
    return "\x19".join([name, flag, "chr1", position, "60", "4M", "*", "0", "0", "ACGT", "IIII"])


def test_the_lossless_bam_of_a_filter_holds_what_it_drops_too(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    rows = [
        "u ! 0 ! 0 - - NN . .",
        "a chr1 5 chr1 9 + + UU 65,5 129,9",
        "b chr1 5 chr1 9 + + DD 1089,5 1153,9",
        "c chr1 7 chr2 9 + + UU 65,7 .",
    ]
    path = with_alignments(write_pairs("x.pairs", []), rows)
    sizes, out, bam = tmp_path / "some.sizes", tmp_path / "f.pairs.gz", tmp_path / "x.bam"
    sizes.write_text("chr1\t1000000\n")
    words = ["filter", path, "-o", out, "--chromsizes", sizes, "--lossless-bam", bam]
    assert hicloom(*words).code == 0
    # The output has no SAM columns any more.
    assert body(out) == ["a chr1 5 chr1 9 + + UU"]
    with pysam.AlignmentFile(str(bam)) as file:
        found = [(r.query_name, r.flag, r.reference_start + 1) for r in file]
    assert found == [("a", 65, 5), ("a", 129, 9), ("b", 1089, 5), ("b", 1153, 9), ("c", 65, 7)]


def test_a_filter_cannot_make_alignments(hicloom: Run, write_pairs: Write, tmp_path: Path) -> None:
    path = write_pairs("x.pairs", SORTED)
    words = ["filter", path, "-o", tmp_path / "f.pairs", "--lossless-bam", tmp_path / "x.bam"]
    outcome = hicloom(*words)
    assert outcome.code == 2
    assert "needs pairs with SAM columns" in outcome.stderr
    assert list(tmp_path.iterdir()) == [path]


def test_steps_stream_into_each_other(write_pairs: Write) -> None:
    merge, dedup = (["hicloom", "merge-pairs"], ["hicloom", "dedup", "-", "-o", "-"])
    python = [sys.executable, "-m"]
    commands = [[*python, *merge, write_pairs("x.pairs.gz", DUPLICATED), "-o", "-"]]
    with chain([*commands, [*python, *dedup]]) as line:
        assert line.stdout
        lines = line.stdout.read().decode().splitlines()
    assert [line[0] for line in lines if line[0] != "#"] == ["a", "b", "c"]


def test_stats_writes_pairtools_table_and_json(
    hicloom: Run, write_pairs: Write, tmp_path: Path
) -> None:
    path = write_pairs("x.pairs.gz", SORTED)
    assert (
        hicloom("stats", path, "--tsv", tmp_path / "x.tsv", "--json", tmp_path / "x.json")[0] == 0
    )
    counts = json.loads((tmp_path / "x.json").read_text())
    assert (counts["total"], counts["cis"], counts["trans"]) == (4, 3, 1)
    assert (tmp_path / "x.tsv").read_text().startswith("total\t4\n")


def test_stats_without_an_output_is_bad_usage(hicloom: Run, write_pairs: Write) -> None:
    outcome = hicloom("stats", write_pairs("x.pairs.gz", SORTED))
    assert outcome.code == 2
    assert "nothing to write: give --output, --tsv" in outcome.stderr
