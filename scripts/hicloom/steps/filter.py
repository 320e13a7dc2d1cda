import json
import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom import provenance
from hicloom.errors import InputError
from hicloom.expressions import parse
from hicloom.formats.chromsizes import read_chromsizes
from hicloom.formats.pairs import Block, Header, PlaceCheck, create_pairs, open_pairs
from hicloom.formats.pairs.sam import COLUMNS, LosslessBam, create_lossless_bam
from hicloom.options import Output, Threads
from hicloom.outputs import atomic
from hicloom.sieve import Sieve, Test

PAIR_TYPES = ("UU", "UR", "RU")


def filter(
    pairs: Path,
    /,
    *,
    output: Output,
    pair_types: Sequence[str] = PAIR_TYPES,
    chromsizes: Path | None = None,
    drop_same_fragment: bool = False,
    expression: str | None = None,
    stats: Path | None = None,
    lossless_bam: Path | None = None,
    threads: Threads = 1,
) -> None:
    """Keep the pairs of some types and chromosomes that satisfy an expression.

    A dropped pair is counted under the first of these tests that it fails: pair type,
    chromosome, same fragment, expression.

    Parameters
    ----------
    pairs : Path
        Pairs; `-` is standard input.
    output : Path
        Kept pairs in the same order: `.gz` is written as BGZF, with a `.px2` index when
        they are sorted; `-` is standard output.
    pair_types : sequence of str
        Pair types to keep; ignored where the pairs have no such column.
    chromsizes : Path, optional
        Keep only pairs with both sides on chromosomes of this file, whose lengths must
        agree with the header's.
    drop_same_fragment : bool
        Drop pairs with both ends on one restriction fragment (columns frag1, frag2; see
        `hicloom annotate-fragments`).
    expression : str, optional
        Comparisons of columns with numbers, texts or columns, joined by and, or, not:
        `mapq1 >= 30 and mapq2 >= 30`.
    stats : Path, optional
        JSON file for the counts of read, kept and dropped pairs.
    lossless_bam : Path, optional
        BAM file for every alignment of every pair read, kept or dropped, in the order of the
        pairs; needs pairs with SAM columns (`hicloom dedup --keep-duplicates` leaves them),
        which the output then leaves out.
    threads : int
        Threads that compress the output.

    Raises
    ------
    InputError
        If the expression holds anything else, a column is missing, chromsizes disagree, or a
        pair lies off the header's chromosomes.
    """
    _check_types(pair_types)
    condition = parse(expression) if expression and expression.strip() else None
    with ExitStack() as stack:
        reader = stack.enter_context(open_pairs(pairs))
        header, source = reader.header, reader.source
        tests: dict[str, Test] = {}
        if "pair_type" in header.columns:
            tests["pair_type"] = lambda block: _is_in(block, "pair_type", pair_types)
        if chromsizes:
            header = header.with_chromsizes(_subset(header, chromsizes, source))
            kept = tuple(header.chromsizes)
            tests["chromosome"] = lambda b: _is_in(b, "chrom1", kept) & _is_in(b, "chrom2", kept)
        if drop_same_fragment:
            _require(header, ("frag1", "frag2"), source)
            tests["same_fragment"] = lambda block: ~same_fragment(block)
        if condition:
            _require(header, sorted(condition.columns), source)
            tests["expression"] = condition.evaluate
        sieve = Sieve(tests)
        if lossless_bam:
            header = header.with_columns(*(name for name in header.columns if name not in COLUMNS))
        header = header.with_command(provenance.command())
        out = stack.enter_context(create_pairs(output, header, threads))
        bam = _open_bam(stack, lossless_bam, reader.header, threads)
        places = PlaceCheck(reader.header)
        for block in reader.blocks():
            places.check(block)
            keep = sieve.keep(block)
            if bam:
                bam.write(block)
                block = block.without(COLUMNS)
            out.write(block.select(keep))
    sieve.report("filter")
    if stats:
        with atomic(stats) as (part,):
            part.write_text(json.dumps(sieve.counts, indent=2) + "\n")


def same_fragment(block: Block) -> NDArray[np.bool_]:
    """Which pairs have both ends on one restriction fragment; bool, shape (lines,)."""
    same_chromosome = block.strings("chrom1") == block.strings("chrom2")
    return same_chromosome & (block.strings("frag1") == block.strings("frag2"))


def _open_bam(
    stack: ExitStack, path: Path | None, header: Header, threads: int
) -> LosslessBam | None:
    return stack.enter_context(create_lossless_bam(path, header, threads)) if path else None


def _check_types(pair_types: Sequence[str]) -> None:
    for pair_type in pair_types:
        if not re.fullmatch("[A-Z]{2}", pair_type):
            raise InputError(f"--pair-types {pair_type}: expected two letters, such as UU or UR")


def _is_in(block: Block, column: str, wanted: Sequence[str]) -> NDArray[np.bool_]:
    codes, names = block.names(column)
    return np.isin(np.array(names, object), wanted)[codes] if names else np.zeros(0, bool)


def _require(header: Header, columns: Sequence[str], source: str) -> None:
    for column in columns:
        header.index(column, source)


def _subset(header: Header, chromsizes: Path, source: str) -> dict[str, int]:
    """The chromosomes to keep, in the header's order, which is the triangle's."""
    wanted, known = read_chromsizes(chromsizes), header.chromsizes
    for name, length in wanted.items():
        if known.get(name) != length:
            found = f"length {known[name]}" if name in known else "no such chromosome"
            raise InputError(
                f"{chromsizes}: {name} has length {length}, but the header of {source} has {found}"
            )
    order = [name for name in known if name in wanted]
    if order != list(wanted):
        raise InputError(
            f"{chromsizes}: its chromosomes come in another order than in the header of {source}, "
            "which defines the upper triangle; use the header's order"
        )
    return wanted
