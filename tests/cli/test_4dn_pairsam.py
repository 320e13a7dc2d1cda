"""`hicloom 4dn`: from BAM to filtered pairs, against pairtools with 4DN's own commands.

pairtools 1.1 has other defaults than the 0.2.2 of 4DN's image, so each is given here.
"""

import contextlib
import subprocess
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pysam
import pytest

from hicloom.cli import main
from hicloom.process import run, tool
from hicloom.steps.index_genome import index_genome
from hicloom.steps.query import query
from hicloom.steps.simulate.genome import genome
from hicloom.steps.simulate.reads import reads
from tests.conftest import Outcome, body

Cli = Callable[..., Outcome]
CHROMOSOMES = {"chr2": 40_000, "chr1": 60_000}
PARSE = (
    *("--min-mapq", "1", "--walks-policy", "mask", "--max-molecule-size", "2000"),
    *("--max-inter-align-gap", "20", "--report-alignment-end", "5", "--add-columns", "mapq"),
)


def fourdn(*words: object) -> None:
    """Run `hicloom 4dn WORDS...`, which must end well."""
    with pytest.raises(SystemExit) as stop:
        main(["4dn", *map(str, words)])
    assert not stop.value.code


@pytest.fixture(scope="module")
def lanes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two lanes of a library as `4dn bwa-mem` aligns them, and the chromsizes.

    The genome has one chromosome more than the chromsizes, which list it in another order.
    """
    folder = tmp_path_factory.mktemp("it's a läne")
    fasta = folder / "g.fa"
    genome(output=fasta, chromosomes="chr1:60000,chr2:40000,scaffold_1:9000", seed=5)
    index_genome(fasta, output=folder / "index" / "deep")
    with tarfile.open(folder / "index.tgz", "w:gz") as archive:
        archive.add(folder / "index", arcname=".")
    for lane in "12":
        ends = [folder / f"{lane}_{end}.fq.gz" for end in "12"]
        reads(fasta, output1=ends[0], output2=ends[1], pairs=800, duplicates=0.3, seed=int(lane))
        options = ["--fastq1", ends[0], "--fastq2", ends[1], "--outdir", folder]
        fourdn("bwa-mem", *options, "--bwa-index", folder / "index.tgz", "--prefix", f"lane{lane}")
    sizes = "".join(f"{name}\t{length}\n" for name, length in CHROMOSOMES.items())
    (folder / "sizes").write_text(sizes)
    return folder


@pytest.fixture(scope="module")
def ours(lanes: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the four tools make of the lanes."""
    folder = tmp_path_factory.mktemp("ours")
    with contextlib.chdir(folder):
        for lane in "12":
            words = ["--bam", lanes / f"lane{lane}.bam", "--chromsize", lanes / "sizes"]
            fourdn("pairsam-parse-sort", *words, "--outprefix", f"lane{lane}", "--threads", 2)
        both = ["lane1.sam.pairs.gz", "lane2.sam.pairs.gz"]
        fourdn("pairsam-merge", "--input-pairsams", *both, "--nthreads", 2)
        fourdn("pairsam-markasdup", "--input-pairsam", "out.merged.sam.pairs.gz")
        words = ["--input-pairsam", "out.marked.sam.pairs.gz", "--chromsize", lanes / "sizes"]
        fourdn("pairsam-filter", *words)
    return folder


def pairtools(folder: Path, *words: object) -> None:
    """Run one command of pairtools in `folder`."""
    run([tool("pairtools", "it comes with hicloom"), *map(str, words)], cwd=folder)


