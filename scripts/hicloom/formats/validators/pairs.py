"""Pairs (4DN pairs format specification, version 1.0)."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.findings import Findings
from hicloom.formats.bgzf import is_bgzf
from hicloom.formats.pairs import COLUMNS, FORMAT_LINE, UPPER_TRIANGLE, Block, Header
from hicloom.formats.text import open_text, whole_lines
from hicloom.formats.validators.order import ORDERS, OrderCheck
from hicloom.formats.validators.redundancy import (
    REDUNDANT,
    Everywhere,
    Neighbours,
    hash_words,
    mix,
)
from hicloom.formats.validators.rows import Rows, regular_lines

_TRIANGLE = "pair in the wrong triangle"
_STRANDS = (b"+", b"-", b".")
_PAIR_LETTERS = np.isin(np.arange(256), list(b"UuRrMmNnXxWwDd"))
_HEAD = (FORMAT_LINE, "#columns: " + " ".join(COLUMNS))


def validate_pairs(path: Path, findings: Findings, tmpdir: Path | None = None) -> None:
    """Check header, every row, the order that `#sorted` states, triangle and redundancy.

    Redundant rows of a sorted file follow on one another. Where the file states no order,
    or breaks it or the triangle, they may be anywhere: the file is then read twice, and
    hashes of its rows are spilled to `tmpdir` (16 bytes a row).
    """
    with path.open("rb") as raw:
        gzipped = raw.read(2) == b"\x1f\x8b"
    if gzipped and not is_bgzf(path):
        findings.add("gzip that is not BGZF", "byte 0", "compress it with bgzip")
    neighbours = Neighbours(findings)
    header = _check_rows(path, findings, neighbours)
    suspicious = (_TRIANGLE, *OrderCheck.KINDS)
    if header.sorted not in ORDERS or any(kind in findings for kind in suspicious):
        findings.discard(REDUNDANT)
        with Everywhere(findings, tmpdir) as everywhere:
            _check_rows(path, Findings(), everywhere)
            everywhere.finish()


def _check_rows(path: Path, findings: Findings, twins: Neighbours | Everywhere) -> Header:
    """Check a file from start to end; its header, mended where it is wrong."""
    header, line = Header((), ()), 1
    try:
        with open_text(path) as pieces:
            texts = whole_lines(pieces)
            lines, rest = _split_header(texts)
            header = _check_header(lines, rest, str(path), findings)
            checks = _Checks(header, findings, twins)
            line += len(lines)
            for text in chain([rest] if rest else [], texts):
                checks.check(text, line, str(path))
                line += text.count(b"\n")
    except InputError as error:
        findings.add("damaged or truncated file", f"line {line} or after", str(error))
    return header


def _split_header(texts: Iterator[bytes]) -> tuple[list[str], bytes]:
    """The lines that begin with #, and the text that was read beyond them."""
    lines, rest = list[str](), b""
    for text in texts:
        place = 0
        while text.startswith(b"#", place):
            end = text.index(b"\n", place)
            lines.append(text[place:end].decode(errors="replace").rstrip("\r"))
            place = end + 1
        if rest := text[place:]:
            break
    return lines, rest


def _check_header(lines: list[str], rest: bytes, source: str, findings: Findings) -> Header:
    """Check each part of the header by itself, so that one fault does not hide another."""
    first, fields = (lines[0] if lines else ""), lines[1:]
    if _fault([first, _HEAD[1]], source):
        findings.add(
            "wrong first line", "line 1", f"expected '{FORMAT_LINE}', found '{first[:60]}'"
        )
        fields = lines
    columns = [line for line in lines if line.startswith("#columns:")]
    if not columns or _fault([_HEAD[0], columns[-1]], source):
        number = lines.index(columns[-1]) + 1 if columns else len(lines) + 1
        findings.add("wrong or missing #columns", f"line {number}", columns[-1] if columns else "")
        columns = ["#columns: " + " ".join(_guess_columns(rest))]
    good = _check_chromsizes(fields, len(lines) - len(fields) + 1, findings)
    return Header.parse([_HEAD[0], *good, columns[-1]], source)


