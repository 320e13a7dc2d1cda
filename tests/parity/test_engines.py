"""Snakemake and cwltool run the same commands: whichever ran them, the results are the same."""

import gzip
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.cwl.conftest import FOLDER, Run, cwltool, hicloom  # noqa: F401
from tests.engines import assert_same_run, entry, hic_job, mate_of, results
from tests.snakemake.conftest import Project, new_project  # noqa: F401

YEAST = SHARED / "data" / "yeast"
YEAST_SAMPLE = pytest.param(
    "yeast",
    marks=[
        pytest.mark.shared,
        pytest.mark.skipif(not YEAST.is_dir(), reason="the yeast reads are not there"),
    ],
)
NO_FILTER = ("no_filter", "")
MAPQ_30 = ("mapq_30", "mapq1 >= 30 and mapq2 >= 30")
LIBRARY = ("pairs.gz", "stats.tsv", "stats.json")
MAPS = ("mcool", "hic")
CONFIG = """
input: {{assembly: {assembly}, fasta: {fasta}, chroms: "{chroms}"}}
filter: {{maps: {{{filter}}}}}
bin: {{resolutions: {resolutions}}}
depth: {{activate: false}}
output: {{pictures: false}}
"""


@dataclass(frozen=True)
class Group:
    """A sample in both engines' words; `lanes` are files of read 1 by library."""

    name: str
    assembly: str
    fasta: Path
    chroms: str
    lanes: dict[str, list[Path]]
    resolutions: list[int]
    filter: tuple[str, str]


def run_both(group: Group, project: Project, cwltool: Callable[..., Run]) -> tuple[Path, Path]:  # noqa: F811
    """Run the group in Snakemake, then in cwltool with the index that Snakemake made."""
    name, expression = group.filter
    config = CONFIG.format(**vars(group) | {"filter": f'{name}: "{expression}"'})
    rows = (
        f"{library} L{number} {group.name} {one} {mate_of(one, 2)}"
        for library, ones in group.lanes.items()
        for number, one in enumerate(ones, 1)
    )
    project.write(config, ["library lane group fastq1 fastq2", *rows])
    code, said = project.run()
    assert code == 0, said
    job = hic_job(
        project.path("job.yml"),
        group.lanes,
        index=entry(project.path(f"results/reference/{group.assembly}")),
        chromsizes=entry(project.path(f"results/reference/{group.assembly}.chrom.sizes")),
        group=group.name,
        assembly=group.assembly,
        resolutions=group.resolutions,
        bin_size=min(group.resolutions),
        filter_name=name,
        expression=expression,
    )
    run = cwltool("--outdir", project.path("cwl-run"), FOLDER / "hic.cwl", job)
    assert run.code == 0, run.stderr
    return project.path("results"), project.path("cwl-run")


@pytest.fixture
def demo(tmp_path: Path) -> Group:
    """Simulated reads laid out as in `make demo`: library R1 of two lanes, R2 of one."""
    genome = tmp_path / "genome.fa.gz"
    sizes = "chr1:400000,chr2:300000,chrM:16000"
    hicloom("simulate", "genome", "--chromosomes", sizes, "--output", genome)
    names = ("R1_L1", "R1_L2", "R2_L1")
    for seed, name in enumerate(names):
        mates = [f"--output{mate}={tmp_path}/{name}_{mate}.fastq.gz" for mate in (1, 2)]
        hicloom("simulate", "reads", genome, "--pairs", "4000", "--seed", seed, *mates)
    one, two, three = (tmp_path / f"{name}_1.fastq.gz" for name in names)
    lanes = {"R1": [one, two], "R2": [three]}
    return Group("wild_type", "toy", genome, "chr[0-9]+", lanes, [1000, 5000, 10000], NO_FILTER)


@pytest.fixture
def yeast(tmp_path: Path) -> Group:
    """The first 10,000 read pairs of three lanes of yeast: MATalpha_R1 of two, MATalpha_R2 of one.

    SRR2601842, SRR2601843 and SRR2601845.
    """
    lanes: dict[str, list[Path]] = {"MATalpha_R1": [], "MATalpha_R2": []}
    for library, ones in lanes.items():
        for source in sorted((YEAST / "fastq" / library).rglob("*_[12].fastq.gz")):
            head = tmp_path / source.name
            with gzip.open(source, "rb") as all_reads, gzip.open(head, "wb") as first:
                first.writelines(itertools.islice(all_reads, 4 * 10_000))
            ones += [head] if head.name.endswith("_1.fastq.gz") else []
    fasta, sizes = YEAST / "genome/sacCer3.fa.gz", [5000, 20000, 100000]
    return Group("MATalpha", "sacCer3", fasta, "chr[IVX]+", lanes, sizes, MAPQ_30)


@pytest.mark.parametrize("sample", ["demo", YEAST_SAMPLE])
def test_every_engine_gives_the_same_pairs_maps_and_statistics(
    sample: str,
    request: pytest.FixtureRequest,
    new_project: Callable[[str], Project],  # noqa: F811
    cwltool: Callable[..., Run],  # noqa: F811
) -> None:
    group = request.getfixturevalue(sample)
    snakemake, cwl = run_both(group, new_project(sample), cwltool)
    assert_same_run(snakemake, cwl)
    stem = f"{group.name}.{group.assembly}"
    libraries = {f"{library}.{group.assembly}" for library in group.lanes}
    expected = {f"{name}.{end}" for name in libraries for end in LIBRARY}
    expected |= {f"{stem}.pairs.gz", *(f"{stem}.{group.filter[0]}.{end}" for end in MAPS)}
    assert set(results(cwl)) == expected, "nothing escaped the comparison"
