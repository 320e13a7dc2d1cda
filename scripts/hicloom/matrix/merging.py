"""Add up maps of the same bins, row by row."""

import math
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.kernels.coarsen import Row, summable
from hicloom.kernels.rows import order_of_rows
from hicloom.matrix.values import CountType, summed_columns
from hicloom.options import parse_size
from hicloom.progress import Progress

if TYPE_CHECKING:
    from hicloom.formats.cool import BinTable, CoolWriter, PixelReader

Ints = NDArray[np.int64]
Values = NDArray[Any]
Pixels = tuple[Any, ...]

_OPEN = 64
"""Files that are open at a time; others are opened again when it is their turn."""

_BYTES_PER_PIXEL = 150
"""A pixel as read, in the order of rows, and in the sum."""

_LEAST_PIXELS = 1 << 13
"""Pixels of a map that are read at a time, at least: about a chunk of HDF5's."""

_PROCESS = 300 << 20


@dataclass(frozen=True)
class Shape:
    """What maps that are added up have in common."""

    bins: "BinTable"
    symmetric: bool
    assembly: str | None


def check_maps(
    uris: Sequence[str], count_dtype: CountType | None, named: Sequence[str]
) -> tuple[Shape, dict[str, Any]]:
    """The shape of some maps, their columns to sum, and the types that hold those of all.

    Parameters
    ----------
    uris : sequence of str
        The maps.
    count_dtype, named
        As of `summed_columns`.

    Raises
    ------
    InputError
        If chromosomes, bins or kinds of maps differ, or as `summed_columns`.
    """
    from hicloom.formats.cool import PixelReader

    columns: dict[str, Any] = {}
    with PixelReader(uris[0]) as first:
        for uri in uris:
            with PixelReader(uri) as other:
                _check_same(first, other)
                for name, dtype in summed_columns(other, count_dtype, named).items():
                    columns[name] = np.result_type(dtype, columns.get(name, dtype))
        return Shape(first.bins, first.symmetric, first.assembly), columns


def _check_same(first: "PixelReader", other: "PixelReader") -> None:
    same = list(first.chromsizes.items()) == list(other.chromsizes.items())
    if not same or not other.bins.same_as(first.bins):
        raise InputError(
            f"{other.uri}: has other chromosomes or bins than {first.uri};"
            " bin the pairs of both with the same chromsizes and bin size"
        )
    if other.symmetric != first.symmetric:
        raise InputError(f"{other.uri}: only one of it and {first.uri} is of the upper triangle")


def room_for_pixels(memory: str, maps: int, bins: int, columns: int) -> int:
    """Bytes of `memory`, such as `4G`, that are left for the pixels of some maps.

    Raises
    ------
    InputError
        If they are too few.
    """
    fixed = _PROCESS + bins * (4 + 9 * columns)
    least = fixed + maps * _LEAST_PIXELS * _BYTES_PER_PIXEL
    if parse_size(memory) < least:
        raise InputError(
            f"--memory {memory}: too little to merge {maps} maps of {bins} bins;"
            f" give at least {-(-least >> 20)}M"
        )
    return parse_size(memory) - fixed


def merge(
    uris: Sequence[str], out: "CoolWriter", columns: Mapping[str, Any], *, room: int, threads: int
) -> None:
    """Write the sum of maps of the same bins.

    Parameters
    ----------
    uris : sequence of str
        The maps.
    out : CoolWriter
        Where to write; its columns are `columns`.
    columns : mapping of str to dtype
        Columns of values to sum, and the types of the sums.
    room : int
        Bytes for pixels.
    threads : int
        Threads that inflate.

    Raises
    ------
    InputError
        If a map is damaged.
    WorkError
        If a sum is beyond its type.
    """
    dtypes = [summable(np.dtype(dtype)) for dtype in columns.values()]
    rows = [Row.of(out.bins.n_bins, dtype) for dtype in dtypes]
    same = np.arange(out.bins.n_bins, dtype=np.int32)
    progress = Progress("pixels")
    for bin1, bin2, *values in _in_rows(uris, tuple(columns), room, threads):
        sums = [v.astype(dtype, copy=False) for v, dtype in zip(values, dtypes, strict=True)]
        _write(out, [row.add(bin1, bin2, v, same) for row, v in zip(rows, sums, strict=True)])
        progress.add(len(bin1))
    _write(out, [row.end() for row in rows])
    progress.end()


def _write(out: "CoolWriter", made: Sequence[tuple[Ints, Ints, Values]]) -> None:
    out.write(made[0][0], made[0][1], *(values for _, _, values in made))


