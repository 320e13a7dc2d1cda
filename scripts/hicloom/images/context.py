"""What a build may see: the Dockerfile, the pinned packages, hicloom's wheel, and site/."""

import io
import os
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

from hicloom.errors import InputError
from hicloom.images.plan import Image, Plan
from hicloom.images.requirements import subset
from hicloom.process import run

# A site's own package index and the authorities that it trusts, where its variables name them.
_INDEX = {"index-url": "PIP_INDEX_URL", "extra-index-url": "PIP_EXTRA_INDEX_URL"}
_AUTHORITIES = ("PIP_CERT", "SSL_CERT_FILE")


def make_context(plan: Plan, image: Image, wheel: Path) -> io.BytesIO:
    """A tar of all that the build of an image sees, which depends on contents alone."""
    folder = plan.checkout / "docker" / image.key
    files = {
        "Dockerfile": (folder / "Dockerfile").read_bytes(),
        **{path.name: path.read_bytes() for path in folder.glob("*.lock")},
        "requirements.txt": _requirements(plan, image).encode(),
        f"dist/{wheel.name}": wheel.read_bytes(),
        **site(),
    }
    return pack(files)


def build_wheel(checkout: Path, folder: Path) -> Path:
    """Build hicloom's wheel into a folder; the same sources give the same bytes.

    Raises
    ------
    WorkError
        If hatchling fails.
    """
    run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=checkout,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def _requirements(plan: Plan, image: Image) -> str:
    path = plan.checkout / "requirements.lock"
    return subset(path.read_text(encoding="utf-8"), image.python, plan.base.python)


def site() -> dict[str, bytes]:
    """pip's settings in the build; they stay in stages that no finished image holds."""
    lines = [f"{key} = {os.environ[name]}" for key, name in _INDEX.items() if os.environ.get(name)]
    named = next((os.environ[name] for name in _AUTHORITIES if os.environ.get(name)), None)
    files = {}
    if named:
        lines.append("cert = /site/authorities.pem")
        files["site/authorities.pem"] = _authorities(Path(named))
    return files | {"site/pip.conf": "\n".join(["[global]", *lines, ""]).encode()}


def _authorities(path: Path) -> bytes:
    if not path.is_file():
        raise InputError(f"{path}: PIP_CERT or SSL_CERT_FILE names it, but it is not there")
    return path.read_bytes()


def pack(files: Mapping[str, bytes]) -> io.BytesIO:
    """A tar of these files that depends on nothing but their names and contents."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in sorted(files.items()):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    packed.seek(0)
    return packed
