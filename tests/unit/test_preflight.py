"""The check of inputs before anything is mapped."""

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pysam
import pytest

from hicloom.errors import InputError, WorkError
from hicloom.workflow.preflight import Need, check_columns, check_disk, check_inputs
from hicloom.workflow.samples import read_samples
from tests.conftest import CHROMSIZES

RECORD = "@{name}\nACGT\n+\nIIII\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def check(chromsizes: Path, columns: str, cells: str) -> list[Need]:
    """Check a table of one row, given with blanks for tabs."""
    text = "\n".join("\t".join(line.split(" ")) for line in (columns, cells))
    Path("samples.tsv").write_text(text)
    return check_inputs(read_samples(Path("samples.tsv")), chromsizes, None)


def check_reads(chromsizes: Path, one: bytes, two: bytes) -> list[Need]:
    """Check a lane of these two FASTQs."""
    Path("1.fq").write_bytes(one)
    Path("2.fq").write_bytes(two)
    return check(chromsizes, "library fastq1 fastq2", "A 1.fq 2.fq")


def write_bam(sizes: dict[str, int]) -> None:
    """Write a BAM of no records as a.bam."""
    header = {"SQ": [{"SN": name, "LN": length} for name, length in sizes.items()]}
    with pysam.AlignmentFile("a.bam", "wb", header=header):
        pass


def test_reads_that_pair_up_pass(chromsizes: Path) -> None:
    one, two = (RECORD.format(name=f"r1/{mate} extra").encode() for mate in (1, 2))
    (need,) = check_reads(chromsizes, one, gzip.compress(two))
    assert need.size == len(one) + len(gzip.compress(two))
    assert need.disk > 0


@pytest.mark.parametrize(
    ("two", "message"),
    [
        (RECORD.format(name="r2").encode(), "record 1 is r2, but 1.fq has r1"),
        (b"", "is empty"),
        (b">r1\nACGT\n", "expected a line that starts with '@'"),
        (
            gzip.compress(RECORD.format(name="r1").encode() * 99, mtime=0)[:-9],
            "ends before its end",
        ),
    ],
    ids=["other names", "empty", "no FASTQ", "truncated gzip"],
)
def test_reads_that_do_not_are_named_with_their_line(
    two: bytes, message: str, chromsizes: Path
) -> None:
    with pytest.raises(InputError, match=r"samples\.tsv, line 2: 2\.fq: .*") as caught:
        check_reads(chromsizes, RECORD.format(name="r1").encode(), two)
    assert message in str(caught.value)


def test_a_bam_of_the_same_genome_passes(chromsizes: Path) -> None:
    write_bam({**CHROMSIZES, "chrM": 16_000})
    assert len(check(chromsizes, "library bam", "A a.bam")) == 1


def test_a_bam_of_another_genome_is_refused(chromsizes: Path) -> None:
    write_bam({**CHROMSIZES, "chr2": 999})
    with pytest.raises(InputError, match=r"line 2: .*: chromosome chr2 has length 500000, but 999"):
        check(chromsizes, "library bam", "A a.bam")


def test_pairs_must_name_the_chromosomes_in_the_same_order(
    chromsizes: Path, write_pairs: Callable[..., Path]
) -> None:
    write_pairs("a.pairs", ["r chr1 1 chr1 5 + - UU 60 60"])
    assert len(check(chromsizes, "library pairs", "A a.pairs")) == 1
    chromsizes.write_text("".join(reversed(chromsizes.read_text().splitlines(keepends=True))))
    with pytest.raises(InputError, match=r"line 2: .*another order than in the header of a\.pairs"):
        check(chromsizes, "library pairs", "A a.pairs")


def test_pairs_must_have_the_columns_that_filters_ask_for(
    chromsizes: Path, write_pairs: Callable[..., Path]
) -> None:
    path = write_pairs("a.pairs", [])
    path.write_text(path.read_text().replace(" mapq1 mapq2", ""))
    Path("samples.tsv").write_text("library\tpairs\nA\ta.pairs\n")
    samples = read_samples(Path("samples.tsv"))
    check_columns(samples, ["pos1"])
    with pytest.raises(InputError, match=r"samples\.tsv, line 2: a\.pairs: no column 'mapq1'"):
        check_columns(samples, ["pos1", "mapq1"])


def test_a_disk_that_is_too_small_is_said(chromsizes: Path, tmp_path: Path) -> None:
    (need,) = check_reads(chromsizes, *(RECORD.format(name="r").encode() for _ in range(2)))
    check_disk([need], tmp_path)
    more = Need(need.lane, need.size, shutil.disk_usage(tmp_path).total)
    with pytest.raises(WorkError, match="GiB are needed"):
        check_disk([more], tmp_path)
