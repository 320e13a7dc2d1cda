"""Tar archives, plain or compressed, unpacked without trusting what they say."""

import gzip
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from hicloom.errors import InputError

_SUFFIXES = (".tar", ".tar.gz", ".tgz")


def is_archive(path: Path) -> bool:
    """Whether a file bears the name of a tar archive."""
    return path.name.lower().endswith(_SUFFIXES) and not path.is_dir()


def unpack(path: Path, folder: Path) -> None:
    """Write the files of an archive into a folder; hidden ones are left out.

    Only names and contents count: who may read a file, its owner and its time do not.

    Raises
    ------
    InputError
        If it is no archive, or is damaged or truncated, or holds a name that leads out of the
        folder, a name twice, or anything but files and folders (a link, a device).
    """
    try:
        with tarfile.open(path) as archive:
            for member, name in _files(path, archive):
                _write(archive, member, folder / name)
            _read_to_the_end(archive)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except FileExistsError as error:
        raise InputError(f"{path}: holds {Path(error.filename).name} twice; pack it anew") from None
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"{path}: is not a whole tar archive ({error}); pack it anew") from None


def _files(path: Path, archive: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, PurePosixPath]]:
    """The files of an archive, under names that stay within a folder."""
    for member in archive:
        name = PurePosixPath(member.name)
        if name.is_absolute() or ".." in name.parts:
            raise InputError(f"{path}: {name} leads out of the archive's folder; pack it anew")
        if not (member.isfile() or member.isdir()):
            raise InputError(f"{path}: {name} is neither a file nor a folder; pack files only")
        if member.isfile() and not name.name.startswith("."):
            yield member, name


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source = archive.extractfile(member)
    assert source
    with source, target.open("xb") as file:
        shutil.copyfileobj(source, file, 1 << 20)


def _read_to_the_end(archive: tarfile.TarFile) -> None:
    """So that gzip's checksum, which stands last, is compared."""
    assert archive.fileobj
    while archive.fileobj.read(1 << 20):
        pass
