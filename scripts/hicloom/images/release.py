"""A release: the files of a checkout that git knows, naming published images."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hicloom.errors import InputError
from hicloom.images.lock import Locked, write_lock
from hicloom.images.references import rewrite
from hicloom.outputs import make_folder
from hicloom.process import run, tool


def check_new(folder: Path) -> None:
    """Check that a release can be laid out there.

    Raises
    ------
    InputError
        If something is there already, or the folder above cannot be written.
    """
    if folder.exists():
        raise InputError(f"--into {folder}: is there already; choose another folder")
    make_folder(folder)


def tracked(checkout: Path) -> list[Path]:
    """The files of a checkout that git tracks, relative to it.

    Raises
    ------
    InputError
        If git is not installed.
    WorkError
        If this is no git checkout.
    """
    git = tool("git", "install it; a release holds the files that git tracks")
    listed = run([git, "-C", checkout, "ls-files", "-z"]).decode()
    return [Path(name) for name in listed.split("\0") if name]


def write_release(
    checkout: Path, folder: Path, images: Mapping[str, tuple[Locked, Locked]]
) -> None:
    """Lay out the tracked files of a checkout as they are, but for the images' names.

    Parameters
    ----------
    checkout : Path
        It is left as it is.
    folder : Path
        The new folder; it appears whole or not at all.
    images : mapping of str to (Locked, Locked)
        Each image as the checkout names it and as the release does, by stage.
    """
    with _whole(folder) as part:
        for path in tracked(checkout):
            (part / path.parent).mkdir(parents=True, exist_ok=True)
            shutil.copy2(checkout / path, part / path, follow_symlinks=False)
        rewrite(part, images)
        write_lock(part, {key: after for key, (_, after) in images.items()})


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".part-") as holder:
        part = Path(holder) / folder.name
        part.mkdir()
        yield part
        part.rename(folder)
