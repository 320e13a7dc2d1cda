"""Pairs files with a .px2 index: make it, and find the pairs of a region."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.bgzf import EOF_BLOCK, BgzfReader, require_bgzf
from hicloom.formats.pairs.block import Block
from hicloom.formats.pairs.header import Header
from hicloom.formats.pairs.reader import PairsReader
from hicloom.formats.pairs.writer import index_path
from hicloom.formats.px2 import Px2, Px2Builder, read_px2
from hicloom.formats.regions import SPLIT, Side
from hicloom.formats.text import whole_lines


def build_index(pairs: Path, *, threads: int = 1) -> tuple[Px2, int]:
    """The index of a file's content, and the file's largest position (bp).

    Raises
    ------
    InputError
        If the file is not BGZF, is truncated, is no pairs file, or is not sorted.
    """
    require_bgzf(pairs)
    with pairs.open("rb") as raw:
        text = BgzfReader(raw, str(pairs), threads=threads)
        reader = PairsReader(text.chunks(), str(pairs))
        builder = Px2Builder(str(pairs), header_lines=reader.header_lines)
        start = reader.header_size
        for block in reader.blocks():
            builder.add(
                block.names("chrom1"),
                block.names("chrom2"),
                block.ints("pos1"),
                block.starts + start,
                block.ints("pos2"),
            )
            start += len(block.text)
        return builder.index(text.offsets()), builder.last_position


@contextlib.contextmanager
def open_indexed(pairs: Path) -> Iterator["IndexedPairs"]:
    """Open a pairs file together with the index beside it.

    Raises
    ------
    InputError
        If the file is not BGZF or is truncated, or the index is missing, damaged or ends
        where the file does not.
    """
    require_bgzf(pairs)
    index = _load(pairs)
    with pairs.open("rb") as raw:
        yield IndexedPairs(pairs, raw, index)


class IndexedPairs:
    """An open pairs file with its index.

    Attributes
    ----------
    header : Header
    """

    def __init__(self, path: Path, raw: BinaryIO, index: Px2):
        self._path = path
        self._raw = raw
        self._index = index
        reader = PairsReader(self._text().chunks(), str(path))
        self.header: Header = reader.header
        self._header_size = reader.header_size

    def chromosomes(self) -> set[str]:
        """Those of the header and those that have pairs."""
        pairs = (pair.split(SPLIT) for pair in self._index.runs)
        return {*self.header.chromsizes, *(c for sides in pairs if len(sides) == 2 for c in sides)}

    def header_text(self) -> bytes:
        """The header as it stands in the file."""
        self._raw.seek(0)
        text = b""
        for piece in self._text().chunks():
            text += piece
            if len(text) >= self._header_size:
                break
        return text[: self._header_size]

    def find(self, one: Side, two: Side) -> Iterator[tuple[bytes, int]]:
        """Whole lines of the pairs in a region, and how many they are, piece by piece.

        A region of two chromosomes is turned when the file holds them only the other way
        round; `*` (any chromosome) keeps the sides as they are. So does pairix's autoflip.

        Raises
        ------
        InputError
            If the index belongs to another file, or the file is damaged.
        """
        for pair, first, second in self._pairs(one, two):
            span = self._index.span(pair, first.first, first.last)
            for text in whole_lines(self._text().range(*span)) if span else ():
                block = Block(text, self.header, source=str(self._path))
                self._check(block, pair)
                if first.whole and second.whole:
                    yield text, block.n
                else:
                    inside = _inside(block, "pos1", first) & _inside(block, "pos2", second)
                    yield block.select(inside).tobytes(), int(inside.sum())

    def _pairs(self, one: Side, two: Side) -> Iterator[tuple[str, Side, Side]]:
        """Chromosome pairs of the index that a region means, with the sides in their order."""
        if one.chrom and two.chrom:
            straight, turned = f"{one.chrom}{SPLIT}{two.chrom}", f"{two.chrom}{SPLIT}{one.chrom}"
            if straight in self._index.runs:
                yield straight, one, two
            elif turned in self._index.runs:
                yield turned, two, one
            return
        for pair in self._index.runs:
            head, tail = f"{one.chrom}{SPLIT}", f"{SPLIT}{two.chrom}"
            if (not one.chrom or pair.startswith(head)) and (not two.chrom or pair.endswith(tail)):
                yield pair, one, two

    def _check(self, block: Block, pair: str) -> None:
        """Refuse an index that leads to lines of another chromosome pair."""
        for row in {0, block.n - 1}:
            fields = block.line(row).split("\t")
            if len(fields) < 5 or f"{fields[1]}{SPLIT}{fields[3]}" != pair:
                raise _foreign(self._path)

    def _text(self) -> BgzfReader:
        return BgzfReader(self._raw, str(self._path))


def _inside(block: Block, column: str, side: Side) -> NDArray[np.bool_]:
    position = block.ints(column)
    return (position >= side.first) & (position <= side.last)


def _load(pairs: Path) -> Px2:
    """The index beside `pairs`, if its last pair ends where the file does."""
    path = index_path(pairs)
    if not path.exists():
        raise InputError(f"{path}: missing; make it with `hicloom index-pairs {pairs}`")
    index = read_px2(path)
    end = max((int(runs["end"][-1]) for runs in index.runs.values()), default=None)
    with pairs.open("rb") as file:
        file.seek(0 if end is None else end >> 16)
        tail = file.read(len(EOF_BLOCK) + 1)
    if end is not None and (end & 0xFFFF or tail != EOF_BLOCK):
        raise _foreign(pairs)
    return index


def _foreign(pairs: Path) -> InputError:
    return InputError(
        f"{index_path(pairs)}: belongs to another file; "
        f"make it again with `hicloom index-pairs {pairs}`"
    )
