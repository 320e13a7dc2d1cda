"""The image of the cluster's machines, of Debian's packages and those of requirements.lock."""

import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

from hicloom.images.context import build_wheel, pack, site
from hicloom.images.daemon import follow, local
from hicloom.images.requirements import subset
from hicloom.process import run, tool
from hicloom.workflow import layout

if TYPE_CHECKING:
    from docker import DockerClient

ROOT = layout.folder()
HERE = Path(__file__).parent / "node"
LABEL = "hicloom.cluster"
BASE = "hicloom-cluster:sid"
NODE = "hicloom-cluster:node"
EXTRAS = ("workflow", "slurm", "cwl")


def build_node(client: "DockerClient") -> str:
    """Build the image, and return its name; layers that did not change are taken from before."""
    if not local(client, BASE):
        _bootstrap(client)
    with tempfile.TemporaryDirectory(prefix="hicloom-") as folder:
        wheel = build_wheel(ROOT, Path(folder))
        files = {
            "Dockerfile": (HERE / "Dockerfile").read_bytes(),
            "start": (HERE / "start").read_bytes(),
            "requirements.txt": _requirements().encode(),
            f"dist/{wheel.name}": wheel.read_bytes(),
            **site(),
        }
    messages = client.api.build(
        fileobj=pack(files),
        custom_context=True,
        tag=NODE,
        network_mode="host",
        buildargs={"BASE": BASE},
        labels={LABEL: "image"},
        decode=True,
        rm=True,
        forcerm=True,
    )
    follow(messages, NODE)
    return NODE


def _requirements() -> str:
    """What hicloom needs to run the workflow, with Slurm and with CWL, out of the lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"]]
    for extra in EXTRAS:
        lines += project["optional-dependencies"][extra]
    return subset(
        (ROOT / "requirements.lock").read_text(), [Requirement(x).name for x in lines], "3.13"
    )


def _bootstrap(client: "DockerClient") -> None:
    """Debian unstable: the release that has both Slurm and Apptainer."""
    program = tool("mmdebstrap", "install it: the cluster's machines are made of Debian's packages")
    with tempfile.TemporaryDirectory(prefix="hicloom-") as folder:
        archive = Path(folder) / "base.tar"
        late = '--aptopt=Acquire::Check-Valid-Until "false"'
        mirror = "http://deb.debian.org/debian"
        run([program, "--quiet", "--variant=minbase", late, "sid", archive, mirror])
        name, tag = BASE.split(":")
        client.api.import_image(str(archive), name, tag, changes=[f"LABEL {LABEL}=image"])
