"""`hicloom describe` says what a file holds."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cooler
import pandas as pd
import pysam
import pytest

from hicloom import __version__
from hicloom.formats.pairs import Header, create_pairs
from tests.conftest import CHROMSIZES, COLUMNS, Outcome

Run = Callable[..., Outcome]


def test_pairs(write_pairs: Callable[..., Path], hicloom: Run) -> None:
    path = write_pairs("a.pairs.gz", ["r chr1 1 chr1 5 + - UU 60 60"])
    filtered = path.with_name("b.pairs")
    assert hicloom("filter", path, "--output", filtered).code == 0
    said = hicloom("describe", filtered).stdout
    assert "assembly: toy" in said
    assert "chromosomes: 3, 1,800,000 bp" in said
    assert "filter" in said.splitlines()[-1], "the command that made it"


def test_pairs_are_counted_by_their_index_and_chains_are_told_in_their_order(
    tmp_path: Path, hicloom: Run
) -> None:
    chain = ["ID:bwa\tPN:bwa\tVN:0.7.17\tCL:bwa mem -SP5", "ID:sort\tPN:sort\tPP:bwa"]
    header = Header.new(CHROMSIZES, tuple(COLUMNS.split()), "toy")
    programs = tuple(f"#samheader: @PG\t{line}" for line in chain)
    header = replace(header, fields=header.fields + programs).with_command("other-2.0 sort")
    with create_pairs(tmp_path / "a.pairs.gz", header) as out:
        out.write(b"r\tchr1\t1\tchr1\t5\t+\t-\tUU\t60\t60\n" * 3)
    said = hicloom("describe", tmp_path / "a.pairs.gz").stdout.splitlines()
    assert "pairs: 3" in said
    assert said[-4:] == ["made by:", "  bwa 0.7.17: bwa mem -SP5", "  sort", "  other-2.0 sort"]
    index = hicloom("describe", tmp_path / "a.pairs.gz.px2").stdout
    assert "of: a.pairs.gz" in index
    assert "the format has no place for it" in index


def test_pairs_that_do_not_say_what_made_them(
    write_pairs: Callable[..., Path], hicloom: Run
) -> None:
    path = write_pairs("a.pairs", ["r chr1 1 chr1 5 + - UU 60 60"])
    said = hicloom("describe", path).stdout
    assert said.endswith("made by:\n  not recorded in this file\n")


@pytest.fixture
def mcool(write_pairs: Callable[..., Path], tmp_path: Path, hicloom: Run) -> Path:
    """A map of one pair at two resolutions."""
    path = write_pairs("a.pairs.gz", ["r chr1 1 chr1 5 + - UU 60 60"])
    cool, mcool = tmp_path / "a.cool", tmp_path / "a.mcool"
    words = ("--bin-size", 100_000, "--assembly", "toy")
    assert hicloom("cload", path, *words, "--output", cool).code == 0
    words = ("--resolutions", 100_000, "--resolutions", 500_000, "--no-balance")
    assert hicloom("zoomify", cool, *words, "--output", mcool).code == 0
    return mcool


def test_a_map(mcool: Path, hicloom: Run) -> None:
    lines = hicloom("describe", mcool).stdout.splitlines()
    assert [line.split() for line in lines[:3]] == [
        ["resolution", "bins", "pixels", "pairs", "weights", "balanced"],
        ["100000", "18", "1", "1", "none", "no"],
        ["500000", "4", "1", "1", "none", "no"],
    ]
    assert "assembly: toy" in lines
    assert [line for line in lines if line.startswith("date: 20")]
    assert lines[-3] == f"  hicloom-{__version__}"
    for line, verb in zip(lines[-2:], ("cload", "zoomify"), strict=True):
        assert line.startswith(f"  hicloom-{__version__} {verb} ")


def test_a_map_of_cooler(tmp_path: Path, hicloom: Run) -> None:
    path = tmp_path / "b.cool"
    bins = cooler.binnify(pd.Series({"chr1": 1000}), 100)
    pixels = pd.DataFrame({"bin1_id": [0], "bin2_id": [3], "count": [7]})
    cooler.create_cooler(str(path), bins, pixels)
    lines = hicloom("describe", path).stdout.splitlines()
    assert lines[1].split() == ["100", "10", "1", "7", "none", "no"]
    assert lines[-1] == f"  cooler-{cooler.__version__}"


def test_hic_of_this_engine_and_one_that_tells_nothing(
    mcool: Path, tmp_path: Path, hicloom: Run
) -> None:
    assert hicloom("hic", mcool, "--norms", "VC", "--output", tmp_path / "a.hic").code == 0
    said = hicloom("describe", tmp_path / "a.hic").stdout
    assert "assembly: toy" in said
    assert "resolutions: 500000 100000" in said
    assert f"  hicloom-{__version__} hic " in said.splitlines()[-1]
    # An attribute of no bytes where the command was.
    whole = (tmp_path / "a.hic").read_bytes()
    start = whole.index(b"software\0")
    (tmp_path / "b.hic").write_bytes(whole.replace(b"software", b"Software", 1))
    assert start < 100
    assert "not recorded" in hicloom("describe", tmp_path / "b.hic").stdout


def test_a_bam_tells_its_chain_of_programs(tmp_path: Path, hicloom: Run) -> None:
    programs = [
        {"ID": "samtools", "PN": "samtools", "VN": "1.21", "CL": "samtools view", "PP": "bwa"},
        {"ID": "bwa", "PN": "bwa", "VN": "0.7.18", "CL": "bwa mem -SP5"},
    ]
    head = {"HD": {"VN": "1.6", "SO": "unsorted"}, "SQ": [{"SN": "chr1", "LN": 9}], "PG": programs}
    head["RG"] = [{"ID": "L1", "DT": "2026-05-01"}]
    with pysam.AlignmentFile(str(tmp_path / "x.bam"), "wb", header=head):
        pass
    lines = hicloom("describe", tmp_path / "x.bam").stdout.splitlines()
    assert lines[0] == "format: BAM"
    assert "dates: 2026-05-01" in lines
    assert lines[-2:] == ["  bwa 0.7.18: bwa mem -SP5", "  samtools 1.21: samtools view"]


def test_each_track_of_a_d4_tells_what_made_it(
    write_pairs: Callable[..., Path], tmp_path: Path, hicloom: Run
) -> None:
    pairs = write_pairs("a.pairs.gz", ["r chr1 1 chr1 5 + - UU 60 60"])
    for name in ("one", "two"):
        assert hicloom("d4", "create", pairs, "--output", tmp_path / f"{name}.d4").code == 0
    parts = [tmp_path / "one.d4", tmp_path / "two.d4"]
    assert hicloom("d4", "merge", *parts, "--output", tmp_path / "x.d4").code == 0
    lines = hicloom("describe", tmp_path / "x.d4").stdout.splitlines()
    assert lines[:3] == ["format: D4", "chromosomes: 3, 1,800,000 bp", "tracks: 2"]
    assert [line for line in lines if line.startswith("track: ")] == ["track: one", "track: two"]
    made = [line for line in lines if line.startswith(f"  hicloom-{__version__} d4 create ")]
    assert len(made) == 2


def test_the_name_does_not_matter(mcool: Path, hicloom: Run) -> None:
    other = mcool.rename(mcool.with_name("map.bam"))
    assert "assembly: toy" in hicloom("describe", other).stdout


@pytest.mark.parametrize(
    "name", ["x.mcool", "x.pairs", "x.hic", "x.d4", "x.bam", "x.px2", "folder", "absent"]
)
def test_what_it_cannot_read(name: str, tmp_path: Path, hicloom: Run) -> None:
    """Each begins as its kind does, and ends there."""
    (tmp_path / "folder").mkdir()
    starts = {
        "x.mcool": b"\x89HDF\r\n\x1a\n",
        "x.pairs": b"text\n",
        "x.hic": b"HIC\0",
        "x.d4": b"d4\xdd\xdd\0\0\0\0",
        "x.bam": gzip.compress(b"BAM\1"),
        "x.px2": gzip.compress(b"PX2.004\1"),
    }
    for file, start in starts.items():
        (tmp_path / file).write_bytes(start)
    outcome = hicloom("describe", tmp_path / name)
    assert outcome.code == 2
    assert len(outcome.stderr.splitlines()) == 1
