"""A run by tibanna without AWS: what its worker leaves in the bucket is what cwltool makes here."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.cloud.storage import SECRET, Storage
from tests.cloud.worker import TIBANNA, Told, Worker, empty_image
from tests.conftest import Outcome, body
from tests.cwl.conftest import FOLDER, Run
from tests.cwl.conftest import hicloom as hicloom_here
from tests.engines import assert_same_hic, assert_same_run, entry, hic_job
from tests.executions import execution
from tests.snakemake.tables import assert_same_map

if TYPE_CHECKING:
    from docker import DockerClient

Hicloom = Callable[..., Outcome]
Cwltool = Callable[..., Run]
SETTINGS = {"group": "wt", "assembly": "toy", "resolutions": [5000, 10000]}


@pytest.fixture(scope="module")
def worker(
    docker: "DockerClient", s3: Storage, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Worker]:
    """A worker whose storage is that of the tests."""
    if not (TIBANNA / "awsf3").exists():
        pytest.skip("tibanna's worker is not installed in .venv/share/tibanna")
    image = empty_image(docker)
    yield Worker(docker, s3, tmp_path_factory.mktemp("worker"))
    docker.images.remove(image.id, force=True)


def in_s3(value: Any, s3: Storage) -> Any:
    """A value of a job with its files put into the bucket lab-data."""
    if isinstance(value, list):
        return [in_s3(item, s3) for item in value]
    if isinstance(value, dict):
        path = Path(value["path"])
        return {"class": "File", "location": s3.put(path, "lab-data", f"in/{path.name}")}
    return value


def outputs(s3: Storage, told: Told) -> dict[str, Any]:
    """What the worker says that it made, by output."""
    postrun = json.loads(s3.read("lab-logs", f"{told.jobid}.postrun.json"))
    assert postrun["Job"]["status"] == "0"
    assert f"{told.jobid}.success" in s3.keys("lab-logs")
    files: dict[str, Any] = postrun["Job"]["Output"]["Output files"]
    return files


def assert_sums_are_of_what_is_there(files: dict[str, Any], s3: Storage) -> None:
    """The md5 of each file, and of what lies beside it, is that of the object in the bucket."""
    single = [one for made in files.values() for one in (made, *(made.get("secondaryFiles") or []))]
    for one in single:
        if one["class"] == "File":
            object_ = s3.read("lab-results", one["target"])
            assert one["md5sum"] == hashlib.md5(object_).hexdigest(), one["target"]


def assert_no_secret(s3: Storage, *texts: str) -> None:
    """Neither log nor JSON holds the secret."""
    for text in (*texts, *(s3.read("lab-logs", key).decode() for key in s3.keys("lab-logs"))):
        assert SECRET not in text


def test_a_job_of_the_workflow_gives_in_the_bucket_what_cwltool_gives_here(
    worker: Worker,
    s3: Storage,
    hicloom: Hicloom,
    cwltool: Cwltool,
    lanes: Path,
    tmp_path: Path,
) -> None:
    """From one packed CWL file, which tibanna uploads from the folder of the JSON."""
    job = hic_job(
        tmp_path / "here.yml",
        {"R1": [lanes / "L1_1.fastq.gz"], "R2": [lanes / "L2_1.fastq.gz"]},
        index=entry(lanes / "index.tgz"),
        chromsizes=entry(lanes / "toy.chrom.sizes"),
        **SETTINGS,
    )
    here = cwltool("--outdir", tmp_path / "here", FOLDER / "hic.cwl", job)
    assert here.code == 0, here.stderr
    values = {name: in_s3(value, s3) for name, value in yaml.safe_load(job.read_text()).items()}
    (tmp_path / "job.yml").write_text(yaml.safe_dump(values))
    run = tmp_path / "run.json"
    places = ("--into", "s3://lab-results/wt", "--log-bucket", "lab-logs", "-o", run)
    made = hicloom("tibanna", "make", "hic.cwl", tmp_path / "job.yml", *places, "--packed")
    assert made.code == 0, made.stdout + made.stderr

    told = worker.launch(run)
    said = worker.work(told)

    files = outputs(s3, told)
    assert_sums_are_of_what_is_there(files, s3)
    assert files["pairs"]["target"] == "wt/wt.toy.pairs.gz"
    assert_same_run(tmp_path / "here", s3.get("lab-results", "wt/", tmp_path / "there"))
    assert_no_secret(s3, said, run.read_text(), told.script)


def test_4dns_own_execution_runs_with_another_url_alone(
    worker: Worker, s3: Storage, cwltool: Cwltool, lanes: Path, tmp_path: Path
) -> None:
    """Its machine is what 4DN's benchmarks have for hi-c-processing-pairs."""
    run = execution("hi-c-processing-pairs")
    run["args"]["cwl_directory_url"] = s3.put(FOLDER, "lab-cwl", "cwl")
    for name in ("toy.chrom.sizes", "toy.DpnII.txt"):
        s3.put(lanes / name, "lab-data", f"genome/{name}")
    pairs = [tmp_path / f"{name}.pairs.gz" for name in ("R1", "R2")]
    for seed, path in enumerate(pairs):
        words = ["--chromsizes", lanes / "toy.chrom.sizes", "--pairs", "5000", "--seed", seed]
        hicloom_here("simulate", "pairs", *words, "--output", path)
        s3.put(path, "lab-data", f"made/{path.name}")
    job = run["args"]["input_parameters"] | {
        "input_pairs": list(map(entry, pairs)),
        "chromsizes": entry(lanes / "toy.chrom.sizes"),
        "restriction_file": entry(lanes / "toy.DpnII.txt"),
    }
    (tmp_path / "here.yml").write_text(yaml.safe_dump(job))
    (tmp_path / "run.json").write_text(json.dumps(run))
    words = (FOLDER / "hi-c-processing-pairs.cwl", tmp_path / "here.yml")
    here = cwltool("--outdir", tmp_path / "here", *words)
    assert here.code == 0, here.stderr

    told = worker.launch(tmp_path / "run.json")
    worker.work(told)

    assert len(told.instances) == 1
    assert_sums_are_of_what_is_there(outputs(s3, told), s3)
    there = s3.get("lab-results", "maps", tmp_path / "there")
    assert sorted(path.name for path in there.iterdir()) == [
        *("wt.hic", "wt.mcool", "wt.pairs.gz", "wt.pairs.gz.px2")
    ]
    assert body(there / "wt.pairs.gz") == body(tmp_path / "here/out.pairs.gz")
    assert_same_map(there / "wt.mcool", tmp_path / "here/output.mcool")
    assert_same_hic(there / "wt.hic", tmp_path / "here/out.hic")


def test_what_check_refuses_is_what_the_worker_breaks_on(
    worker: Worker, s3: Storage, hicloom: Hicloom, lanes: Path, tmp_path: Path
) -> None:
    """A list among the outputs: cwltool ends well, and the upload does not."""
    shutil.copytree(FOLDER, tmp_path / "cwl", ignore=shutil.ignore_patterns("jobs"))
    tool = yaml.safe_load((FOLDER / "md5.cwl").read_text())
    tool["outputs"]["report"]["type"] = "File[]"
    (tmp_path / "cwl/md5.cwl").write_text(yaml.safe_dump(tool))
    run = execution("md5")
    run["args"]["input_files"]["input_file"]["object_key"] = "reads/L1_1.fastq.gz"
    run["args"]["cwl_directory_local"] = str(tmp_path / "cwl")
    (tmp_path / "run.json").write_text(json.dumps(run))
    s3.put(lanes / "L1_1.fastq.gz", "lab-data", "reads/L1_1.fastq.gz")
    checked = hicloom("tibanna", "check", tmp_path / "run.json")
    assert "tibanna's worker uploads single files, no arrays" in checked.stdout
    with pytest.raises(AssertionError, match="TypeError"):
        worker.work(worker.launch(tmp_path / "run.json"))
