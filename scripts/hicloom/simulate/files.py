"""Where simulated text goes: plain files, BGZF (`*.gz`) or standard output."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from hicloom.errors import InputError
from hicloom.formats.bgzf import BgzfWriter
from hicloom.outputs import atomic, is_stream

Sink = BinaryIO | BgzfWriter


@contextlib.contextmanager
def sinks(*paths: Path, threads: int = 1) -> Iterator[tuple[Sink, ...]]:
    """Open every path for writing; all of them appear together when the block ends well.

    Raises
    ------
    InputError
        If two of the paths are the same.
    """
    if len(set(paths)) < len(paths):
        raise InputError(f"{paths[0]}: is named for two outputs; give each its own name")
    finals = [path for path in paths if not is_stream(path)]
    with atomic(*finals) as parts, contextlib.ExitStack() as stack:
        part_of = dict(zip(finals, parts, strict=True))
        yield tuple(stack.enter_context(_open(part_of.get(path), threads)) for path in paths)


@contextlib.contextmanager
def _open(part: Path | None, threads: int) -> Iterator[Sink]:
    if part is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with part.open("wb") as file, contextlib.ExitStack() as stack:
        compress = part.suffix == ".gz"
        yield stack.enter_context(BgzfWriter(file, threads=threads)) if compress else file


def check_fraction(option: str, value: float, *, below: float = 1.0) -> None:
    """Refuse a value outside [0, below].

    Raises
    ------
    InputError
        Naming the option.
    """
    if not 0 <= value <= below:
        raise InputError(f"{option} {value:g}: expected a fraction between 0 and {below:g}")


def check_at_least(option: str, value: int, least: int) -> None:
    """Refuse a value below `least`.

    Raises
    ------
    InputError
        Naming the option.
    """
    if value < least:
        raise InputError(f"{option} {value}: expected at least {least}")
