"""cwltool and Toil on the cluster, with the images of `hicloom images sif`."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cluster.machines import Cluster
from tests.cluster.project import SIF
from tests.conftest import Outcome
from tests.cwl.conftest import FOLDER, Run
from tests.engines import assert_same_run, entry, hic_job

PULL = re.compile(r"(dockerPull:\s*)hicloom-(\w+):\S+")


def write_job(folder: Path) -> Path:
    """A job of hic.cwl for two libraries, whose files lie beside it."""
    lanes = {name: [Path(f"{lane}_1.fastq.gz")] for name, lane in (("R1", "L1"), ("R2", "L2"))}
    job = folder / "job.yml"
    index = {"class": "Directory", "path": "index"}
    sizes = entry(Path("toy.chrom.sizes"))
    shared = {"group": "wt", "assembly": "toy", "resolutions": [5000, 10000]}
    return hic_job(job, lanes, index=index, chromsizes=sizes, **shared)


@pytest.fixture(scope="module")
def jobs(slurm: Cluster, pulled: Outcome, references: dict[str, str], lanes: Path) -> Path:
    """A folder that the cluster sees: job.yml, its files, cwl/ with the images by digest."""
    folder = slurm.shared / "cwl-jobs"
    shutil.copytree(lanes, folder)
    shutil.copytree(FOLDER, folder / "cwl")
    for path in (folder / "cwl").glob("*.cwl"):
        text = PULL.sub(
            lambda match: match[1] + references.get(match[2], match[0]), path.read_text()
        )
        path.write_text(text)
    write_job(folder)
    slurm.give(folder)
    return folder


@pytest.fixture(scope="module")
def expected(
    cwltool: Callable[..., Run], lanes: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """What cwltool makes of the job on this machine, without images."""
    folder = tmp_path_factory.mktemp("expected")
    done = cwltool("--outdir", folder, FOLDER / "hic.cwl", write_job(lanes))
    assert done.code == 0, done.stderr
    return folder


def run(slurm: Cluster, jobs: Path, folder: str, *words: str) -> Outcome:
    """Run a program of a folder in the folder of the job, with the cluster's images."""
    path = f"PATH={folder}:/usr/local/bin:/usr/bin:/bin"
    cwd = f"/shared/{jobs.name}"
    return slurm.run("env", path, f"CWL_SINGULARITY_CACHE={SIF}", *words, cwd=cwd)


@pytest.mark.prove
def test_cwltool_gives_what_it_gives_without_images(
    slurm: Cluster, jobs: Path, expected: Path
) -> None:
    where = ("--singularity", "--outdir", "by-cwltool")
    done = run(slurm, jobs, "/opt/venv/bin", "cwltool", *where, "cwl/hic.cwl", "job.yml")
    assert done.code == 0, done.stderr
    assert_same_run(jobs / "by-cwltool", expected)


def test_toil_gives_its_jobs_to_slurm_and_makes_the_same(
    slurm: Cluster, jobs: Path, expected: Path
) -> None:
    before = len(slurm.completed())
    where = ("--jobStore", "store", "--outdir", "by-toil", "--batchSystem", "slurm")
    words = ("toil-cwl-runner", "--singularity", *where, "cwl/hic.cwl", "job.yml")
    done = run(slurm, jobs, "/opt/toil/bin", *words)
    assert done.code == 0, done.stderr[-5000:]
    ended = slurm.completed()[before:]
    assert {record["JobState"] for record in ended} == {"COMPLETED"}
    assert_same_run(jobs / "by-toil", expected)
