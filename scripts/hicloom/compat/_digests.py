"""Digests of files, and of what gzip files hold."""

import hashlib
from pathlib import Path

from hicloom.errors import InputError
from hicloom.formats.text import open_text


def of_file(path: Path, algorithm: str) -> str:
    """The digest of a file's bytes.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, algorithm).hexdigest()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None


def of_content(path: Path, algorithm: str) -> str:
    """The digest of what a file holds: inflated, if its name ends in `.gz`.

    Raises
    ------
    InputError
        If it cannot be read, or its compressed data is none, damaged or truncated.
    """
    if path.suffix != ".gz":
        return of_file(path, algorithm)
    _require_gzip(path)
    digest = hashlib.new(algorithm, usedforsecurity=False)
    with open_text(path) as pieces:
        for piece in pieces:
            digest.update(piece)
    return digest.hexdigest()


def _require_gzip(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(2)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    if magic != b"\x1f\x8b":
        raise InputError(f"{path}: is not gzip, as its name says; rename or compress it")
