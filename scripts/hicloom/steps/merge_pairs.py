import itertools
import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from hicloom import provenance
from hicloom.errors import InputError
from hicloom.formats.bgzf import BgzfWriter
from hicloom.formats.pairs import SORTED, Header, PairsReader, create_pairs, open_pairs
from hicloom.options import Output, Threads
from hicloom.outputs import scratch
from hicloom.sorting import files_at_once, merged

PROGRAM = "#samheader: @PG\t"


class _Head(NamedTuple):
    """What a file says of itself, once it is closed."""

    header: Header
    source: str


def merge_pairs(
    pairs: Sequence[Path],
    /,
    *,
    output: Output,
    threads: Threads = 1,
    tmpdir: Path | None = None,
) -> None:
    """Merge sorted pairs files into one sorted file; equal rows keep the order of the files.

    Order and triangle of every input are verified on the way. Memory does not grow with
    the input. More than 128 files, or fewer where the system allows less open files, are merged
    in rounds, which put the pairs on the disk in between.

    Parameters
    ----------
    pairs : sequence of Path
        Sorted pairs with the same chromosomes and columns.
    output : Path
        Merged pairs: `.gz` is written as BGZF with a `.px2` index beside it; `-` is
        standard output.
    threads : int
        Threads that compress the output.
    tmpdir : Path, optional
        Folder for what rounds put on the disk (default: the system's).

    Raises
    ------
    InputError
        If an input is not sorted or in the lower triangle, or the files' chromosomes or
        columns differ.
    """
    at_once = files_at_once(len(pairs))
    with ExitStack() as stack:
        files, header = list(pairs), None
        if len(files) > at_once:
            header = _common_header([_head(path) for path in files])
            folder = stack.enter_context(scratch(tmpdir))
            files = _merged_in_rounds(files, at_once, folder, threads)
        readers = [stack.enter_context(open_pairs(path)) for path in files]
        header = header or _common_header(readers)
        with create_pairs(output, header, threads) as out, merged(readers) as texts:
            for text in texts:
                out.write(text)


def _head(path: Path) -> _Head:
    with open_pairs(path) as reader:
        return _Head(reader.header, reader.source)


def _merged_in_rounds(files: list[Path], at_once: int, folder: Path, threads: int) -> list[Path]:
    """Merge neighbours until `at_once` files are left, and no more of them than need be."""
    names = itertools.count()
    while len(files) > at_once:
        fewer: list[Path] = []
        surplus, rest = len(files) - at_once, files
        while rest:
            here = min(at_once, surplus + 1)
            run, rest = rest[:here], rest[here:]
            surplus -= len(run) - 1
            fewer.append(_merged(run, folder / f"{next(names)}.gz", threads))
            for path in run:
                if path.parent == folder and path != fewer[-1]:
                    path.unlink()
        files = fewer
    return files


def _merged(files: list[Path], path: Path, threads: int) -> Path:
    """Several files as one at `path`, quickly compressed; one as it is."""
    if len(files) == 1:
        return files[0]
    with ExitStack() as stack:
        readers = [stack.enter_context(open_pairs(file)) for file in files]
        raw = stack.enter_context(path.open("wb"))
        with BgzfWriter(raw, threads=threads, level=1) as out, merged(readers) as texts:
            out.write(readers[0].header.encode())
            for text in texts:
                out.write(text)
    return path


def _common_header(readers: Sequence[PairsReader | _Head]) -> Header:
    first = readers[0]
    for other in readers[1:]:
        if list(other.header.chromsizes.items()) != list(first.header.chromsizes.items()):
            raise InputError(
                f"{other.source}: its chromosomes differ from those of {first.source}; "
                "make both with the same chromsizes"
            )
        if other.header.columns != first.header.columns:
            raise InputError(
                f"{other.source}: its columns ({' '.join(other.header.columns)}) differ from "
                f"those of {first.source} ({' '.join(first.header.columns)})"
            )
    fields = dict.fromkeys(first.header.fields)
    for other in readers[1:]:
        fields |= dict.fromkeys(_own_programs(_history(other.header), _program_ids(fields)))
    header = replace(first.header, fields=tuple(fields)).with_values(sorted=SORTED)
    return header.with_command(provenance.command())


def _history(header: Header) -> list[str]:
    return [field for field in header.fields if field.startswith(("#samheader:", "#command:"))]


def _program_ids(fields: Iterable[str]) -> set[str]:
    """The IDs of @PG lines."""
    programs = (field.split("\t") for field in fields if field.startswith(PROGRAM))
    return {tag[3:] for tags in programs for tag in tags if tag.startswith("ID:")}


def _own_programs(fields: list[str], taken: set[str]) -> list[str]:
    """The lines with their @PG chain under IDs of its own, for two chains may not share a link."""
    ids = _program_ids(fields)
    suffix = next(n for n in itertools.count(1) if not {f"{name}-{n}" for name in ids} & taken)
    return [
        re.sub(r"\t(ID|PP):([^\t]+)", rf"\t\1:\2-{suffix}", field)
        if field.startswith(PROGRAM)
        else field
        for field in fields
    ]
