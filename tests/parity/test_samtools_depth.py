"""Depth base by base as `samtools depth -a` and mosdepth count it."""

import gzip
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pysam
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hicloom.steps.d4.create import create
from tests.alignments import (
    CHROMSIZES,
    Depth,
    alignment,
    alignments,
    assert_same_depth,
    depth_of,
    sort_bam,
    write_bam,
)

SAMTOOLS = shutil.which("samtools")
MOSDEPTH = shutil.which("mosdepth")
needs_samtools = pytest.mark.skipif(not SAMTOOLS, reason="needs samtools")
RECORDS = st.lists(alignments(), max_size=30)
FEW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def samtools_depth(bam: Path, *options: str) -> Depth:
    """What `samtools depth -a` says of a sorted BAM."""
    command = [str(SAMTOOLS), "depth", "-a", *options, str(bam)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = {chrom: np.zeros(size, np.int64) for chrom, size in CHROMSIZES.items()}
    for line in said.splitlines():
        chrom, position, depth = line.split("\t")
        found[chrom][int(position) - 1] = int(depth)
    return found


def selected(bam: Path, expression: str) -> Path:
    """The records that a filter expression of samtools keeps."""
    kept = bam.with_suffix(".kept.bam")
    subprocess.run([str(SAMTOOLS), "view", "-b", "-e", expression, "-o", kept, bam], check=True)
    return kept


@needs_samtools
@FEW
@given(records=RECORDS, deletions=st.booleans(), min_mapq=st.sampled_from([0, 1, 30]))
def test_every_base_has_the_depth_of_samtools(
    tmp_path: Path, records: Sequence[pysam.AlignedSegment], deletions: bool, min_mapq: int
) -> None:
    bam = write_bam(tmp_path / "any.bam", records)
    create([bam], output=tmp_path / "x.d4", deletions=deletions, min_mapq=min_mapq)
    # A secondary alignment counts if it is half of a split read: then it has a tag SA.
    wanted = selected(sort_bam(bam), "!flag.secondary || [SA]")
    options = ["-g", "SECONDARY", "-Q", str(min_mapq), *["-J"] * deletions]
    assert_same_depth(depth_of(tmp_path / "x.d4"), samtools_depth(wanted, *options))


@needs_samtools
@FEW
@given(records=RECORDS)
def test_other_flags_may_be_excluded(
    tmp_path: Path, records: Sequence[pysam.AlignedSegment]
) -> None:
    bam = write_bam(tmp_path / "any.bam", records)
    create([bam], output=tmp_path / "x.d4", exclude_flags=["supplementary"])
    options = ["-g", "SECONDARY,QCFAIL,DUP", "-G", "SUPPLEMENTARY,UNMAP"]
    assert_same_depth(depth_of(tmp_path / "x.d4"), samtools_depth(sort_bam(bam), *options))


@needs_samtools
@FEW
@given(records=RECORDS, seed=st.randoms(use_true_random=False))
def test_the_order_of_records_and_the_container_change_nothing(
    tmp_path: Path, records: list[pysam.AlignedSegment], seed: object
) -> None:
    bam = write_bam(tmp_path / "any.bam", records)
    seed.shuffle(records)  # type: ignore[attr-defined]
    shuffled = write_bam(tmp_path / "shuffled.bam", records)
    files = [bam, shuffled, sort_bam(bam)]
    outputs = [tmp_path / f"{number}.d4" for number in range(len(files))]
    for path, output in zip(files, outputs, strict=True):
        create([path], output=output)
    assert len({output.read_bytes() for output in outputs}) == 1


def test_cram_needs_no_reference_for_depth(tmp_path: Path) -> None:
    records = [alignment(f"r{n}", 0, 50 * n, [(0, 40)]) for n in range(50)]
    bam = write_bam(tmp_path / "x.bam", records)
    reference = tmp_path / "toy.fa"
    reference.write_text("".join(f">{n}\n{'A' * size}\n" for n, size in CHROMSIZES.items()))
    cram = tmp_path / "x.cram"
    pysam.samtools.view(
        "-C", "-T", str(reference), "-o", str(cram), str(sort_bam(bam)), catch_stdout=False
    )
    for path in (reference, Path(f"{reference}.fai")):
        path.unlink()
    create([cram], output=tmp_path / "cram.d4")
    create([bam], output=tmp_path / "bam.d4")
    assert depth_of(tmp_path / "bam.d4")["chr1"].sum() == 50 * 40
    assert (tmp_path / "cram.d4").read_bytes() == (tmp_path / "bam.d4").read_bytes()


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Simulated Hi-C reads of three chromosomes, aligned: a name-grouped BAM."""
    folder = tmp_path_factory.mktemp("lane")
    hicloom = [sys.executable, "-m", "hicloom"]
    sizes = "--chromosomes=chrI:230000,chrII:120000,chrM:85000"
    for words in (
        ["simulate", "genome", sizes, "--output", "genome.fa.gz"],
        ["simulate", "reads", "genome.fa.gz", "--pairs=4000", "--output1=1.fq.gz"],
        ["index-genome", "genome.fa.gz", "--output=index"],
        ["align", "1.fq.gz", "2.fq.gz", "--index=index", "--output=lane.bam"],
    ):
        extra = ["--output2=2.fq.gz"] if "reads" in words else []
        subprocess.run([*hicloom, *words, *extra], cwd=folder, check=True)
    return folder / "lane.bam"


@pytest.mark.skipif(not MOSDEPTH, reason="needs mosdepth")
def test_every_base_has_the_depth_of_mosdepth(lane: Path, tmp_path: Path) -> None:
    bam = sort_bam(lane)
    pysam.samtools.index(str(bam))
    # Debian's mosdepth looks for the library by the name that only its -dev package has.
    libraries = list(Path("/usr/lib").rglob("libhts.so.3*"))
    (tmp_path / "libhts.so").symlink_to(libraries[0])
    environment = {**os.environ, "LD_LIBRARY_PATH": str(tmp_path)}
    # Its own filter drops all secondary ones, with and without a tag SA.
    command = [str(MOSDEPTH), "--flag", "1796", "out", str(bam)]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    create(
        [lane],
        output=tmp_path / "x.d4",
        exclude_flags=["unmapped", "secondary", "qc-fail", "duplicate"],
    )
    found = depth_of(tmp_path / "x.d4")
    theirs = {chrom: np.zeros_like(depth) for chrom, depth in found.items()}
    with gzip.open(tmp_path / "out.per-base.bed.gz", "rt") as table:
        for chrom, start, end, depth in map(str.split, table):
            theirs[chrom][int(start) : int(end)] = int(depth)
    assert sum(depth.sum() for depth in found.values()) > 500_000
    assert_same_depth(found, theirs)
