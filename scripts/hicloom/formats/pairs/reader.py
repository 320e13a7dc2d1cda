"""Reading pairs: plain, gzip or BGZF, from a file or standard input, in blocks of lines."""

import contextlib
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from hicloom.errors import InputError
from hicloom.formats.bgzf import gunzip
from hicloom.formats.pairs.block import Block
from hicloom.formats.pairs.header import Header
from hicloom.outputs import is_stream

CHUNK = 1 << 20
GZIP_MAGIC = b"\x1f\x8b"


class PairsReader:
    """Pairs that are being read: the `header`, then the body as `blocks()` or `texts()`.

    `header_lines` and `header_size` (bytes) say where the body begins.

    Parameters
    ----------
    pieces : iterable of bytes
        The text of a pairs file, cut anywhere.
    source : str
        What errors call it.
    """

    def __init__(self, pieces: Iterable[bytes], source: str):
        self.source = source
        self._pieces = iter(pieces)
        lines, size, self._rest = _split_header(self._pieces)
        self.header = Header.parse(lines, source)
        self.header_lines = len(lines)
        self.header_size = size
        self._line = len(lines) + 1

    def texts(self) -> Iterator[bytes]:
        """The body in pieces of whole lines; read once."""
        rest, self._rest = self._rest, b""
        return whole_lines(self._pieces, rest)

    def blocks(self) -> Iterator[Block]:
        """The body as blocks of whole lines; read once."""
        for text in self.texts():
            block = Block(text, self.header, self._line, self.source)
            self._line += block.n
            yield block


def _split_header(pieces: Iterator[bytes]) -> tuple[list[str], int, bytes]:
    """The header's lines, their size in bytes, and the text read beyond them."""
    text = b""
    size = 0
    for piece in pieces:
        text += piece
        while text[size : size + 1] == b"#" and (end := text.find(b"\n", size)) != -1:
            size = end + 1
        if text[size : size + 1] not in (b"", b"#"):
            break
    lines = text[:size].decode(errors="replace").splitlines()
    return lines, size, text[size:]


def whole_lines(pieces: Iterable[bytes], rest: bytes = b"") -> Iterator[bytes]:
    """`rest` and the pieces, cut after line ends; a missing last line end is added."""
    for piece in pieces:
        cut = piece.rfind(b"\n") + 1
        if cut:
            yield rest + piece[:cut]
            rest = piece[cut:]
        else:
            rest += piece
    if rest:
        yield rest if rest.endswith(b"\n") else rest + b"\n"


def pieces_of(stream: IO[bytes]) -> Iterator[bytes]:
    """What a binary stream holds, in pieces."""
    return iter(lambda: stream.read(CHUNK), b"")


@contextlib.contextmanager
def open_pairs(path: Path, threads: int = 1) -> Iterator[PairsReader]:
    """Open pairs for reading; `-` is standard input; BGZF is inflated by `threads` threads.

    Raises
    ------
    InputError
        If the file is missing, is damaged, or its header is wrong.
    """
    source = "standard input" if is_stream(path) else str(path)
    raw = _open(path)
    # Standard input stays open: closing it would wait for a thread that still reads it.
    with contextlib.nullcontext() if is_stream(path) else raw:
        yield PairsReader(_inflated(raw, source, threads), source)


def _open(path: Path) -> io.BufferedReader:
    try:
        # Not sys.stdin, whose lock the interpreter wants at its end.
        raw = io.FileIO(0, closefd=False) if is_stream(path) else io.FileIO(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    return io.BufferedReader(raw, CHUNK)


def _inflated(raw: io.BufferedReader, source: str, threads: int) -> Iterator[bytes]:
    if raw.peek(2)[:2] == GZIP_MAGIC:
        return gunzip(raw, source, threads=threads)
    return pieces_of(raw)
