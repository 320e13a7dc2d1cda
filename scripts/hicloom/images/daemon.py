"""The Docker daemon, and what it says while it works."""

import contextlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hicloom.errors import InputError, WorkError

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container
    from docker.models.images import Image

_LAST = 12


def connect() -> "DockerClient":
    """The daemon that `DOCKER_HOST` names, else the one of this machine.

    Raises
    ------
    InputError
        If the SDK is not installed, or no daemon answers.
    """
    try:
        import docker
    except ImportError:
        raise InputError("the Docker SDK is not installed: pip install 'hicloom[images]'") from None
    try:
        client = docker.from_env(timeout=600)
        client.ping()
    except (docker.errors.DockerException, OSError) as error:
        raise InputError(
            f"no Docker daemon answers: start it, or set DOCKER_HOST ({error})"
        ) from None
    return client


def local(client: "DockerClient", name: str) -> "Image | None":
    """The image of that name or id on this machine, if there is one."""
    from docker.errors import ImageNotFound

    try:
        return client.images.get(name)
    except ImageNotFound:
        return None


def require(client: "DockerClient", name: str, advice: str) -> "Image":
    """The image of that name on this machine.

    Raises
    ------
    InputError
        If there is none; `advice` says how to get it.
    """
    image = local(client, name)
    if image is None:
        raise InputError(f"{name}: no such image on this machine; {advice}")
    return image


def follow(messages: Iterable[Mapping[str, Any]], what: str) -> list[Any]:
    """Show on a terminal what the daemon is at, and return what it tells in the end (`aux`).

    Raises
    ------
    WorkError
        If the daemon says that it failed, with the last that it said before.
    """
    told, said = [], [""]
    for message in messages:
        if "error" in message:
            before = " / ".join(line for line in said[-_LAST:] if line)
            raise WorkError(
                f"{what}: {message['error']}" + (f" (before: {before})" if before else "")
            )
        if "aux" in message:
            told.append(message["aux"])
        text = message.get("stream") or message.get("status") or ""
        said = [*said[-_LAST:], text.strip()]
        _show(what, text.strip())
    return told


def _show(what: str, text: str) -> None:
    """The steps of a build and the states of a transfer; the rest is for the error message."""
    if sys.stderr.isatty() and text.startswith(("Step ", "Pushed", "Downloaded", "Status")):
        print(f"{what}: {text[:100]}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def container(client: "DockerClient", image: str, **options: object) -> Iterator["Container"]:
    """A container in which commands can be run, removed at the end.

    Raises
    ------
    WorkError
        If it does not start.
    """
    from docker.errors import APIError

    made = client.containers.create(image, ["sleep", "infinity"], **options)
    try:
        made.start()
        yield made
    except APIError as error:
        raise WorkError(f"{image}: {error.explanation}") from None
    finally:
        made.remove(force=True)


def run(inside: "Container", command: Iterable[str]) -> tuple[int, str]:
    """Run a command in a container: its exit code and all it printed."""
    code, said = inside.exec_run(list(command))
    return code, said.decode(errors="replace")
