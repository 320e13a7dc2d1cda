"""Our own index of a track: what each bin adds up to, and where the compressed blocks lie.

A blob `.hicloom-index` in the directory of the track, which d4tools passes over: a header
(`_HEAD`), the bins of all chromosomes in their order (`BIN`), for each partition of the
secondary table the number of its first block, and the blocks (`_BLOCK`).
"""

from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.d4.directories import Place
from hicloom.formats.d4.secondary import Block, Deflated, SecondaryTable
from hicloom.formats.d4.sources import Source, damaged

NAME = ".hicloom-index"
BIN_SIZE = 1 << 14
"""bp."""

BIN = np.dtype([("sum", "<i8"), ("least", "<i4"), ("greatest", "<i4")])
"""Sum and extremes of the stored values of one bin."""

Bins = NDArray[np.void]
_Row = tuple[int, int, int, int, int]

_MAGIC = b"hicloom1"
_HEAD = np.dtype(
    [
        ("magic", "S8"),
        ("bin_size", "<u8"),
        ("bins", "<u8"),
        ("partitions", "<u8"),
        ("blocks", "<u8"),
    ]
)
_BLOCK = np.dtype(
    [("offset", "<u8"), ("size", "<u4"), ("first", "<u4"), ("last", "<u4"), ("count", "<u4")]
)


def bin_starts(chromsizes: Mapping[str, int], bin_size: int) -> dict[str, int]:
    """The number of the first bin of each chromosome, and under "" that of all bins."""
    counts = (-(-size // bin_size) for size in chromsizes.values())
    return dict(zip([*chromsizes, ""], accumulate(counts, initial=0), strict=True))


class Index:
    """An index in a file, of which only what is asked for is read.

    Raises
    ------
    InputError
        If it is damaged or of another track.
    """

    def __init__(self, source: Source, place: Place, chromsizes: Mapping[str, int]) -> None:
        self._source = source
        head = self._table(place.offset, 1, _HEAD, place)[0]
        if head["magic"] != _MAGIC or not head["bin_size"]:
            raise damaged(source, "its index is none; make it again with `hicloom d4 index`")
        self.bin_size, n_bins = int(head["bin_size"]), int(head["bins"])
        self._starts = bin_starts(chromsizes, self.bin_size)
        self._bins = place.offset + _HEAD.itemsize
        self._firsts = self._bins + n_bins * BIN.itemsize
        self._partitions = int(head["partitions"])
        self._blocks = self._firsts + 8 * (self._partitions + 1)
        end = self._blocks + int(head["blocks"]) * _BLOCK.itemsize
        if end != place.offset + place.size or n_bins != self._starts[""]:
            raise damaged(source, "its index does not fit; make it again with `hicloom d4 index`")
        self._place = place

    def bins(self, chrom: str, first: int, last: int) -> Bins:
        """Bins first .. last - 1 of a chromosome: array of dtype BIN."""
        at = self._bins + (self._starts[chrom] + first) * BIN.itemsize
        return self._table(at, last - first, BIN, self._place)

    def tell(self, table: SecondaryTable) -> None:
        """Tell the streams of a table where their blocks lie."""
        for partitions in table.streams.values():
            for partition in partitions:
                if isinstance(partition.stream, Deflated) and partition.number < self._partitions:
                    partition.stream.lister = lambda n=partition.number: self._list(n, table.place)

    def _list(self, number: int, stab: Place) -> list[Block]:
        """The blocks of a partition."""
        first, last = np.frombuffer(self._source.read(self._firsts + 8 * number, 16), "<u8")
        place = self._blocks + int(first) * _BLOCK.itemsize
        rows = self._table(place, int(last) - int(first), _BLOCK, self._place)
        return [
            Block(Place(stab.offset + offset, size), nth == 0, start, end, count)
            for nth, (offset, size, start, end, count) in enumerate(rows.tolist())
        ]

    def _table(self, at: int, n: int, dtype: np.dtype[Any], within: Place) -> NDArray[np.void]:
        if n < 0 or at + n * dtype.itemsize > within.offset + within.size:
            raise damaged(self._source, "its index; make it again with `hicloom d4 index`")
        return np.frombuffer(self._source.read(at, n * dtype.itemsize), dtype)


def encode(bins: Bins, table: SecondaryTable) -> bytes:
    """The bytes of an index.

    Parameters
    ----------
    bins : array of dtype BIN
        Of all chromosomes, BIN_SIZE bp each, the last of a chromosome maybe shorter.
    """
    listed = dict(_blocks(table))
    counts = [len(listed[number]) for number in sorted(listed)]
    blocks = np.array([row for number in sorted(listed) for row in listed[number]], _BLOCK)
    head = np.array([(_MAGIC, BIN_SIZE, len(bins), len(counts), len(blocks))], _HEAD)
    firsts = np.array(list(accumulate(counts, initial=0)), "<u8")
    return b"".join(part.tobytes() for part in (head, bins, firsts, blocks))


def _blocks(table: SecondaryTable) -> Iterator[tuple[int, list[_Row]]]:
    for partitions in table.streams.values():
        for partition in partitions:
            stream = partition.stream
            rows: list[_Row] = []
            if isinstance(stream, Deflated):
                for b in stream.blocks(1 << 32):
                    offset = b.place.offset - table.place.offset
                    rows.append((offset, b.place.size, b.first, b.last, b.count))
            yield partition.number, rows
