"""Reading pairs of FASTQ files, and what is refused."""

import gzip
from pathlib import Path

import pytest

from hicloom.errors import InputError
from hicloom.formats.fastq import Batch, batches

GOOD = "@r1/1 x\nACGT\n+\nIIII\n@r2/1\nGG\n+\nI5\n@r3/1\nT\n+\nI\n"
MATES = GOOD.replace("/1", "/2")


def write(folder: Path, one: str | bytes, two: str | bytes = MATES) -> tuple[Path, Path]:
    paths = folder / "a_1.fastq", folder / "a_2.fastq"
    for path, text in zip(paths, (one, two), strict=True):
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return paths


def names(paths: tuple[Path, Path], size: int = 2) -> list[list[str]]:
    return [[read.name for read in batch.reads()] for batch in batches(*paths, size)]


def complaint(paths: tuple[Path, Path], size: int = 2) -> str:
    with pytest.raises(InputError) as refused:
        names(paths, size)
    return str(refused.value)


def test_reads_come_interleaved_in_batches_of_a_fixed_number_of_pairs(tmp_path: Path) -> None:
    assert names(write(tmp_path, GOOD)) == [["r1", "r1", "r2", "r2"], ["r3", "r3"]]


def test_gzip_is_recognised_by_its_content_not_by_its_name(tmp_path: Path) -> None:
    paths = write(tmp_path, gzip.compress(GOOD.encode()), MATES)
    assert names(paths) == [["r1", "r1", "r2", "r2"], ["r3", "r3"]]


def test_several_gzip_members_are_one_file(tmp_path: Path) -> None:
    half = GOOD.index("@r2")
    parts = gzip.compress(GOOD[:half].encode()) + gzip.compress(GOOD[half:].encode())
    assert names(write(tmp_path, parts), size=10) == [["r1", "r1", "r2", "r2", "r3", "r3"]]


def test_windows_line_ends_and_a_missing_last_one_are_accepted(tmp_path: Path) -> None:
    one = GOOD.replace("\n", "\r\n").removesuffix("\r\n")
    batch = next(batches(*write(tmp_path, one), 10))
    assert [read.sequence for read in batch.reads()] == ["ACGT", "ACGT", "GG", "GG", "T", "T"]
    assert batch.interleaved().startswith(b"@r1\nACGT\n+\nIIII\n@r1\nACGT\n")


def test_a_batch_counts_its_pairs_without_parsing() -> None:
    batch = Batch((Path("1"), Path("2")), 1, (GOOD.encode(), MATES.encode()))
    assert batch.pairs == 3


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        ("", "a_1.fastq: is empty"),
        ("\n\n", "a_1.fastq: is empty"),
        (gzip.compress(b"", mtime=0), "a_1.fastq: is empty"),
        (
            gzip.compress(GOOD.encode(), mtime=0)[:-9],
            "a_1.fastq: the gzip data ends before its end marker",
        ),
        (GOOD.replace("@r2", ">r2"), "a_1.fastq: record 2: expected a line that starts with '@'"),
        (
            GOOD.replace("GG\n+", "GG\n-"),
            "a_1.fastq: record 2: expected a line that starts with '+'",
        ),
        (GOOD.replace("I5", "I"), "a_1.fastq: record 2: 2 bases but 1 qualities"),
        (GOOD.removesuffix("+\nI\n"), "a_1.fastq: record 3: expected a line that starts with '+'"),
        (GOOD.replace("@r2", "@r9"), "a_2.fastq: record 2 is r2, but"),
        (GOOD[: GOOD.index("@r3")], "a_1.fastq: ends after record 2, but"),
        (GOOD[: GOOD.index("@r2")], "a_1.fastq: ends after record 1, but"),
    ],
    ids=[
        "nothing",
        "blank lines",
        "empty gzip",
        "truncated gzip",
        "no @",
        "no +",
        "qualities missing",
        "cut in a record",
        "other name",
        "a batch shorter",
        "within a batch shorter",
    ],
)
def test_what_is_wrong_is_named_with_file_and_record(
    tmp_path: Path, one: str | bytes, expected: str
) -> None:
    assert expected in complaint(write(tmp_path, one))


def test_damage_within_gzip_data_is_seen(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(GOOD.encode() * 100))
    packed[-6] ^= 0xFF
    assert "the gzip data" in complaint(write(tmp_path, bytes(packed)), size=1000)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    one, _ = write(tmp_path, GOOD)
    assert "gone.fastq: cannot be read" in complaint((one, tmp_path / "gone.fastq"))
