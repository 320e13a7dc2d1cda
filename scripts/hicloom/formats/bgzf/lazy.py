"""Text in pieces that are inflated when they are asked for, by any thread."""

import io
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.bgzf.blocks import EOF_BLOCK, HEAD, extra_size
from hicloom.formats.bgzf.inflating import text_of
from hicloom.formats.bgzf.reader import GZIP_MAGIC, TRUNCATED, gunzip
from hicloom.kernels.inflate import whole_blocks

Bytes = NDArray[np.uint8]
Piece = Callable[[], Bytes]

_READ = 1 << 18


def lazy_pieces(file: io.BufferedReader, name: str) -> Iterator[Piece]:
    """What a file holds from where it stands to its end, be it BGZF, gzip or neither.

    BGZF is read in order, and inflated where a piece is called, which may be in any order and
    by several threads; all else is inflated as it is read.

    Raises
    ------
    InputError
        If compressed text is damaged or truncated; of a damaged block, when its piece is called.
    """
    head = file.peek(HEAD)
    if extra_size(head):
        for start, blocks in _batches(file, name):
            yield partial(text_of, blocks, start, name)
        return
    is_gzip = head.startswith(GZIP_MAGIC)
    for text in gunzip(file, name) if is_gzip else iter(lambda: file.read(_READ), b""):
        yield partial(np.frombuffer, text, np.uint8)  # type: ignore[misc]


def _batches(file: io.BufferedReader, name: str) -> Iterator[tuple[int, Bytes]]:
    """(start in the file, whole blocks) from where the file stands."""
    rest, start, ending = np.empty(0, np.uint8), 0, b""
    while True:
        # Memory of its own for each, as others may still wait to be inflated.
        data = np.empty(_READ, np.uint8)
        data[: len(rest)] = rest
        n = file.readinto(data[len(rest) :].data)
        if not n:
            break
        data = data[: len(rest) + n]
        last, end, wrong = whole_blocks(data)
        if wrong:
            place = f"{name}: no BGZF block at byte {start + end}"
            raise InputError(f"{place}; compress it with bgzip")
        if end:
            ending = data[last:end].tobytes()
            yield start, data[:end]
        start, rest = start + end, data[end:]
    if len(rest) or ending != EOF_BLOCK:
        raise InputError(f"{name}: {TRUNCATED}")
