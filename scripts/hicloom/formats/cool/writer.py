"""Write maps as cooler does (its HDF5 schema, version 3).

Schema: https://cooler.readthedocs.io/en/latest/schema.html
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from hicloom import provenance
from hicloom.errors import WorkError
from hicloom.formats.cool.bins import BinTable
from hicloom.formats.cool.chunks import ColumnWriter, Workers
from hicloom.formats.cool.files import split_uri
from hicloom.formats.cool.tables import new_dataset, write_bins, write_chroms

Ids = NDArray[np.int64]
Values = NDArray[Any]

_ROWS = 1 << 20


class CoolWriter:
    """Writes one map row by row.

    `with Workers(threads) as workers, CoolWriter(group, bins, workers) as out:` and then
    `out.write(bin1, bin2, count)`; the map is whole when both blocks have ended well.

    Parameters
    ----------
    group : h5py.Group
        Where to write; what the map consists of is replaced.
    bins : BinTable
        The bins.
    workers : Workers
        They compress; maps of one file may share them.
    assembly : str, optional
        Name of the genome assembly.
    metadata : mapping
        What made the map; kept as JSON.
    columns : mapping of str to dtype
        Columns of the pixels beside `bin1_id` and `bin2_id`.
    symmetric : bool
        Whether pixels are the upper triangle of a symmetric matrix.

    Raises
    ------
    InputError
        If a chromosome is too long for the format.
    """

    def __init__(
        self,
        group: Any,
        bins: BinTable,
        workers: Workers,
        *,
        assembly: str | None = None,
        metadata: Mapping[str, object] | None = None,
        columns: Mapping[str, Any] | None = None,
        symmetric: bool = True,
    ):
        self._group, self.bins, self._workers = group, bins, workers
        self._assembly, self._metadata, self._symmetric = assembly, metadata or {}, symmetric
        dtypes = {name: np.dtype(dtype) for name, dtype in (columns or {"count": "int32"}).items()}
        self._dtypes = dtypes
        for name in ("chroms", "bins", "pixels", "indexes"):
            if name in group:
                del group[name]
            group.create_group(name)
        write_chroms(group["chroms"], bins)
        write_bins(group["bins"], bins, workers)
        self._pixels = self._pixel_columns()
        index = group["indexes"]
        new_dataset(index, "chrom_offset", len(bins.offsets), np.int64)[:] = bins.offsets
        offsets = new_dataset(index, "bin1_offset", bins.n_bins + 1, np.int64)
        self._offsets = ColumnWriter(offsets, workers)
        self._rows = self.nnz = 0
        self.sum: Any = 0

    def _pixel_columns(self) -> list[ColumnWriter]:
        """The columns of the pixels; chunks are of the size that cooler's have."""
        n = self.bins.n_bins
        most = n * (n + 1) // 2 if self._symmetric else n * n
        dtypes = {"bin1_id": np.dtype(np.int64), "bin2_id": np.dtype(np.int64)} | self._dtypes
        pixels, length = self._group["pixels"], min(5 * n, most)
        return [
            ColumnWriter(new_dataset(pixels, name, length, dtype, maxshape=(most,)), self._workers)
            for name, dtype in dtypes.items()
        ]

    def __enter__(self) -> "CoolWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()

    def write(self, bin1: Ids, bin2: Ids, *values: Values) -> None:
        """Append pixels, in ascending order of (bin1, bin2) through all calls, unique.

        Parameters
        ----------
        bin1, bin2 : int64 arrays of shape (pixels,)
            Not to be changed afterwards, as are the others.
        values : arrays of shape (pixels,)
            Of the columns, in their order.

        Raises
        ------
        WorkError
            If a value is beyond its dtype.
        """
        if not len(bin1):
            return
        for value, (name, dtype) in zip(values, self._dtypes.items(), strict=True):
            _check_range(value, name, dtype)
        self._index(bin1)
        for column, array in zip(self._pixels, (bin1, bin2, *values), strict=True):
            column.write(array)
        self.nnz += len(bin1)
        if "count" in self._dtypes:
            self.sum += values[list(self._dtypes).index("count")].sum().item()

    def _index(self, bin1: Ids) -> None:
        """Write the first pixel of each row that begins, or is passed by, in `bin1`."""
        rows = np.arange(self._rows, int(bin1[-1]) + 1)
        self._offsets.write(np.searchsorted(bin1, rows) + self.nnz)
        self._rows += len(rows)

    def close(self) -> None:
        """Write what is left, and the attributes."""
        for start in range(self._rows, self.bins.n_bins + 1, _ROWS):
            n = min(_ROWS, self.bins.n_bins + 1 - start)
            self._offsets.write(np.full(n, self.nnz))
        for column in (*self._pixels, self._offsets):
            column.close()
        self._group.attrs.update(self._attributes())

    def _attributes(self) -> dict[str, Any]:
        return {
            "format": "HDF5::Cooler",
            "format-version": 3,
            "format-url": "https://github.com/open2c/cooler",
            "generated-by": provenance.PROGRAM,
            "creation-date": datetime.now().isoformat(),
            "bin-type": "fixed" if self.bins.size else "variable",
            "bin-size": self.bins.size or "null",
            "storage-mode": "symmetric-upper" if self._symmetric else "square",
            "nchroms": len(self.bins.chromsizes),
            "nbins": self.bins.n_bins,
            "nnz": self.nnz,
            "sum": self.sum,
            "genome-assembly": self._assembly or "unknown",
            "metadata": json.dumps(dict(self._metadata)),
        }


