"""Real yeast Hi-C: the whole workflow against the same chain typed by hand.

The hand-typed chain is bwa, samtools, pairtools and cooler, as in their manuals. Pair
bodies, duplicate counts and pixel tables are equal; weights to 1e-8.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import cooler
import numpy as np
import pytest

from hicloom.steps.stats import stats
from tests.conftest import SHARED, body

YEAST = SHARED / "data" / "yeast"
RESOLUTIONS = [1000, 2000, 5000, 10000, 50000, 100000]
LANES = {
    "MATa_R1": {"lane1": "SRR2601848"},
    "MATa_R2": {"lane1": "SRR2601851"},
    "MATalpha_R1": {"lane1": "SRR2601842", "lane2": "SRR2601843"},
    "MATalpha_R2": {"lane1": "SRR2601845"},
}
GROUPS = {"MATa": ["MATa_R1", "MATa_R2"], "MATalpha": ["MATalpha_R1", "MATalpha_R2"]}
FILTERS = {"no_filter": "True", "mapq_30": "(mapq1 >= 30) and (mapq2 >= 30)"}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not YEAST.is_dir(), reason="the yeast reads are not there"),
    pytest.mark.skipif(
        not all(map(shutil.which, ("bwa", "samtools", "bgzip"))),
        reason="bwa, samtools and bgzip are not installed",
    ),
]

CONFIG = """
input:
  assembly: sacCer3
  samples: config/samples.tsv
  fasta: {fasta}
  chromsizes: {chromsizes}
bin:
  resolutions: {resolutions}
hic:
  activate: false
"""

BY_LANE = """
bwa mem -t 2 -SP5 genome {fastq1} {fastq2} | samtools view -b - > {lane}.bam
samtools view -h {lane}.bam | pairtools parse -c {sizes} --assembly sacCer3 --min-mapq 1 \
  --walks-policy mask --max-molecule-size 2000 --max-inter-align-gap 20 --add-columns mapq \
  --drop-sam | pairtools sort --nproc 2 --tmpdir . -o {lane}.pairs.gz
"""
BY_LIBRARY = """
pairtools merge {lanes} -o {library}.merged.pairs.gz
pairtools dedup --max-mismatch 3 --method max --backend cython --mark-dups \
  --output-stats {library}.stats --output {library}.nodups.pairs.gz {library}.merged.pairs.gz
pairtools select '(pair_type == "UU") or (pair_type == "UR") or (pair_type == "RU")' \
  --chrom-subset {sizes} -o {library}.pairs.gz {library}.nodups.pairs.gz
"""
# As 4DN's merge-pairs does it; pairtools merge refuses headers with a subset of chromosomes.
BY_GROUP = r"""
bgzip -dc {one}.pairs.gz > {one}.pairs; bgzip -dc {two}.pairs.gz > {two}.pairs
(grep '^#' {one}.pairs; sort -m -s -t $'\t' -k2,2 -k4,4 -k3,3n -k5,5n -k8,8 \
  <(grep -v '^#' {one}.pairs) <(grep -v '^#' {two}.pairs)) | bgzip -c > {group}.pairs.gz
"""
BY_MAP = """
pairtools select '{expression}' {group}.pairs.gz -o {name}.pairs.gz
cooler cload pairs -c1 2 -p1 3 -c2 4 -p2 5 {sizes}:1000 {name}.pairs.gz {name}.cool
cooler zoomify --balance --balance-args '--convergence-policy store_nan' -r {resolutions} \
  -o {name}.mcool {name}.cool
