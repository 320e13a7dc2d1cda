"""A worker of tibanna: a container that has this machine's programs, and `/data1` of its own."""

import io
import json
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.cloud.storage import Storage

if TYPE_CHECKING:
    from docker import DockerClient

ROOT = Path(__file__).parents[2]
IMAGE = "hicloom-test-tibanna-worker"
# Made by .ci/run: tibanna, awscli, and cwltool of the version in tibanna's image.
TIBANNA = ROOT / ".venv/share/tibanna/bin"
BIN = Path(sys.executable).parent
ETC = ("ld.so.cache", "passwd", "ssl")


@dataclass(frozen=True)
class Told:
    """What tibanna would start: the job, types of machine, GB of disk, and its first script."""

    jobid: str
    instances: list[str]
    disk: int
    script: str


@dataclass(frozen=True)
class Worker:
    """Launches executions, and does what the machine would do."""

    docker: "DockerClient"
    storage: Storage
    folder: Path

    def launch(self, execution: Path) -> Told:
        """Hand an execution to tibanna."""
        command = [TIBANNA / "python", Path(__file__).with_name("launch.py"), execution]
        environment = self.storage.environment | {"AWS_ACCOUNT_NUMBER": "123456789012"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        return Told(**json.loads(done.stdout.splitlines()[-1]))

    def work(self, told: Told) -> str:
        """Run the job, and give what was said."""
        disk = self.folder / told.jobid
        disk.mkdir()
        container = self.docker.containers.create(
            IMAGE,
            ["/usr/bin/bash", str(Path(__file__).with_name("worker.sh"))],
            environment=self._environment(told),
            network_mode="host",
            volumes=self._volumes() | {str(disk): {"bind": "/mnt/data1", "mode": "rw"}},
        )
        try:
            container.start()
            code = container.wait(timeout=1800)["StatusCode"]
            said: str = container.logs().decode()
        finally:
            container.remove(force=True)
        assert code == 0, said
        return said

    def _environment(self, told: Told) -> dict[str, str]:
        ours = self.storage.environment
        return {
            **{name: value for name, value in ours.items() if name.startswith("AWS_")},
            "AWS_ACCOUNT_NUMBER": "123456789012",
            "PATH": f"{TIBANNA}:{BIN}:/usr/bin:/bin",
            "JOBID": told.jobid,
            "LOGBUCKET": "lab-logs",
            "INSTANCE_ID": "i-of-the-tests",
            "LC_ALL": "C.UTF-8",
        }

    def _volumes(self) -> dict[str, dict[str, str]]:
        """This machine's programs, for reading."""
        etc = [f"/etc/{name}" for name in ETC if Path("/etc", name).exists()]
        paths = {"/usr", str(Path(sys.base_prefix).resolve()), str(ROOT), *etc}
        inside = {p for p in paths if any(p.startswith(f"{o}/") for o in paths)}
        return {path: {"bind": path, "mode": "ro"} for path in paths - inside}


def empty_image(docker: "DockerClient") -> Any:
    """An image of a few links into `/usr`, which comes from outside."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for name in ("bin", "sbin", "lib", "lib64"):
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, f"usr/{name}"
            tar.addfile(link)
        for name in ("usr", "etc", "tmp", "mnt"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o1777
            tar.addfile(folder)
    docker.api.import_image_from_data(content.getvalue(), repository=IMAGE, tag="latest")
    return docker.images.get(IMAGE)
