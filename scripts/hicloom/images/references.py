"""Where a checkout names its images: `dockerPull` in CWL files, and the workflow's table."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hicloom.images.lock import Locked
from hicloom.workflow.containers import TABLE, read_images

_PULL = re.compile(r"^(\s*dockerPull:\s*)(\S+)", re.MULTILINE)
_ROW = re.compile(r"^(\w+:\s*)(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Reference:
    """A place that names an image: which file, and what it says."""

    path: Path
    name: str


def wanted(image: Locked) -> str:
    """What CWL files call an image: by its digest where it is published, else by its tag."""
    return image.published or image.name


def wanted_by_apptainer(image: Locked) -> str:
    """What the workflow's table calls an image."""
    return f"docker://{image.published}" if image.published else f"docker-daemon:{image.name}"


def cwl_references(checkout: Path) -> Iterator[Reference]:
    """Each `dockerPull` of the CWL files, in the order of their names."""
    for path in sorted((checkout / "cwl").glob("*.cwl")):
        for match in _PULL.finditer(path.read_text(encoding="utf-8")):
            yield Reference(path.relative_to(checkout), match[2])


def table_references(checkout: Path) -> dict[str, str]:
    """The workflow's table of a checkout."""
    return read_images(checkout / TABLE)


def rewrite(checkout: Path, images: Mapping[str, tuple[Locked, Locked]]) -> None:
    """Name images anew, each as its second form instead of its first, and nothing else."""
    pulls = {wanted(old): wanted(new) for old, new in images.values()}
    for path in sorted((checkout / "cwl").glob("*.cwl")):
        _rename(path, _PULL, pulls)
    rows = {wanted_by_apptainer(old): wanted_by_apptainer(new) for old, new in images.values()}
    _rename(checkout / TABLE, _ROW, rows)


def _rename(path: Path, pattern: re.Pattern[str], names: Mapping[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    named = pattern.sub(lambda match: match[1] + names.get(match[2], match[2]), text)
    path.write_text(named, encoding="utf-8")
