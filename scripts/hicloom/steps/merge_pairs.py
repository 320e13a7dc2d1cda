import itertools
import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from hicloom import provenance
from hicloom.errors import InputError
from hicloom.formats.pairs import SORTED, Header, PairsReader, create_pairs, open_pairs
from hicloom.options import Output, Threads
from hicloom.sorting import allow_open_files, merged

PROGRAM = "#samheader: @PG\t"


def merge_pairs(pairs: Sequence[Path], /, *, output: Output, threads: Threads = 1) -> None:
    """Merge sorted pairs files into one sorted file; equal rows keep the order of the files.

    Order and triangle of every input are verified on the way. Memory does not grow with
    the input.

    Parameters
    ----------
    pairs : sequence of Path
        Sorted pairs with the same chromosomes and columns.
    output : Path
        Merged pairs: `.gz` is written as BGZF with a `.px2` index beside it; `-` is
        standard output.
    threads : int
        Threads that compress the output.

    Raises
    ------
    InputError
        If an input is not sorted or in the lower triangle, or the files' chromosomes or
        columns differ.
    """
    allow_open_files(3 * len(pairs) + 64)
    with ExitStack() as stack:
        readers = [stack.enter_context(open_pairs(path)) for path in pairs]
        header = _common_header(readers)
        with create_pairs(output, header, threads) as out, merged(readers) as texts:
            for text in texts:
                out.write(text)


def _common_header(readers: Sequence[PairsReader]) -> Header:
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
