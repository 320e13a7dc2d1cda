"""The profiles that come with the workflow: Snakemake knows every key of them."""

from pathlib import Path

import pytest
import yaml
from snakemake.cli import parse_args

from hicloom.workflow import layout

FOLDER = layout.folder() / "config/profiles"
# Their executors are not among the packages that tests install.
CLOUD = {"aws-batch", "kubernetes"}
PROFILES = [path for path in sorted(FOLDER.glob("*.yaml")) if path.stem not in CLOUD]
EXECUTORS = {
    "local": None,
    "apptainer": None,
    "slurm": "slurm",
    "slurm-generic": "cluster-generic",
    "lsf": "cluster-generic",
    "sge": "cluster-generic",
}


def options(profile: Path) -> object:
    """What Snakemake makes of `--workflow-profile FILE`."""
    return parse_args(["--workflow-profile", str(profile)])[1]


@pytest.mark.parametrize("name", EXECUTORS)
def test_a_profile_is_for_an_executor(name: str) -> None:
    assert vars(options(FOLDER / f"{name}.yaml"))["executor"] == EXECUTORS[name]


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_snakemake_reads_every_key(path: Path) -> None:
    read = vars(options(path))
    for key in yaml.safe_load(path.read_text()):
        assert key.replace("-", "_") in read or key == "software-deployment-method", key


def test_an_unknown_key_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Else the test before this one could not fail."""
    path = tmp_path / "slurm.yaml"
    path.write_text((FOLDER / "slurm.yaml").read_text() + "slurm-partitions: main\n")
    with pytest.raises(SystemExit):
        options(path)
    assert "slurm-partitions" in capsys.readouterr().err
