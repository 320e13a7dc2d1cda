"""Write the maps of an mcool side by side."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py

from hicloom.formats.cool.bins import BinTable
from hicloom.formats.cool.chunks import Workers
from hicloom.formats.cool.files import DAMAGE, damaged
from hicloom.formats.cool.pixels import PixelReader
from hicloom.formats.cool.writer import CoolWriter


class McoolWriter:
    """Writes the maps of an mcool."""

    def __init__(self, file: Any, workers: Workers):
        self._file, self._workers = file, workers
        self._writers: list[CoolWriter] = []

    def add(self, bins: BinTable, **options: Any) -> CoolWriter:
        """A writer of the map of these bins; `options` are those of `CoolWriter`."""
        group = self._file.create_group(f"resolutions/{bins.size}")
        writer = CoolWriter(group, bins, self._workers, **options)
        self._writers.append(writer)
        return writer

    def copy(self, source: PixelReader, columns: Sequence[str]) -> None:
        """Copy a map: its pixels' `columns` of values, and of its bins the places only.

        Raises
        ------
        InputError
            If it is damaged.
        """
        target = self._file.create_group(f"resolutions/{source.bin_size}")
        target.attrs.update(source.attributes)
        wanted = {
            "chroms": ("name", "length"),
            "bins": ("chrom", "start", "end"),
            "pixels": ("bin1_id", "bin2_id", *columns),
            "indexes": ("chrom_offset", "bin1_offset"),
        }
        for table, names in wanted.items():
            for name in names:
                try:
                    dataset = source.group[table][name]
                except DAMAGE as error:
                    raise damaged(source.uri, error) from None
                dataset.file.copy(dataset, target.require_group(table), name)

    def close(self) -> None:
        """Write what is left of all maps, and the attributes."""
        for writer in self._writers:
            writer.close()
        self._file.attrs.update({"format": "HDF5::MCOOL", "format-version": 2})


@contextmanager
def create_mcool(path: Path, threads: int) -> Iterator[McoolWriter]:
    """A writer of a new mcool, whole when the `with` block has ended well.

    Parameters
    ----------
    path : Path
        The file; one that is there is replaced.
    threads : int
        Threads that compress, for all maps together.
    """
    with h5py.File(path, "w") as file, Workers(threads) as workers:
        mcool = McoolWriter(file, workers)
        yield mcool
        mcool.close()
