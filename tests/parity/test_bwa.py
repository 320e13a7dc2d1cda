"""The embedded aligner and the chain behind it against bwa, samtools and pairtools themselves."""

import shutil
import subprocess
from pathlib import Path

import pysam
import pytest

from hicloom.formats.genome import BWA_SUFFIXES
from hicloom.process import tool
from hicloom.steps.align import BATCH, align
from hicloom.steps.bam2pairs import bam2pairs
from hicloom.steps.index_genome import index_genome
from tests import lanes
from tests.conftest import SHARED, body

YEAST = SHARED / "data" / "yeast"
LANES = sorted(YEAST.glob("fastq/*/*/*_1.fastq.gz"))

pytestmark = pytest.mark.skipif(not shutil.which("bwa"), reason="bwa is not installed")
needs_yeast = pytest.mark.skipif(not LANES, reason="the yeast reads of ../shared are not there")


def bwa_mem(prefix: Path, *fastqs: Path, flags: str = "-SP5") -> list[str]:
    """SAM lines without the header."""
    command = ["bwa", "mem", flags, "-t", "1", str(prefix), *map(str, fastqs)]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return [line for line in text.splitlines() if not line.startswith("@")]


def records(bam: Path) -> list[str]:
    """SAM lines without MQ, the mate's MAPQ, which bwa writes only since 0.7.18."""
    with pysam.AlignmentFile(str(bam)) as opened:
        lines = [record.to_string() for record in opened]
    return [
        "\t".join(field for field in line.split("\t") if not field.startswith("MQ:"))
        for line in lines
    ]


def own_columns(line: str) -> tuple[list[str], list[str]]:
    """What a record says of its own alignment: not of its mate, other parts or equal hits.

    These may lie at MAPQ 0, where bwa draws lots by a read's ordinal in the run.
    """
    columns = line.split("\t")
    columns[1] = str(int(columns[1]) & ~0x20)
    tags = [tag for tag in columns[11:] if tag[:2] not in ("MC", "SA", "XA")]
    return [*columns[:6], *columns[9:11]], tags


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    folder = tmp_path_factory.mktemp("toy")
    sequences = lanes.genome()
    fasta = lanes.write_fasta(folder / "g.fa", sequences)
    index_genome(fasta, output=folder / "index")
    return *lanes.write_lane(folder, sequences), folder / "index"


@pytest.fixture(scope="module")
def yeast(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("yeast") / "index"
    index_genome(next(YEAST.glob("genome/*.fa.gz")), output=folder)
    return folder


def test_the_index_is_bwas(toy: tuple[Path, Path, Path], tmp_path: Path) -> None:
    fasta = toy[2].parent / "g.fa"
    subprocess.run(["bwa", "index", "-p", tmp_path / "g", fasta], capture_output=True, check=True)
    for suffix in BWA_SUFFIXES:
        ours = toy[2] / f"genome{suffix}"
        assert ours.read_bytes() == (tmp_path / f"g{suffix}").read_bytes()


@pytest.mark.parametrize(("split", "flags"), [(False, "-SP5"), (True, "-SP5M")])
def test_within_a_batch_every_record_is_bwas(
    toy: tuple[Path, Path, Path], tmp_path: Path, split: bool, flags: str
) -> None:
    """The 200 pairs of the lane are one batch, so that even draws at MAPQ 0 are the same."""
    one, two, index = toy
    align(one, two, output=tmp_path / "x.bam", index=index, split_as_secondary=split)
    assert records(tmp_path / "x.bam") == bwa_mem(index / "genome", one, two, flags=flags)


def test_the_external_bwa_gives_its_own_records(
    toy: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    one, two, index = toy
    align(one, two, output=tmp_path / "x.bam", index=index, aligner="bwa")
    assert records(tmp_path / "x.bam") == bwa_mem(index / "genome", one, two)


@pytest.mark.skipif(not shutil.which("minimap2"), reason="minimap2 is not installed")
def test_minimap2_agrees_on_unique_primary_hits(
    toy: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    """Another algorithm, so only where both are sure; the pairing flags must be the same."""
    one, two, index = toy
    align(one, two, output=tmp_path / "b.bam", index=index)
    fasta = index.parent / "g.fa"
    align(one, two, output=tmp_path / "m.bam", index=fasta, aligner="minimap2")
    sure = [primary_hits(tmp_path / name) for name in ("b.bam", "m.bam")]
    common = sure[0].keys() & sure[1].keys()
    assert len(common) > 200
    assert all(sure[0][read] == sure[1][read] for read in common)


def primary_hits(bam: Path) -> dict[tuple[str, bool], tuple[str, bool]]:
    """Chromosome and strand of whole-read hits at MAPQ >= 30, by name and side."""
    with pysam.AlignmentFile(str(bam)) as opened:
        return {
            (str(r.query_name), r.is_read2): (str(r.reference_name), r.is_reverse)
            for r in opened
            if r.mapping_quality >= 30 and r.cigarstring == f"{lanes.READ}M"
        }


@needs_yeast
@pytest.mark.shared
@pytest.mark.parametrize("one", LANES, ids=lambda path: str(path.name))
def test_yeast_lanes_agree_with_bwa_wherever_it_is_sure(
    yeast: Path, tmp_path: Path, one: Path
) -> None:
    two = one.with_name(one.name.replace("_1.", "_2."))
    align(one, two, output=tmp_path / "x.bam", index=yeast, threads=2)
    ours, theirs = records(tmp_path / "x.bam"), bwa_mem(yeast / "genome", one, two)
    assert len(ours) == len(theirs)
    # The first batch starts where bwa starts, so that its draws are bwa's.
    batch = first_batch(theirs)
    assert ours[:batch] == theirs[:batch]
    sure = [number for number, line in enumerate(theirs) if int(line.split("\t")[4]) >= 1]
    assert len(sure) > BATCH
    for number in sure:
        assert own_columns(ours[number]) == own_columns(theirs[number])


def first_batch(lines: list[str]) -> int:
    """How many records the first batch of pairs has."""
    names = [line.split("\t")[0] for line in lines]
    following = list(dict.fromkeys(names))[BATCH]
    return names.index(following)


@needs_yeast
@pytest.mark.shared
def test_yeast_pairs_are_those_of_the_chain_typed_by_hand(yeast: Path, tmp_path: Path) -> None:
    one = LANES[0]
    two = one.with_name(one.name.replace("_1.", "_2."))
    sizes = YEAST / "genome" / "sacCer3.reduced.chrom.sizes"
    align(one, two, output=tmp_path / "x.bam", index=yeast, threads=2)
    bam2pairs(tmp_path / "x.bam", output=tmp_path / "x.pairs.gz", chromsizes=sizes, threads=2)
    assert body(tmp_path / "x.pairs.gz") == typed_by_hand(yeast / "genome", one, two, sizes)


def typed_by_hand(prefix: Path, one: Path, two: Path, sizes: Path) -> list[str]:
    pairtools = tool("pairtools", "it comes with hicloom")
    script = (
        'bwa mem -SP5 -t 1 "$1" "$2" "$3" 2>/dev/null'
        ' | "$5" parse -c "$4" --min-mapq 1 --walks-policy mask --max-molecule-size 2000'
        " --max-inter-align-gap 20 --add-columns mapq --drop-sam"
        ' | "$5" sort --nproc 1 --memory 100M'
    )
    words = ["bash", "-o", "pipefail", "-c", script, "-", prefix, one, two, sizes, pairtools]
    text = subprocess.run(words, capture_output=True, check=True).stdout.decode()
    return [" ".join(line.split("\t")) for line in text.splitlines() if not line.startswith("#")]
