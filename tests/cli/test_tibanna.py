"""`hicloom tibanna`: from a CWL job in S3 to an execution JSON, and whether one is sound."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.conftest import Outcome
from tests.executions import execution
from tests.unit.test_tibanna import HIC

Hicloom = Callable[..., Outcome]
PLACES = ("--into", "s3://lab-results/wt", "--log-bucket", "lab-logs")


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """A job of hic.cwl with its files in S3."""
    path = tmp_path / "job.yml"
    path.write_text(yaml.safe_dump(HIC))
    return path


def test_what_is_made_is_sound(hicloom: Hicloom, job: Path, tmp_path: Path) -> None:
    run = tmp_path / "run.json"
    made = hicloom("tibanna", "make", "hic.cwl", job, *PLACES, "--spot", "-o", run)
    assert (made.code, made.stdout) == (0, f"{run}: hic.cwl\n")
    config = json.loads(run.read_text())["config"]
    assert (config["spot_instance"], config["run_name"]) == (True, "hic-run")
    checked = hicloom("tibanna", "check", run)
    assert (checked.code, checked.stdout) == (0, f"{run}: OK (hic.cwl, 4 files)\n")
    assert "the image hicloom-align:0.1.0 has no registry" in checked.stderr


def test_one_packed_file_does_for_all(hicloom: Hicloom, tmp_path: Path) -> None:
    pytest.importorskip("cwltool", reason="CWL needs the extra `cwl`")
    job, run = tmp_path / "job.yml", tmp_path / "run.json"
    job.write_text("input_file: {class: File, location: s3://lab-data/1.fastq.gz}\n")
    made = hicloom("tibanna", "make", "md5-validate.cwl", job, *PLACES, "--packed", "-o", run)
    assert made.code == 0, made.stderr
    args = json.loads(run.read_text())["args"]
    assert (args["cwl_main_filename"], args["cwl_child_filenames"]) == ("run.cwl", [])
    assert args["cwl_directory_local"] == str(tmp_path)
    assert (args["app_name"], args["output_target"]["md5_report"]) == ("md5-validate", "wt/report")
    assert hicloom("tibanna", "check", run).code == 0


def test_each_problem_is_a_line_and_the_end_is_2(hicloom: Hicloom, tmp_path: Path) -> None:
    wrong, run = execution("cooler"), tmp_path / "run.json"
    wrong["args"]["input_parameters"] = {"binsize": "5 kb", "bins": 1}
    run.write_text(json.dumps(wrong))
    checked = hicloom("tibanna", "check", run)
    assert checked.code == 2
    assert checked.stdout.splitlines() == [
        f"{run}: args.input_parameters.bins: cooler.cwl has no input of that name; "
        "there are pairs, chrsizes, binsize, ncores, outprefix, max_split, memory_mb, disk_mb",
        f"{run}: args.input_parameters.binsize: '5 kb' is not null or int",
    ]
    assert checked.stderr == f"hicloom: {run}: 2 problems, see above\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON (line 1: "),
        ("[]", "expected an object with args and config"),
        ('{"args": {}, "config": {}}', "args.cwl_main_filename: expected the name"),
        ('{"args": {"cwl_main_filename": "x.cwl"}, "config": {}}', "x.cwl: no such file"),
    ],
)
def test_what_is_no_execution_is_refused(
    text: str, said: str, hicloom: Hicloom, tmp_path: Path
) -> None:
    run = tmp_path / "run.json"
    run.write_text(text)
    checked = hicloom("tibanna", "check", run)
    assert checked.code == 2
    assert said in checked.stderr


def test_nothing_is_written_where_the_worker_would_stumble(
    hicloom: Hicloom, job: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run.json"
    made = hicloom("tibanna", "make", "hic.cwl", job, *PLACES, "--ebs-size", "1TB", "-o", run)
    assert (made.code, run.exists()) == (2, False)
    assert "config.ebs_size: '1TB' is neither GB (< 16000) nor a factor such as 8x" in made.stdout
