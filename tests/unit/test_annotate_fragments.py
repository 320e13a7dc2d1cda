"""`hicloom annotate-fragments`: columns frag1 and frag2."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hicloom.errors import InputError
from hicloom.kernels.text import Pool, digits, weave, words
from hicloom.steps.annotate_fragments import annotate_fragments

HEAD = (
    "## pairs format v1.0\n#chromsize: a 100\n#chromsize: b 50\n"
    "#columns: readID chrom1 pos1 chrom2 pos2 strand1 strand2{}\n"
)
SITES = "a 10 20 100\nb 7 50\n"


def annotate(tmp_path: Path, rows: list[str], columns: str = "", **options: object) -> list[str]:
    pairs, sites, output = (tmp_path / name for name in ("in.pairs", "sites", "out.pairs"))
    pairs.write_text(HEAD.format(columns) + "".join(f"{row}\n" for row in rows))
    if not sites.exists():
        sites.write_text(SITES)
    annotate_fragments(pairs, fragments=sites, output=output, **options)
    return output.read_text().splitlines()


def row(pos1: int, pos2: int, more: str = "") -> str:
    return f"r\ta\t{pos1}\tb\t{pos2}\t+\t-{more}"


@pytest.mark.parametrize(
    ("position", "fragment"),
    [(1, 0), (9, 0), (10, 1), (19, 1), (20, 2), (99, 2), (100, 3)],
)
def test_fragments_count_from_0_and_begin_at_the_motif(tmp_path, position, fragment):
    # The last base (100) counts as one fragment more: so does fragment_4dnpairs.pl's search.
    last = annotate(tmp_path, [row(position, 1)])[-1]
    assert last == row(position, 1, f"\t{fragment}\t0")


def test_bed_knows_no_fragment_after_the_last(tmp_path):
    (tmp_path / "sites").write_text("a\t0\t9\na\t9\t100\nb\t0\t50\n")
    assert annotate(tmp_path, [row(9, 50)])[-1] == row(9, 50, "\t0\t0")
    assert annotate(tmp_path, [row(10, 50)])[-1] == row(10, 50, "\t1\t0")
    assert annotate(tmp_path, [row(100, 50)])[-1] == row(100, 50, "\t1\t0")


def test_the_header_names_the_new_columns(tmp_path):
    lines = annotate(tmp_path, [])
    assert lines[-1].endswith("strand1 strand2 frag1 frag2")


def test_columns_that_are_there_are_only_replaced_on_demand(tmp_path):
    rows = [row(10, 7, "\t77\t88\tkeep")]
    with pytest.raises(InputError, match="--replace"):
        annotate(tmp_path, rows, " frag1 frag2 note")
    lines = annotate(tmp_path, rows, " frag1 frag2 note", replace=True)
    assert lines[-1] == row(10, 7, "\t1\t1\tkeep")


def test_an_unmapped_side_gets_0(tmp_path):
    assert annotate(tmp_path, ["r\t!\t0\tb\t8\t-\t+"])[-1] == "r\t!\t0\tb\t8\t-\t+\t0\t1"


def test_a_chromosome_without_sites_is_refused_with_its_line(tmp_path):
    with pytest.raises(InputError, match=r"line 6: chromosome z is not in .*sites"):
        annotate(tmp_path, [row(1, 1), "r\tz\t1\tb\t1\t+\t+"])


def test_numbers_of_any_width_are_written_in_decimal():
    values = np.array([0, 7, 10, 99, 100, 123456789012])
    text, starts, ends = digits(values)
    found = [text[s:e].tobytes() for s, e in zip(starts, ends, strict=True)]
    assert found == [str(value).encode() for value in values]


def test_weaving_puts_tabs_between_columns_and_newlines_after_rows():
    text = np.frombuffer(b"abcdef", np.uint8)
    columns = [
        (np.array([0, 3]), np.array([1, 6])),
        (np.array([1, 2]), np.array([3, 2])),
    ]
    assert weave(text, columns).tobytes() == b"a\tbc\ndef\t\n"


def test_a_pool_weaves_words_of_several_texts():
    pool = Pool(np.frombuffer(b"x\ny\n", np.uint8))
    names = (np.array([0, 2]), np.array([1, 3]))
    columns = [names, pool.numbers(np.array([5, 12])), pool.choice([b"+", b"-"], np.array([1, 0]))]
    assert pool.weave(columns).tobytes() == b"x\t5\t-\ny\t12\t+\n"


def test_words_are_split_at_any_run_of_blanks():
    text = np.frombuffer(b" ab  c\td \n\ne\n", np.uint8)
    (starts, ends), first = words(text)
    found = [text[s:e].tobytes() for s, e in zip(starts, ends, strict=True)]
    assert found == [b"ab", b"c", b"d", b"e"]
    assert first.tolist() == [0, 3, 3, 4]


def test_a_stream_is_annotated(tmp_path):
    (tmp_path / "sites").write_text(SITES)
    text = HEAD.format("") + row(10, 7) + "\n"
    command = [sys.executable, "-m", "hicloom", "annotate-fragments", "-", "--output", "-"]
    command += ["--fragments", str(tmp_path / "sites")]
    output = subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout
    assert output.endswith(row(10, 7, "\t1\t1").encode() + b"\n")
