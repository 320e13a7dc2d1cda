"""The image that the others start from: a registry's, or one made of Debian's packages."""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hicloom.errors import InputError, WorkError
from hicloom.images.daemon import follow, local
from hicloom.images.plan import Base
from hicloom.process import run, tool

if TYPE_CHECKING:
    from docker import DockerClient

_MIRROR = "deb http://deb.debian.org"
# What Debian's own slim images leave out, too.
_SLIM = (
    *("path-exclude=/usr/share/doc/*", "path-include=/usr/share/doc/*/copyright"),
    *("path-exclude=/usr/share/info/*", "path-exclude=/usr/share/man/*"),
    *("path-exclude=/usr/share/locale/*", "path-exclude=/usr/share/lintian/*"),
)


def find_base(client: "DockerClient", base: Base, name: str | None) -> str:
    """The name of an image on this machine to start from.

    It is the one that is asked for by `name`; else the plan's, pulled anew where a registry
    answers; else one bootstrapped from Debian's packages, once.

    Raises
    ------
    InputError
        If the image asked for is nowhere, or mmdebstrap is needed and not installed.
    """
    if name:
        if local(client, name) or _pulled(client, name):
            return name
        raise InputError(f"--base {name}: is not on this machine, and no registry gives it")
    if _pulled(client, base.image):
        return base.image
    made = f"hicloom-base:{base.suite}"
    if not local(client, made):
        _bootstrap(client, base.suite, made)
    return made


def _pulled(client: "DockerClient", name: str) -> bool:
    from docker.errors import APIError, DockerException

    repository, _, tag = name.rpartition(":") if ":" in name.rsplit("/", 1)[-1] else (name, "", "")
    try:
        follow(client.api.pull(repository, tag or "latest", stream=True, decode=True), name)
    except (APIError, DockerException, WorkError, OSError):
        return False
    return True


def _bootstrap(client: "DockerClient", suite: str, name: str) -> None:
    print(f"{name}: no registry answers; made of Debian's packages", file=sys.stderr)
    program = tool("mmdebstrap", "install it, or name an image to start from with --base")
    with tempfile.TemporaryDirectory(prefix="hicloom-") as folder:
        archive = Path(folder) / "base.tar"
        slim = (f"--dpkgopt={option}" for option in _SLIM)
        run([program, "--quiet", "--variant=minbase", *slim, suite, archive, *_sources(suite)])
        client.api.import_image(str(archive), *name.split(":"), changes=['CMD ["bash"]'])


def _sources(suite: str) -> tuple[str, ...]:
    """Those of Debian's images: the release, its updates, and what security asks for."""
    return (
        f"{_MIRROR}/debian {suite} main",
        f"{_MIRROR}/debian {suite}-updates main",
        f"{_MIRROR}/debian-security {suite}-security main",
    )