"""


def fastq(library: str, lane: str, mate: int) -> Path:
    run = LANES[library][lane]
    return YEAST / "fastq" / library / lane / f"{run}_{mate}.fastq.gz"


@pytest.fixture(scope="module")
def sizes() -> Path:
    return YEAST / "genome" / "sacCer3.reduced.chrom.sizes"


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory, sizes: Path) -> Path:
    """The folder where the chain was typed by hand."""
    folder = tmp_path_factory.mktemp("by_hand")
    lines = [f"bwa index -p genome {YEAST / 'genome' / 'sacCer3.fa.gz'}"]
    for library, lanes in LANES.items():
        names = [f"{library}.{lane}" for lane in lanes]
        for lane, name in zip(lanes, names, strict=True):
            reads = {f"fastq{mate}": fastq(library, lane, mate) for mate in (1, 2)}
            lines.append(BY_LANE.format(lane=name, sizes=sizes, **reads))
        files = " ".join(f"{name}.pairs.gz" for name in names)
        lines.append(BY_LIBRARY.format(library=library, lanes=files, sizes=sizes))
    for group, libraries in GROUPS.items():
        lines.append(BY_GROUP.format(group=group, one=libraries[0], two=libraries[1]))
        for name, expression in FILTERS.items():
            options = {"expression": expression, "sizes": sizes, "group": group}
            steps = ",".join(map(str, RESOLUTIONS))
            lines.append(BY_MAP.format(name=f"{group}.{name}", resolutions=steps, **options))
    run_shell("\n".join(lines), folder)
    return folder


@pytest.fixture(scope="module")
def by_workflow(tmp_path_factory: pytest.TempPathFactory, sizes: Path) -> Path:
    """The folder where the workflow ran."""
    folder = tmp_path_factory.mktemp("by workflow")
    rows = ["library\tlane\tgroup\tfastq1\tfastq2"]
    for group, libraries in GROUPS.items():
        for library in libraries:
            for lane in LANES[library]:
                reads = "\t".join(str(fastq(library, lane, mate)) for mate in (1, 2))
                rows.append(f"{library}\t{lane}\t{group}\t{reads}")
    subprocess.run([sys.executable, "-m", "hicloom", "init", folder / "run"], check=True)
    (folder / "run" / "config" / "samples.tsv").write_text("\n".join(rows) + "\n")
    fasta = YEAST / "genome" / "sacCer3.fa.gz"
    text = CONFIG.format(fasta=fasta, chromsizes=sizes, resolutions=RESOLUTIONS)
    (folder / "run" / "config" / "config.yaml").write_text(text)
    run_shell("snakemake --cores 2 --quiet all", folder / "run")
    return folder / "run" / "results"


def run_shell(script: str, folder: Path) -> None:
    outcome = subprocess.run(
        [
            "bash",
            "-euo",
            "pipefail",
            "-c",
            f'export LC_ALL=C; PATH="{Path(sys.executable).parent}:$PATH"\n{script}',
        ],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr.decode()[-3000:]


@pytest.mark.parametrize("library", LANES)
def test_the_pairs_of_a_library_are_the_same(
    by_hand: Path, by_workflow: Path, library: str
) -> None:
    expected = body(by_hand / f"{library}.pairs.gz")
    assert len(expected) > 1000
    assert body(by_workflow / "libraries" / f"{library}.sacCer3.pairs.gz") == expected


@pytest.mark.parametrize("library", LANES)
def test_statistics_of_its_pairs_are_pairtools(by_hand: Path, tmp_path: Path, library: str) -> None:
    pairs = by_hand / f"{library}.merged.pairs.gz"
    ours, theirs = tmp_path / "ours.tsv", tmp_path / "theirs.tsv"
    stats(pairs, tsv=ours)
    run_shell(f"pairtools stats --no-yaml --output {theirs} {pairs}", tmp_path)
    # The order of the keys is not part of the format.
    assert sorted(ours.read_text().splitlines()) == sorted(theirs.read_text().splitlines())


@pytest.mark.parametrize("library", LANES)
def test_the_statistics_of_a_library_are_the_same(
    by_hand: Path, by_workflow: Path, library: str
) -> None:
    expected = (by_hand / f"{library}.stats").read_text()
    assert "total_dups" in expected
    assert (by_workflow / "libraries" / f"{library}.sacCer3.stats.tsv").read_text() == expected


@pytest.mark.parametrize("group", GROUPS)
def test_the_pairs_of_a_group_are_the_same(by_hand: Path, by_workflow: Path, group: str) -> None:
    expected = body(by_hand / f"{group}.pairs.gz")
    assert body(by_workflow / "groups" / f"{group}.sacCer3.pairs.gz") == expected


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("group", GROUPS)
def test_the_maps_of_a_group_are_the_same(
    by_hand: Path, by_workflow: Path, group: str, name: str
) -> None:
    ours = by_workflow / "groups" / f"{group}.sacCer3.{name}.mcool"
    theirs = by_hand / f"{group}.{name}.mcool"
    assert cooler.fileops.list_coolers(str(ours)) == cooler.fileops.list_coolers(str(theirs))
    for resolution in RESOLUTIONS:
        one, two = (cooler.Cooler(f"{p}::resolutions/{resolution}") for p in (ours, theirs))
        assert one.pixels()[:].equals(two.pixels()[:])
        bins_one, bins_two = one.bins()[:], two.bins()[:]
        place = ["chrom", "start", "end"]
        assert bins_one[place].equals(bins_two[place])
        np.testing.assert_allclose(
            bins_one["weight"], bins_two["weight"], rtol=1e-8, atol=0, equal_nan=True
        )
