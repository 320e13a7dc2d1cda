"""Simulated lanes, and projects in which the workflow runs on them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from hicloom.commands.init import init

pytest.importorskip("snakemake", reason="the workflow needs the extra `workflow`")

LANES = ("a1", "a2", "b1")
CONFIG = """
input:
  assembly: toy
  fasta: {genome}
  chroms: chr[0-9]+
bin:
  resolutions: [5000, 10000, 20000]
hic:
  activate: false
depth:
  activate: false
"""


@dataclass(frozen=True)
class Project:
    """A laid-out project; `folder` is the working directory of its runs."""

    folder: Path

    def write(self, config: str, samples: Iterable[str]) -> None:
        """Write the settings, and the sample table with blanks for tabs."""
        rows = ("\t".join(row.split(" ")) for row in samples)
        (self.folder / "config/config.yaml").write_text(config, encoding="utf-8")
        (self.folder / "config/samples.tsv").write_text("\n".join(rows), encoding="utf-8")

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start snakemake, in a session of its own; standard error joins standard output."""
        command = [sys.executable, "-m", "snakemake", "--cores", "2", "--show-failed-logs", *words]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**os.environ, "PATH": "/usr/bin:/bin"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str) -> tuple[int, str]:
        """Run snakemake to its end: exit code, what it said."""
        process = self.start(*words)
        said, _ = process.communicate(timeout=900)
        return process.returncode, said

    def path(self, name: str) -> Path:
        """A file of the project."""
        return self.folder / name


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A genome of three chromosomes (one of them not for maps) and three lanes of 1500 pairs."""
    folder = tmp_path_factory.mktemp("data")
    hicloom = [sys.executable, "-m", "hicloom", "simulate"]
    genome, sizes = folder / "genome.fa.gz", "chr1:150000,chr2:80000,chrM:16000"
    subprocess.run([*hicloom, "genome", "--chromosomes", sizes, "--output", genome], check=True)
    for seed, lane in enumerate(LANES):
        reads = [f"--output{mate}={folder}/{lane}_{mate}.fq.gz" for mate in (1, 2)]
        words = ["reads", genome, "--pairs", "1500", "--seed", str(seed), *reads]
        subprocess.run([*hicloom, *words], check=True)
    return folder


@pytest.fixture(scope="session")
def new_project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Project]:
    """Lay out a project in a folder of that name."""

    def make(name: str) -> Project:
        folder = tmp_path_factory.mktemp("projects") / name
        init(folder)
        return Project(folder)

    return make


@pytest.fixture(scope="session")
def finished(new_project: Callable[[str], Project], data: Path) -> Project:
    """A finished run from FASTQs: two lanes in library A, libraries A and B in group pool.

    Its folder's name holds what shells trip over, as do the names of some reads.
    """
    project = new_project('it\'s a "tést" $HOME')
    for mate in (1, 2):
        project.path(f"b'1_é_{mate}.fq.gz").symlink_to(data / f"b1_{mate}.fq.gz")
    keep = "output: {lane_bam: true, lane_pairs: true, duplicates: true}"
    project.write(
        CONFIG.format(genome=data / "genome.fa.gz") + keep,
        [
            "library lane group fastq1 fastq2",
            f"A L1 pool {data}/a1_1.fq.gz {data}/a1_2.fq.gz",
            f"A L2 pool {data}/a2_1.fq.gz {data}/a2_2.fq.gz",
            "B L1 pool,solo b'1_é_1.fq.gz b'1_é_2.fq.gz",
        ],
    )
    code, said = project.run()
    assert code == 0, said
    return project
