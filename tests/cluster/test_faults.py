"""What goes wrong on clusters: a run ends right all the same, or says what is wrong."""

from pathlib import Path

import pytest

from tests.cluster.machines import Cluster
from tests.cluster.project import LIBRARY, Project


def states(project: Project, rule: str) -> list[str]:
    """How the jobs of a rule ended, in their order, as Slurm noted it."""
    return [record["JobState"] for record in project.records(rule)]


def test_a_node_that_dies_in_the_middle_loses_a_job_but_not_the_run(
    project: Project, slurm: Cluster, native: Path
) -> None:
    process = project.start(LIBRARY)
    number, node = project.wait_for_job("bam2pairs")
    slurm.remove(node)
    try:
        code, said = project.finish(process)
    finally:
        slurm.start_node(node)
        slurm.wait_for_nodes()
    assert code == 0, said
    ended = {record["JobId"]: record for record in project.records()}
    assert ended[number]["JobState"] == "NODE_FAIL"
    assert states(project, "bam2pairs").count("COMPLETED") == 2
    project.assert_library_is_that_of(native)


def test_a_job_over_its_memory_is_tried_again_with_more(
    project: Project, slurm: Cluster, native: Path
) -> None:
    """100 MB are too little for any job, 3200 enough; Slurm kills the first."""
    code, said = project.run(LIBRARY, "--set-resources", "dedup:mem_mb=100 * attempt ** 5")
    assert code == 0, said + slurm.logs()
    tries = [(r["JobState"] == "COMPLETED", r["Tres"]) for r in project.records("dedup")]
    assert {ok for ok, tres in tries if "mem=100M" in tres} == {False}
    assert {ok for ok, tres in tries if "mem=3200M" in tres} == {True}
    project.assert_library_is_that_of(native)


@pytest.mark.prove
def test_a_job_over_its_time_is_tried_again_with_more(
    project: Project, slurm: Cluster, native: Path
) -> None:
    """Its process is made to hang, as on a file system that does not answer."""
    process = project.start(LIBRARY, "--set-resources", "dedup:runtime=attempt")
    number, node = project.wait_for_job("dedup")
    slurm.wait_for(lambda: slurm.hang("hicloom dedup", on=node), "process of the job")
    code, said = project.finish(process)
    assert code == 0, said
    first, second = project.records("dedup")
    assert (first["JobId"], first["JobState"], first["TimeLimit"]) == (number, "TIMEOUT", "1")
    assert (second["JobState"], second["TimeLimit"]) == ("COMPLETED", "2")
    project.assert_library_is_that_of(native)


@pytest.mark.prove
def test_a_job_that_is_cancelled_is_given_to_slurm_again(
    project: Project, slurm: Cluster, native: Path
) -> None:
    process = project.start(LIBRARY)
    number, _ = project.wait_for_job("dedup")
    slurm.root("scancel", number)
    code, said = project.finish(process)
    assert code == 0, said
    assert states(project, "dedup") == ["CANCELLED", "COMPLETED"]
    project.assert_library_is_that_of(native)


@pytest.fixture
def other_images(project: Project) -> Path:
    """A folder of images for this project alone, which are links to those of all."""
    folder = project.folder / "images"
    folder.mkdir()
    for path in (project.cluster.shared / "sif").glob("*.simg"):
        (folder / path.name).symlink_to(f"../../sif/{path.name}")
    project.cluster.give(folder)
    return folder


def swap(folder: Path) -> Path:
    """Let the first image be a copy of the second one, and return it."""
    first, second, *_ = sorted(folder.glob("*.simg"))
    target = second.readlink()
    first.unlink()
    first.symlink_to(target)
    return first


def test_an_image_of_another_digest_stops_the_run_before_its_first_job(
    project: Project, other_images: Path
) -> None:
    wrong = swap(other_images)
    code, said = project.run("--apptainer-prefix", f"{project.cwd}/images")
    assert code != 0
    assert f"images/{wrong.name}: is made of registry:5000/hicloom-" in said
    assert "remove this file" in said
    assert not project.jobs()


def test_images_sif_refuses_a_file_of_another_digest(
    project: Project, other_images: Path, slurm: Cluster
) -> None:
    wrong = swap(other_images)
    words = ("python", "-m", "hicloom", "images", "sif", "images")
    outcome = slurm.run(*words, cwd=project.cwd)
    assert outcome.code == 2
    assert f"images/{wrong.name}: is made of registry:5000/hicloom-" in outcome.stderr
    assert len(outcome.stderr.splitlines()) <= 2
