"""`hicloom bam2pairs`: contacts, their order and columns; which BAM files are refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pysam
import pytest

from hicloom.errors import InputError, WorkError
from hicloom.formats.pairs import open_pairs
from hicloom.steps.bam2pairs import bam2pairs
from tests.conftest import body

SIZES = {"chrB": 1000, "chrA": 2000, "chrC": 500}
LETTERS = "ACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTAC"

# Read 1 and read 2 of four pairs: chromosome, position (1-based), strand, MAPQ.
PAIRS = [
    ("late", ("chrA", 900, "+", 60), ("chrA", 1500, "-", 60)),
    ("flipped", ("chrA", 100, "+", 60), ("chrB", 300, "+", 40)),
    ("early", ("chrA", 200, "+", 60), ("chrA", 700, "+", 60)),
    ("weak", ("chrA", 300, "+", 60), ("chrA", 800, "+", 0)),
]


def write_bam(
    path: Path, *, sizes: dict[str, int] = SIZES, order: str = "unsorted", paired: bool = True
) -> Path:
    """Write `PAIRS` as 50-base matches, grouped by name."""
    fields: dict[str, Any] = {"HD": {"VN": "1.6", "SO": order}}
    fields["SQ"] = [{"SN": name, "LN": length} for name, length in sizes.items()]
    with pysam.AlignmentFile(str(path), "wb", header=fields) as bam:
        for name, *ends in PAIRS if sizes else ():
            for side, (chrom, pos, strand, mapq) in zip((0x40, 0x80), ends, strict=True):
                record = pysam.AlignedSegment(bam.header)
                record.query_name = name
                record.flag = (0x1 | side if paired else 0) | (0x10 if strand == "-" else 0)
                record.reference_name, record.reference_start = chrom, pos - 1
                record.mapping_quality, record.cigarstring = mapq, "50M"
                record.query_sequence = LETTERS
                bam.write(record)
    return path


@pytest.fixture
def bam(tmp_path: Path) -> Path:
    return write_bam(tmp_path / "lane.bam")


@pytest.fixture
def sizes(tmp_path: Path) -> Path:
    return write_sizes(tmp_path, "chrB\t1000\nchrA\t2000\n")


def write_sizes(folder: Path, text: str) -> Path:
    path = folder / "main.chrom.sizes"
    path.write_bytes(text.encode())
    return path


def test_contacts_are_flipped_to_the_order_of_chromsizes_and_sorted(
    bam: Path, sizes: Path, tmp_path: Path
) -> None:
    """chrB comes first in chromsizes, so that `flipped` turns over; rows sort by name.

    A reverse read's 5' end is its last base: 1500 + 50 - 1. `weak` has one end below
    MAPQ 1, which stands first as `!`.
    """
    bam2pairs(bam, output=tmp_path / "out.pairs.gz", chromsizes=sizes)
    assert body(tmp_path / "out.pairs.gz") == [
        "weak ! 0 chrA 300 - + MU 0 60",
        "early chrA 200 chrA 700 + + UU 60 60",
        "late chrA 900 chrA 1549 + - UU 60 60",
        "flipped chrB 300 chrA 100 + + UU 40 60",
    ]


def test_the_header_says_order_assembly_and_what_made_the_file(
    bam: Path, sizes: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.pairs.gz"
    bam2pairs(bam, output=output, chromsizes=sizes, assembly="toy")
    with open_pairs(output) as reader:
        header = reader.header
    assert (header.sorted, header.shape) == ("chr1-chr2-pos1-pos2", "upper triangle")
    assert header.assembly == "toy"
    # chrC, which chromsizes leaves out, follows; `filter` drops its pairs.
    assert header.chromsizes == {"chrB": 1000, "chrA": 2000, "chrC": 500}
    assert str(header.value("command")).startswith("hicloom-")
    assert Path(f"{output}.px2").exists()


def test_alignments_are_kept_on_request(bam: Path, sizes: Path, tmp_path: Path) -> None:
    bam2pairs(bam, output=tmp_path / "out.pairs", chromsizes=sizes, keep_sam=True, add_columns="")
    with open_pairs(tmp_path / "out.pairs") as reader:
        assert reader.header.columns[-2:] == ("sam1", "sam2")


def test_options_reach_pairtools(bam: Path, sizes: Path, tmp_path: Path) -> None:
    options: dict[str, Any] = {"min_mapq": 50, "add_columns": "mapq,read_len"}
    bam2pairs(bam, output=tmp_path / "out.pairs", chromsizes=sizes, **options)
    rows = {row.split()[0]: row.split()[7:] for row in body(tmp_path / "out.pairs")}
    assert rows["flipped"] == ["MU", "40", "60", "50", "50"]


@pytest.mark.parametrize("name", ["it's läne 1", "a b;c$d"])
def test_paths_may_hold_blanks_and_quotes(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    (folder / "tmp").mkdir(parents=True)
    bam = write_bam(folder / "a lane.bam")
    sizes = write_sizes(folder, "chrB\t1000\nchrA\t2000\n")
    output = folder / "the pairs.pairs.gz"
    bam2pairs(bam, output=output, chromsizes=sizes, tmpdir=folder / "tmp", memory="1M")
    assert len(body(output)) == len(PAIRS)


def test_no_native_tool_but_sort_is_needed(
    bam: Path, sizes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sort").symlink_to("/usr/bin/sort")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    bam2pairs(bam, output=tmp_path / "out.pairs.gz", chromsizes=sizes, threads=2)
    assert len(body(tmp_path / "out.pairs.gz")) == len(PAIRS)


def test_windows_line_ends_in_chromsizes_are_accepted(bam: Path, tmp_path: Path) -> None:
    sizes = write_sizes(tmp_path, "chrB\t1000\r\nchrA\t2000\r\n")
    bam2pairs(bam, output=tmp_path / "out.pairs.gz", chromsizes=sizes)
    assert body(tmp_path / "out.pairs.gz")[-1].startswith("flipped chrB 300 chrA 100")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chrB\t1000\nchrX\t5\n", "chromosome chrX is not in"),
        ("chrB\t1000\nchrA\t2001\n", "chromosome chrA has length 2001, but 2000 in"),
        ("chrB\t1000\nchrB\t1000\n", "line 2: chromosome chrB is there twice"),
        ("chrB 1000\n", "line 1: expected name<TAB>length"),
        ("chrB\t0\n", "line 1: expected name<TAB>length"),
        ("", "holds no chromosome"),
    ],
)
def test_chromsizes_that_do_not_fit_are_refused(
    bam: Path, tmp_path: Path, text: str, expected: str
) -> None:
    with pytest.raises(InputError, match=expected):
        bam2pairs(bam, output=tmp_path / "out.pairs.gz", chromsizes=write_sizes(tmp_path, text))


def truncate(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-28])
    return path


def scatter(path: Path) -> Path:
    """The records of `PAIRS`, all of read 1 before all of read 2."""
    with pysam.AlignmentFile(str(path)) as bam:
        header, records = bam.header, list(bam)
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for record in sorted(records, key=lambda record: record.is_read2):
            out.write(record)
    return path


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda p: write_bam(p, order="coordinate"), "sorted by coordinate.* samtools collate"),
        (lambda p: scatter(write_bam(p)), "has the records of late apart.* samtools collate"),
        (lambda p: write_bam(p, sizes={}), "no @SQ lines"),
        (lambda p: write_bam(p, paired=False), "neither read 1 nor read 2"),
        (lambda p: truncate(write_bam(p)), "is truncated"),
        (lambda p: write_sizes(p.parent, "r\t77\t*\n"), "is not BAM"),
        (lambda p: p, "cannot be read"),
    ],
    ids=["by coordinate", "scattered", "no SQ", "single end", "truncated", "SAM", "missing"],
)
def test_bam_files_that_will_not_do_are_refused(
    sizes: Path, tmp_path: Path, make: Callable[[Path], Path], expected: str
) -> None:
    with pytest.raises(InputError, match=expected):
        bam2pairs(make(tmp_path / "x.bam"), output=tmp_path / "out.pairs.gz", chromsizes=sizes)
    assert not (tmp_path / "out.pairs.gz").exists()


def test_an_unknown_column_is_refused(bam: Path, sizes: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--add-columns mapping"):
        bam2pairs(bam, output=tmp_path / "o.gz", chromsizes=sizes, add_columns="mapq,mapping")


def test_a_parse_that_dies_leaves_nothing(bam: Path, sizes: Path, tmp_path: Path) -> None:
    """Damage in the middle of a BAM file, which only reading it shows."""
    whole = bytearray(bam.read_bytes())
    with pysam.AlignmentFile(str(bam), "rb") as opened:
        records_start = opened.tell() >> 16
    whole[records_start + 30] ^= 0xFF
    bam.write_bytes(whole)
    with pytest.raises((WorkError, InputError)):
        bam2pairs(bam, output=tmp_path / "out.pairs.gz", chromsizes=sizes)
    assert not list(tmp_path.glob("out*"))
