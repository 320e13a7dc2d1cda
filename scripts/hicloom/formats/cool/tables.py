"""Write the tables of chromosomes and bins of a map."""

from collections.abc import Sequence
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.cool.bins import BinTable
from hicloom.formats.cool.chunks import REGULAR, ColumnWriter, Workers
from hicloom.formats.cool.files import split_uri

_LONGEST = np.iinfo(np.int32).max
_BINS = 1 << 17
"""Bins that are written at a time."""

_ATTRIBUTE = 1 << 15


def store_column(
    uri: str, name: str, values: NDArray[np.float64], attributes: Any, threads: int = 1
) -> None:
    """Write a column of the bins, shape (bins,), over one of the same name."""
    path, group = split_uri(uri)
    # Only objects of HDF5 1.8 can have attributes above 64 KB: a number for each of 8192 contigs.
    large = any(np.asarray(value).nbytes > _ATTRIBUTE for value in attributes.values())
    version = ("v108", "latest") if large else None
    with h5py.File(path, "r+", libver=version) as file, Workers(threads) as workers:
        bins = file[group]["bins"]
        if name in bins:
            del bins[name]
        # Weights are not shuffled by cooler either.
        packed = {"compression": "gzip", "compression_opts": 6}
        column = bins.create_dataset(name, shape=values.shape, dtype=values.dtype, **packed)
        column.attrs.update(attributes)
        writer = ColumnWriter(column, workers)
        writer.write(values)
        writer.close()


def new_dataset(group: Any, name: str, length: int, dtype: Any, **options: Any) -> Any:
    """A dataset stored as cooler stores all, of chunks of the size that h5py chooses."""
    packed = {"compression": "gzip", "compression_opts": 6, "shuffle": True}
    return group.create_dataset(name, shape=(length,), dtype=dtype, **options, **packed)


def write_chroms(group: Any, bins: BinTable) -> None:
    """Write names and lengths.

    Raises
    ------
    InputError
        If a length is beyond the format.
    """
    if int(bins.lengths.max(initial=0)) > _LONGEST:
        name = list(bins.chromsizes)[int(bins.lengths.argmax())]
        raise InputError(f"chromosome {name} is longer than {_LONGEST} bp, the most of a .cool")
    names = np.array(list(bins.chromsizes), dtype="S")
    new_dataset(group, "name", len(names), names.dtype)[:] = names
    new_dataset(group, "length", len(names), np.int32)[:] = bins.lengths


def write_bins(group: Any, bins: BinTable, workers: Workers) -> None:
    """Write chromosomes, starts and ends, which workers compress."""
    columns = [
        ColumnWriter(dataset, workers, REGULAR)
        for dataset in (
            _chrom_column(group, list(bins.chromsizes), bins.n_bins),
            new_dataset(group, "start", bins.n_bins, np.int32),
            new_dataset(group, "end", bins.n_bins, np.int32),
        )
    ]
    for first in range(0, bins.n_bins, _BINS):
        values = bins.intervals(first, min(first + _BINS, bins.n_bins))
        for column, array in zip(columns, values, strict=True):
            column.write(array)
    for column in columns:
        column.close()


def _chrom_column(group: Any, names: Sequence[str], length: int) -> Any:
    """The chromosomes of the bins: an enumeration, or numbers where HDF5 cannot hold it."""
    try:
        numbers = {name: number for number, name in enumerate(names)}
        return new_dataset(group, "chrom", length, h5py.enum_dtype(numbers, np.int32))
    except ValueError:
        column = new_dataset(group, "chrom", length, np.int32)
        column.attrs["enum_path"] = "/chroms/name"
        return column
