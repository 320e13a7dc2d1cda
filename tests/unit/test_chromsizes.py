"""Chromsizes: what is read, what fits, what is refused."""

from pathlib import Path

import pytest

from hicloom.errors import InputError
from hicloom.formats.chromsizes import check_subset, read_chromsizes, write_chromsizes

GENOME = {"chr1": 100, "chr2": 50, "scaffold_1": 7}


def read(folder: Path, text: str) -> dict[str, int]:
    path = folder / "x.sizes"
    path.write_bytes(text.encode())
    return read_chromsizes(path)


def test_the_order_of_the_file_is_kept(tmp_path: Path) -> None:
    assert list(read(tmp_path, "chr2\t50\nchr1\t100\n").items()) == [("chr2", 50), ("chr1", 100)]


def test_windows_line_ends_blank_lines_and_more_columns_do_not_matter(tmp_path: Path) -> None:
    assert read(tmp_path, "chr1\t100\t6\t60\t61\r\n\r\nchr2\t50\r\n") == {"chr1": 100, "chr2": 50}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_chromsizes(tmp_path / "x.sizes", GENOME)
    assert read_chromsizes(tmp_path / "x.sizes") == GENOME


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "holds no chromosome"),
        ("chr1\t1\nchr1\t1\n", "line 2: chromosome chr1 is there twice"),
        ("chr1\n", "line 1: expected name<TAB>length"),
        ("chr1 100\n", "line 1: expected name<TAB>length"),
        ("chr1\t0\n", "line 1: expected name<TAB>length"),
        ("chr1\t1e6\n", "line 1: expected name<TAB>length"),
        ("\t5\n", "line 1: expected name<TAB>length"),
    ],
)
def test_other_text_is_refused_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        read(tmp_path, text)


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_chromsizes(tmp_path / "gone")
    (tmp_path / "x").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is not text"):
        read_chromsizes(tmp_path / "x")


def test_a_subset_in_any_order_fits() -> None:
    check_subset({"chr2": 50, "chr1": 100}, GENOME, Path("x.sizes"), "the index")


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"chrX": 1}, "x.sizes: chromosome chrX is not in the index"),
        ({"chr1": 99}, "x.sizes: chromosome chr1 has length 99, but 100 in the index"),
    ],
)
def test_another_name_or_length_is_refused(sizes: dict[str, int], expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        check_subset(sizes, GENOME, Path("x.sizes"), "the index")
