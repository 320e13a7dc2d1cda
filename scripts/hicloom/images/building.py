"""Building an image, and its labels."""

import contextlib
import io
import json
from importlib.metadata import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from hicloom import __version__
from hicloom.images.context import make_context, pack
from hicloom.images.daemon import follow, local
from hicloom.images.plan import Image, Plan

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.images import Image as Built

OCI = "org.opencontainers.image"


def build(client: "DockerClient", plan: Plan, image: Image, base: str, wheel: Path) -> "Built":
    """Build an image under its local tag; steps that did not change are taken from before.

    The labels come last, with the time at which the contents were made, so that a build of
    unchanged contents gives the same image.

    Raises
    ------
    WorkError
        If a step fails, with what it said.
    """
    before = local(client, image.tag)
    made = _run(client, image.tag, make_context(plan, image, wheel), {"BASE": base})
    labels = _labels(client, image, base, made)
    # One instruction, because each makes a layer.
    pairs = " ".join(f"{OCI}.{name}={_quoted(value)}" for name, value in labels.items())
    stamp = pack({"Dockerfile": f"FROM {made.id}\nLABEL {pairs}\n".encode()})
    built = _run(client, image.tag, stamp, {})
    if before is not None and before.id != built.id:
        _forget(client, str(before.id))
    return built


def _run(
    client: "DockerClient", tag: str, context: io.BytesIO, arguments: dict[str, str]
) -> "Built":
    messages = client.api.build(
        fileobj=context,
        custom_context=True,
        tag=tag,
        network_mode="host",
        buildargs=arguments,
        decode=True,
        rm=True,
        forcerm=True,
    )
    follow(messages, tag)
    return client.images.get(tag)


def _labels(client: "DockerClient", image: Image, base: str, made: "Built") -> dict[str, str]:
    """What the image says of itself, by the last part of OCI's names."""
    start = client.images.get(base)
    digests = [name.partition("@")[2] for name in start.attrs.get("RepoDigests") or []]
    labels = {
        "title": image.title,
        "description": image.description,
        "version": __version__,
        "licenses": image.licenses,
        "created": made.attrs["Created"],
        "base.name": base,
        "base.digest": next(iter(digests), ""),
        "source": _source(),
    }
    return {name: value for name, value in labels.items() if value}


def _quoted(value: str) -> str:
    """A word of a Dockerfile, in which nothing is expanded."""
    return json.dumps(value).replace("$", "\\$")


def _source() -> str:
    """Where the sources are, if the package says so."""
    urls = (line.split(", ", 1) for line in metadata("hicloom").get_all("Project-URL") or [])
    return next((url for name, url in urls if name in ("Repository", "Source")), "")


def _forget(client: "DockerClient", identity: str) -> None:
    """Remove an image that was replaced, unless it has another name or is in use."""
    from docker.errors import APIError

    image = local(client, identity)
    if image is not None and not image.tags:
        with contextlib.suppress(APIError):
            client.images.remove(identity)
