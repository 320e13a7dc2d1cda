"""Folders that are full, for reading only, or lack an image on one machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.machines import Cluster
from tests.cluster.project import LIBRARY, Project

pytestmark = pytest.mark.prove


@pytest.fixture
def node_that_cannot_write(slurm: Cluster) -> Iterator[str]:
    """A node that has the shared folder for reading only."""
    name = "c2"
    slurm.remove(name)
    slurm.start_node(name, mode="ro")
    slurm.wait_for_nodes()
    yield name
    slurm.remove(name)
    slurm.start_node(name)
    slurm.wait_for_nodes()


def test_a_run_goes_on_without_the_node_that_cannot_write(
    project: Project, node_that_cannot_write: str, native: Path
) -> None:
    """Of two lanes that are aligned at a time, one is on that node, and no retry is allowed it."""
    code, _ = project.run(LIBRARY, "--retries", "0")
    assert code != 0
    failed = {r["NodeList"] for r in project.records() if r["JobState"] != "COMPLETED"}
    assert failed == {node_that_cannot_write}
    code, said = project.run(LIBRARY, "--slurm-exclude-failed-nodes", node_that_cannot_write)
    assert code == 0, said
    assert node_that_cannot_write not in {r["NodeList"] for r in project.records()}
    project.assert_library_is_that_of(native)


def test_a_run_goes_on_when_a_full_folder_has_room_again(
    project: Project, slurm: Cluster, native: Path
) -> None:
    small = "/shared/small/project"
    assert slurm.run("cp", "-r", project.cwd, small).code == 0
    slurm.run("sh", "-c", "head -c 1000000000 /dev/zero > ../ballast", cwd=small)
    full = Project(slurm, project.folder, small)
    code, said = full.run(LIBRARY)
    assert code != 0
    assert "No space left on device" in said
    assert slurm.run("rm", "../ballast", cwd=small).code == 0
    code, said = full.run(LIBRARY)
    assert code == 0, said
    assert slurm.run("cp", "-r", f"{small}/results", project.cwd).code == 0
    project.assert_library_is_that_of(native)


def test_an_image_that_a_node_has_not_is_named(project: Project, slurm: Cluster) -> None:
    """The login node has its own folder of images, and nodes do not reach the registry."""
    assert slurm.run("cp", "-rL", "/shared/sif", "/tmp/sif").code == 0
    with slurm.without("registry"):
        code, said = project.run(LIBRARY, "--apptainer-prefix", "/tmp/sif", "--retries", "0")
    assert code != 0
    (log,) = project.folder.glob(".snakemake/slurm_logs/*/*/*.log")
    assert str(log.relative_to(project.folder)) in said
    assert (
        "Failed to pull singularity image from docker://registry:5000/hicloom-" in log.read_text()
    )
