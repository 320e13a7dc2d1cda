"""Writing pairs: to a BGZF file with its index, a plain file, or standard output."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.bgzf import BgzfWriter
from hicloom.formats.pairs.block import Block
from hicloom.formats.pairs.header import SORTED, Header
from hicloom.formats.pairs.reader import BROKEN_OFF
from hicloom.formats.px2 import Px2Builder
from hicloom.outputs import atomic, is_stream
from hicloom.progress import Progress

Text = bytes | memoryview | NDArray[np.uint8]


class PairsWriter(Protocol):
    """Takes the body of a pairs file in pieces of whole lines, each with its line end."""

    def write(self, text: Any, /) -> Any:
        """Append whole lines (a buffer of bytes)."""


@contextlib.contextmanager
def create_pairs(path: Path, header: Header, threads: int = 1) -> Iterator[PairsWriter]:
    """Write pairs: header first, then what the block gives to `write`.

    A name that ends in `.gz` is written as BGZF, and when the header says that the pairs
    are sorted, the `.px2` index is made at the same time and appears beside it. `-` is
    standard output.

    Raises
    ------
    InputError
        If rows of an indexed file are not sorted.
    """
    if is_stream(path):
        with _streamed(header) as writer:
            yield writer
    elif not path.name.endswith(".gz"):
        with atomic(path) as (part,), part.open("wb") as raw:
            raw.write(header.encode())
            yield raw
    elif header.sorted == SORTED:
        with (
            atomic(path, index_path(path)) as (part, index),
            _indexed(part, index, header, threads, str(path)) as writer,
        ):
            yield writer
    else:
        # Not sorted, so an index that lies there is of what is replaced.
        index_path(path).unlink(missing_ok=True)
        with (
            atomic(path) as (part,),
            part.open("wb") as raw,
            BgzfWriter(raw, threads=threads) as sink,
        ):
            sink.write(header.encode())
            yield sink


@contextlib.contextmanager
def _streamed(header: Header) -> Iterator[PairsWriter]:
    """Standard output; who reads it learns of a failure by a last line that is no pair."""
    stdout = sys.stdout.buffer
    try:
        stdout.write(header.encode())
        yield stdout
    except BrokenPipeError:
        raise
    except BaseException:
        with contextlib.suppress(BrokenPipeError):
            stdout.write(BROKEN_OFF)
        raise
    finally:
        with contextlib.suppress(BrokenPipeError):
            stdout.flush()


def index_path(path: Path) -> Path:
    """Where the index of a pairs file lies: its name with `.px2` behind it."""
    return path.with_name(path.name + ".px2")


@contextlib.contextmanager
def _indexed(
    part: Path, index: Path, header: Header, threads: int, source: str
) -> Iterator["_IndexedWriter"]:
    with part.open("wb") as raw:
        with BgzfWriter(raw, threads=threads) as sink:
            sink.write(header.encode())
            writer = _IndexedWriter(sink, header, source)
            yield writer
        writer.progress.end()
        index.write_bytes(writer.builder.index(sink.offsets()).encode())


class _IndexedWriter:
    """Compresses lines and notes where they lie."""

    def __init__(self, sink: BgzfWriter, header: Header, source: str):
        self.builder = Px2Builder(source, header_lines=header.encode().count(b"\n"))
        self.progress = Progress("pairs")
        self._sink = sink
        self._header = header

    def write(self, text: Text) -> None:
        block = Block(np.frombuffer(text, np.uint8), self._header)
        self.builder.add(
            block.names("chrom1"),
            block.names("chrom2"),
            block.ints("pos1"),
            block.starts + self._sink.size,
            block.ints("pos2"),
        )
        self._sink.write(text)
        self.progress.add(block.n)
