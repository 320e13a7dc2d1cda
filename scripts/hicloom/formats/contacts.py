"""Contact lists of other tools: Juicer's text formats and HiC-Pro's validPairs.

Sources: Juicer wiki, page "Pre" (short, medium and long format; long is merged_nodups.txt);
pairix util/merged_nodup2pairs.pl and juicer_shortform2pairs.pl; HiC-Pro
scripts/mapped_2hic_fragments.py (validPairs since 2.7.6; before, they end after the eighth
column). All positions are 1-based.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.pairs import Block, Header
from hicloom.formats.text import whole_lines
from hicloom.kernels.text import Pool, Words, words

_JUICER = ("strand1", "chrom1", "pos1", "frag1", "strand2", "chrom2", "pos2", "frag2")


@dataclass(frozen=True)
class Layout:
    """Where a format keeps the columns of pairs.

    Attributes
    ----------
    fields : dict
        0-based field of each column that every line has.
    counts : range
        How many fields a line may have.
    forward : bytes
        What stands for the + strand; anything else is the - strand.
    optional : dict
        0-based field of each column that only longer lines have.
    """

    fields: dict[str, int]
    counts: range
    forward: bytes = b"0"
    optional: dict[str, int] = field(default_factory=dict)


def _places(*names: str) -> dict[str, int]:
    return {name: place for place, name in enumerate(names) if name}


LAYOUTS = {
    "merged_nodups": Layout(
        _places(*_JUICER, "mapq1", "", "", "mapq2", "", "", "readID"), range(15, 100)
    ),
    "medium": Layout(_places("readID", *_JUICER, "mapq1", "mapq2"), range(11, 12)),
    "short": Layout(_places(*_JUICER), range(8, 9)),
    "validpairs": Layout(
        _places("readID", "chrom1", "pos1", "strand1", "chrom2", "pos2", "strand2"),
        range(7, 100),
        forward=b"+",
        optional={"mapq1": 10, "mapq2": 11},
    ),
}

_ORDER = (
    "readID", "chrom1", "pos1", "chrom2", "pos2", "strand1", "strand2",
    "pair_type", "mapq1", "mapq2", "frag1", "frag2",
)  # fmt: skip


class ContactReader:
    """Turns contact lines into lines of pairs, in the upper triangle, not sorted.

    Both ends of such a contact are mapped, so its pair type is UU; where the format has no
    read names (short), `readID` is `.`.

    Attributes
    ----------
    header : Header
        Of the pairs; it names the columns that the format and the first line have.
    dropped : int
        Contacts left out so far, their chromosome not being one of the header's.

    Raises
    ------
    InputError
        Naming the line, if it has another number of fields than the format, an unknown
        chromosome (unless `drop_unknown`), or a position that is no number within its
        chromosome.
    """

    def __init__(
        self,
        pieces: Iterable[bytes],
        source: str,
        form: str,
        header: Header,
        *,
        drop_unknown: bool = False,
    ):
        self.dropped = 0
        self._lines = whole_lines(pieces)
        self._first = next(self._lines, b"")
        self._source, self._form, self._layout = source, form, LAYOUTS[form]
        self._drop_unknown = drop_unknown
        self._fields = dict(self._layout.fields)
        longest = max(self._layout.optional.values(), default=0)
        if len(self._first.partition(b"\n")[0].split()) > longest:
            self._fields |= self._layout.optional
        known = {*self._fields, "readID", "pair_type"}
        self.header = header.with_columns(*(name for name in _ORDER if name in known))
        self._sizes = np.array(list(header.chromsizes.values()), np.int64)
        self._ranks = {name: rank for rank, name in enumerate(header.chromsizes)}

    def pairs(self) -> Iterator[NDArray[np.uint8]]:
        """Lines of pairs, many at a time; read once."""
        line = 1
        for text in chain([self._first] if self._first else [], self._lines):
            block = self._split(text, line)
            line += text.count(b"\n")
            yield self._convert(block)

    def _split(self, text: bytes, line: int) -> Block:
        """The columns that are wanted, as a block of tab-separated lines."""
        array = np.frombuffer(text, np.uint8)
        (starts, ends), first = words(array)
        counts = np.diff(first)
        allowed = self._layout.counts
        least = max(allowed.start, max(self._fields.values()) + 1)
        wrong = np.flatnonzero((counts < least) | (counts >= allowed.stop))
        if len(wrong):
            raise InputError(
                f"{self._source}, line {line + int(wrong[0])}: expected {self._expected()} fields "
                f"of the format {self._form}, found {counts[wrong[0]]}; is it another --format?"
            )
        pool = Pool(array)
        columns = [
            (starts[first[:-1] + place], ends[first[:-1] + place])
            for place in self._fields.values()
        ]
        inner = Header(self.header.fields, tuple(self._fields))
        return Block(pool.weave(columns), inner, line, self._source)

    def _expected(self) -> str:
        allowed = self._layout.counts
        return f"{allowed.start}" if len(allowed) == 1 else f"at least {allowed.start}"

    def _convert(self, block: Block) -> NDArray[np.uint8]:
        ranks = [self._rank(block, side) for side in "12"]
        positions = [block.ints(f"pos{side}") for side in "12"]
        keep = (ranks[0] >= 0) & (ranks[1] >= 0)
        self.dropped += int(block.n - keep.sum())
        for side in (0, 1):
            self._check_range(block, keep, ranks[side], positions[side], f"pos{side + 1}")
        swap = (ranks[0] > ranks[1]) | ((ranks[0] == ranks[1]) & (positions[0] > positions[1]))
        pool = Pool(block.text)
        columns = {name: block.bounds(name) for name in self._fields}
        for name in ("strand1", "strand2"):
            columns[name] = self._strand(block, pool, name)
        for name in [name for name in columns if name.endswith("1")]:
            twin = name[:-1] + "2"
            columns[name], columns[twin] = (
                _either(swap, columns[twin], columns[name]),
                _either(swap, columns[name], columns[twin]),
            )
        columns["pair_type"] = pool.constant(b"UU", block.n)
        columns.setdefault("readID", pool.constant(b".", block.n))
        chosen = [columns[name] for name in self.header.columns]
        return pool.weave([(start[keep], end[keep]) for start, end in chosen])

    def _rank(self, block: Block, side: str) -> NDArray[np.int64]:
        """Place of each line's chromosome in the header's order; -1 where it has none."""
        codes, names = block.names(f"chrom{side}")
        ranks = np.array([self._ranks.get(name, -1) for name in names], np.int64)[codes]
        unknown = np.flatnonzero(ranks < 0)
        if len(unknown) and not self._drop_unknown:
            row = int(unknown[0])
            raise block.error(row, f"chromosome {names[codes[row]]} is not in the chromsizes")
        return ranks

    def _check_range(
        self,
        block: Block,
        keep: NDArray[np.bool_],
        ranks: NDArray[np.int64],
        positions: NDArray[np.int64],
        column: str,
    ) -> None:
        outside = keep & ((positions < 1) | (positions > self._sizes[ranks]))
        if outside.any():
            row = int(outside.argmax())
            length = self._sizes[ranks[row]]
            raise block.error(row, f"{column} is {positions[row]}, expected 1 to {length}")

    def _strand(self, block: Block, pool: Pool, column: str) -> Words:
        reverse = block.strings(column) != self._layout.forward
        return pool.choice([b"+", b"-"], reverse.astype(np.int64))


def _either(which: NDArray[np.bool_], yes: Words, no: Words) -> Words:
    return np.where(which, yes[0], no[0]), np.where(which, yes[1], no[1])
