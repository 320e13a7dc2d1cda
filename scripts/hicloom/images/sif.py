"""Images as files (SIF) in one folder, under the names that Snakemake and cwltool look for."""

import contextlib
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hicloom.errors import InputError, WorkError
from hicloom.outputs import atomic
from hicloom.process import run
from hicloom.workflow.containers import check_digest

SUMS = "SHA256SUMS"
"""The file beside them with the hash of each, as sha256sum reads it."""


@dataclass(frozen=True)
class Sif:
    """An image of the workflow's table, and the names of its file.

    Attributes
    ----------
    url : str
        What Apptainer pulls, as the table has it.
    """

    url: str

    @property
    def snakemake(self) -> str:
        """As Snakemake 9 names it in `--apptainer-prefix` (snakemake/deployment/singularity.py)."""
        return f"{hashlib.md5(self.url.encode(), usedforsecurity=False).hexdigest()}.simg"

    @property
    def cwltool(self) -> str | None:
        """As cwltool names it in `CWL_SINGULARITY_CACHE` (cwl_utils/image_puller.py).

        None for what a CWL file cannot name.
        """
        match = re.fullmatch(r"(?:docker://|docker-daemon:)([^\s]+)", self.url)
        if match is None:
            return None
        name = match[1] if ":" in match[1] else f"{match[1]}:latest"
        return name.replace("_", "___").replace("/", "_s_") + ".sif"


def is_file(url: str) -> bool:
    """Whether the table names a file that is run as it is, which nothing has to pull."""
    return url.startswith(("/", "file://")) or url.endswith((".sif", ".simg"))


def collect(urls: Iterable[str], folder: Path, runner: str) -> Iterator[tuple[Sif, Path, bool]]:
    """Pull images into a folder, and check those that are there.

    Parameters
    ----------
    urls : iterable of str
        As the workflow's table has them.
    folder : Path
        It is made where it is not there.
    runner : str
        The program `apptainer` or `singularity`.

    Yields
    ------
    (Sif, Path, bool)
        The image, its file, and whether it was pulled now.

    Raises
    ------
    InputError
        If a file is there and is not of the digest that the table names, or was changed.
    WorkError
        If an image cannot be pulled.
    """
    for url in dict.fromkeys(urls):
        sif = Sif(url)
        path = folder / sif.snakemake
        is_new = not path.exists()
        if is_new:
            _pull(sif, path, runner)
        else:
            _check_sum(path)
        check_digest(path, url, runner)
        if is_new:
            _note_sum(path)
        _link(sif, path)
        yield sif, path, is_new


def _pull(sif: Sif, path: Path, runner: str) -> None:
    # Apptainer's own cache would keep two more copies in the user's home.
    with atomic(path) as (part,):
        try:
            run([runner, *_making(runner), "--disable-cache", part, sif.url])
        except WorkError as error:
            raise WorkError(f"{sif.url}: {error}") from None


def _making(runner: str) -> list[str]:
    """How a file is made: compressed least, in half the time, where the program can be told so."""
    if "--mksquashfs-args" in run([runner, "build", "--help"]).decode():
        return ["build", "--mksquashfs-args=-comp gzip -Xcompression-level 1"]
    return ["pull"]


def _link(sif: Sif, path: Path) -> None:
    """Give the file its other name."""
    if sif.cwltool is None:
        return
    link = path.with_name(sif.cwltool)
    if not (link.is_symlink() and link.readlink() == Path(path.name)):
        link.unlink(missing_ok=True)
        link.symlink_to(path.name)


def _sums(folder: Path) -> dict[str, str]:
    with contextlib.suppress(FileNotFoundError):
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        return {name: value for value, name in (line.split("  ", 1) for line in lines)}
    return {}


def _note_sum(path: Path) -> None:
    sums = _sums(path.parent) | {path.name: _sha256(path)}
    with atomic(path.with_name(SUMS)) as (part,):
        part.write_text("".join(f"{value}  {name}\n" for name, value in sums.items()))


def _check_sum(path: Path) -> None:
    noted = _sums(path.parent).get(path.name)
    if noted and noted != _sha256(path):
        raise InputError(f"{path}: has changed since it was pulled; remove this file")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
