"""Write one track of a D4: its directory, metadata and tables."""

import shutil
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.d4.chromosome_writer import ChromosomeWriter, Encoded, blocks, encode
from hicloom.formats.d4.dictionary import AnyDictionary
from hicloom.formats.d4.frames import BLOB, DIRECTORY, STREAM, SUBDIR, Entry, directory, frame
from hicloom.formats.d4.metadata import Metadata, as_json
from hicloom.kernels.bits import packed_size
from hicloom.kernels.runs import Values

LEVEL = 6

Integers = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Layout:
    """How a track is stored.

    Attributes
    ----------
    dictionary : SimpleRange or Dictionary
        Values of the primary table; all others take a record a run. `SimpleRange(0, 1)`:
        sparse, records only.
    level : int or None
        How much records are compressed, 1 (fast) to 12 (small); None: not at all.
    denominator : float, optional
        Readers show stored value / denominator.
    made : mapping
        What made the track (command, filters...), any JSON; d4tools passes over it.
    """

    dictionary: AnyDictionary
    level: int | None = LEVEL
    denominator: float | None = None
    made: Mapping[str, Any] = field(default_factory=dict)


class TrackWriter:
    """Takes the values of one track, chromosome by chromosome in their order.

    Chromosomes may be left out, and positions: they are 0. Positions are 0-based and
    half-open. Values are stored values: with a denominator, `round(value * denominator)`.
    """

    def __init__(
        self,
        file: BinaryIO,
        sizes: Mapping[str, int],
        layout: Layout,
        pool: Executor | None,
        name: str,
    ) -> None:
        self._file, self._layout, self._pool, self._name = file, layout, pool, name
        self._sizes = list(sizes.items())
        self._numbers = {chrom: number for number, chrom in enumerate(sizes)}
        self._begin = file.tell()
        metadata = Metadata(sizes, layout.dictionary, layout.denominator, layout.made)
        self._head = frame(metadata.encode())
        lengths = [packed_size(size, layout.dictionary.width) for size in sizes.values()]
        self._tables = self._begin + DIRECTORY + len(self._head) + np.cumsum([0, *lengths])
        self._streams: list[Entry] = []
        self._start_records()
        self._chrom: ChromosomeWriter = self._next()

    def append_runs(self, chrom: str, starts: Integers, ends: Integers, values: Integers) -> None:
        """Append runs of equal values.

        Parameters
        ----------
        chrom : str
            The same chromosome as before or a later one.
        starts, ends : integer arrays of shape (n,)
            0-based, half-open; sorted, after what was appended before, not overlapping.
        values : integer array of shape (n,)
            Within 32 bits.

        Raises
        ------
        InputError
            If the chromosome is unknown or comes again, runs are not in order or beyond the
            chromosome's end, or a value is beyond 32 bits.
        """
        self._go_to(chrom)
        if not len(starts):
            return
        runs = np.asarray(starts, np.int64), np.asarray(ends, np.int64), self._fitting(values)
        if (runs[1] <= runs[0]).any() or (runs[0][1:] < runs[1][:-1]).any():
            raise InputError(f"{self._name}: {chrom}: runs are empty, overlap or are not sorted")
        self._check_span(int(runs[0][0]), int(runs[1][-1]))
        self._chrom.runs(runs)

    def append_dense(self, chrom: str, start: int, values: Integers) -> None:
        """Append the values of consecutive positions.

        Parameters
        ----------
        chrom : str
            The same chromosome as before or a later one.
        start : int
            0-based position of the first value, not before the end of what was appended.
        values : integer array of shape (n,)
            Within 32 bits.

        Raises
        ------
        InputError
            As `append_runs`.
        """
        self._go_to(chrom)
        self._check_span(start, start + len(values))
        fitting = self._fitting(values)
        for low, high in blocks(start, start + len(values)):
            self._chrom.put(self.encode(low, fitting[low - start : high - start]))

    def encode(self, start: int, values: Values) -> Encoded:
        """The values (int32) of positions from `start` on as `append` takes them.

        Several threads may do so at a time.
        """
        return encode(np.ascontiguousarray(values), start, self._layout.dictionary)

    def append(self, chrom: str, encoded: Encoded) -> None:
        """Append what `encode` made, as `append_dense` does with values.

        Raises
        ------
        InputError
            As `append_runs`.
        """
        self._go_to(chrom)
        self._check_span(encoded.start, encoded.end)
        self._chrom.put(encoded)

    def copy_to(self, file: BinaryIO) -> None:
        """End the track, and append its directory to another file."""
        self.close()
        self._file.seek(self._begin)
        shutil.copyfileobj(self._file, file, 1 << 20)

    def close(self) -> None:
        """Fill what is left with 0, and write what only now is known."""
        self._leave_until(len(self._sizes))
        table, stab = (int(self._tables[i]) for i in (0, -1))
        first, rest = directory(self._streams, self._file.tell() - stab)
        self._file.write(rest)
        size = self._file.tell() - stab
        self._file.seek(stab)
        self._file.write(first)
        entries = [
            Entry(".metadata", STREAM, DIRECTORY, len(self._head)),
            Entry(".ptab", BLOB, table - self._begin, stab - table),
            Entry(".stab", SUBDIR, stab - self._begin, size),
        ]
        self._file.seek(self._begin)
        self._file.write(directory(entries, 0)[0] + self._head)
        self._file.flush()

    def _start_records(self) -> None:
        """The directory of the secondary table: what it says of itself, then the streams."""
        level = self._layout.level
        stated = {
            "format": "SimpleKV",
            "record_format": "range",
            "partitions": [[chrom, 0, size] for chrom, size in self._sizes],
            "compression": "NoCompression" if level is None else {"Deflate": level},
        }
        head = frame(as_json(stated))
        self._streams.append(Entry(".metadata", STREAM, DIRECTORY, len(head)))
        self._file.seek(self._tables[-1] + DIRECTORY)
        self._file.write(head)

    def _next(self) -> ChromosomeWriter:
        """The writer of the first chromosome that is not finished."""
        table = int(self._tables[self._number])
        return ChromosomeWriter(
            self._file, table, self._layout.dictionary, self._layout.level, self._pool
        )

    @property
    def _number(self) -> int:
        """Number of the chromosome that is being written; the first stream is the metadata."""
        return len(self._streams) - 1

    def _go_to(self, chrom: str) -> None:
        number = self._numbers.get(chrom)
        if number is None:
            raise InputError(f"{self._name}: no chromosome '{chrom}' in this file")
        if number < self._number:
            raise InputError(f"{self._name}: {chrom} comes again, or out of order")
        self._leave_until(number)

    def _leave_until(self, number: int) -> None:
        """Finish this chromosome and those before `number`."""
        while self._number < number:
            begin, size = self._chrom.close(self._sizes[self._number][1])
            place = begin - int(self._tables[-1])
            self._streams.append(Entry(str(self._number), STREAM, place, size))
            if self._number < len(self._sizes):
                self._chrom = self._next()

    def _fitting(self, values: Integers) -> Values:
        kept = values.astype(np.int32, copy=False)
        if kept.dtype != values.dtype and not np.array_equal(kept, values):
            chrom = self._sizes[self._number][0]
            raise InputError(f"{self._name}: {chrom}: a value does not fit into 32 bits")
        return kept

    def _check_span(self, start: int, end: int) -> None:
        chrom, size = self._sizes[self._number]
        if start < self._chrom.position or end > size:
            raise InputError(
                f"{self._name}: {chrom}:{start}-{end}: should lie between {self._chrom.position}, "
                f"where the last one ended, and {size}, the chromosome's end"
            )
