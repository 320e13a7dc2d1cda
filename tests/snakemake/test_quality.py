"""The workflow as its authors and its tools see it."""

import gzip
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hicloom.workflow import layout
from tests.snakemake.conftest import CONFIG, Project

ROOT = layout.folder()


def snakemake(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run snakemake in a folder without any other tool on PATH."""
    environment = {**os.environ, "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "snakemake", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_a_new_project_resolves_as_it_is(new_project: Callable[[str], Project]) -> None:
    outcome = snakemake(new_project("fresh").folder, "--dry-run", "--cores", "1")
    assert outcome.returncode == 0, outcome.stdout
    assert re.search(r"^fetch_fastq +10$", outcome.stdout, flags=re.MULTILINE)


def test_snakemake_finds_nothing_to_criticise(new_project: Callable[[str], Project]) -> None:
    outcome = snakemake(new_project("linted").folder, "--lint")
    assert outcome.returncode == 0
    assert "Lints for" not in outcome.stdout + outcome.stderr
    assert "in a good condition" in outcome.stdout + outcome.stderr


def test_the_workflow_is_formatted() -> None:
    snakefmt = shutil.which("snakefmt", path=Path(sys.executable).parent)
    if snakefmt is None:
        pytest.skip("snakefmt is not installed")
    command = [snakefmt, "--check", "Snakefile", "workflows"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0


def test_bad_settings_stop_a_run_before_anything_is_written(
    new_project: Callable[[str], Project], data: Path
) -> None:
    made = new_project("mistaken")
    made.write(CONFIG.format(genome=data / "genome.fa.gz"), ["library bam", "A absent.bam"])
    outcome = snakemake(made.folder, "--cores", "1")
    assert outcome.returncode == 2
    assert outcome.stderr.splitlines()[-1].startswith(
        "hicloom: config/samples.tsv, line 2: absent.bam: no such file"
    )
    assert not made.path("results").exists()
    assert not made.path("logs").exists()


def test_chromsizes_are_held_against_the_index_before_mapping(
    new_project: Callable[[str], Project], data: Path
) -> None:
    made = new_project("other genome")
    made.path("sizes").write_text("chr1\t150000\nchr9\t1000\n")
    config = CONFIG.format(genome=data / "genome.fa.gz").replace("chroms:", "chromsizes: sizes #")
    reads = f"A {data}/a1_1.fq.gz {data}/a1_2.fq.gz"
    made.write(config, ["library fastq1 fastq2", reads])
    code, said = made.run()
    assert code == 1
    assert "hicloom: sizes: chromosome chr9 is not in the index results/reference/toy" in said
    assert not list(made.path("results").glob("lanes/*/*.bam"))


def test_inputs_are_looked_at_before_the_first_job(
    new_project: Callable[[str], Project], data: Path
) -> None:
    made = new_project("other reads")
    reads = f"A {data}/a1_1.fq.gz {data}/a2_2.fq.gz"
    made.write(CONFIG.format(genome=data / "genome.fa.gz"), ["library fastq1 fastq2", reads])
    code, said = made.run()
    assert code == 2
    assert "hicloom: config/samples.tsv, line 2: " in said
    assert "record 1 is" in said
    assert not made.path("results").exists()


def test_a_stream_that_breaks_leaves_no_output(
    new_project: Callable[[str], Project], finished: Project
) -> None:
    """The last of three commands in a pipe sees a proper end of file; its output must go too."""
    made = new_project("broken")
    with gzip.open(finished.path("results/libraries/A.toy.pairs.gz")) as file:
        lines = file.readlines()
    first = next(line for line in lines if not line.startswith(b"#"))
    made.path("a.pairs").write_bytes(b"".join([*lines, first]))
    sizes = finished.path("results/reference/toy.chrom.sizes")
    config = "input: {assembly: toy, chromsizes: sizes}\nhic: {activate: false}"
    made.path("sizes").write_bytes(sizes.read_bytes())
    made.write(config, ["library pairs", "A a.pairs"])
    code, said = made.run()
    assert code == 1
    assert re.search(r"hicloom: a\.pairs.*sort-pairs", said)
    assert not list(made.path("results").glob("libraries/*"))
