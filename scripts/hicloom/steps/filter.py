import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom import provenance
from hicloom.errors import InputError
from hicloom.expressions import parse
from hicloom.formats.chromsizes import read_chromsizes
from hicloom.formats.pairs import Block, Header, PlaceCheck, create_pairs, open_pairs
from hicloom.options import Output, Threads
from hicloom.outputs import atomic

PAIR_TYPES = ("UU", "UR", "RU")
Test = Callable[[Block], NDArray[np.bool_]]


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
    with open_pairs(pairs) as reader:
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
            tests["same_fragment"] = lambda block: ~_same_fragment(block)
        if condition:
            _require(header, sorted(condition.columns), source)
            tests["expression"] = condition.evaluate
        counts = {"read": 0, "kept": 0, "dropped": dict.fromkeys(tests, 0)}
        with create_pairs(output, header.with_command(provenance.command()), threads) as out:
            places = PlaceCheck(reader.header)
            for block in reader.blocks():
                places.check(block)
                out.write(block.select(_passes(block, tests, counts)))
    _report(counts, stats)


def _check_types(pair_types: Sequence[str]) -> None:
    for pair_type in pair_types:
        if not re.fullmatch("[A-Z]{2}", pair_type):
            raise InputError(f"--pair-types {pair_type}: expected two letters, such as UU or UR")


def _passes(block: Block, tests: dict[str, Test], counts: dict) -> NDArray[np.bool_]:  # type: ignore[type-arg]
    keep = np.ones(block.n, bool)
    for name, test in tests.items():
        passed = keep & test(block)
        counts["dropped"][name] += int(keep.sum() - passed.sum())
        keep = passed
    counts["read"] += block.n
    counts["kept"] += int(keep.sum())
    return keep


def _is_in(block: Block, column: str, wanted: Sequence[str]) -> NDArray[np.bool_]:
    codes, names = block.names(column)
    return np.isin(np.array(names, object), wanted)[codes] if names else np.zeros(0, bool)


def _same_fragment(block: Block) -> NDArray[np.bool_]:
    same_chromosome = block.strings("chrom1") == block.strings("chrom2")
    return same_chromosome & (block.strings("frag1") == block.strings("frag2"))


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


def _report(counts: dict, stats: Path | None) -> None:  # type: ignore[type-arg]
    dropped = ", ".join(f"{name} {count}" for name, count in counts["dropped"].items())
    message = f"filter: kept {counts['kept']} of {counts['read']} pairs; dropped by {dropped}"
    print(message, file=sys.stderr)
    if stats:
        with atomic(stats) as (part,):
            part.write_text(json.dumps(counts, indent=2) + "\n")