def _check_chromsizes(fields: list[str], first: int, findings: Findings) -> list[str]:
    """The lines between the first one and `#columns:`, without the wrong ones."""
    good, names = [], set()
    for number, line in enumerate(fields, start=first):
        if line.startswith("#columns:"):
            continue
        if line.startswith("#chromsize:"):
            name = [*line.split(), ""][1]
            if name in names:
                findings.add("chromosome twice in the header", f"line {number}", name)
                continue
            if _fault([_HEAD[0], line, _HEAD[1]], ""):
                findings.add("wrong #chromsize", f"line {number}", line)
                continue
            names.add(name)
        good.append(line)
    if not names:
        findings.add("no #chromsize lines", f"line {first + len(fields)}")
    return good


def _fault(lines: list[str], source: str) -> str:
    """What a header of these lines is refused for, or nothing."""
    try:
        Header.parse(lines, source)
    except InputError as error:
        return str(error)
    return ""


def _guess_columns(rest: bytes) -> tuple[str, ...]:
    """The reserved columns, and names for what a row has beyond them."""
    found = rest.partition(b"\n")[0].count(b"\t") + 1
    more = (f"column{number}" for number in range(8, found + 1))
    return (*COLUMNS[: max(5, min(7, found))], *more)


class _Checks:
    """All checks of the rows, block after block."""

    def __init__(self, header: Header, findings: Findings, twins: Neighbours | Everywhere):
        self._header, self._findings, self._twins = header, findings, twins
        self._order = OrderCheck(header.sorted, findings)
        self._lower_wanted = (header.shape or UPPER_TRIANGLE).startswith("lower")

    def check(self, text: bytes, line: int, source: str) -> None:
        """Check whole lines, the first of which is `line` (1-based)."""
        kept, lines = regular_lines(text, line, len(self._header.columns), self._findings)
        if not len(lines):
            return
        block = Block(kept, self._header, line, source)
        self._check_words(block, lines)
        rows = Rows.parse(block, lines, self._findings)
        self._order.check(rows)
        self._check_triangle(rows)
        self._check_twins(rows)

    def _check_words(self, block: Block, lines: NDArray[np.int64]) -> None:
        for column in ("strand1", "strand2"):
            if column in block.header.columns:
                found = block.strings(column)
                wrong = ~np.isin(found, _STRANDS)
                self._findings.add_rows(f"{column} other than +, - or .", wrong, lines, found)
        if "pair_type" in block.header.columns:
            start, end = block.bounds("pair_type")
            last = len(block.text) - 1
            letters = _PAIR_LETTERS[block.text[np.minimum([start, start + 1], last)]]
            wrong = ((end - start) != 2) | ~letters.all(axis=0)
            dots = block.strings("pair_type") == b"."
            found = block.strings("pair_type")
            self._findings.add_rows("unknown pair_type", wrong & ~dots, lines, found)

    def _check_triangle(self, rows: Rows) -> None:
        ahead = (rows.chrom1 > rows.chrom2) | (
            (rows.chrom1 == rows.chrom2) & (rows.pos1 > rows.pos2)
        )
        behind = (rows.chrom1 < rows.chrom2) | (
            (rows.chrom1 == rows.chrom2) & (rows.pos1 < rows.pos2)
        )
        wrong = rows.mapped & (behind if self._lower_wanted else ahead)
        self._findings.add_rows(_TRIANGLE, wrong, rows.lines, rows)

    def _check_twins(self, rows: Rows) -> None:
        """Pass on rows that have a read name, sides in one order."""
        side1, side2 = (
            mix(mix(np.zeros(len(rows.lines), np.uint64), chrom), pos)
            for chrom, pos in ((rows.chrom1, rows.pos1), (rows.chrom2, rows.pos2))
        )
        names = rows.block.strings("readID")[rows.kept]
        places = mix(np.minimum(side1, side2), np.maximum(side1, side2))
        named = names != b"."
        self._twins.check(places[named], hash_words(names[named]), rows.lines[named])
