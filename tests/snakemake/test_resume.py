"""A run that was killed goes on, and ends with the same result."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.snakemake.conftest import CONFIG, Project
from tests.snakemake.tables import pairs

SAMPLES = ["library lane fastq1 fastq2", "A L1 {0}/a1_1.fq.gz {0}/a1_2.fq.gz"]
SAMPLES += ["A L2 {0}/a2_1.fq.gz {0}/a2_2.fq.gz"]


def wait_for(path: Path) -> None:
    """Wait until a file appears."""
    for _ in range(1200):
        if path.exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"{path} did not appear")


@pytest.mark.parametrize(
    ("how", "moment"),
    [(signal.SIGTERM, "logs/align"), (signal.SIGKILL, "logs/dedup/A.toy.log")],
)
def test_a_killed_run_goes_on(
    how: signal.Signals,
    moment: str,
    finished: Project,
    new_project: Callable[[str], Project],
    data: Path,
) -> None:
    project = new_project("killed")
    config = CONFIG.format(genome=data / "genome.fa.gz") + "output: {pictures: false}"
    project.write(config, [row.format(data) for row in SAMPLES])
    process = project.start()
    wait_for(project.path(moment))
    os.killpg(process.pid, how)
    process.communicate(timeout=60)
    project.run("--unlock")
    code, said = project.run("--rerun-incomplete")
    assert code == 0, said
    rows = pairs(project.path("results/libraries/A.toy.pairs.gz"))
    assert rows == pairs(finished.path("results/libraries/A.toy.pairs.gz"))
    leftovers = [path for path in project.path("results").rglob(".*") if "part-" in path.name]
    assert not leftovers
    code, said = project.run()
    assert "Nothing to be done" in said


def test_a_lane_added_later_is_mapped_in_one_go(
    new_project: Callable[[str], Project], data: Path
) -> None:
    """The other lane's alignments were kept; the library is made again, of both."""
    project = new_project("more sequencing")
    rows = [f"A L{n} {data}/a{n}_1.fq.gz {data}/a{n}_2.fq.gz" for n in (1, 2)]
    config = CONFIG.format(genome=data / "genome.fa.gz")
    config += "output: {lane_bam: true, lane_pairs: true, pictures: false}\n"
    project.write(config, ["library lane fastq1 fastq2", rows[0]])
    assert project.run()[0] == 0
    one_lane = len(pairs(project.path("results/libraries/A.toy.pairs.gz")))

    project.write(config, ["library lane fastq1 fastq2", *rows])
    code, said = project.run()
    assert code == 0, said
    assert said.count("rule align:") == 1
    assert len(pairs(project.path("results/libraries/A.toy.pairs.gz"))) > one_lane
    assert "Nothing to be done" in project.run()[1]
