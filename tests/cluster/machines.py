"""A Slurm cluster of containers: a controller, two nodes, a registry, a shared folder."""

import contextlib
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hicloom.errors import WorkError
from tests.cluster.image import HERE, LABEL, build_node
from tests.conftest import Outcome

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

NODES = {"c1": 11, "c2": 12}
USER = 1000
# Bytes of the file system that fills up.
SMALL = 64_000_000
ENVIRONMENT = {"HOME": "/shared/home", "APPTAINER_NOHTTPS": "1", "APPTAINER_TMPDIR": "/scratch"}
# What Apptainer needs of Docker to run as an ordinary user inside a container.
APPTAINER: dict[str, Any] = {
    "devices": ["/dev/fuse"],
    "security_opt": ["seccomp=unconfined", "apparmor=unconfined"],
    # Slurm reads /proc/PID/io of jobs to know their memory, and asks for the user's environment, if
    # a job names variables as Toil's do, in a namespace of its own.
    "cap_add": ["SYS_PTRACE", "SYS_ADMIN"],
}


class Cluster:
    """The running machines.

    Attributes
    ----------
    shared : Path
        The folder that all machines have as /shared; it belongs to the user `lab`.
    registry : str
        Where this machine pushes images to; inside the cluster it is registry:5000.
    """

    def __init__(self, client: "DockerClient", folder: Path):
        self.client = client
        self.folder = folder
        self.shared = folder / "shared"
        self.machines: dict[str, Container] = {}
        self._name = f"hicloom-{secrets.token_hex(3)}"
        self._image = self._subnet = ""

    @property
    def registry(self) -> str:
        """Where the registry of the cluster answers on this machine."""
        machine = self.machines["registry"]
        machine.reload()
        port = machine.attrs["NetworkSettings"]["Ports"]["5000/tcp"][0]["HostPort"]
        return f"127.0.0.1:{port}"

    def start(self) -> None:
        """Start all machines and wait until both nodes take jobs."""
        self._image = build_node(self.client)
        self._subnet = _make_network(self.client, self._name)
        self._write_settings()
        for name in ("shared/home", "shared/sif", "shared/small", "scratch"):
            (self.folder / name).mkdir(parents=True)
        self._make_small_disk()
        self.give(self.shared)
        self.give(self.folder / "scratch", 0o777)
        self._start("registry", 5, ports={"5000/tcp": ("127.0.0.1", None)})
        self._start("controller", 10, **APPTAINER)
        for name in NODES:
            self.start_node(name)
        self.wait_for_nodes()

    def start_node(self, name: str, mode: str = "rw") -> None:
        """Start a compute node; its shared folder may be there for reading only (`ro`)."""
        self._start(name, NODES[name], mode, **APPTAINER)

    def remove(self, name: str) -> None:
        """Take a machine away, as when its power is cut."""
        self.machines.pop(name).remove(force=True, v=True)

    def stop(self) -> None:
        """Remove machines, network and files."""
        for name in list(self.machines):
            with contextlib.suppress(Exception):
                self.remove(name)
        for network in self.client.networks.list(names=[self._name]):
            network.remove()
        for volume in self.client.volumes.list(filters={"label": f"{LABEL}={self._name}"}):
            volume.remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *words: object, cwd: str = "/shared", on: str = "controller") -> Outcome:
        """Run a command as the user `lab` on a machine, and return how it ended."""
        done = subprocess.run(self._exec(words, cwd, on), capture_output=True, text=True)
        return Outcome(done.returncode, done.stdout, done.stderr)

    def begin(self, *words: object, cwd: str, log: Path) -> subprocess.Popen[bytes]:
        """Start a command as the user `lab` on the controller; what it says goes to a file."""
        with log.open("wb") as file:
            return subprocess.Popen(self._exec(words, cwd, "controller"), stdout=file, stderr=-2)

    def root(self, *words: object, on: str = "controller") -> str:
        """Run a command as root on a machine, and return what it printed."""
        code, said = self.machines[on].exec_run([str(word) for word in words])
        if code:
            raise WorkError(f"{' '.join(map(str, words))}: {said.decode()}")
        return said.decode()

    def hang(self, command: str, on: str) -> bool:
        """Stop the processes of a command, as a dead disk does; whether there are any."""
        return self.machines[on].exec_run(["pkill", "-STOP", "-f", command]).exit_code == 0

    def idle(self) -> set[str]:
        """The nodes that take jobs."""
        said = self.run("sinfo", "--noheader", "--Node", "--states=idle", "--format=%N")
        return set(said.stdout.split())

    def running(self) -> dict[str, str]:
        """Running jobs and their nodes."""
        said = self.run("squeue", "--noheader", "--states=running", "--format=%i %N").stdout
        return dict(line.split() for line in said.splitlines() if len(line.split()) == 2)

    def names(self) -> dict[str, str]:
        """What the jobs are called that Slurm still knows, ended ones too."""
        said = self.run("squeue", "--noheader", "--states=all", "--format=%i %j").stdout
        return dict(line.split() for line in said.splitlines())

    def cancel_all(self) -> None:
        """Cancel what runs or waits."""
        self.run("scancel", "--user", "lab")

    def completed(self) -> list[dict[str, str]]:
        """The records of all jobs that ended, in their order; Slurm's words."""
        text = self.root("sh", "-c", "cat /var/log/slurm/completed 2>/dev/null || true")
        lines = (line.split() for line in text.splitlines())
        return [dict(word.split("=", 1) for word in line if "=" in word) for line in lines]

    def give(self, path: Path, mode: int = 0o755) -> None:
        """Let a file or folder, and all in it, belong to the user `lab`."""
        for found in [path, *path.rglob("*")]:
            os.chown(found, USER, USER, follow_symlinks=False)
        path.chmod(mode)

    def wait_for(self, what: Callable[[], object], name: str, seconds: float = 120) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + seconds
        while not what():
            if time.monotonic() > deadline:
                raise WorkError(f"no {name} within {seconds:.0f} s\n{self.logs()}")
            time.sleep(0.2)

    def wait_for_nodes(self) -> None:
        """Wait until both nodes take jobs and run none."""
        self.wait_for(lambda: self.idle() == set(NODES), "two idle nodes")

    @contextlib.contextmanager
    def without(self, name: str) -> Iterator[None]:
        """Stop a machine for a while."""
        self.machines[name].stop(timeout=5)
        try:
            yield
        finally:
            self.machines[name].start()

    def logs(self) -> str:
        """The last that the machines said, for a failure."""
        tails = [f"{n}: {m.logs(tail=15).decode()}" for n, m in self.machines.items()]
        with contextlib.suppress(Exception):
            tails.append(self.root("tail", "-n", "20", "/var/log/slurm/slurmctld.log"))
        return "\n".join(tails)

    def _start(self, name: str, address: int, mode: str = "rw", **options: Any) -> None:
        """Start a machine at a fixed address, so that a daemon need not wait for its name."""
        role = name if name in ("registry", "controller") else "node"
        endpoint = self.client.api.create_endpoint_config(
            aliases=[name], ipv4_address=f"{self._subnet}.{address}"
        )
        made = self.client.containers.create(
            self._image,
            [role],
            hostname=name,
            name=f"{self._name}-{name}",
            labels={LABEL: self._name},
            volumes={
                str(self.folder / "settings"): {"bind": "/settings", "mode": "ro"},
                str(self.shared): {"bind": "/shared", "mode": mode},
                str(self.folder / "scratch"): {"bind": "/scratch", "mode": "rw"},
                self._name: {"bind": "/shared/small", "mode": "rw"},
            },
            environment=ENVIRONMENT,
            network=self._name,
            networking_config={self._name: endpoint},
            **options,
        )
        self.machines[name] = made
        made.start()

    def _exec(self, words: tuple[object, ...], cwd: str, on: str) -> list[str]:
        machine = self.machines[on].name
        command = ["docker", "exec", "--user", "lab", "--workdir", cwd, str(machine)]
        return [*command, *map(str, words)]

    def _make_small_disk(self) -> None:
        """A file system that all machines have as /shared/small, and that is full soon."""
        options = {"type": "tmpfs", "device": "tmpfs", "o": f"size={SMALL},uid={USER}"}
        labels = {LABEL: self._name}
        self.client.volumes.create(self._name, driver="local", driver_opts=options, labels=labels)

    def _write_settings(self) -> None:
        settings = self.folder / "settings"
        settings.mkdir(parents=True)
        (settings / "munge.key").write_bytes(secrets.token_bytes(1024))
        text = (HERE / "slurm.conf").read_text()
        (settings / "slurm.conf").write_text(text.replace("{subnet}", self._subnet))
        (settings / "cgroup.conf").write_text("CgroupPlugin=disabled\n")
        shutil.copy(HERE / "registry.yml", settings)


