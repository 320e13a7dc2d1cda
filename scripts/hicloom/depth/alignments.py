"""Depth of the bases that alignments cover, from BAM in any order."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hicloom.depth.pile import Pile
from hicloom.errors import InputError
from hicloom.formats.bgzf.lazy import Piece
from hicloom.formats.threads import in_order
from hicloom.kernels.bam_records import DAMAGED, DONE, FULL, OUTSIDE, find_record, parse_records
from hicloom.kernels.names import index_of
from hicloom.progress import Progress

FLAGS = {
    "unmapped": 0x4,
    "secondary": 0x100,
    "qc-fail": 0x200,
    "duplicate": 0x400,
    "supplementary": 0x800,
}
LONE_SECONDARY = "lone-secondary"
"""Secondary without a tag SA: not one of the halves of a read that was split."""

_MAGIC = b"BAM\1"
_LONGEST_RECORD = 1 << 28

Ints = NDArray[np.int64]
Fixed = tuple[Ints, Ints, Ints, NDArray[np.uint64], Ints]


@dataclass(frozen=True)
class Filters:
    """Which alignments count.

    Attributes
    ----------
    min_mapq : int
    exclude : int
        Flags of which an alignment must have none; unmapped ones never count.
    lone_secondary : bool
        Whether secondary ones without a tag SA are excluded.
    deletions : bool
        Whether deleted bases count as covered.
    names : uint64 array
        Sorted hashes of the names of reads that do not count.
    """

    min_mapq: int = 0
    exclude: int = 0
    lone_secondary: bool = True
    deletions: bool = False
    names: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))

    def numbers(self, shift: int) -> NDArray[np.int64]:
        """As `parse_records` takes them."""
        exclude = self.exclude | FLAGS["unmapped"]
        words = [self.min_mapq, exclude, self.lone_secondary, self.deletions, shift]
        return np.array(words, np.int64)


class BamReader:
    """The header, then the records, of a BAM file (SAM spec, 4.2).

    Attributes
    ----------
    chromsizes : dict of str to int
        Lengths (bp) of the references, in their order.

    Parameters
    ----------
    pieces : iterator of functions
        What the file holds, inflated, cut anywhere.
    source : str
        What errors call it.
    """

    def __init__(self, pieces: Iterator[Piece], source: str):
        self._source = source
        self._pieces = pieces
        self._data, self._at = b"", 0
        if self._take(4) != _MAGIC:
            raise InputError(f"{source}: is not BAM; convert it with: samtools view -b")
        self._take(self._number())
        self.chromsizes = dict(self._reference() for _ in range(self._number()))
        if not self.chromsizes:
            raise InputError(
                f"{source}: its header has no @SQ lines; align against a reference genome"
            )

    def add_to(self, pile: Pile, filters: Filters, threads: int = 1) -> None:
        """Add the aligned bases of the records to a pile; read once.

        Each thread parses pieces by itself, from where a record seems to begin; a piece for
        which the ones before show that none begins there is parsed again.

        Raises
        ------
        InputError
            If the file is damaged, or an alignment ends beyond its chromosome.
        """
        first, shift = index_of(filters.names)
        starts = np.array([pile.line.start_of(name) for name in self.chromsizes], np.int64)
        sizes = np.array(list(self.chromsizes.values()), np.int64)
        fixed = (starts, sizes, filters.numbers(shift), filters.names, first)
        progress = Progress("bytes of alignments")
        rest = self._data[self._at :]
        rest = rest[self._use(pile, rest, fixed) :]
        for parsed in in_order(lambda piece: _parse(piece, fixed), self._pieces, threads):
            rest = self._join(pile, rest, parsed, fixed)
            progress.add(len(parsed.data))
        progress.end()
        if rest:
            raise InputError(f"{self._source}: ends within a record; make or copy it again")

    def _join(self, pile: Pile, rest: bytes, parsed: "_Parsed", fixed: Fixed) -> bytes:
        """Use a piece, before which `rest` was not used yet; what is not used yet behind it."""
        joint = rest + parsed.data[: parsed.first].tobytes()
        used = self._use(pile, joint, fixed)
        if used < len(joint):
            left = joint[used:] + parsed.data[parsed.first :].tobytes()
        else:
            pile.add_events(parsed.events)
            left = parsed.data[parsed.end :].tobytes()
            if parsed.why == DONE:
                return left
        return left[self._use(pile, left, fixed) :]

    def _use(self, pile: Pile, piece: bytes, fixed: Fixed) -> int:
        """Add the whole records of a piece; where the first one stands that is not whole."""
        data, at = np.frombuffer(piece, np.uint8), 0
        while True:
            room = pile.room()
            at, n, why = parse_records(data, at, len(data), *fixed, room)
            pile.take(n)
            if why == FULL:
                if not (pile.make_room() or n):
                    raise self._wrong(data, at, "has too many operations in its CIGAR")
            elif why == OUTSIDE:
                raise self._wrong(data, at, "ends beyond its chromosome; is the header another's?")
            elif why == DAMAGED or _size(piece[at : at + 4]) > _LONGEST_RECORD:
                raise self._damaged()
            else:
                return at

    def _damaged(self) -> InputError:
        return InputError(f"{self._source}: damaged BAM record; make or copy it again")

    def _wrong(self, data: NDArray[np.uint8], at: int, what: str) -> InputError:
        """An error that names the record at `at`."""
        reference, position = struct.unpack("<ii", data[at + 4 : at + 12].tobytes())
        name = data[at + 36 : at + 35 + int(data[at + 12])].tobytes().decode(errors="replace")
        chrom = list(self.chromsizes)[reference]
        return InputError(
            f"{self._source}: the alignment of {name} at {chrom}:{position + 1} {what}"
        )

    def _reference(self) -> tuple[str, int]:
        name = self._take(self._number())[:-1].decode(errors="replace")
        return name, self._number()

    def _number(self) -> int:
        number: int = struct.unpack("<i", self._take(4))[0]
        if number < 0:
            raise InputError(f"{self._source}: damaged BAM header; make or copy it again")
        return number

    def _take(self, n: int) -> bytes:
        """The next bytes of the header."""
        while len(self._data) - self._at < n:
            piece = next(self._pieces, None)
            if piece is None:
                raise InputError(f"{self._source}: ends within its header; make or copy it again")
            self._data, self._at = self._data[self._at :] + piece().tobytes(), 0
        self._at += n
        return self._data[self._at - n : self._at]


@dataclass(frozen=True)
class _Parsed:
    """What a piece holds if records begin at `first`: their events, up to `end`, and why there."""

    data: NDArray[np.uint8]
    first: int
    end: int
    why: int
    events: Ints


def _parse(piece: Piece, fixed: Fixed) -> _Parsed:
    data = piece()
    first = find_record(data, len(fixed[0]))
    room = np.empty(len(data) // 8, np.int64)
    end, n, why = parse_records(data, first, len(data), *fixed, room)
    return _Parsed(data, first, end, why, room[:n])


def _size(head: bytes) -> int:
    """Bytes of a record that starts with `head`, as far as it tells."""
    return int.from_bytes(head, "little", signed=True) if len(head) == 4 else 0
