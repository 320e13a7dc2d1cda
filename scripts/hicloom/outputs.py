"""Outputs appear whole or not at all."""

import contextlib
import errno
import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from hicloom.errors import InputError, WorkError

STREAM = Path("-")
_SCRATCH = "hicloom-"


def is_stream(path: Path) -> bool:
    """Whether `path` stands for standard input or output."""
    return path == STREAM


@contextlib.contextmanager
def atomic(*finals: Path) -> Iterator[tuple[Path, ...]]:
    """Give a temporary path beside each final one; rename them all when the block ends well.

    The files are synced and renamed in the order given, so that an index named after its
    file never exists without it. When the block raises, nothing is left behind. What a
    killed run left is removed by the next one that writes the same output.

    Raises
    ------
    InputError
        If the folder of an output cannot be made or written.
    WorkError
        If the disk is full.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(full_disk_is_told(finals[0].parent))
        parts = tuple(stack.enter_context(_part(final)) for final in finals)
        yield parts
        for part in parts:
            _sync(part)
        # An index that lies there is of the file that is replaced.
        for index in finals[1:]:
            index.unlink(missing_ok=True)
        for part, final in zip(parts, finals, strict=True):
            os.replace(part, final)
            _sync(final.parent)


@contextlib.contextmanager
def atomic_folder(final: Path, *ours: str) -> Iterator[Path]:
    """Give a new folder beside `final` that takes its place when the block ends well.

    A folder that is there already is replaced if all in it matches one of the patterns `ours`.
    When the block raises, nothing is left behind; what a killed run left is removed by the next
    one that writes the same folder.

    Raises
    ------
    InputError
        If something else is there, or the folder above cannot be written.
    WorkError
        If the disk is full.
    """
    if final.exists() and not final.is_dir():
        raise InputError(f"{final}: is a file; give the name of a folder")
    others = [p.name for p in final.glob("*") if not any(map(p.match, ours))]
    if others:
        raise InputError(f"{final}: holds other files ({others[0]}); give a folder of its own")
    make_parent(final)
    _sweep(final)
    holder = final.with_name(f".part-{secrets.token_hex(4)}-{final.name}")
    with full_disk_is_told(final.parent), _locked(_lock_of(holder)):
        try:
            folder = holder / final.name
            folder.mkdir(parents=True)
            yield folder
            if final.exists():
                final.rename(holder / ".replaced")
            folder.rename(final)
        finally:
            shutil.rmtree(holder, ignore_errors=True)


@contextlib.contextmanager
def full_disk_is_told(folder: Path) -> Iterator[None]:
    """Say so where the disk of a folder is full, as a WorkError."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        # HDF5 says it in the text only, and as a RuntimeError where it closes a file.
        code = getattr(error, "errno", None)
        if code in (errno.ENOSPC, errno.EDQUOT) or "errno = 28" in str(error):
            raise WorkError(
                f"{folder}: the disk is full (or that of temporary files); "
                "free space or write elsewhere"
            ) from None
        raise


@contextlib.contextmanager
def scratch(tmpdir: Path | None = None) -> Iterator[Path]:
    """A new folder for temporary files in `tmpdir` (default: the system's), gone at the end.

    Those of killed runs of the same user are removed first: while a run lives, it holds the
    lock of the file beside its folder.

    Raises
    ------
    InputError
        If `tmpdir` is not a writable folder.
    WorkError
        If its disk is full.
    """
    parent = writable_folder(tmpdir)
    _sweep_scratch(parent)
    folder = parent / f"{_SCRATCH}{secrets.token_hex(4)}"
    with full_disk_is_told(parent), _locked(_lock_of(folder)):
        try:
            folder.mkdir(0o700)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def writable_folder(tmpdir: Path | None) -> Path:
    """The folder for temporary files: `tmpdir`, or the system's.

    Raises
    ------
    InputError
        If it is not a writable folder.
    """
    folder = tmpdir or Path(tempfile.gettempdir())
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise InputError(f"--tmpdir {folder}: is not a writable folder")
    return folder


@contextlib.contextmanager
def _part(final: Path) -> Iterator[Path]:
    """A path next to `final`, locked while in use, removed at the end if it is still there.

    The random part comes first, so that the ending (`.pairs.gz`, `.mcool`) stays what it is.
    """
    make_folder(final)
    _sweep(final)
    part = final.with_name(f".part-{secrets.token_hex(4)}-{final.name}")
    with _locked(_lock_of(part)):
        try:
            yield part
        finally:
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file that is there for as long."""
    lock = os.open(path, os.O_CREAT | os.O_WRONLY, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(lock)


def _lock_of(part: Path) -> Path:
    return part.with_name(part.name + ".lock")


def make_folder(final: Path) -> None:
    """Make the folder of an output, and check that a file can be written there.

    Raises
    ------
    InputError
        If that is not so.
    """
    if final.is_dir():
        raise InputError(f"{final}: is a folder; give the name of a file to write")
    make_parent(final)


def make_parent(final: Path) -> None:
    """Make the folder that an output is in, and check that it is writable.

    Raises
    ------
    InputError
        If that is not so.
    """
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{final.parent}: cannot make this folder ({error.strerror})") from None
    if not os.access(final.parent, os.W_OK | os.X_OK):
        raise InputError(f"{final.parent}: this folder is not writable; choose another output")


def _sweep(final: Path) -> None:
    """Remove the parts of `final` whose writer is gone (its lock is free)."""
    name = final.name.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")
    for lock_path in final.parent.glob(f".part-????????-{name}.lock"):
        _remove_if_free(lock_path, _remove)


def _remove(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part, ignore_errors=True)
    else:
        part.unlink(missing_ok=True)


def _sweep_scratch(parent: Path) -> None:
    """Remove the folders of this user's runs that are gone."""
    for lock_path in parent.glob(f"{_SCRATCH}????????.lock"):
        with contextlib.suppress(OSError):
            if lock_path.lstat().st_uid == os.geteuid():
                _remove_if_free(lock_path, lambda folder: shutil.rmtree(folder, ignore_errors=True))


def _remove_if_free(lock_path: Path, remove: Callable[[Path], None]) -> None:
    """Remove what a lock is held for, and its file, if nobody holds it."""
    with contextlib.suppress(OSError):
        lock = os.open(lock_path, os.O_WRONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(lock_path.with_name(lock_path.name.removesuffix(".lock")))
            lock_path.unlink()
        finally:
            os.close(lock)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
