"""Lanes in chunks: the same reads, and after them the same alignments, as in one piece."""

import gzip
import itertools
from collections.abc import Callable
from pathlib import Path

import pysam
import pytest

from hicloom.aligners import BATCH
from tests.conftest import Outcome
from tests.lanes import genome, write_fasta, write_lane

Run = Callable[..., Outcome]
# Two chunks of two batches of the aligner each, and one of 100 pairs.
PAIRS, CHUNK = 4 * BATCH + 100, 2 * BATCH


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """FASTQs of `PAIRS` read pairs."""
    return write_lane(tmp_path_factory.mktemp("lane"), genome(), PAIRS)


def test_counting_lists_the_chunks_that_splitting_makes(
    hicloom: Run, lane: tuple[Path, Path], tmp_path: Path
) -> None:
    table = hicloom("count-reads", *lane, "--chunk-reads", CHUNK)
    assert table.stdout.splitlines() == [
        "chunk\tfirst\tpairs",
        f"0001\t1\t{CHUNK}",
        f"0002\t{CHUNK + 1}\t{CHUNK}",
        f"0003\t{2 * CHUNK + 1}\t100",
    ]
    assert hicloom("split-reads", *lane, "--chunk-reads", CHUNK, "-o", tmp_path / "x").code == 0
    names = {f"{chunk}_{mate}.fastq.gz" for chunk in ("0001", "0002", "0003") for mate in (1, 2)}
    assert {path.name for path in (tmp_path / "x").iterdir()} == names
    for mate, whole in enumerate(lane, start=1):
        chunks = sorted((tmp_path / "x").glob(f"*_{mate}.fastq.gz"))
        text = b"".join(gzip.decompress(chunk.read_bytes()) for chunk in chunks)
        assert text == gzip.decompress(whole.read_bytes())


def test_a_chunk_is_rounded_up_to_whole_batches(hicloom: Run, lane: tuple[Path, Path]) -> None:
    table = hicloom("count-reads", *lane, "--chunk-reads", CHUNK - BATCH + 1).stdout
    assert table.splitlines()[1] == f"0001\t1\t{CHUNK}"


def test_without_a_size_a_lane_is_one_chunk(hicloom: Run, lane: tuple[Path, Path]) -> None:
    assert hicloom("count-reads", *lane).stdout.splitlines()[1:] == [f"0001\t1\t{PAIRS}"]


def records(bam: Path) -> list[str]:
    """The alignments of a BAM file, as SAM."""
    with pysam.AlignmentFile(str(bam), check_sq=False) as file:
        return [record.to_string() for record in file]


def test_chunks_align_as_the_lane_does(
    hicloom: Run, lane: tuple[Path, Path], tmp_path: Path
) -> None:
    """To the record: also where bwa draws lots between equal places (chr2 repeats chr1)."""
    fasta = write_fasta(tmp_path / "g.fa", genome())
    index = ("--index", tmp_path / "g")
    assert hicloom("index-genome", fasta, "-o", tmp_path / "g").code == 0
    assert hicloom("align", *lane, *index, "-o", tmp_path / "lane.bam").code == 0
    hicloom("split-reads", *lane, "--chunk-reads", CHUNK, "-o", tmp_path / "x")
    found = []
    for chunk in ("0001", "0002", "0003"):
        mates = [tmp_path / f"x/{chunk}_{mate}.fastq.gz" for mate in (1, 2)]
        assert hicloom("align", *mates, *index, "-o", tmp_path / f"{chunk}.bam").code == 0
        found += records(tmp_path / f"{chunk}.bam")
    whole = records(tmp_path / "lane.bam")
    assert found == whole
    assert any(line.split("\t")[4] == "0" for line in whole), "there are ties"


@pytest.mark.parametrize("verb", ["count-reads", "split-reads"])
def test_files_of_different_numbers_of_reads_are_told(
    verb: str, hicloom: Run, lane: tuple[Path, Path], tmp_path: Path
) -> None:
    shorter, target = tmp_path / "2.fq", tmp_path / "out"
    lines = gzip.decompress(lane[1].read_bytes()).splitlines(keepends=True)
    shorter.write_bytes(b"".join(itertools.islice(lines, 4000)))
    outcome = hicloom(verb, lane[0], shorter, "--chunk-reads", CHUNK, "-o", target)
    assert outcome.code == 2
    assert "2.fq: holds 1,000 reads, but" in outcome.stderr
    assert not target.exists()
    assert not [*tmp_path.glob(".part*")]


def test_a_truncated_file_leaves_no_chunks(
    hicloom: Run, lane: tuple[Path, Path], tmp_path: Path
) -> None:
    cut = tmp_path / "1.fq.gz"
    cut.write_bytes(lane[0].read_bytes()[:50_000])
    outcome = hicloom("split-reads", cut, lane[1], "--chunk-reads", CHUNK, "-o", tmp_path / "x")
    assert outcome.code == 2
    assert "1.fq.gz: the gzip data ends before its end marker" in outcome.stderr
    assert not (tmp_path / "x").exists()


def test_a_folder_with_other_files_is_not_replaced(
    hicloom: Run, lane: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    outcome = hicloom("split-reads", *lane, "--chunk-reads", CHUNK, "-o", tmp_path)
    assert outcome.code == 2
    assert (tmp_path / "notes.txt").read_text() == "mine"
