"""What depth is made from: each input told by what it holds, not by its name."""

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from hicloom.depth.alignments import BamReader, Filters
from hicloom.depth.contacts import Count, add_contacts
from hicloom.depth.intervals import add_intervals
from hicloom.depth.pile import Pile
from hicloom.errors import InputError
from hicloom.formats.bedgraph import read_bedgraph
from hicloom.formats.bgzf import gunzip
from hicloom.formats.bigwig import MAGIC, BigWigReader
from hicloom.formats.pairs import PairsReader
from hicloom.formats.text import name_of, open_text
from hicloom.outputs import is_stream
from hicloom.process import chain as run_chain

# Name, flags, place, MAPQ, CIGAR and tags: without bases, no reference is looked for.
_CRAM_FIELDS = "required_fields=0x83f"
_VIEW = "import sys; from pysam import samtools; samtools.view(*sys.argv[1:], catch_stdout=False)"


@dataclass(frozen=True)
class Counting:
    """How inputs are counted: `filters` for alignments, `count` to `min_mapq` for pairs.

    `denominator` belongs to bedGraph and bigWig, whose values it makes whole.
    """

    filters: Filters
    count: Count = "ends"
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
    if head[:4] in (MAGIC.to_bytes(4, "little"), MAGIC.to_bytes(4, "big")):
        yield _bigwig(path, counting)
    elif head == b"CRAM":
        with _cram(path) as pieces:
            yield _alignments(pieces, path, counting)
    else:
        with open_text(path, threads) as pieces:
            yield _streamed(pieces, path, counting)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None


@contextlib.contextmanager
def _cram(path: Path) -> Iterator[Iterator[bytes]]:
    """A CRAM file as BAM."""
    view = [sys.executable, "-c", _VIEW, "-u", "--input-fmt-option", _CRAM_FIELDS]
    with run_chain([[*view, str(path.absolute())]]) as line:
        assert line.stdout
        yield gunzip(line.stdout, str(path))  # type: ignore[arg-type]


def _streamed(pieces: Iterator[bytes], path: Path, counting: Counting) -> Source:
    first = next(pieces, b"")
    pieces = chain([first], pieces)
    if first.startswith(b"BAM\1"):
        return _alignments(pieces, path, counting)
    if first.startswith(b"@"):
        raise InputError(f"{path}: is SAM; convert it with: samtools view -b")
    if first.startswith(b"## pairs"):
        return _pairs(pieces, path, counting)
    return _bedgraph(pieces, path, counting)


def _alignments(pieces: Iterator[bytes], path: Path, counting: Counting) -> Source:
    _no_denominator(path, counting)
    reader = BamReader(pieces, name_of(path))
    return Source(
        name_of(path), reader.chromsizes, lambda pile, _: reader.add_to(pile, counting.filters)
    )


def _pairs(pieces: Iterator[bytes], path: Path, counting: Counting) -> Source:
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
    name = name_of(path)

    def add(pile: Pile, sizes: Mapping[str, int]) -> None:
        add_intervals(read_bedgraph(pieces, name, sizes), pile, name, counting.denominator)

    return Source(name, None, add)


def _bigwig(path: Path, counting: Counting) -> Source:
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
