"""A running cluster with the images in its registry, and projects in its shared folder."""

import datetime
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from hicloom.commands.init import init
from hicloom.images.daemon import follow
from hicloom.images.plan import Image
from tests.cluster.machines import Cluster, cluster
from tests.conftest import Outcome
from tests.docker.conftest import docker, images
from tests.snakemake.conftest import Project as Native
from tests.snakemake.conftest import data, new_project

if TYPE_CHECKING:
    from docker import DockerClient

__all__ = ["data", "docker", "images", "new_project"]

SIF = "/shared/sif"
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
# Jobs take seconds here, not hours, so that asking for them often pays.
HASTY = ("--seconds-between-status-checks", "2", "--latency-wait", "20")
SUBMITTED = re.compile(r"Job \d+ has been submitted with SLURM jobid (\d+) \(log: \S*?/rule_(\w+)/")


def pytest_configure(config: pytest.Config) -> None:
    """Faults that take minutes each, and are shown before a release."""
    config.addinivalue_line("markers", "prove: takes minutes; part of make prove")


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


@dataclass
class Project:
    """A project in the shared folder.

    Attributes
    ----------
    folder : Path
        On this machine.
    cwd : str
        On the cluster's.
    """

    cluster: Cluster
    folder: Path
    cwd: str
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.folder / "said.txt"

    def write(self, config: str, samples: list[str]) -> None:
        """Write the settings, and the sample table with blanks for tabs."""
        rows = ("\t".join(row.split(" ")) for row in samples)
        (self.folder / "config/config.yaml").write_text(config)
        (self.folder / "config/samples.tsv").write_text("\n".join(rows))
        self.cluster.give(self.folder)

    def start(self, *words: str, profile: str = "slurm") -> subprocess.Popen[bytes]:
        """Start the workflow as docs/hpc.md says it, on the controller."""
        often = ("--slurm-init-seconds-before-status-checks", "3") if profile == "slurm" else ()
        named = ("--workflow-profile", f"config/profiles/{profile}.yaml", "--use-singularity")
        place = ("--apptainer-prefix", SIF)
        command = ("snakemake", *named, *place, *HASTY, *often, *words)
        return self.cluster.begin(*command, cwd=self.cwd, log=self.log)

    def finish(self, process: subprocess.Popen[bytes], seconds: float = 600) -> tuple[int, str]:
        """Wait until the workflow has ended: exit code, what it said."""
        try:
            code = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.cluster.root("pkill", "-KILL", "-u", "lab", "-f", "bin/snakemake")
            process.wait()
            raise AssertionError(f"no end within {seconds} s:\n{self.said()}") from None
        return code, self.said()

    def run(self, *words: str, profile: str = "slurm", seconds: float = 600) -> tuple[int, str]:
        """Run the workflow to its end."""
        return self.finish(self.start(*words, profile=profile), seconds)

    def said(self) -> str:
        """What Snakemake has said until now."""
        return self.log.read_text(errors="replace")

    def jobs(self) -> list[tuple[str, str]]:
        """The number and the rule of each job that was given to Slurm, in their order."""
        return SUBMITTED.findall(self.said())

    def wait_for_job(self, rule: str, seconds: float = 180) -> tuple[str, str]:
        """Wait until a job of the rule runs, and return its number and node."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            running = self.cluster.running()
            for number, name in self.jobs():
                if name == rule and number in running:
                    return number, running[number]
            time.sleep(0.2)
        raise AssertionError(f"no job of {rule} ran:\n{self.said()}")

    def records(self, rule: str | None = None) -> list[dict[str, str]]:
        """Slurm's records of the jobs of this run that ended; of one rule, if it is given."""
        ours = {number for number, name in self.jobs() if rule in (None, name)}
        return [record for record in self.cluster.completed() if record["JobId"] in ours]


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
    for number in slurm.running():
        slurm.root("scancel", number)


@pytest.fixture(scope="session")
def native(new_project: Callable[[str], Native], data: Path) -> Path:
    """The results of the same run on this machine, without containers."""
    made = new_project("native")
    (made.folder / "data").symlink_to(data)
    made.write(CONFIG, FASTQ)
    code, said = made.run()
    assert code == 0, said
    return made.path("results")
