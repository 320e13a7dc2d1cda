"""cwltool and Toil on the cluster, with the images of `hicloom images sif`."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cluster.machines import Cluster
from tests.cluster.project import SIF
from tests.conftest import Outcome
from tests.cwl.conftest import FOLDER, Run, hicloom
from tests.engines import assert_same_pairs_run, assert_same_run, entry, hic_job, pairs_job

PULL = re.compile(r"(dockerPull:\s*)hicloom-(\w+):\S+")


def write_job(folder: Path) -> Path:
    """A job of hic.cwl for two libraries, whose files lie beside it."""
    lanes = {name: [Path(f"{lane}_1.fastq.gz")] for name, lane in (("R1", "L1"), ("R2", "L2"))}
    job = folder / "job.yml"
    index = {"class": "Directory", "path": "index"}
    sizes = entry(Path("toy.chrom.sizes"))
    shared = {"group": "wt", "assembly": "toy", "resolutions": [5000, 10000]}
    return hic_job(job, lanes, index=index, chromsizes=sizes, **shared)


def write_pairs_job(folder: Path) -> Path:
    """A job of 4DN's workflow from pairs to maps, in a folder that has the chromosomes."""
    words = ("--chromsizes", folder / "toy.chrom.sizes", "--pairs", "5000", "--seed", "1")
    hicloom("simulate", "pairs", *words, "--output", folder / "R1.pairs.gz")
    files = (Path("toy.chrom.sizes"), Path("toy.DpnII.txt"))
    return pairs_job(folder / "pairs-job.yml", [Path("R1.pairs.gz")], *files)


@pytest.fixture(scope="module")
def jobs(slurm: Cluster, pulled: Outcome, references: dict[str, str], lanes: Path) -> Path:
    """A folder that the cluster sees: two jobs, their files, cwl/ with the images by digest."""
    folder = slurm.shared / "cwl-jobs"
    shutil.copytree(lanes, folder)
    shutil.copytree(FOLDER, folder / "cwl")
    for path in (folder / "cwl").glob("*.cwl"):
        text = PULL.sub(
            lambda match: match[1] + references.get(match[2], match[0]), path.read_text()
        )
        path.write_text(text)
    write_job(folder)
    write_pairs_job(folder)
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


def by_toil(slurm: Cluster, jobs: Path, workflow: str, job: str) -> Path:
    """Run a workflow with Toil, which gives its steps to Slurm, and return its outputs."""
    before, name = len(slurm.completed()), f"by-toil-{job}"
    where = ("--jobStore", f"store-{job}", "--outdir", name, "--batchSystem", "slurm")
    words = ("toil-cwl-runner", "--singularity", *where, f"cwl/{workflow}.cwl", job)
    done = run(slurm, jobs, "/opt/toil/bin", *words)
    assert done.code == 0, done.stderr[-5000:]
    ended = slurm.completed()[before:]
    assert {record["JobState"] for record in ended} == {"COMPLETED"}
    return jobs / name


def test_toil_gives_its_jobs_to_slurm_and_makes_the_same(
    slurm: Cluster, jobs: Path, expected: Path
) -> None:
    assert_same_run(by_toil(slurm, jobs, "hic", "job.yml"), expected)


@pytest.mark.prove
def test_toil_runs_4dns_workflow_on_slurm(
    slurm: Cluster, jobs: Path, cwltool: Callable[..., Run], lanes: Path, tmp_path: Path
) -> None:
    workflow = "hi-c-processing-pairs"
    done = cwltool("--outdir", tmp_path, FOLDER / f"{workflow}.cwl", write_pairs_job(lanes))
    assert done.code == 0, done.stderr
    assert_same_pairs_run(by_toil(slurm, jobs, workflow, "pairs-job.yml"), tmp_path)
