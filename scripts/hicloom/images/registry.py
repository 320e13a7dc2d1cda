"""Pushing images to a registry, and holding what it gives back against the lock."""

import re
from typing import TYPE_CHECKING

from hicloom.errors import InputError, WorkError
from hicloom.images.daemon import follow, require
from hicloom.images.inventory import debian_packages, python_packages
from hicloom.images.lock import Locked

if TYPE_CHECKING:
    from docker import DockerClient

# HOST[:PORT] or a domain, then folders, as image names are written.
_PREFIX = re.compile(r"[a-zA-Z0-9.-]+(:\d+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*")


def check_registry(prefix: str) -> str:
    """The prefix, if image names can begin with it.

    Raises
    ------
    InputError
        If not.
    """
    if not _PREFIX.fullmatch(prefix):
        raise InputError(f"--registry {prefix}: expected HOST or HOST/FOLDER, without https://")
    return prefix


def push(client: "DockerClient", image: Locked, prefix: str) -> str:
    """Push a locked image and return `prefix/name@digest`, as the registry says it.

    Whoever runs this is known to the registry by Docker's own settings (`docker login`).

    Raises
    ------
    InputError
        If the image on this machine is not the one that was locked.
    WorkError
        If the registry refuses it or gives no digest.
    """
    from docker.errors import APIError

    found = require(client, image.name, "build it: hicloom images build")
    if found.id != image.id:
        raise InputError(f"{image.name}: is not the image that was locked: hicloom images lock")
    repository, tag = f"{prefix}/{image.name}".rsplit(":", 1)
    found.tag(repository, tag)
    try:
        told = follow(client.api.push(repository, tag, stream=True, decode=True), repository)
    except APIError as error:
        raise WorkError(f"{repository}: {error.explanation}") from None
    finally:
        client.images.remove(f"{repository}:{tag}", noprune=True)
    digests = [part["Digest"] for part in told if "Digest" in part]
    if not digests:
        raise WorkError(f"{repository}: the registry gave no digest")
    return f"{repository}@{digests[-1]}"


def check_pulled(client: "DockerClient", image: Locked) -> None:
    """Pull a published image by its digest and compare its contents with the lock.

    Raises
    ------
    InputError
        If no such image can be had, or it is another one.
    """
    reference = image.published
    assert reference
    _pull(client, reference)
    found = require(client, reference, "the registry did not give it")
    if found.id != image.id:
        raise InputError(
            f"{reference}: is another image than the lock's ({found.id}, not {image.id})"
        )
    for kind, packages in (("debian", debian_packages), ("python", python_packages)):
        held, locked = packages(client, str(found.id)), getattr(image, kind)
        for name in sorted(held.keys() | locked.keys()):
            if held.get(name) != locked.get(name):
                raise InputError(
                    f"{reference}: holds {name} {held.get(name)}, the lock says {locked.get(name)}"
                )


def _pull(client: "DockerClient", reference: str) -> None:
    from docker.errors import APIError

    try:
        follow(client.api.pull(reference, stream=True, decode=True), reference)
    except (APIError, WorkError) as error:
        said = error.explanation if isinstance(error, APIError) else error
        raise InputError(f"{reference}: the registry does not give this image ({said})") from None
