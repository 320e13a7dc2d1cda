"""What runs need goes away for a while: Snakemake itself, Slurm's controller, the registry."""

import time
from pathlib import Path

import pytest

from tests.cluster.machines import Cluster
from tests.cluster.project import JOBS, LIBRARY, Project

pytestmark = pytest.mark.prove
OUTAGE = 60


@pytest.mark.parametrize("profile", ["slurm", "slurm-generic"])
def test_after_a_kill_of_snakemake_a_second_run_does_only_what_was_not_finished(
    profile: str, project: Project, slurm: Cluster, native: Path
) -> None:
    """As docs/hpc.md tells it: cancel what still runs, unlock, the same command."""
    process = project.start(LIBRARY, profile=profile)
    project.wait_for_job("bam2pairs")
    project.signal("KILL")
    process.wait()
    finished = project.ended()
    assert finished["align"]
    slurm.cancel_all()
    assert slurm.run("snakemake", "--unlock", cwd=project.cwd).code == 0
    code, said = project.run(LIBRARY, profile=profile)
    assert code == 0, said
    assert project.ended() == JOBS - finished
    project.assert_library_is_that_of(native)


def stop_slurmctld(slurm: Cluster) -> None:
    """Stop Slurm's controller for a minute, while nodes go on."""
    slurm.root("pkill", "-x", "slurmctld")
    time.sleep(OUTAGE)
    slurm.root("runuser", "-u", "slurm", "--", "slurmctld")
    slurm.wait_for(slurm.idle, "idle nodes")


def test_the_generic_profile_waits_for_slurms_controller(
    project: Project, slurm: Cluster, native: Path
) -> None:
    process = project.start(LIBRARY, profile="slurm-generic")
    project.wait_for_job("bam2pairs")
    stop_slurmctld(slurm)
    code, said = project.finish(process)
    assert code == 0, said
    assert project.ended() == JOBS
    project.assert_library_is_that_of(native)


def test_a_run_that_lost_slurms_controller_is_stopped_and_called_again(
    project: Project, slurm: Cluster, native: Path
) -> None:
    """The executor for Slurm may wait for ever then, so docs/hpc.md says: Ctrl-C, then again."""
    process = project.start(LIBRARY)
    project.wait_for_job("bam2pairs")
    stop_slurmctld(slurm)
    if process.poll() is None:
        project.signal("INT")
        project.finish(process, seconds=120)
    finished = project.ended()
    code, said = project.run(LIBRARY)
    assert code == 0, said
    assert project.ended() == JOBS - finished
    project.assert_library_is_that_of(native)


def test_a_registry_that_is_gone_is_not_missed_where_images_are_there(
    project: Project, slurm: Cluster, native: Path
) -> None:
    with slurm.without("registry"):
        code, said = project.run(LIBRARY)
    assert code == 0, said
    project.assert_library_is_that_of(native)
