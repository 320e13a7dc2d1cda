"""A run whose lanes are split into chunks gives what a run of whole lanes gives."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.snakemake.conftest import CONFIG, Project
from tests.snakemake.tables import assert_same_map, pairs

SETTINGS = """
filter: {maps: {no_filter: ""}}
qc: {multiqc: false, report: false}
output: {pictures: false, viewconf: false}
"""
# Rounded up to 2,048: of lanes of 5,000 and 1,500 read pairs three chunks, and one.
CHUNKED = CONFIG.replace("input:\n", "input:\n  chunk_reads: 1500\n")
DEPTH = "depth:\n  activate: true"


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory, data: Path) -> list[str]:
    """A library of a lane of 5,000 read pairs and one of 1,500."""
    folder = tmp_path_factory.mktemp("long")
    reads = [f"--output{mate}={folder}/long_{mate}.fq.gz" for mate in (1, 2)]
    words = ["reads", data / "genome.fa.gz", "--pairs", "5000", "--seed", "9", *reads]
    subprocess.run([sys.executable, "-m", "hicloom", "simulate", *words], check=True)
    return [
        "library lane fastq1 fastq2",
        f"A long {folder}/long_1.fq.gz {folder}/long_2.fq.gz",
        f"A short {data}/a1_1.fq.gz {data}/a1_2.fq.gz",
    ]


def run(project: Project, config: str, rows: list[str], data: Path) -> str:
    """Run a project with depth, and what snakemake said."""
    config = config.format(genome=data / "genome.fa.gz").replace("depth:\n  activate: false", DEPTH)
    project.write(config + SETTINGS, rows)
    code, said = project.run()
    assert code == 0, said
    return said


@pytest.fixture(scope="module")
def whole(new_project: Callable[[str], Project], rows: list[str], data: Path) -> Project:
    """The run of whole lanes."""
    project = new_project("whole")
    run(project, CONFIG, rows, data)
    return project


@pytest.fixture(scope="module")
def chunked(
    new_project: Callable[[str], Project], rows: list[str], data: Path
) -> tuple[Project, str]:
    """The run of chunks, and what snakemake said."""
    project = new_project("chunked")
    return project, run(project, CHUNKED, rows, data)


def test_each_chunk_is_a_job(chunked: tuple[Project, str]) -> None:
    _, said = chunked
    assert said.count("rule align:") == 4
    assert said.count("rule bam2pairs:") == 4
    assert said.count("rule split_reads:") == 1, "the short lane stays as it is"


def test_pairs_depth_and_maps_are_the_same(chunked: tuple[Project, str], whole: Project) -> None:
    project, _ = chunked
    names = ["libraries/A.toy.pairs.gz", "groups/A.toy.no_filter.mcool"]
    names += ["libraries/A.toy.stats.tsv"]
    ours, theirs = ([run.path(f"results/{name}") for name in names] for run in (project, whole))
    assert pairs(ours[0]) == pairs(theirs[0])
    assert len(pairs(ours[0])) > 3000
    assert_same_map(ours[1], theirs[1])
    assert ours[2].read_text() == theirs[2].read_text()
    tracks = [run.path("results/groups/A.toy.depth.bw").read_bytes() for run in (project, whole)]
    assert tracks[0] == tracks[1]


def test_of_the_chunks_only_their_table_stays(chunked: tuple[Project, str]) -> None:
    project, _ = chunked
    left = {p.name for p in project.path("results/lanes").rglob("*") if p.is_file()}
    assert left == {"long.chunks.tsv", "short.chunks.tsv"}


def test_a_second_run_does_nothing(chunked: tuple[Project, str]) -> None:
    code, said = chunked[0].run()
    assert (code, "Nothing to be done" in said) == (0, True)


def test_what_comes_after_the_chunks_is_made_again_without_them(
    chunked: tuple[Project, str],
) -> None:
    project, _ = chunked
    project.path("results/groups/A.toy.no_filter.mcool").unlink()
    code, said = project.run()
    assert code == 0, said
    assert "rule align:" not in said
    assert project.path("results/groups/A.toy.no_filter.mcool").is_file()
