"""Reading pairs: plain, gzip or BGZF, from a file or standard input, in blocks of lines."""

import contextlib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from hicloom.errors import InputError
from hicloom.formats.pairs.block import Block
from hicloom.formats.pairs.header import Header
from hicloom.formats.text import name_of, open_text, whole_lines

# The last line of a stream whose writer failed. It has one column, so that other programs do
# not take it for a pair either.
BROKEN_OFF = b"hicloom failed here; the pairs are not complete\n"


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
        for text in whole_lines(chain([rest], self._pieces)):
            if text.endswith(BROKEN_OFF):
                raise InputError(f"{self.source}: the command that writes it failed")
            yield text

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


@contextlib.contextmanager
def open_pairs(path: Path, threads: int = 1) -> Iterator[PairsReader]:
    """Open pairs for reading; `-` is standard input; BGZF is inflated by `threads` threads.

    Raises
    ------
    InputError
        If the file is missing, is damaged, or its header is wrong.
    """
    with open_text(path, threads) as pieces:
        yield PairsReader(pieces, name_of(path))
