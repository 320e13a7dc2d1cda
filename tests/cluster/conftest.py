"""A running cluster with the images in its registry, and projects in its shared folder."""

import datetime
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from hicloom.commands.init import init
from hicloom.images.daemon import follow
from hicloom.images.plan import Image
from tests.cluster.machines import Cluster, cluster
from tests.cluster.project import SIF, Project
from tests.conftest import Outcome
from tests.cwl.conftest import cwltool, lanes
from tests.docker.conftest import docker, images
from tests.snakemake.conftest import Project as Native
from tests.snakemake.conftest import data, new_project

if TYPE_CHECKING:
    from docker import DockerClient

__all__ = ["cwltool", "data", "docker", "images", "lanes", "new_project"]

CONFIG = """
input: {assembly: toy, fasta: data/genome.fa.gz, chroms: "chr[0-9]+"}
bin: {resolutions: [5000, 10000, 20000]}
filter: {maps: {no_filter: ""}}
depth: {activate: false}
qc: {multiqc: false, report: false}
output: {pictures: false, viewconf: false, crate: false}
"""
# The images that such a run needs.
STAGES = ("align", "contacts")
FASTQ = [
    "library lane group fastq1 fastq2",
    "A L1 pool data/a1_1.fq.gz data/a1_2.fq.gz",
    "A L2 pool data/a2_1.fq.gz data/a2_2.fq.gz",
    "B L1 pool data/b1_1.fq.gz data/b1_2.fq.gz",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the last result is kept."""
    parser.addoption("--record", type=Path, help="write the results into this Markdown file")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Write a table of what was shown between the two marks of a page."""
    if page := config.getoption("--record"):
        begin, end = (f"<!-- cluster: {word} -->\n" for word in ("begin", "end"))
        before, _, rest = page.read_text().partition(begin)
        rows = [f"Last run on {datetime.datetime.now(datetime.UTC).date()}:\n"]
        rows += ["| shown on the cluster | result | seconds |", "|---|---|---|"]
        for outcome in ("passed", "failed", "error"):
            for report in terminalreporter.stats.get(outcome, []):
                if report.when == "call" or outcome == "error":
                    rows.append(f"| {_title(report.nodeid)} | {outcome} | {report.duration:.0f} |")
        page.write_text("\n".join([f"{before}{begin}", *rows, f"\n{end}{rest.partition(end)[2]}"]))


def _title(node: str) -> str:
    """The name of a test as words."""
    return node.rpartition("::test_")[2].replace("_", " ").replace("[", ": ").rstrip("]")


def push(client: "DockerClient", tag: str, registry: str) -> str:
    """Push an image to the cluster's registry, and return its name by digest as machines see it."""
    name, version = tag.split(":")
    repository = f"{registry}/{name}"
    client.images.get(tag).tag(repository, version)
    try:
        told = follow(client.api.push(repository, version, stream=True, decode=True), repository)
    finally:
        client.images.remove(f"{repository}:{version}", noprune=True)
    digest = next(part["Digest"] for part in told if "Digest" in part)
    return f"registry:5000/{name}@{digest}"


@pytest.fixture(scope="session")
def slurm(docker: "DockerClient", images: dict[str, Image]) -> Iterator[Cluster]:
    """The cluster; every test leaves it with both nodes up."""
    folder = Path(tempfile.mkdtemp(prefix="hicloom-cluster-"))
    folder.chmod(0o755)
    try:
        with cluster(docker, folder / "cluster") as made:
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def references(slurm: Cluster, docker: "DockerClient", images: dict[str, Image]) -> dict[str, str]:
    """The images in the cluster's registry, by stage: registry:5000/name@sha256:..."""
    return {key: push(docker, images[key].tag, slurm.registry) for key in STAGES}


@pytest.fixture(scope="session")
def make_project(
    slurm: Cluster, images: dict[str, Image], references: dict[str, str], data: Path
) -> Callable[[str], Project]:
    """Lay out a project that names the images in the cluster's registry by digest."""

    def make(name: str) -> Project:
        folder = slurm.shared / name
        init(folder)
        table = dict.fromkeys(images, f"docker://{references['contacts']}")
        table |= {key: f"docker://{reference}" for key, reference in references.items()}
        (folder / "workflows/images.yaml").write_text(yaml.safe_dump(table))
        shutil.copytree(data, folder / "data")
        project = Project(slurm, folder, f"/shared/{name}")
        project.write(CONFIG, FASTQ)
        return project

    return make


@pytest.fixture(scope="session")
def pulled(slurm: Cluster, make_project: Callable[[str], Project]) -> Outcome:
    """What `hicloom images sif` said when it pulled the images for all that follows.

    Converting them takes minutes; a folder that HICLOOM_CLUSTER_SIF names keeps them for the
    next time.
    """
    project, kept = make_project("images"), os.environ.get("HICLOOM_CLUSTER_SIF")
    if kept and Path(kept).is_dir():
        shutil.copytree(kept, slurm.shared / "sif", symlinks=True, dirs_exist_ok=True)
        slurm.give(slurm.shared / "sif")
    words = ("python", "-m", "hicloom", "images", "sif", SIF)
    outcome = slurm.run(*words, cwd=project.cwd)
    assert outcome.code == 0, outcome.stderr
    if kept and not Path(kept).is_dir():
        shutil.copytree(slurm.shared / "sif", kept, symlinks=True)
    return outcome


@pytest.fixture
def project(
    request: pytest.FixtureRequest,
    slurm: Cluster,
    pulled: Outcome,
    make_project: Callable[[str], Project],
) -> Iterator[Project]:
    """A project of its own for a test, with three lanes of reads; all nodes are up again after."""
    made = make_project(re.sub(r"\W", "_", request.node.name))
    yield made
    slurm.cancel_all()


@pytest.fixture(scope="session")
def native(new_project: Callable[[str], Native], data: Path) -> Path:
    """The results of the same run on this machine, without containers."""
    made = new_project("native")
    (made.folder / "data").symlink_to(data)
    made.write(CONFIG, FASTQ)
    code, said = made.run()
    assert code == 0, said
    return made.path("results")
