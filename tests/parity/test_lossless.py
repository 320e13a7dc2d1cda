"""The lossless BAM against pairtools' own way: dedup with everything kept, then split."""

from collections.abc import Callable
from pathlib import Path

import pysam
import pytest

from hicloom.process import run, tool
from hicloom.steps.align import align
from hicloom.steps.bam2pairs import bam2pairs
from hicloom.steps.dedup import dedup
from hicloom.steps.index_genome import index_genome
from hicloom.steps.simulate.genome import genome
from hicloom.steps.simulate.reads import reads
from tests.conftest import Outcome, body


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sorted pairs of 1500 simulated read pairs, with their SAM columns."""
    folder = tmp_path_factory.mktemp("lossless")
    fasta, one, two = (folder / name for name in ("g.fa", "1.fq.gz", "2.fq.gz"))
    genome(output=fasta, chromosomes="chr1:60000,chr2:40000", seed=5)
    reads(fasta, output1=one, output2=two, pairs=1500, duplicates=0.3, seed=6)
    index_genome(fasta, output=folder / "index", chromsizes=folder / "sizes")
    align(one, two, output=folder / "lane.bam", index=folder / "index")
    pairs = folder / "lane.pairs.gz"
    bam2pairs(folder / "lane.bam", chromsizes=folder / "sizes", output=pairs, keep_sam=True)
    return pairs


def records(path: Path) -> list[str]:
    """Alignments as SAM lines, in the order of the file."""
    with pysam.AlignmentFile(str(path), check_sq=False) as bam:
        return [record.to_string() for record in bam]


def test_it_holds_what_pairtools_split_writes(lane: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.pairs"
    plain.write_bytes(pysam.BGZFile(str(lane)).read())
    marked, sam = tmp_path / "marked.pairs", tmp_path / "split.sam"
    keep = ["--mark-dups", "--output-dups", "-", "--output-unmapped", "-", "--backend", "cython"]
    run([tool("pairtools", ""), "dedup", *keep, "--max-mismatch", "3", "-o", marked, plain])
    run([tool("pairtools", ""), "split", "--output-sam", sam, marked])

    bam = tmp_path / "x.lossless.bam"
    dedup(lane, output=tmp_path / "x.pairs.gz", lossless_bam=bam)
    assert records(bam) == records(sam)
    assert sum(int(line.split("\t")[1]) & 0x400 > 0 for line in records(bam)) > 100


def test_every_read_of_the_lane_is_in_it(lane: Path, tmp_path: Path) -> None:
    bam = tmp_path / "x.lossless.bam"
    dedup(lane, output=tmp_path / "x.pairs.gz", lossless_bam=bam)
    with pysam.AlignmentFile(str(bam)) as file:
        assert len({(r.query_name, r.is_read1) for r in file}) == 2 * 1500


def test_the_pairs_are_those_of_a_run_without_it(lane: Path, tmp_path: Path) -> None:
    with_bam, without = tmp_path / "with.pairs.gz", tmp_path / "without.pairs.gz"
    dedup(lane, output=with_bam, lossless_bam=tmp_path / "x.bam")
    dedup(lane, output=without)
    # Without the BAM the SAM columns stay, between pair_type and mapq1.
    rows = [row.split() for row in body(without)]
    assert body(with_bam) == [" ".join(row[:8] + row[10:]) for row in rows]


def test_it_needs_sam_columns(
    hicloom: Callable[..., Outcome], write_pairs: Callable[..., Path], tmp_path: Path
) -> None:
    path = write_pairs("x.pairs.gz", [])
    outcome = hicloom("dedup", path, "-o", tmp_path / "o", "--lossless-bam", tmp_path / "x.bam")
    assert outcome.code == 2
    assert "hicloom bam2pairs --keep-sam" in outcome.stderr
    assert not (tmp_path / "x.bam").exists()