def _in_rows(
    uris: Sequence[str], columns: tuple[str, ...], room: int, threads: int
) -> Iterator[Pixels]:
    """The pixels of all maps, in chunks whose rows ascend within and from one to the next."""
    size = max(_LEAST_PIXELS, room // _BYTES_PER_PIXEL // len(uris))
    with _Readers(columns, threads) as readers:
        cursors = [_Cursor(readers, uri, size) for uri in uris]
        while sum(cursor.fill() for cursor in cursors):
            limit = min(cursor.last for cursor in cursors)
            if any(cursor.first < limit for cursor in cursors):
                parts = [cursor.take(limit) for cursor in cursors]
            else:
                parts = _part_of_row(cursors, limit)
            joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
            order = order_of_rows(joined[0])
            yield tuple(column[order] for column in joined)


def _part_of_row(cursors: Sequence["_Cursor"], row: float) -> list[Pixels]:
    """The next columns of a row that no buffer holds, the same of all maps: so the counts of a
    pixel are always added in the order of the maps, which tells in the last bit of floats."""
    column = min(cursor.last_column for cursor in cursors if cursor.last == row)
    parts = [cursor.take(row + 1, column) for cursor in cursors]
    if any(len(part[0]) for part in parts):
        return parts
    # Columns that do not ascend.
    return [cursor.take(row + 1) for cursor in cursors]


class _Readers:
    """Readers of many maps, of which few are open at a time."""

    def __init__(self, columns: tuple[str, ...], threads: int):
        self.columns, self._threads = columns, threads
        self._open: OrderedDict[str, PixelReader] = OrderedDict()

    def __enter__(self) -> "_Readers":
        return self

    def __exit__(self, *_: object) -> None:
        for reader in self._open.values():
            reader.close()

    def of(self, uri: str) -> "PixelReader":
        """An open reader, for use at once."""
        from hicloom.formats.cool import PixelReader

        if uri not in self._open:
            if len(self._open) >= _OPEN:
                self._open.popitem(last=False)[1].close()
            self._open[uri] = PixelReader(uri, threads=self._threads)
        self._open.move_to_end(uri)
        return self._open[uri]

    def read(self, uri: str, low: int, high: int) -> Pixels:
        """Pixels low .. high - 1 of a map.

        Raises
        ------
        InputError
            If their rows are out of order or not of the map.
        """
        reader = self.of(uri)
        pixels = reader.read(low, high, self.columns)
        bin1, bin2 = pixels[:2]
        inside = min(bin1[0], bin2.min()) >= 0 and max(bin1[-1], bin2.max()) < reader.n_bins
        if not inside or (bin1[1:] < bin1[:-1]).any():
            raise InputError(f"{uri}: pixels are out of order or beyond its bins; make it anew")
        return pixels


class _Cursor:
    """How far a map is read, and what of it waits for others."""

    def __init__(self, readers: _Readers, uri: str, size: int):
        self._readers, self._uri, self._size = readers, uri, size
        self._waiting = readers.of(uri).read(0, 0, readers.columns)
        self._at, self._end = 0, readers.of(uri).nnz

    @property
    def first(self) -> float:
        """The first row that waits."""
        return self._waiting[0][0] if len(self._waiting[0]) else math.inf

    @property
    def last(self) -> float:
        """The last row that waits, if more of the map is to come."""
        return self._waiting[0][-1] if self._at < self._end else math.inf

    @property
    def last_column(self) -> int:
        """The column of the last pixel that waits."""
        return int(self._waiting[1][-1])

    def fill(self) -> bool:
        """Read on where little waits; whether anything waits then."""
        waiting = len(self._waiting[0])
        end = min(self._end, self._at + self._size - waiting)
        if waiting < self._size // 2 and self._at < end:
            more = self._readers.read(self._uri, self._at, end)
            both = zip(self._waiting, more, strict=True)
            self._waiting = tuple(np.concatenate(columns) for columns in both)
            self._at = end
        return len(self._waiting[0]) > 0

    def take(self, limit: float, column: int | None = None) -> Pixels:
        """What waits of rows before `limit`; of one row, up to a column if one is given."""
        n = int(np.searchsorted(self._waiting[0], limit))
        if column is not None:
            n = int(np.searchsorted(self._waiting[1][:n], column, side="right"))
        taken = tuple(column[:n] for column in self._waiting)
        self._waiting = tuple(column[n:] for column in self._waiting)
        return taken
