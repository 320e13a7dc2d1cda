"""samples.tsv: what is accepted, and the one line that each mistake gives."""

from pathlib import Path

import pytest

from hicloom.errors import InputError
from hicloom.workflow.samples import KINDS, Samples, is_object, read_samples


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty files under the names that the tables use, in the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("1.fq", "2.fq", "3.fq", "4.fq", "a.bam", "a.pairs", "b.pairs", "nodups.txt"):
        Path(name).touch()


def read(*rows: str) -> Samples:
    """Read a table whose cells are given with blanks between them."""
    text = "\n".join("\t".join(row.split(" ")) for row in rows)
    Path("samples.tsv").write_text(text, encoding="utf-8")
    return read_samples(Path("samples.tsv"))


def test_lanes_make_libraries_and_libraries_make_groups() -> None:
    samples = read(
        "library lane group fastq1 fastq2",
        "A x pool 1.fq 2.fq",
        "A y pool 3.fq 4.fq",
        "B x pool,alone 1.fq 2.fq",
    )
    assert [lane.name for lane in samples.libraries["A"]] == ["x", "y"]
    assert samples.groups == {"pool": ("A", "B"), "alone": ("B",)}
    assert samples.lane("A", "y").files == ("3.fq", "4.fq")


def test_lane_group_and_stage_have_defaults() -> None:
    samples = read("library pairs", "A a.pairs")
    (lane,) = samples.lanes
    assert (lane.name, lane.groups, lane.entry) == ("lane1", ("A",), "pairs (dedup)")


def test_every_kind_of_entry() -> None:
    samples = read(
        "library fastq1 fastq2 bam pairs stage merged_nodups",
        "F 1.fq 2.fq",
        "B   a.bam",
        "R    a.pairs raw",
        "P    b.pairs",
        "J      nodups.txt",
    )
    assert [lanes[0].entry for lanes in samples.libraries.values()] == [
        "fastq",
        "bam",
        "pairs (raw)",
        "pairs (dedup)",
        "merged_nodups",
    ]
    assert samples.of_kind("bam", "pairs (raw)") == ["B", "R"]


def test_comments_blank_lines_windows_line_ends_and_a_byte_order_mark_are_accepted() -> None:
    Path("samples.tsv").write_bytes(
        b"\xef\xbb\xbf# my lanes\r\nlibrary\tbam\r\n\r\n# the first\r\nA\ta.bam\r\n"
    )
    (lane,) = read_samples(Path("samples.tsv")).lanes
    assert (lane.library, lane.line, lane.files) == ("A", 5, ("a.bam",))


def test_paths_may_hold_blanks_quotes_and_any_letters() -> None:
    Path("é 'q' \"d\".bam").touch()
    Path("samples.tsv").write_text("library\tbam\nA\té 'q' \"d\".bam\n", encoding="utf-8")
    (lane,) = read_samples(Path("samples.tsv")).lanes
    assert lane.files == ("é 'q' \"d\".bam",)


def test_what_is_to_be_downloaded_need_not_be_there() -> None:
    samples = read(
        "library lane fastq1 fastq2",
        "A x sra:SRR1 sra:SRR1",
        "A y https://host/1.fq.gz https://host/2.fq.gz",
    )
    assert len(samples.lanes) == 2


def test_all_kinds_of_files_may_be_in_s3() -> None:
    samples = read(
        "library fastq1 fastq2 bam pairs merged_nodups",
        "A s3://lab/1.fq s3://lab/2.fq",
        "B   s3://lab/b.bam",
        "C    s3://lab/c.pairs.gz",
        "D     s3://lab/d.txt.gz",
    )
    assert [lane.kind for lane in samples.lanes] == list(KINDS)
    assert all(is_object(file) for lane in samples.lanes for file in lane.files)


HEAD = "library lane group fastq1 fastq2 bam pairs stage merged_nodups"
MISTAKES = {
    "an unknown column": (["library bam panel", "A a.bam p"], "line 2: unknown panel"),
    "no column library": (["sample bam", "A a.bam"], "line 1: no column library"),
    "a column twice": (["library bam bam", "A a.bam a.bam"], "column bam is there twice"),
    "too many cells": (["library bam", "A a.bam more"], "line 2: 3 cells under 2 column names"),
    "no rows": ([HEAD], "no rows"),
    "no library": (["library bam", " a.bam"], "line 2: library is missing"),
    "a bad name": (["library bam", "A.1 a.bam"], "line 2: library: 'A.1' is not of the form"),
    "a duplicate lane": (
        [HEAD, "A x  1.fq 2.fq", "A x  3.fq 4.fq"],
        "line 3: lane x of library A is already on line 2",
    ),
    "a missing file": ([HEAD, "A x  1.fq 9.fq"], "line 2: 9.fq: no such file"),
    "fastq and bam": ([HEAD, "A x  1.fq 2.fq a.bam"], "line 2: give one of .* found fastq and bam"),
    "nothing": ([HEAD, "A x"], "line 2: give one of .* found none of them"),
    "one FASTQ": ([HEAD, "A x  1.fq"], "line 2: fastq2 is empty"),
    "a FASTQ twice": ([HEAD, "A x  1.fq 1.fq"], "line 2: fastq1 and fastq2 are the same file"),
    "mixed kinds": (
        [HEAD, "A x  1.fq 2.fq", "A y    a.bam"],
        "line 3: library A mixes bam with fastq of line 2",
    ),
    "mixed stages": (
        [HEAD, "A x     a.pairs raw", "A y     b.pairs dedup"],
        r"line 3: library A mixes pairs \(dedup\) with pairs \(raw\) of line 2",
    ),
    "an unknown stage": ([HEAD, "A x     a.pairs final"], "line 2: stage: 'final' is not one of"),
    "a stage of reads": ([HEAD, "A x  1.fq 2.fq   raw"], "line 2: stage raw is only for pairs"),
    "two groups for one library": (
        [HEAD, "A x one 1.fq 2.fq", "A y two 3.fq 4.fq"],
        "line 3: library A is in group two here and in one on line 2",
    ),
    "a bam to download": ([HEAD, "A x    https://host/a.bam"], "only FASTQs are downloaded"),
}


@pytest.mark.parametrize(("rows", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line(rows: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(*rows)
    assert str(caught.value).startswith("samples.tsv")
    assert "\n" not in str(caught.value)


def test_a_missing_table_is_named() -> None:
    with pytest.raises(InputError, match=r"absent\.tsv: no such file"):
        read_samples(Path("absent.tsv"))


def test_a_table_that_is_not_text_is_refused() -> None:
    Path("samples.xlsx").write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(InputError, match=r"samples\.xlsx: is not UTF-8 text"):
        read_samples(Path("samples.xlsx"))
