"""Read the pixels of a map."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from itertools import count, pairwise
from types import TracebackType
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from hicloom.formats.cool.bins import BinTable, UnequalBins
from hicloom.formats.cool.chunks import decode, filters
from hicloom.formats.cool.files import DAMAGE, damaged, locate, no_map, text
from hicloom.formats.threads import shared_pool

Ints = NDArray[np.int64]
Values = NDArray[Any]
Columns = tuple[Any, ...]

_ENDS = ("start", "end")
_TASK = 1 << 16
"""Pixels of a column that a thread decodes at a time."""


class PixelReader:
    """Reads one map, row by row; to be used in a `with` block, or closed.

    Parameters
    ----------
    uri : str
        `x.cool`, `x.mcool::/resolutions/N`, or an mcool of one resolution.
    threads : int
        Threads that inflate; with 1 the caller's own.

    Attributes
    ----------
    uri : str
        Of the map.
    chromsizes : dict of str to int
        Lengths of the chromosomes (bp), in the order of the bins.
    bin_size : int or None
        In bp; None where bins are of unequal size.
    n_bins, nnz : int
        Number of bins, and of pixels.
    value_columns : dict of str to dtype
        Columns of the pixels beside `bin1_id` and `bin2_id`.
    group : h5py.Group
        Where it lies.
    attributes : dict
        Of the group.
    assembly : str or None
        Name of the genome assembly.
    symmetric : bool
        Whether the pixels are the upper triangle of a symmetric matrix.

    Raises
    ------
    InputError
        If there is no such file or map, or it is damaged; also later, by what reads on.
    """

    def __init__(self, uri: str, *, threads: int = 1):
        path, group = locate(uri)
        self.uri, self._threads = uri, threads
        self._file = h5py.File(path, "r")
        try:
            self.group = self._file[group]
            self._read_head()
        except DAMAGE:
            self._file.close()
            raise no_map(uri) from None

    def _read_head(self) -> None:
        group = self.group
        names = [text(name) for name in group["chroms/name"][:]]
        self.chromsizes = dict(zip(names, group["chroms/length"][:].tolist(), strict=True))
        self.attributes: dict[str, Any] = dict(group.attrs)
        assembly = self.attributes.get("genome-assembly")
        self.assembly = None if assembly is None else text(assembly)
        size = text(self.attributes.get("bin-size", "null"))
        fixed = text(self.attributes.get("bin-type", "fixed")) == "fixed" and size.isdecimal()
        self.bin_size = int(size) if fixed else None
        self.n_bins = len(group["bins/start"])
        self.symmetric = text(self.attributes.get("storage-mode", "symmetric-upper")) != "square"
        self.nnz = int(group["indexes/bin1_offset"][-1])
        self.value_columns: dict[str, np.dtype[Any]] = {
            name: column.dtype
            for name, column in group["pixels"].items()
            if name not in ("bin1_id", "bin2_id")
        }

    def __enter__(self) -> "PixelReader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, so that it can be written."""
        self._file.close()

    @cached_property
    def bins(self) -> BinTable:
        """The bins."""
        if self.bin_size is not None:
            return BinTable(self.chromsizes, self.bin_size)
        try:
            starts, ends = (self.group[f"bins/{name}"][:].astype(np.int64) for name in _ENDS)
            counts = np.diff(self.group["indexes/chrom_offset"][:])
        except DAMAGE as error:
            raise damaged(self.uri, error) from None
        return UnequalBins(self.chromsizes, 0, starts, ends, counts)

    def row_offsets(self, first: int = 0, last: int | None = None) -> Ints:
        """The first pixel of each row first .. last, int64 of shape (last - first + 1,)."""
        end = self.n_bins if last is None else last
        try:
            offsets = self.group["indexes/bin1_offset"]
            if len(offsets) != self.n_bins + 1:
                raise ValueError("indexes/bin1_offset is not one longer than the bins")
            return np.asarray(offsets[first : end + 1], np.int64)
        except DAMAGE as error:
            raise damaged(self.uri, error) from None

    def chunks(
        self,
        first: int = 0,
        last: int | None = None,
        *,
        size: int = 1 << 20,
        values: tuple[str, ...] = ("count",),
    ) -> Iterator[Columns]:
        """Pixels of rows first .. last - 1, about `size` at a time, in the order of the file.

        Parameters
        ----------
        first, last : int
            Bins, numbered through the genome (default: all).
        size : int
            Pixels; a row may lie in several chunks.
        values : tuple of str
            Columns of values.

        Yields
        ------
        bin1, bin2 : int64 arrays of shape (pixels,)
        count, and other values : arrays of shape (pixels,), of the dtype that the file has
        """
        end = self.n_bins if last is None else last
        low, high = (int(self.row_offsets(row, row)[0]) for row in (first, end))
        try:
            columns = self._columns(values)
            step = max(size - size % columns[0].chunk, columns[0].chunk)
            edges = [low, *range(low - low % step + step, high, step), high]
            yield from self._pieces(columns, edges if high > low else [])
        except DAMAGE as error:
            raise damaged(self.uri, error) from None

    def read(self, low: int, high: int, values: tuple[str, ...] = ("count",)) -> Columns:
        """Pixels low .. high - 1 of the file; as of `chunks`."""
        try:
            return tuple(column.read(low, high) for column in self._columns(values))
        except DAMAGE as error:
            raise damaged(self.uri, error) from None

    def _columns(self, values: tuple[str, ...]) -> list["_Column"]:
        pixels = self.group["pixels"]
        bins = [_Column(pixels[name], np.int64) for name in ("bin1_id", "bin2_id")]
        return bins + [_Column(pixels[name]) for name in values]

    def _pieces(self, columns: list["_Column"], edges: list[int]) -> Iterator[Columns]:
        spans = list(pairwise(edges))
        if self._threads == 1:
            for span in spans:
                yield tuple(column.read(*span) for column in columns)
            return
        ahead: deque[tuple[Columns, list[Future[None]]]] = deque()
        with shared_pool(self._threads) as pool:
            for span in spans:
                started = [column.start(*span, pool) for column in columns]
                ahead.append((tuple(s[0] for s in started), [f for s in started for f in s[1]]))
                if len(ahead) > 2:
                    yield _ready(*ahead.popleft())
            while ahead:
                yield _ready(*ahead.popleft())


