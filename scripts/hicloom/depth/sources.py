"""What depth is made from: each input told by what it holds, not by its name.

What reads one kind of input is imported when there is one, because its kernels take time to load.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hicloom.depth.alignments import BamReader, Filters
from hicloom.depth.pile import Pile
from hicloom.errors import InputError
from hicloom.formats.bgzf.lazy import Piece, lazy_pieces
from hicloom.formats.text import name_of, open_bytes
from hicloom.formats.threads import in_order
from hicloom.outputs import is_stream

if TYPE_CHECKING:
    from hicloom.depth.contacts import Count

_BIGWIG = (b"\x26\xfc\x8f\x88", b"\x88\x8f\xfc\x26")
# Name, flags, place, MAPQ, CIGAR and tags: without bases, no reference is looked for.
_CRAM_FIELDS = "required_fields=0x83f"
_VIEW = "import sys; from pysam import samtools; samtools.view(*sys.argv[1:], catch_stdout=False)"


@dataclass(frozen=True)
class Counting:
    """How inputs are counted: `filters` for alignments, `count` to `min_mapq` for pairs.

    `denominator` belongs to bedGraph and bigWig, whose values it makes whole.
    """

    filters: Filters
    count: "Count" = "ends"
    max_span: int = 1000
    denominator: float | None = None


@dataclass(frozen=True)
class Source:
    """An open input.

    Attributes
    ----------
    name : str
        What errors call it.
    chromsizes : mapping of str to int, or None
        Lengths (bp) that it states itself.
    add_to : function of a Pile and of the lengths (bp) of all chromosomes that there are
        Adds its depth to a pile; to be called once.
    """

    name: str
    chromsizes: Mapping[str, int] | None
    add_to: Callable[[Pile, Mapping[str, int]], None]


@contextlib.contextmanager
def open_source(path: Path, counting: Counting, threads: int) -> Iterator[Source]:
    """Open a BAM, CRAM, pairs, bedGraph or bigWig file; `-` is standard input.

    Raises
    ------
    InputError
        If it cannot be read, or is none of these.
    """
    head = b"" if is_stream(path) else _head(path)
    if head in _BIGWIG:
        yield _bigwig(path, counting)
    elif head == b"CRAM":
        with _cram(path) as pieces:
            yield _alignments(pieces, path, counting, threads)
    else:
        with open_bytes(path) as file:
            yield _streamed(lazy_pieces(file, name_of(path)), path, counting, threads)


def _head(path: Path) -> bytes:
    with open_bytes(path) as file:
        return file.read(4)


@contextlib.contextmanager
def _cram(path: Path) -> Iterator[Iterator[Piece]]:
    """A CRAM file as BAM."""
    from hicloom.process import chain as run_chain

    view = [sys.executable, "-c", _VIEW, "-u", "--input-fmt-option", _CRAM_FIELDS]
    with run_chain([[*view, str(path.absolute())]]) as line:
        assert line.stdout
        yield lazy_pieces(line.stdout, str(path))  # type: ignore[arg-type]


def _streamed(pieces: Iterator[Piece], path: Path, counting: Counting, threads: int) -> Source:
    first = next(pieces, None)
    begin = first() if first else np.empty(0, np.uint8)
    pieces = chain([lambda: begin], pieces)
    head = begin[:8].tobytes()
    if head.startswith(b"BAM\1"):
        return _alignments(pieces, path, counting, threads)
    if head.startswith(b"@"):
        raise InputError(f"{path}: is SAM; convert it with: samtools view -b")
    text = in_order(lambda piece: piece().tobytes(), pieces, threads)
    return _pairs(text, path, counting) if head == b"## pairs" else _bedgraph(text, path, counting)


def _alignments(pieces: Iterator[Piece], path: Path, counting: Counting, threads: int) -> Source:
    _no_denominator(path, counting)
    reader = BamReader(pieces, name_of(path))

    def add(pile: Pile, _: Mapping[str, int]) -> None:
        reader.add_to(pile, counting.filters, threads)

    return Source(name_of(path), reader.chromsizes, add)


def _pairs(pieces: Iterator[bytes], path: Path, counting: Counting) -> Source:
    from hicloom.depth.contacts import add_contacts
    from hicloom.formats.pairs import PairsReader

    _no_denominator(path, counting)
    reader = PairsReader(pieces, name_of(path))

    def add(pile: Pile, _: Mapping[str, int]) -> None:
        add_contacts(
            reader,
            pile,
            count=counting.count,
            max_span=counting.max_span,
            min_mapq=counting.filters.min_mapq,
        )

    return Source(reader.source, reader.header.chromsizes or None, add)


def _bedgraph(pieces: Iterator[bytes], path: Path, counting: Counting) -> Source:
    from hicloom.depth.intervals import add_intervals
    from hicloom.formats.bedgraph import read_bedgraph

    name = name_of(path)

    def add(pile: Pile, sizes: Mapping[str, int]) -> None:
        add_intervals(read_bedgraph(pieces, name, sizes), pile, name, counting.denominator)

    return Source(name, None, add)


def _bigwig(path: Path, counting: Counting) -> Source:
    from hicloom.depth.intervals import add_intervals
    from hicloom.formats.bigwig import BigWigReader

    reader = BigWigReader(path)

    def add(pile: Pile, _: Mapping[str, int]) -> None:
        intervals = reader.intervals(pile.line.chromsizes)
        add_intervals(intervals, pile, str(path), counting.denominator)

    return Source(str(path), reader.chromsizes, add)


def _no_denominator(path: Path, counting: Counting) -> None:
    if counting.denominator:
        raise InputError(
            f"{path}: is counted in whole numbers; --denominator is for bedGraph and bigWig"
        )
