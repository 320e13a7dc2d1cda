"""What goes wrong inside a container, as cwltool runs it: said, marked as failed, nothing left."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hicloom.workflow import layout
from tests.docker.conftest import hicloom

if TYPE_CHECKING:
    from docker import DockerClient

pytest.importorskip("cwltool", reason="CWL needs the extra `cwl`")
pytestmark = pytest.mark.usefixtures("images")

TOOL = layout.folder() / "cwl/hicloom-bam2pairs.cwl"
CWLTOOL = Path(sys.executable).with_name("cwltool")
Start = Callable[..., subprocess.Popen[str]]


def job(folder: Path, bam: Path, sizes: Path) -> Path:
    """Write a job file that makes out.pairs.gz of a BAM."""
    files = {"bam": bam, "chromsizes": sizes}
    inputs = {name: {"class": "File", "path": str(path)} for name, path in files.items()}
    (folder / "job.json").write_text(json.dumps(inputs))
    return folder / "job.json"


@pytest.fixture
def cwltool(tmp_path: Path) -> Iterator[Start]:
    """Start `cwltool WORDS... hicloom-bam2pairs.cwl JOB`, with results in the test's out/.

    Its own defaults hold: root read-only, no network, the user who runs it.
    """
    started = []

    def start(job: Path, *words: str, results: Path = tmp_path) -> "subprocess.Popen[str]":
        folders = (f"--tmpdir-prefix={tmp_path}/tmp/", f"--tmp-outdir-prefix={results}/results/")
        command = [CWLTOOL, "--disable-color", *folders, f"--outdir={tmp_path}/out", *words]
        process = subprocess.Popen(
            [*command, TOOL, job], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def outcome(process: "subprocess.Popen[str]", tmp_path: Path) -> str:
    """Wait for a failure: no output object, no file; what was said on the terminal."""
    output, said = process.communicate(timeout=300)
    assert process.returncode == 1
    assert "completed permanentFail" in said
    assert json.loads(output) == {"output_file": None} or output.strip() in ("", "{}")
    assert [path for path in (tmp_path / "out").glob("**/*") if path.is_file()] == []
    return said


def test_the_job_that_the_others_spoil_works(cwltool: Start, lane: Path, tmp_path: Path) -> None:
    process = cwltool(job(tmp_path, lane / "lane.bam", lane / "toy.chrom.sizes"))
    output, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert "--read-only=true" in said
    assert "--net=none" in said
    assert json.loads(output)["output_file"]["basename"] == "out.pairs.gz"
    assert hicloom("validate", tmp_path / "out/out.pairs.gz").code == 0


def test_a_truncated_bam(cwltool: Start, lane: Path, tmp_path: Path) -> None:
    content = (lane / "lane.bam").read_bytes()
    (tmp_path / "cut.bam").write_bytes(content[: len(content) // 2])
    said = outcome(cwltool(job(tmp_path, tmp_path / "cut.bam", lane / "toy.chrom.sizes")), tmp_path)
    assert "hicloom: " in said
    assert "cut.bam" in said


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 16 kB."""
    if os.geteuid():
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k,mode=777", "tmpfs", folder]
    subprocess.run(mount, check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk(cwltool: Start, lane: Path, tmp_path: Path, small_disk: Path) -> None:
    """The 1500 pairs take 37 kB."""
    files = job(tmp_path, lane / "lane.bam", lane / "toy.chrom.sizes")
    said = outcome(cwltool(files, results=small_disk), tmp_path)
    assert "hicloom: " in said
    assert "the disk is full" in said


def test_a_container_that_is_killed(
    cwltool: Start, lane: Path, tmp_path: Path, docker: "DockerClient"
) -> None:
    (tmp_path / "ids").mkdir()
    files = job(tmp_path, lane / "lane.bam", lane / "toy.chrom.sizes")
    process = cwltool(files, f"--cidfile-dir={tmp_path}/ids")
    kill(docker, tmp_path / "ids")
    outcome(process, tmp_path)


def kill(docker: "DockerClient", ids: Path) -> None:
    """Kill the container whose id appears in a folder, as soon as it runs."""
    from docker.errors import APIError

    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for path in ids.iterdir():
            # Not yet running, or its id is not yet written.
            with contextlib.suppress(APIError, ValueError):
                docker.containers.get(path.read_text() or "none").kill()
                return
        time.sleep(0.05)
    pytest.fail("no container ran")
