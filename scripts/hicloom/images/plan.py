"""What the images are to hold: docker/images.yaml of a checkout."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hicloom import __version__
from hicloom.errors import InputError
from hicloom.workflow import layout

PLAN = Path("docker/images.yaml")


@dataclass(frozen=True)
class Tool:
    """A program inside an image: what runs it, and the pattern whose group is its version."""

    name: str
    command: tuple[str, ...]
    answers: str


@dataclass(frozen=True)
class Image:
    """One image.

    Attributes
    ----------
    key : str
        Its stage, which names its folder under docker/ and its line in the workflow's table.
    title, description, licenses : str
        For its labels; the title is the image's name, too.
    megabytes : int
        What it may take uncompressed, in units of 1,000,000 bytes.
    python : tuple of str
        Python packages that it needs, without what these need in turn.
    tools : tuple of Tool
        Programs that answer with their version.
    """

    key: str
    title: str
    description: str
    licenses: str
    megabytes: int
    python: tuple[str, ...]
    tools: tuple[Tool, ...]

    @property
    def tag(self) -> str:
        """Its name on this machine."""
        return f"{self.title}:{__version__}"


@dataclass(frozen=True)
class Base:
    """What the images start from: an image of a registry, or a suite of Debian's packages.

    `python` is the version of Python in it (major and minor).
    """

    image: str
    suite: str
    python: str


@dataclass(frozen=True)
class Plan:
    """The images of a checkout."""

    checkout: Path
    base: Base
    images: tuple[Image, ...]

    def chosen(self, keys: Iterable[str]) -> tuple[Image, ...]:
        """The images of these keys; all when there are none.

        Raises
        ------
        InputError
            If there is no image of that key.
        """
        known = {image.key: image for image in self.images}
        for key in keys:
            if key not in known:
                raise InputError(f"{key}: no such image; known: {', '.join(known)}")
        return tuple(known[key] for key in keys) or self.images


def read_plan(checkout: Path | None = None) -> Plan:
    """Read the plan of a checkout (default: the one that this package runs from).

    Raises
    ------
    InputError
        If there is none: an installed package has no images to build.
    """
    folder = checkout or layout.folder()
    path = folder / PLAN
    if not path.is_file():
        raise InputError(f"{path}: no such file; images are made in a checkout of hicloom")
    text: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    images = (_image(key, value) for key, value in text["images"].items())
    return Plan(folder, Base(**text["base"]), tuple(images))


def _image(key: str, value: Mapping[str, Any]) -> Image:
    tools = (
        Tool(name, tuple(tool["command"]), tool["answers"]) for name, tool in value["tools"].items()
    )
    words = {name: value[name] for name in ("title", "description", "licenses", "megabytes")}
    return Image(key, **words, python=tuple(value["python"]), tools=tuple(tools))
