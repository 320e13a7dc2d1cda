"""Text from a file or standard input, plain, gzip or BGZF, in pieces; nothing held whole."""

import contextlib
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO

from hicloom.errors import InputError
from hicloom.formats.bgzf import gunzip
from hicloom.outputs import is_stream

_PIECE = 4 << 20
_GZIP_MAGIC = b"\x1f\x8b"


@contextlib.contextmanager
def open_text(path: Path) -> Iterator[Iterator[bytes]]:
    """The text of `path` (`-` is standard input) in pieces of any size, read once.

    Raises
    ------
    InputError
        If the file cannot be read, or its compressed data is damaged or truncated.
    """
    if is_stream(path):
        yield _pieces(sys.stdin.buffer, "standard input")
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    with file:
        yield _pieces(file, str(path))


def whole_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same text in pieces of whole lines, each ending in a newline, also the last."""
    rest: list[bytes] = []
    for piece in pieces:
        cut = piece.rfind(b"\n") + 1
        if cut:
            yield b"".join([*rest, piece[:cut]])
            rest = []
        rest.append(piece[cut:])
    if last := b"".join(rest):
        yield last + b"\n"


def _pieces(file: IO[bytes], name: str) -> Iterator[bytes]:
    """The inflated pieces; a compressed file may be given under any name."""
    head = file.peek(2)[:2]  # type: ignore[attr-defined]
    if head == _GZIP_MAGIC:
        return chain(gunzip(file, name))  # type: ignore[arg-type]
    return iter(lambda: file.read(_PIECE), b"")
