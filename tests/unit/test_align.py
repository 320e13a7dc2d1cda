"""`hicloom align`: records, their order, headers; what is refused; workers that die."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pysam
import pytest

from hicloom.aligners.external import mate
from hicloom.errors import InputError, WorkError
from hicloom.formats.bgzf import has_eof
from hicloom.steps import align as step
from hicloom.steps.align import align
from hicloom.steps.index_genome import index_genome
from tests import lanes

PAIRED, READ1, READ2, SECONDARY, SUPPLEMENTARY = 0x1, 0x40, 0x80, 0x100, 0x800


class Lane(NamedTuple):
    """A lane of 200 pairs and the index of its genome."""

    one: Path
    two: Path
    index: Path


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Lane:
    folder = tmp_path_factory.mktemp("it's a läne")
    sequences = lanes.genome()
    fasta = lanes.write_fasta(folder / "g.fa", sequences)
    index_genome(fasta, output=folder / "index")
    return Lane(*lanes.write_lane(folder, sequences), folder / "index")


def aligned(lane: Lane, output: Path, **options: Any) -> list[str]:
    """The records as SAM lines."""
    align(lane.one, lane.two, output=output, index=lane.index, **options)
    with pysam.AlignmentFile(str(output), check_sq=False) as bam:
        return [record.to_string() for record in bam]


def flags(records: list[str]) -> list[int]:
    return [int(line.split("\t")[1]) for line in records]


def test_records_come_in_read_order_read_1_first(lane: Lane, tmp_path: Path) -> None:
    records = aligned(lane, tmp_path / "out.bam")
    primary = [line for line in records if not int(line.split("\t")[1]) & SUPPLEMENTARY]
    sides = [flag & (READ1 | READ2) for flag in flags(primary)]
    assert [line.split("\t")[0] for line in primary[::2]] == [f"pair{n}" for n in range(200)]
    assert sides == [READ1, READ2] * 200
    assert all(flag & PAIRED for flag in flags(records))


def test_the_file_is_whole_and_its_header_says_what_made_it(lane: Lane, tmp_path: Path) -> None:
    aligned(lane, tmp_path / "out.bam")
    with pysam.AlignmentFile(str(tmp_path / "out.bam")) as bam:
        header = bam.header.to_dict()
    assert has_eof(tmp_path / "out.bam")
    assert header["HD"] == {"VN": "1.6", "SO": "unsorted", "GO": "query"}
    assert header["SQ"][0] == {"SN": "chr1", "LN": 6000}
    assert [(program["ID"], program.get("PP")) for program in header["PG"]] == [
        ("bwa", None),
        ("hicloom-align", "bwa"),
    ]


@pytest.mark.parametrize("threads", [2, 3])
def test_bytes_do_not_depend_on_threads(
    lane: Lane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    # 200 pairs in batches of 16, so that every worker gets several.
    monkeypatch.setattr(step, "BATCH", 16)
    aligned(lane, tmp_path / "one.bam", threads=1)
    aligned(lane, tmp_path / "more.bam", threads=threads)
    assert (tmp_path / "one.bam").read_bytes() == (tmp_path / "more.bam").read_bytes()


def test_split_hits_are_supplementary_or_on_request_secondary(lane: Lane, tmp_path: Path) -> None:
    native = flags(aligned(lane, tmp_path / "native.bam"))
    picard = flags(aligned(lane, tmp_path / "picard.bam", split_as_secondary=True))
    assert any(flag & SUPPLEMENTARY for flag in native)
    assert not any(flag & SUPPLEMENTARY for flag in picard)
    assert [flag & ~SUPPLEMENTARY for flag in native] == [flag & ~SECONDARY for flag in picard]


def test_hard_clipped_records_hold_the_bases_that_they_align(lane: Lane, tmp_path: Path) -> None:
    sequences = lanes.genome()
    aligned(lane, tmp_path / "out.bam")
    with pysam.AlignmentFile(str(tmp_path / "out.bam")) as bam:
        split = [record for record in bam if record.is_supplementary]
    assert {record.is_reverse for record in split} == {True, False}
    for record in split:
        place = slice(record.reference_start, record.reference_end)
        # The reads have no errors, and the aligned part of a split hit has no gaps.
        if record.get_tag("NM") == 0 and record.query_alignment_sequence == record.query_sequence:
            assert record.query_sequence == sequences[str(record.reference_name)][place]
            assert len(record.query_qualities or ()) == len(record.query_sequence)


@pytest.mark.parametrize("text", ["ID:l1\tSM:lib", r"@RG\tID:l1\tSM:lib"])
def test_a_read_group_is_in_the_header_and_on_every_record(
    lane: Lane, tmp_path: Path, text: str
) -> None:
    records = aligned(lane, tmp_path / "out.bam", read_group=text)
    with pysam.AlignmentFile(str(tmp_path / "out.bam")) as bam:
        assert bam.header.to_dict()["RG"] == [{"ID": "l1", "SM": "lib"}]
    assert all("\tRG:Z:l1" in line for line in records)


def test_an_index_is_given_by_its_folder_or_prefix(lane: Lane, tmp_path: Path) -> None:
    by_prefix = lane._replace(index=lane.index / "genome")
    assert aligned(lane, tmp_path / "a.bam") == aligned(by_prefix, tmp_path / "b.bam")


def test_reads_without_bases_do_not_align(lane: Lane, tmp_path: Path) -> None:
    for name in ("1", "2"):
        (tmp_path / name).write_text("@r\n\n+\n\n")
    empty = Lane(tmp_path / "1", tmp_path / "2", lane.index)
    assert flags(aligned(empty, tmp_path / "out.bam")) == [77, 141]


@pytest.mark.parametrize("group", ["SM:lib", "l1", "ID:l1\n"])
def test_a_wrong_read_group_is_refused(lane: Lane, tmp_path: Path, group: str) -> None:
    with pytest.raises(InputError, match="--read-group"):
        aligned(lane, tmp_path / "out.bam", read_group=group)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_wrong_record_late_in_a_lane_leaves_nothing(
    lane: Lane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    monkeypatch.setattr(step, "BATCH", 16)
    two = tmp_path / "two.fastq"
    pair = [line for n in range(100) for line in (f"@pair{n}", "ACGT", "+", "IIII")]
    pair[4 * 70] = "@other"
    two.write_text("\n".join(pair) + "\n")
    with pytest.raises(InputError, match=r"record 71 is other, but .* has pair70 there"):
        aligned(lane._replace(two=two), tmp_path / "out.bam", threads=threads)
    assert [path.name for path in tmp_path.iterdir()] == ["two.fastq"]


def test_an_aligner_that_is_not_installed_is_named(
    lane: Lane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="bwa-mem2 is not installed"):
        aligned(lane, tmp_path / "out.bam", aligner="bwa-mem2")


def test_a_native_aligner_that_dies_is_blamed_with_its_words(
    lane: Lane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "bin" / "bwa"
    fake.parent.mkdir()
    # Dies after the header and part of a record, as if killed for want of memory.
    sam = r"@SQ\tSN:chr1\tLN:6000\nr\t77\t*"
    fake.write_text(f"#!/bin/sh\nprintf '{sam}'\necho out of memory >&2\nexit 3\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    with pytest.raises(WorkError, match=r"bwa mem failed \(exit 3\): out of memory"):
        aligned(lane, tmp_path / "out.bam", aligner="bwa")
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]


def test_an_aligner_that_stops_between_two_mates_is_blamed(
    lane: Lane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "bin" / "minimap2"
    fake.parent.mkdir()
    # One read of a pair, and no error code.
    sam = r"@SQ\tSN:chr1\tLN:6000\npair0\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII\n"
    fake.write_text(f"#!/bin/sh\ncat >/dev/null\nprintf '{sam}'\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    genome = fake.with_name("genome.fa")
    genome.write_text(">chr1\nACGT\n")
    lane = lane._replace(index=genome)
    with pytest.raises(WorkError, match=r"minimap2.*1 reads named pair0, expected 2"):
        aligned(lane, tmp_path / "out.bam", aligner="minimap2")
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]


@pytest.fixture
def waiting(lane: Lane, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A running `hicloom align --threads 2` that waits for more of FASTQ 1, a FIFO."""
    fifo = tmp_path / "one.fastq"
    os.mkfifo(fifo)
    words = ["align", fifo, lane.two, "--index", lane.index, "--output", tmp_path / "out.bam"]
    command = [sys.executable, "-m", "hicloom", *map(str, words), "--threads", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as running:
        yield running, fifo
        running.kill()


def workers(running: subprocess.Popen[bytes]) -> list[int]:
    """The worker processes, once both are there."""
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    for _ in range(200):
        found = [int(pid) for pid in children.read_text().split()]
        if len(found) == 2:
            return found
        time.sleep(0.05)
    raise AssertionError("no workers")


def gone(pids: list[int]) -> bool:
    for _ in range(200):
        if not any(Path(f"/proc/{pid}/status").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False


def test_a_worker_that_is_killed_fails_the_work(
    waiting: tuple[subprocess.Popen[bytes], Path], lane: Lane
) -> None:
    running, fifo = waiting
    children = workers(running)
    os.kill(children[0], signal.SIGKILL)
    # The pool ends the other one as soon as it notices; only then the reads go on.
    assert gone(children[1:])
    with fifo.open("wb") as pipe:
        pipe.write(b"@pair0\nACGT\n+\nIIII\n")
    assert running.wait(timeout=20) == 1
    assert running.stderr is not None
    assert b"an aligner process died" in running.stderr.read()
    assert list(fifo.parent.iterdir()) == [fifo]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_their_parent(
    waiting: tuple[subprocess.Popen[bytes], Path], how: signal.Signals
) -> None:
    running, fifo = waiting
    children = workers(running)
    running.send_signal(how)
    running.wait(timeout=20)
    assert gone(children)
    assert not (fifo.parent / "out.bam").exists()


def test_reads_aligned_one_by_one_become_pairs() -> None:
    """A reverse read 1 with a supplementary part, and an unmapped read 2."""
    header = pysam.AlignmentHeader.from_references(["chr1"], [1000])
    lines = [
        "r\t16\tchr1\t101\t60\t4M\t*\t0\t0\tACGT\tIIII",
        "r\t2048\tchr1\t501\t30\t2M2H\t*\t0\t0\tAC\tII",
        "r\t4\t*\t0\t0\t*\t*\t0\t0\tGG\tII",
    ]
    records = [pysam.AlignedSegment.fromstring(line, header) for line in lines]
    columns = [record.to_string().split("\t") for record in mate(records)]
    assert [row[1:4] + row[6:8] for row in columns] == [
        [str(1 + 8 + 16 + 64), "chr1", "101", "=", "101"],
        [str(1 + 8 + 64 + 2048), "chr1", "501", "=", "501"],
        [str(1 + 4 + 32 + 128), "chr1", "101", "=", "101"],
    ]