def _ready(arrays: Columns, tasks: list[Future[None]]) -> Columns:
    for task in tasks:
        task.result()
    return arrays


class _Column:
    """A column of the pixels, read raw where its filters are known and by HDF5 otherwise."""

    def __init__(self, dataset: Any, dtype: Any = None):
        self._dataset = dataset
        self._stored = dataset.dtype
        self._dtype = np.dtype(dtype or self._stored.newbyteorder("="))
        self._filters = filters(dataset)
        self.chunk = dataset.chunks[0] if dataset.chunks else 1

    def read(self, low: int, high: int) -> Values:
        """Items low .. high - 1."""
        out = np.empty(high - low, self._dtype)
        for part in self._parts(low, out):
            self._fill(*part)
        return out

    def start(
        self, low: int, high: int, pool: ThreadPoolExecutor
    ) -> tuple[Values, list[Future[None]]]:
        """Items low .. high - 1, which are there when the tasks are done."""
        out = np.empty(high - low, self._dtype)
        return out, [pool.submit(self._fill, *part) for part in self._parts(low, out)]

    def _parts(self, low: int, out: Values) -> Iterator["_Part"]:
        """What to fill `out` from, for which HDF5 is asked here."""
        if low + len(out) > len(self._dataset):
            raise ValueError(f"{self._dataset.name} is shorter than the index of rows says")
        if self._filters is None:
            out[:] = self._dataset[low : low + len(out)]
            return
        first, last = low // self.chunk, -(-(low + len(out)) // self.chunk)
        step = max(1, _TASK // self.chunk)
        for number in range(first, last, step):
            chunks = range(number, min(number + step, last))
            yield low, out, number, [self._raw(chunk) for chunk in chunks]

    def _raw(self, number: int) -> bytes | Values:
        """The bytes of a chunk, or its items where it was never written or not filtered."""
        start = number * self.chunk
        try:
            skipped, data = self._dataset.id.read_direct_chunk((start,))
        except (OSError, RuntimeError):
            skipped, data = 1, b""
        return self._dataset[start : start + self.chunk] if skipped else data

    def _fill(self, low: int, out: Values, number: int, chunks: list[bytes | Values]) -> None:
        how = self._filters or (False, False)
        for start, data in zip(count(number * self.chunk, self.chunk), chunks, strict=False):
            first, last = max(start, low), min(start + self.chunk, low + len(out))
            target = out[first - low : last - low]
            if isinstance(data, np.ndarray):
                target[:] = data[first - start : last - start]
            elif len(target) == self.chunk and self._dtype == self._stored:
                decode(data, target, *how)
            else:
                whole = np.empty(self.chunk, self._stored)
                decode(data, whole, *how)
                target[:] = whole[first - start : last - start]


_Part = tuple[int, Values, int, list[bytes | Values]]
