"""The images, built by the real command, and containers as the runners of CWL start them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hicloom.errors import InputError
from hicloom.images.daemon import connect
from hicloom.images.plan import Image, read_plan
from tests.conftest import Outcome
from tests.cwl.conftest import Run as CwlRun
from tests.cwl.conftest import runner

if TYPE_CHECKING:
    from docker import DockerClient

HICLOOM = [sys.executable, "-m", "hicloom"]
KEYS = [image.key for image in read_plan().images]
Run = Callable[..., Outcome]


@pytest.fixture(scope="session")
def docker() -> Iterator["DockerClient"]:
    """The Docker daemon; without one, these tests are skipped."""
    try:
        client = connect()
    except InputError as error:
        pytest.skip(str(error))
    yield client
    client.close()


@pytest.fixture(scope="session")
def images(docker: "DockerClient") -> dict[str, Image]:
    """The images by stage, built by `hicloom images build`; they stay as they are, as caches."""
    done = subprocess.run([*HICLOOM, "images", "build"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {image.key: image for image in read_plan().images}


@pytest.fixture(scope="session")
def cwltool(
    images: dict[str, Image], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., CwlRun]:
    """Run `cwltool --strict WORDS...` as it is by default: in Docker, read-only, no network."""
    return runner(tmp_path_factory.mktemp("cwltool"))


@pytest.fixture
def inside(docker: "DockerClient", images: dict[str, Image], tmp_path: Path) -> Run:
    """Run a command in an image: root read-only, user 1234, no network, no home.

    The folder of the test is there under its own name, and is where the command runs.
    """
    tmp_path.chmod(0o777)

    def run(image: str, *words: object, **options: Any) -> Outcome:
        name = images[image].tag if image in images else image
        volume = {str(tmp_path): {"bind": str(tmp_path), "mode": "rw"}}
        settings = {
            "read_only": True,
            "user": "1234:1234",
            "network_mode": "none",
            "environment": {"HOME": "/nonexistent"},
            "volumes": volume,
            "working_dir": str(tmp_path),
        }
        container = docker.containers.create(name, [str(w) for w in words], **settings | options)
        try:
            container.start()
            code = container.wait(timeout=300)["StatusCode"]
            said = [container.logs(stdout=out, stderr=not out).decode() for out in (True, False)]
        finally:
            container.remove(force=True)
        return Outcome(code, *said)

    return run


def hicloom(*words: object, cwd: Path | None = None, source: Path | None = None) -> Outcome:
    """Run hicloom on this machine, from the package in `source` if that is given."""
    environment = os.environ | ({"PYTHONPATH": str(source / "scripts")} if source else {})
    command = [*HICLOOM, *map(str, words)]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lane of 1500 read pairs and its genome: genome.fa.gz, toy.chrom.sizes, 1.fq.gz, 2.fq.gz.

    Beside them, what this machine makes of it: index/, lane.bam.
    """
    folder = tmp_path_factory.mktemp("lane")
    make = [
        "simulate genome --seed 1 --chromosomes chr1:150000,chr2:80000 --output genome.fa.gz",
        "simulate reads genome.fa.gz --pairs 1500 --seed 1 --output1 1.fq.gz --output2 2.fq.gz",
        "index-genome genome.fa.gz --output index --chromsizes toy.chrom.sizes",
        "align 1.fq.gz 2.fq.gz --index index --output lane.bam",
    ]
    for words in make:
        outcome = hicloom(*words.split(), cwd=folder)
        assert outcome.code == 0, outcome.stderr
    return folder
