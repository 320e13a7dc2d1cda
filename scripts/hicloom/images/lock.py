"""What was built: docker/images.lock.yaml of a checkout."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml

from hicloom import __version__
from hicloom.errors import InputError
from hicloom.images.building import OCI
from hicloom.images.daemon import require
from hicloom.images.inventory import debian_packages, python_packages
from hicloom.images.plan import Image
from hicloom.images.selftest import tool_versions
from hicloom.outputs import atomic

if TYPE_CHECKING:
    from docker import DockerClient

LOCK = Path("docker/images.lock.yaml")
_HEAD = (
    "# What was built, with every package: written by `hicloom images lock`, not to be edited.\n"
)


@dataclass(frozen=True)
class Locked:
    """One image as it was built.

    Attributes
    ----------
    name : str
        Its local tag.
    id : str
        Hash of its configuration, with those of its uncompressed layers in it.
    published : str or False
        `registry/name@sha256:…` with the digest that the registry gave; False until then.
    base : mapping of str to str
        Name of the image that it started from, and its digest where a registry gave one.
    bytes : int
        Its uncompressed size.
    tools, debian, python : mapping of str to str
        Versions of what is in it.
    """

    name: str
    id: str
    published: str | Literal[False]
    base: Mapping[str, str]
    bytes: int
    tools: Mapping[str, str]
    debian: Mapping[str, str]
    python: Mapping[str, str]

    def publish(self, reference: str) -> "Locked":
        """The same image under the name and digest that a registry gave."""
        return replace(self, published=reference)


@dataclass(frozen=True)
class Lock:
    """The images of one version of hicloom, by stage."""

    hicloom: str
    images: Mapping[str, Locked]


def look_at(client: "DockerClient", image: Image) -> Locked:
    """Ask an image on this machine what it is.

    Raises
    ------
    InputError
        If it is not there.
    WorkError
        If a tool in it does not answer.
    """
    found = require(client, image.tag, f"build it: hicloom images build {image.key}")
    labels = found.labels
    base = {"name": labels.get(f"{OCI}.base.name"), "digest": labels.get(f"{OCI}.base.digest")}
    return Locked(
        name=image.tag,
        id=str(found.id),
        published=False,
        base={name: value for name, value in base.items() if value},
        bytes=found.attrs["Size"],
        tools=tool_versions(client, image),
        debian=debian_packages(client, image.tag),
        python=python_packages(client, image.tag),
    )


def read_lock(checkout: Path) -> Lock:
    """Read the lock of a checkout or a release.

    Raises
    ------
    InputError
        If it is missing or not what `write_lock` writes.
    """
    path = checkout / LOCK
    if not path.is_file():
        raise InputError(f"{path}: no such file; hicloom images lock writes it")
    try:
        text: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        images = {key: Locked(**image) for key, image in text["images"].items()}
        return Lock(text["hicloom"], images)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        words = " ".join(str(error).split())
        raise InputError(f"{path}: is damaged ({words}); hicloom images lock writes it") from None


def write_lock(checkout: Path, images: Mapping[str, Locked]) -> Path:
    """Write the lock of a checkout or a release, and return its path."""
    lock = asdict(Lock(__version__, images))
    with atomic(checkout / LOCK) as (part,):
        text = yaml.safe_dump(lock, sort_keys=False, width=100)
        part.write_text(_HEAD + text, encoding="utf-8")
    return checkout / LOCK