@contextmanager
def create_cool(
    uri: str, bins: BinTable, *, threads: int = 1, **options: Any
) -> Iterator[CoolWriter]:
    """A writer of one map at `uri` (`x.cool`, or `x.mcool::/resolutions/N`).

    Parameters
    ----------
    uri : str
        Where; the file is made if it is not there.
    bins : BinTable
        The bins.
    threads : int
        Threads that compress.
    options
        As of `CoolWriter`.
    """
    path, group = split_uri(uri)
    with (
        h5py.File(path, "a") as file,
        Workers(threads) as workers,
        CoolWriter(file.require_group(group), bins, workers, **options) as out,
    ):
        yield out


def write_cool(
    path: Path,
    chromsizes: Mapping[str, int],
    bin_size: int,
    pixels: Iterable[tuple[Ids, Ids, Values]],
    *,
    assembly: str | None,
    metadata: Mapping[str, object],
    threads: int = 1,
    count_dtype: str = "int32",
) -> None:
    """Write one map of the upper triangle.

    Parameters
    ----------
    path : Path
        File to write.
    chromsizes : mapping of str to int
        Lengths in bp, in the order of the bins.
    bin_size : int
        In bp.
    pixels : iterable of (bin1, bin2, count)
        int64 arrays, in ascending order of (bin1, bin2) through all chunks, unique; not to be
        changed afterwards.
    assembly : str, optional
        Name of the genome assembly.
    metadata : mapping
        What made the file; kept as JSON.
    threads : int
        Threads that compress.
    count_dtype : str
        numpy's name of the type of the counts.

    Raises
    ------
    WorkError
        If a count is beyond `count_dtype`.
    """
    path.unlink(missing_ok=True)
    options = {"assembly": assembly, "metadata": metadata, "columns": {"count": count_dtype}}
    with create_cool(str(path), BinTable(chromsizes, bin_size), threads=threads, **options) as out:
        for chunk in pixels:
            out.write(*chunk)


def _check_range(values: Values, name: str, dtype: np.dtype[Any]) -> None:
    if dtype.kind == "f" or values.dtype == dtype:
        return
    limits = np.iinfo(dtype)
    if values.max() > limits.max or values.min() < limits.min:
        raise WorkError(
            f"the {name} of a pixel is beyond {dtype} ({limits.max}); choose --count-dtype int64,"
            " or larger numbers of smaller bins"
        )