@pytest.fixture(scope="module")
def theirs(lanes: Path, ours: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What pairtools makes of them with the commands of 4DN's scripts.

    Its merge leaves equal rows in any order, and of equal rows the first is no duplicate, so
    what comes after starts from our merged file.
    """
    folder = tmp_path_factory.mktemp("theirs")
    for lane in "12":
        parsed = ["-c", lanes / "sizes", *PARSE, "-o", f"{lane}.sam.pairs"]
        pairtools(folder, "parse", *parsed, lanes / f"lane{lane}.bam")
        pairtools(folder, "sort", "-o", f"lane{lane}.sam.pairs", f"{lane}.sam.pairs")
    lane_files = ["lane1.sam.pairs", "lane2.sam.pairs"]
    pairtools(folder, "merge", "--max-nmerge", 2, "-o", "theirs.sam.pairs", *lane_files)
    merged = pysam.BGZFile(str(ours / "out.merged.sam.pairs.gz")).read()
    (folder / "merged.sam.pairs").write_bytes(merged)
    marks = ["--mark-dups", "--output-dups", "-", "--output-unmapped", "-", "--backend", "cython"]
    near = ["--max-mismatch", 3, "--method", "max"]
    pairtools(folder, "dedup", *marks, *near, "-o", "marked.sam.pairs", "merged.sam.pairs")
    pairtools(folder, "split", "--output-sam", "lossless.sam", "marked.sam.pairs")
    types = "(pair_type == 'UU') or (pair_type == 'UR') or (pair_type == 'RU')"
    pairtools(folder, "select", types, "-o", "temp.sam.pairs", "marked.sam.pairs")
    pairtools(folder, "split", "--output-pairs", "temp.pairs", "temp.sam.pairs")
    subset = ["--chrom-subset", lanes / "sizes"]
    pairtools(folder, "select", "True", *subset, "-o", "dedup.pairs", "temp.pairs")
    return folder


def records(path: Path) -> list[str]:
    """Alignments as SAM lines."""
    with pysam.AlignmentFile(str(path), check_sq=False) as bam:
        return [record.to_string() for record in bam]


def types(path: Path) -> set[str]:
    return {row.split()[7] for row in body(path)}


@pytest.mark.parametrize(
    ("name", "peer"),
    [
        ("lane1.sam.pairs.gz", "lane1.sam.pairs"),
        ("lane2.sam.pairs.gz", "lane2.sam.pairs"),
        ("out.marked.sam.pairs.gz", "marked.sam.pairs"),
        ("out.dedup.pairs.gz", "dedup.pairs"),
    ],
)
def test_rows_are_those_of_pairtools(ours: Path, theirs: Path, name: str, peer: str) -> None:
    """Alignments in the SAM columns, flags of duplicates and MAPQ included."""
    expected = body(theirs / peer)
    assert len(expected) > 300
    assert body(ours / name) == expected


def test_merged_rows_are_those_of_pairtools(ours: Path, theirs: Path) -> None:
    """In the same order of chrom1, chrom2, pos1, pos2 and pair type."""
    found, expected = body(ours / "out.merged.sam.pairs.gz"), body(theirs / "theirs.sam.pairs")
    keys = [[row.split()[place] for place in (1, 3, 2, 4, 7)] for row in expected]
    assert [[row.split()[place] for place in (1, 3, 2, 4, 7)] for row in found] == keys
    assert sorted(found) == sorted(expected)


def test_no_pair_is_lost_before_the_filter(ours: Path) -> None:
    kinds = types(ours / "out.merged.sam.pairs.gz")
    # Unmapped, one-sided, multiply mapped, unique and rescued pairs.
    assert {"NN", "NU", "UU", "UR", "RU"} <= kinds
    names = {row.split()[0] for row in body(ours / "out.marked.sam.pairs.gz")}
    assert len(names) == 2 * 800
    assert types(ours / "out.marked.sam.pairs.gz") == kinds | {"DD"}


def test_duplicates_are_marked_in_the_alignments_too(ours: Path) -> None:
    rows = [row.split() for row in body(ours / "out.marked.sam.pairs.gz")]
    doubles = {row[0] for row in rows if row[7] == "DD"}
    assert len(doubles) > 300, "3 in 10 of 1600 were simulated"
    flagged = {
        line.split("\t")[0]
        for line in records(ours / "out.lossless.bam")
        if int(line.split("\t")[1]) & 0x400
    }
    assert flagged == doubles


def test_the_lossless_bam_holds_what_pairtools_split_writes(ours: Path, theirs: Path) -> None:
    expected = records(theirs / "lossless.sam")
    assert len(expected) > 3200, "two reads a pair, and other parts of chimeric ones"
    assert records(ours / "out.lossless.bam") == expected


def test_filtered_pairs_are_unique_and_on_the_chromosomes(ours: Path) -> None:
    rows = [row.split() for row in body(ours / "out.dedup.pairs.gz")]
    assert {row[7] for row in rows} == {"UU", "UR", "RU"}
    assert {name for row in rows for name in (row[1], row[3])} == set(CHROMOSOMES)
    assert {len(row) for row in rows} == {10}, "8 columns, mapq1 and mapq2"
    with pysam.BGZFile(str(ours / "out.dedup.pairs.gz")) as text:
        header = [line.decode() for line in text if line.startswith(b"#")]
    assert [line.split()[1] for line in header if line.startswith("#chromsize")] == ["chr2", "chr1"]
    assert header[-1] == (
        "#columns: readID chrom1 pos1 chrom2 pos2 strand1 strand2 pair_type mapq1 mapq2"
    )


@pytest.mark.parametrize("name", ["out.marked.sam.pairs.gz", "out.dedup.pairs.gz"])
def test_the_index_finds_the_pairs(
    ours: Path, name: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    query(ours / name, "chr2:1-9000|chr1:1-30000")
    found = capfdbinary.readouterr().out.decode().splitlines()
    rows = [row.split() for row in body(ours / name)]
    sides = [(row[1], row[3], int(row[2]), int(row[4])) for row in rows]
    expected = [s for s in sides if s[:2] == ("chr2", "chr1") and s[2] <= 9000 and s[3] <= 30_000]
    assert len(expected) > 5
    assert [(s[1], s[3], int(s[2]), int(s[4])) for s in map(str.split, found)] == expected


def test_without_chromsizes_all_chromosomes_stay(
    hicloom: Cli, ours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    marked = ours / "out.marked.sam.pairs.gz"
    assert hicloom("4dn", "pairsam-filter", "--input-pairsam", marked).code == 0
    chromosomes = {row.split()[3] for row in body(Path("out.dedup.pairs.gz"))}
    assert chromosomes == {*CHROMOSOMES, "scaffold_1"}


def test_the_output_goes_into_a_folder_that_need_not_be_there(
    hicloom: Cli, lanes: Path, ours: Path, tmp_path: Path
) -> None:
    outcome = hicloom(
        *("4dn", "pairsam-parse-sort", "--bam", lanes / "lane1.bam"),
        *("--chromsize", lanes / "sizes", "--outdir", tmp_path / "new", "--outprefix", "x"),
        *("--compress-programm", "none", "--threads", 1),
    )
    assert outcome.code == 0
    assert body(tmp_path / "new/x.sam.pairs.gz") == body(ours / "lane1.sam.pairs.gz")


def test_pairs_without_alignments_cannot_be_split(
    hicloom: Cli, ours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = hicloom("4dn", "pairsam-filter", "--input-pairsam", ours / "out.dedup.pairs.gz")
    assert outcome.code == 2
    assert "needs pairs with SAM columns" in outcome.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("tool_name", ["pairsam-markasdup", "pairsam-merge"])
def test_unsorted_pairs_are_refused_with_their_line(
    hicloom: Cli, write_pairs: Callable[..., Path], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, tool_name: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    rows: Sequence[str] = ["b chr1 9 chr1 9 + + UU 1 1", "a chr1 5 chr1 9 + + UU 1 1"]
    path = write_pairs("bad.pairs", rows)
    option = "--input-pairsams" if tool_name == "pairsam-merge" else "--input-pairsam"
    outcome = hicloom("4dn", tool_name, option, path)
    assert outcome.code == 2
    assert "bad.pairs, line 10: the pairs are not sorted" in outcome.stderr
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(
    subprocess.run(["sh", "-c", "command -v bwa"], capture_output=True).returncode != 0,
    reason="bwa is not installed",
)
def test_alignments_are_those_of_bwa_with_4dns_flags(lanes: Path) -> None:
    """800 pairs are one batch, so that even draws between equal hits (MAPQ 0) are the same."""
    prefix = lanes / "index/deep/genome"
    command = ["bwa", "mem", "-t", "1", "-SP5M", prefix, lanes / "1_1.fq.gz", lanes / "1_2.fq.gz"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    expected = [line for line in text.splitlines() if not line.startswith("@")]
    # Newer versions of bwa add the mate's MAPQ, which hicloom's has.
    found = [line.split("\tMQ:")[0] for line in records(lanes / "lane1.bam")]
    assert len(expected) > 1600
    assert [line.split("\t")[:11] for line in found] == [line.split("\t")[:11] for line in expected]
    assert not any(int(line.split("\t")[1]) & 0x800 for line in found), "-M: none supplementary"
    assert any(int(line.split("\t")[1]) & 0x100 for line in found), "but secondary"