def _make_network(client: "DockerClient", name: str) -> str:
    """Make a network of its own, and return the first three numbers of its addresses."""
    from docker.errors import APIError
    from docker.types import IPAMConfig, IPAMPool

    for third in range(77, 97):
        subnet = f"172.29.{third}"
        ipam = IPAMConfig(pool_configs=[IPAMPool(subnet=f"{subnet}.0/24")])
        with contextlib.suppress(APIError):
            client.networks.create(name, ipam=ipam, labels={LABEL: name})
            return subnet
    raise WorkError("no free network of 172.29.77.0/24 to 172.29.96.0/24")


@contextlib.contextmanager
def cluster(client: "DockerClient", folder: Path) -> Iterator[Cluster]:
    """A running cluster, whose files are in a folder; nothing of it is left at the end."""
    made = Cluster(client, folder)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def clean(client: "DockerClient") -> None:
    """Remove what a killed run left, and the images of the cluster."""
    label = {"label": LABEL}
    for machine in client.containers.list(all=True, filters=label):
        machine.remove(force=True, v=True)
    for network in client.networks.list(filters=label):
        network.remove()
    for volume in client.volumes.list(filters=label):
        volume.remove()
    for image in client.images.list(filters=label):
        client.images.remove(str(image.id), force=True)
