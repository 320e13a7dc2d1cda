"""Many small lanes, given to Slurm as one array."""

from pathlib import Path

import pytest

from tests.cluster.project import JOBS, LIBRARY, Project

pytestmark = pytest.mark.prove


def test_lanes_of_a_rule_are_one_array(project: Project, native: Path) -> None:
    code, said = project.run(LIBRARY, "--slurm-array-jobs", "align,bam2pairs")
    assert code == 0, said
    assert "Submitted array job with Snakemake IDs" in said
    assert project.ended() == JOBS
    project.assert_library_is_that_of(native)
