"""The workflow on a Slurm cluster, every job in an image that was pulled by digest."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cluster.conftest import SIF, Project
from tests.cluster.machines import NODES, Cluster
from tests.conftest import Outcome
from tests.engines import assert_same_run

RULES = {"index_genome", "align", "bam2pairs", "dedup", "merge_pairs"}
RULES |= {"cload", "zoomify", "hic", "add_hic_norms"}


@pytest.fixture(scope="module")
def finished(slurm: Cluster, pulled: Outcome, make_project: Callable[[str], Project]) -> Project:
    """A run of three lanes in two libraries of one group, from reads to maps."""
    project = make_project("finished")
    code, said = project.run()
    assert code == 0, said + slurm.logs()
    return project


def test_the_result_is_that_of_one_machine(finished: Project, native: Path) -> None:
    assert_same_run(finished.folder / "results", native)


def test_slurm_has_run_a_job_for_every_output(finished: Project) -> None:
    """What Slurm itself noted: who, where, how it ended."""
    rules = [rule for _, rule in finished.jobs()]
    assert set(rules) >= RULES
    assert (rules.count("align"), rules.count("bam2pairs"), rules.count("dedup")) == (3, 3, 2)
    records = finished.records()
    assert len(records) == len(rules)
    assert {record["JobState"] for record in records} == {"COMPLETED"}
    assert {record["UserId"] for record in records} == {"lab(1000)"}


def test_jobs_ran_on_both_nodes(finished: Project) -> None:
    assert {record["NodeList"] for record in finished.records()} == set(NODES)


def test_jobs_ran_in_the_images(finished: Project, slurm: Cluster) -> None:
    """No machine of the cluster has the command; only the images have it."""
    for machine in ("controller", *NODES):
        assert slurm.run("sh", "-c", "command -v hicloom", on=machine).code != 0


def test_jobs_asked_for_what_their_rules_say(finished: Project) -> None:
    (record,) = finished.records("index_genome")
    assert "mem=1" in record["Tres"]


def test_a_second_run_does_nothing(finished: Project) -> None:
    jobs = len(finished.jobs())
    code, said = finished.run()
    assert jobs
    assert code == 0, said
    assert "Nothing to be done" in said


def test_images_were_pulled_by_digest_and_bear_both_names(
    pulled: Outcome, references: dict[str, str], slurm: Cluster
) -> None:
    rows = [line.split("\t") for line in pulled.stdout.splitlines()]
    assert {url for _, url in rows} == {f"docker://{name}" for name in references.values()}
    names = {path.name for path in (slurm.shared / "sif").iterdir()}
    assert len([name for name in names if re.fullmatch(r"[0-9a-f]{32}\.simg", name)]) == len(rows)
    assert len([name for name in names if name.endswith(".sif")]) == len(rows)


def test_images_that_are_there_are_not_pulled_again(pulled: Outcome, slurm: Cluster) -> None:
    again = slurm.run("python", "-m", "hicloom", "images", "sif", SIF, cwd="/shared/images")
    assert (again.code, again.stdout) == (0, pulled.stdout)
    assert again.stderr.count("is there") == len(pulled.stdout.splitlines())
