"""Every package in an image, asked of its own package managers."""

import json
from typing import TYPE_CHECKING

from hicloom.errors import WorkError
from hicloom.images.daemon import container, run

if TYPE_CHECKING:
    from docker import DockerClient

_DEBIAN = ("dpkg-query", "--show", "--showformat", r"${Package}\t${Version}\n")
_PYTHON = (
    "/opt/hicloom/bin/python",
    "-c",
    "import json; from importlib.metadata import distributions; "
    "print(json.dumps({part.name: part.version for part in distributions()}))",
)


def debian_packages(client: "DockerClient", name: str) -> dict[str, str]:
    """The versions of an image's Debian packages, by name."""
    lines = _answer(client, name, _DEBIAN).splitlines()
    return dict(sorted(line.split("\t") for line in lines))


def python_packages(client: "DockerClient", name: str) -> dict[str, str]:
    """The versions of an image's Python packages, by name."""
    found: dict[str, str] = json.loads(_answer(client, name, _PYTHON))
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def _answer(client: "DockerClient", name: str, command: tuple[str, ...]) -> str:
    with container(client, name, network_mode="none") as inside:
        code, said = run(inside, command)
    if code:
        raise WorkError(f"{name}: {command[0]} failed in this image: {said.strip()}")
    return said
