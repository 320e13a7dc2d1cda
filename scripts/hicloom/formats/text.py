"""Text from a file or standard input, plain, gzip or BGZF, in pieces; nothing held whole."""

import contextlib
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

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
    try:
        # Not sys.stdin, whose lock the interpreter wants at its end.
        raw = io.FileIO(0, closefd=False) if is_stream(path) else io.FileIO(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    # Standard input stays open: closing it would wait for a thread that still reads it.
    with contextlib.nullcontext() if is_stream(path) else raw:
        file: io.BufferedReader = io.BufferedReader(raw, _PIECE)
        yield _pieces(file, "standard input" if is_stream(path) else str(path))


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


def _pieces(file: io.BufferedReader, name: str) -> Iterator[bytes]:
    """The inflated pieces; a compressed file may have any name."""
    if file.peek(2)[:2] == _GZIP_MAGIC:
        return gunzip(file, name)
    return iter(lambda: file.read(_PIECE), b"")
