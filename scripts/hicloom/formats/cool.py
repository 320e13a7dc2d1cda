"""Cool and mcool files (cooler's HDF5 schema, version 3), through the cooler library."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import cooler
import h5py
import numpy as np
import pandas as pd
from cooler.parallel import get_lock
from numpy.typing import NDArray

from hicloom.errors import InputError, WorkError

Ids = NDArray[np.int64]
CHUNK = 10_000_000
COMPRESSION = {"compression": "gzip", "compression_opts": 6}


def write_cool(
    path: Path,
    chromsizes: Mapping[str, int],
    bin_size: int,
    pixels: Iterable[tuple[Ids, Ids, Ids]],
    *,
    assembly: str | None,
    metadata: Mapping[str, object],
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
        int64 arrays, in ascending order of (bin1, bin2) through all chunks, unique.
    assembly : str, optional
        Name of the genome assembly.
    metadata : mapping
        What made the file; kept as JSON.
    """
    lengths = pd.Series(dict(chromsizes), dtype="int64")
    cooler.create_cooler(
        str(path),
        cooler.binnify(lengths, bin_size),
        _tables(pixels),
        assembly=assembly,
        metadata=dict(metadata),
        ordered=True,
        boundscheck=False,
        dupcheck=False,
        triucheck=False,
    )


def _tables(pixels: Iterable[tuple[Ids, Ids, Ids]]) -> Iterator[pd.DataFrame]:
    for bin1, bin2, count in pixels:
        if count.max(initial=0) > np.iinfo(np.int32).max:
            raise WorkError("a pixel holds more than 2147483647 pairs; choose smaller bins")
        yield pd.DataFrame({"bin1_id": bin1, "bin2_id": bin2, "count": count.astype(np.int32)})


def open_cool(uri: str) -> cooler.Cooler:
    """The map at `uri`: `x.cool`, `x.mcool::/resolutions/N`, or an mcool of one resolution.

    Raises
    ------
    InputError
        If there is no such file, or no map there; names the resolutions that there are.
    """
    path, group = split_uri(uri)
    if "::" not in uri and (sizes := resolutions(path)):
        if len(sizes) > 1:
            raise InputError(f"{path}: name one of its maps, {_names(path)}")
        group = f"/resolutions/{sizes[0]}"
    try:
        return cooler.Cooler(f"{path}::{group}")
    except (KeyError, OSError, ValueError):
        pass
    there = _names(path) if resolutions(path) else "no map that cooler can read"
    raise InputError(f"{uri}: no map there; the file holds {there}")


def extent(clr: cooler.Cooler, region: str) -> tuple[int, int]:
    """Numbers of the first bin of a region and of the first behind it.

    Raises
    ------
    InputError
        If it is not on the map.
    """
    try:
        low, high = clr.extent(region)
    except ValueError as error:
        raise InputError(
            f"region {region}: {error}; expected a chromosome of the map, or chrom:start-end"
        ) from None
    return int(low), int(high)


def split_uri(uri: str) -> tuple[Path, str]:
    """File and HDF5 group of a cooler URI."""
    path, _, group = uri.partition("::")
    return Path(path), "/" + group.strip("/")


def resolutions(path: Path) -> list[int]:
    """Bin sizes (bp) of an mcool, ascending; none for a file of one map.

    Raises
    ------
    InputError
        If it is missing, or not HDF5.
    """
    try:
        with h5py.File(path, "r") as file:
            return sorted(int(name) for name in file.get("resolutions", ()) if name.isdecimal())
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError:
        raise InputError(f"{path}: is not a .cool or .mcool (HDF5) file, or is damaged") from None


def _names(path: Path) -> str:
    return " ".join(f"{path}::/resolutions/{size}" for size in resolutions(path))


def store_column(uri: str, name: str, values: NDArray[np.float64], attributes: object) -> None:
    """Write a column of the bins, shape (bins,), over one of the same name."""
    path, group = split_uri(uri)
    with h5py.File(path, "r+") as file:
        bins = file[group]["bins"]
        if name in bins:
            del bins[name]
        column = bins.create_dataset(name, data=values, **COMPRESSION)
        column.attrs.update(attributes)


def copy_map(source: str, target: str) -> None:
    """Copy a map without its weights, `source` and `target` being URIs."""
    (source_path, source_group), (path, group) = split_uri(source), split_uri(target)
    with h5py.File(source_path, "r") as original, h5py.File(path, "a") as file:
        original.copy(original[source_group], file, group)
        bins = file[group]["bins"]
        for name in set(bins) - {"chrom", "start", "end"}:
            del bins[name]


def coarsen(source: str, target: str, factor: int, command: str, threads: int = 1) -> None:
    """Write to `target` the map at `source` with `factor` bins made one, chromosome-wise."""
    info = cooler.Cooler(source).info
    workers = threads if info["nnz"] > CHUNK else 1
    cooler.coarsen_cooler(
        source,
        target,
        factor,
        chunksize=CHUNK,
        nproc=workers,
        lock=get_lock() if workers > 1 else None,
        mode="a",
        metadata={"command": command},
        assembly=info.get("genome-assembly"),
    )


def finish_mcool(path: Path) -> None:
    """Mark a file of maps under /resolutions as a multi-resolution map."""
    with h5py.File(path, "r+") as file:
        file.attrs.update({"format": "HDF5::MCOOL", "format-version": 2})
