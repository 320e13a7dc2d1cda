"""Text from a file or standard input, plain, gzip or BGZF, in pieces; nothing held whole."""

import contextlib
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from hicloom.errors import InputError
from hicloom.formats.bgzf import gunzip
from hicloom.outputs import is_stream

_PIECE = 1 << 20
_GZIP_MAGIC = b"\x1f\x8b"


@contextlib.contextmanager
def open_text(path: Path, threads: int = 1) -> Iterator[Iterator[bytes]]:
    """The text of `path` (`-` is standard input) in pieces of any size, read once.

    BGZF is inflated by `threads` threads.

    Raises
    ------
    InputError
        If the file cannot be read, or its compressed data is damaged or truncated.
    """
    with open_bytes(path) as file:
        yield _pieces(file, name_of(path), threads)


@contextlib.contextmanager
def open_bytes(path: Path) -> Iterator[io.BufferedReader]:
    """What `path` (`-` is standard input) holds, as it is.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    try:
        # Not sys.stdin, whose lock the interpreter wants at its end.
        raw = io.FileIO(0, closefd=False) if is_stream(path) else io.FileIO(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    # Standard input stays open: closing it would wait for a thread that still reads it.
    with contextlib.nullcontext() if is_stream(path) else raw:
        yield io.BufferedReader(raw, _PIECE)


def name_of(path: Path) -> str:
    """What errors call `path`."""
    return "standard input" if is_stream(path) else str(path)


def whole_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same text in pieces of whole lines, each ending in a newline, also the last."""
    rest: list[bytes] = []
    for piece in pieces:
        cut = piece.rfind(b"\n") + 1
        if cut:
            yield b"".join([*rest, memoryview(piece)[:cut]])
            rest = []
        rest.append(piece[cut:])
    if last := b"".join(rest):
        yield last + b"\n"


def pieces_of(stream: IO[bytes]) -> Iterator[bytes]:
    """What a binary stream holds, in pieces."""
    return iter(lambda: stream.read(_PIECE), b"")


def _pieces(file: io.BufferedReader, name: str, threads: int) -> Iterator[bytes]:
    """The inflated pieces; a compressed file may have any name."""
    if file.peek(2)[:2] == _GZIP_MAGIC:
        return gunzip(file, name, threads=threads)
    return pieces_of(file)
