"""Read BGZF with several threads, and plain gzip."""

import array
import io
import os
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np
from isal import igzip, isal_zlib

from hicloom.errors import InputError
from hicloom.formats.bgzf.blocks import EOF_BLOCK, HEAD, BlockOffsets, decode, extra_size, length
from hicloom.formats.threads import in_order

GZIP_MAGIC = b"\x1f\x8b"
_READ = 1 << 20
_BLOCKS_A_TASK = 16
TRUNCATED = "truncated (no BGZF end-of-file block); copy or make it again"

Text = bytes | bytearray


class BgzfReader:
    """Decompress BGZF with `threads` threads, from start to end or from any place.

    Parameters
    ----------
    file : binary file open for reading; `range` needs it seekable
    name : str
        What errors call the file.
    threads : int
        Threads that decompress; with 1 the caller's own.
    """

    def __init__(self, file: BinaryIO, name: str, *, threads: int = 1) -> None:
        self._file = file
        self._name = name
        self._threads = threads
        self._text = array.array("q", [0])
        self._starts = array.array("q", [0])

    def chunks(self) -> Iterator[bytes]:
        """The text, a few blocks at a time, from where the file stands to its end.

        Raises
        ------
        InputError
            If a block is damaged or is no BGZF, or the file is truncated (no EOF block).
        """
        for blocks in self._batches(0):
            for start, text in blocks:
                self._starts[-1] = start
                self._starts.append(start)
                self._text.append(self._text[-1] + len(text))
            yield b"".join(text for _, text in blocks)

    def offsets(self) -> BlockOffsets:
        """Where the blocks start; to be asked once `chunks` has ended."""
        return BlockOffsets(
            np.array(self._text, dtype=np.int64), np.array(self._starts, dtype=np.int64)
        )

    def range(self, begin: int, end: int) -> Iterator[bytes]:
        """The text between two virtual offsets (half-open), a few blocks at a time.

        Raises
        ------
        InputError
            As `chunks`, and if `begin` is not in the file.
        """
        self._file.seek(begin >> 16)
        for blocks in self._batches(begin >> 16):
            pieces = []
            for start, text in blocks:
                low = begin & 0xFFFF if start == begin >> 16 else 0
                high = end & 0xFFFF if start == end >> 16 else len(text)
                if low > len(text) or high > len(text):
                    raise InputError(f"{self._name}: its index points outside a block; reindex it")
                pieces.append(text[low:high] if start <= end >> 16 else b"")
            yield b"".join(pieces)
            if blocks[-1][0] >= end >> 16:
                return

    def _batches(self, start: int) -> Iterator[list[tuple[int, Text]]]:
        """Lists of (start in the file, text) of consecutive blocks."""
        members = _members(self._file, self._name, start)
        tasks = iter(lambda: list(islice(members, _BLOCKS_A_TASK)), [])
        return in_order(self._decompress, tasks, self._threads)

    def _decompress(self, members: list[tuple[int, bytes]]) -> list[tuple[int, Text]]:
        return [(start, self._text_of(start, member)) for start, member in members]

    def _text_of(self, start: int, member: bytes) -> Text:
        try:
            return decode(member)
        except ValueError as error:
            place = f"{self._name}: damaged BGZF block at byte {start}"
            raise InputError(f"{place} ({error}); copy or make it again") from None


def gunzip(file: BinaryIO, name: str, *, threads: int = 1) -> Iterator[bytes]:
    """The text of a file that is BGZF or plain gzip, in pieces, read once from its start.

    Raises
    ------
    InputError
        If it is neither, damaged or truncated.
    """
    buffered = file if isinstance(file, io.BufferedReader) else io.BufferedReader(file)  # type: ignore[type-var]
    head = buffered.peek(HEAD)
    if extra_size(head):
        return BgzfReader(buffered, name, threads=threads).chunks()
    if not head.startswith(GZIP_MAGIC):
        raise InputError(f"{name}: not compressed with gzip or bgzip")
    return _plain(buffered, name)


def _plain(file: BinaryIO, name: str) -> Iterator[bytes]:
    with igzip.IGzipFile(fileobj=file) as text:
        try:
            while piece := text.read(_READ):
                yield piece
        except EOFError:
            raise InputError(f"{name}: truncated gzip file; copy or make it again") from None
        except (zlib.error, isal_zlib.error, OSError) as error:  # type: ignore[misc]
            raise InputError(f"{name}: damaged gzip file ({error})") from None


def is_bgzf(path: Path) -> bool:
    """Whether the file starts with a BGZF block."""
    with path.open("rb") as file:
        return extra_size(file.read(HEAD)) > 0


def has_eof(path: Path) -> bool:
    """Whether the file ends with the EOF block, as every whole BGZF file does."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - len(EOF_BLOCK)))
        return file.read() == EOF_BLOCK


def require_bgzf(path: Path) -> None:
    """Raise InputError unless the file can be read, is BGZF and is whole at its end."""
    try:
        blocked, whole = is_bgzf(path), has_eof(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    if not blocked:
        raise InputError(
            f"{path}: not compressed with bgzip (gzip will not do); "
            "write it with `hicloom sort-pairs`, or with `gunzip -c` and `bgzip`"
        )
    if not whole:
        raise InputError(f"{path}: {TRUNCATED}")


def _members(file: BinaryIO, name: str, start: int) -> Iterator[tuple[int, bytes]]:
    """(start in the file, whole block) of each block from where the file stands."""
    data, last = b"", b""
    while more := file.read(_READ):
        data, place = data + more, 0
        while len(data) - place >= HEAD:
            if not extra_size(data[place : place + HEAD]):
                raise InputError(f"{name}: no BGZF block at byte {start}; compress it with bgzip")
            size = length(data[place : place + HEAD])
            if place + size > len(data):
                break
            last = data[place : place + size]
            yield start, last
            place, start = place + size, start + size
        data = data[place:]
    if data or last != EOF_BLOCK:
        raise InputError(f"{name}: {TRUNCATED}")
