"""Sorting and merging the body of pairs with coreutils `sort`, which spills to disk.

The order is pairtools': chrom1, chrom2 in byte order, pos1, pos2 as numbers, pair_type in
byte order, then the input's order. The command is an argument list, so a path may hold
anything.
"""

import contextlib
import os
import resource
from collections.abc import Iterator, Sequence
from pathlib import Path

from hicloom.errors import InputError
from hicloom.formats.pairs import Header, OrderCheck, PairsReader, PairsWriter, TriangleCheck
from hicloom.formats.text import pieces_of, whole_lines
from hicloom.options import parse_size
from hicloom.outputs import writable_folder
from hicloom.process import Pieces, chain, tool

# What sort keeps besides its buffer: line offsets and merge buffers.
_SHARE_OF_MEMORY = 0.8
# Files that are merged at a time take some 5 MB each.
_AT_ONCE = 128
# Open files of the output, of `sort` and its errors, of locks.
_OTHER_FILES = 24


def sort_command(
    header: Header, *, threads: int, memory: str, tmpdir: Path | None = None
) -> list[str]:
    """The arguments of `sort` that order the body of pairs with this header."""
    command = [*_sort(header), f"--parallel={threads}"]
    command += [f"--buffer-size={int(parse_size(memory) * _SHARE_OF_MEMORY)}b"]
    command += ["--compress-program=gzip", f"--temporary-directory={writable_folder(tmpdir)}"]
    return command


def write_sorted(out: PairsWriter, texts: Pieces, command: list[str]) -> None:
    """Put the lines of `texts` through `command`, of `sort_command`, and write them to `out`."""
    with chain([command], feed=texts) as line:
        assert line.stdout
        for text in whole_lines(pieces_of(line.stdout)):
            out.write(text)


@contextlib.contextmanager
def merged(readers: Sequence[PairsReader]) -> Iterator[Iterator[bytes]]:
    """The bodies of sorted pairs as one sorted body: pieces of whole lines.

    The order and the triangle of each are verified on the way. Rows that compare equal keep
    the order of the readers.

    Raises
    ------
    InputError
        Naming the file and the line where one is not sorted, or is in the lower triangle.
    """
    if len(readers) == 1:
        yield _verified(readers[0])
        return
    ends = [os.pipe() for _ in readers]
    command = [*_sort(readers[0].header), "--merge", f"--batch-size={len(readers)}"]
    command += [f"/dev/fd/{outlet}" for outlet, _ in ends]
    feeds = {inlet: _verified(reader) for (_, inlet), reader in zip(ends, readers, strict=True)}
    with chain([command], feeds=feeds, pass_fds=[outlet for outlet, _ in ends]) as line:
        assert line.stdout
        yield whole_lines(pieces_of(line.stdout))


def _verified(reader: PairsReader) -> Iterator[bytes]:
    order, triangle = OrderCheck(), TriangleCheck(reader.header)
    for block in reader.blocks():
        order.check(block)
        triangle.check(block)
        yield block.text.tobytes()


def files_at_once(wanted: int) -> int:
    """How many of `wanted` files can be merged at a time, in bounded memory and open files.

    Each takes three of the open files that the system allows, for its pipe has two ends; the
    limit is raised as far as need be.

    Raises
    ------
    InputError
        If the system does not allow two.
    """
    others = len([*Path("/proc/self/fd").iterdir()]) + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = 2**20 if hard == resource.RLIM_INFINITY else hard
    number = min(wanted, _AT_ONCE, (allowed - others) // 3)
    if number < min(wanted, 2):
        raise InputError(
            f"{allowed} open files are allowed (ulimit -n), and merging takes {others + 6} at least"
        )
    if soft != resource.RLIM_INFINITY and soft < 3 * number + others:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3 * number + others, hard))
    return number


def _sort(header: Header) -> list[str]:
    command = [tool("sort", "it is part of coreutils"), "--stable", "--field-separator=\t"]
    for column, kind in (("chrom1", ""), ("chrom2", ""), ("pos1", "n"), ("pos2", "n")):
        place = header.index(column) + 1
        command.append(f"--key={place},{place}{kind}")
    if "pair_type" in header.columns:
        place = header.index("pair_type") + 1
        command.append(f"--key={place},{place}")
    return command
