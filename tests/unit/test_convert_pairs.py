"""`hicloom convert-pairs`: Juicer's and HiC-Pro's contacts as sorted pairs."""

import gzip
from pathlib import Path

import pytest

from hicloom.errors import InputError
from hicloom.steps.convert_pairs import convert_pairs

SIZES = "b\t1000\na\t500\n"

# str1 chr1 pos1 frag1 str2 chr2 pos2 frag2 mapq1 cigar1 seq1 mapq2 cigar2 seq2 name1 name2
LONG = "16 a 30 3 0 b 900 9 60 5M ACGTA 7 5M TTTTT read/1 read/2 "


def convert(tmp_path: Path, text: str, form: str, name: str = "in.txt", **options: object):
    source, sizes, output = tmp_path / name, tmp_path / "sizes", tmp_path / "out.pairs"
    data = text.encode()
    source.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    sizes.write_text(SIZES)
    convert_pairs(source, output=output, format=form, chromsizes=sizes, **options)
    lines = output.read_text().splitlines()
    return [line for line in lines if line[0] == "#"], [x for x in lines if x[0] != "#"]


def columns(header: list[str]) -> str:
    return header[-1].removeprefix("#columns: readID chrom1 pos1 chrom2 pos2 strand1 strand2 ")


def test_merged_nodups_keeps_names_qualities_and_fragments(tmp_path):
    header, rows = convert(tmp_path, LONG + "\n", "merged_nodups", assembly="toy")
    assert header[0] == "## pairs format v1.0"
    assert "#genome_assembly: toy" in header
    assert columns(header) == "pair_type mapq1 mapq2 frag1 frag2"
    # b comes first in the chromsizes, so all columns of the two sides change places.
    assert rows == ["read/1\tb\t900\ta\t30\t+\t-\tUU\t7\t60\t9\t3"]


def test_medium_has_its_read_name_first(tmp_path):
    header, rows = convert(tmp_path, "r 0 b 5 0 1 b 9 1 60 30\n", "medium")
    assert columns(header) == "pair_type mapq1 mapq2 frag1 frag2"
    assert rows == ["r\tb\t5\tb\t9\t+\t-\tUU\t60\t30\t0\t1"]


def test_short_has_no_read_names(tmp_path):
    header, rows = convert(tmp_path, "0 b 9 1 16 b 5 0\n", "short")
    assert columns(header) == "pair_type frag1 frag2"
    assert rows == [".\tb\t5\tb\t9\t-\t+\tUU\t0\t1"]


def test_validpairs_have_strands_as_signs_and_qualities_at_the_end(tmp_path):
    line = "r\tb\t5\t+\ta\t9\t-\t250\tHIC_b_1\tHIC_a_1\t42\t8\t0-0\n"
    header, rows = convert(tmp_path, line, "validpairs")
    assert columns(header) == "pair_type mapq1 mapq2"
    assert rows == ["r\tb\t5\ta\t9\t+\t-\tUU\t42\t8"]


def test_old_validpairs_have_no_qualities(tmp_path):
    header, rows = convert(tmp_path, "r\tb\t5\t+\ta\t9\t-\t250\n", "validpairs")
    assert columns(header) == "pair_type"
    assert rows == ["r\tb\t5\ta\t9\t+\t-\tUU"]


def test_rows_come_out_sorted_with_equal_ones_in_input_order(tmp_path):
    lines = ["z 0 b 7 0 0 b 9 0 1 1", "y 0 a 7 0 0 b 9 0 1 1", "x 0 b 7 0 0 b 9 0 1 1"]
    _, rows = convert(tmp_path, "\n".join(lines), "medium")
    # b|a comes before b|b: rows are ordered by name, sides by the chromsizes.
    assert [row.split("\t")[0] for row in rows] == ["y", "z", "x"]


def test_compressed_contacts_are_read_and_compressed_pairs_get_an_index(tmp_path):
    source, sizes, output = tmp_path / "in.txt.gz", tmp_path / "sizes", tmp_path / "o ut.pairs.gz"
    source.write_bytes(gzip.compress(LONG.encode() + b"\n"))
    sizes.write_text(SIZES)
    convert_pairs(source, output=output, format="merged_nodups", chromsizes=sizes)
    assert gzip.decompress(output.read_bytes()).endswith(b"\t9\t3\n")
    assert Path(f"{output}.px2").exists()


def test_many_pieces_give_the_same_as_one(tmp_path, monkeypatch):
    text = "".join(f"r{i} 0 b {i % 90 + 1} 0 16 a {i % 70 + 1} 1 9 9\n" for i in range(500))
    whole = convert(tmp_path, text, "medium")[1]
    monkeypatch.setattr("hicloom.formats.text._PIECE", 100)
    assert convert(tmp_path, text, "medium")[1] == whole
    assert len(whole) == 500


def test_no_contacts_give_a_header(tmp_path):
    header, rows = convert(tmp_path, "", "short")
    assert rows == []
    assert columns(header) == "pair_type frag1 frag2"


def test_an_unknown_chromosome_is_refused_or_left_out(tmp_path, capsys):
    text = "0 b 1 0 0 b 2 1\n0 chrX 5 0 0 b 6 1\n"
    with pytest.raises(InputError, match=r"in\.txt, line 2: chromosome chrX is not in the chroms"):
        convert(tmp_path, text, "short")
    _, rows = convert(tmp_path, text, "short", drop_unknown=True)
    assert len(rows) == 1
    assert "left out 1 contacts" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("0 b 0 0 0 b 2 1", "line 2: pos1 is 0, expected 1 to 1000"),
        ("0 b 1 0 0 a 501 1", "line 2: pos2 is 501, expected 1 to 500"),
        ("0 b x 0 0 a 5 1", "line 2: expected a whole number in column pos1"),
        ("0 b 1 0 0 a 5", "line 2: expected 8 fields of the format short, found 7"),
        # A ninth field is a score: a contact that stands for several cannot become one pair.
        ("0 b 1 0 0 a 5 1 3.5", "line 2: expected 8 fields of the format short, found 9"),
    ],
)
def test_a_wrong_line_is_refused_and_nothing_is_written(tmp_path, line, fault):
    with pytest.raises(InputError, match=fault):
        convert(tmp_path, f"0 b 1 0 0 b 2 1\n{line}\n", "short")
    assert not (tmp_path / "out.pairs").exists()


def test_truncated_gzip_is_refused(tmp_path):
    source, sizes = tmp_path / "in.gz", tmp_path / "sizes"
    source.write_bytes(gzip.compress(LONG.encode() * 50)[:-9])
    sizes.write_text(SIZES)
    with pytest.raises(InputError, match="truncated"):
        convert_pairs(source, output=tmp_path / "o", format="short", chromsizes=sizes)
