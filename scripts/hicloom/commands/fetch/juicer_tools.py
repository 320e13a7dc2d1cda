"""The command `fetch juicer-tools`."""

import hashlib
import sys
import tempfile
import zipfile
from pathlib import Path

from hicloom.errors import WorkError
from hicloom.matrix.juicer import JAR
from hicloom.outputs import atomic
from hicloom.process import run

PACKAGE = "HiCLift==1.0"
MEMBER = "HiCLift/data/juicer_tools_1.11.09_jcuda.0.8.jar"
SHA256 = "42456005cc97eebd099fd8cceebbb6bddbd2e7b5e1fcb531a0000cc756bf7fcc"


def juicer_tools(*, output: Path = JAR) -> None:
    """Get juicer_tools 1.11.09, which `hicloom hic` runs, out of a package on PyPI.

    The wheel of HiCLift 1.0 carries it. Nothing is downloaded when it is there already.

    Parameters
    ----------
    output : Path
        Where the jar is kept; elsewhere than at the default, the variable
        HICLOOM_JUICER_TOOLS must name it.

    Raises
    ------
    WorkError
        If PyPI cannot be reached, or what came is not the expected file.
    """
    if output.is_file() and _sha256(output.read_bytes()) == SHA256:
        print(f"{output}: is there already", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory(prefix="hicloom-") as folder:
        jar = _downloaded(Path(folder))
    if _sha256(jar) != SHA256:
        raise WorkError(f"{PACKAGE}: {MEMBER} is not the expected file (sha256 {SHA256})")
    with atomic(output) as (part,):
        part.write_bytes(jar)
    print(f"{output}: fetched", file=sys.stderr)


def _downloaded(folder: Path) -> bytes:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download"]
    run([*pip, "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", folder, PACKAGE])
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(MEMBER)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
