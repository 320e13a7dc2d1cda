"""Read .hic files of versions 7 and 8."""

import mmap
import os
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.hic.binary import Cursor, Damaged
from hicloom.formats.hic.expected import Expected
from hicloom.formats.hic.footer import NormKey, Place, read_footer
from hicloom.formats.hic.grid import BP, Grid
from hicloom.formats.hic.header import Header, read_header
from hicloom.formats.hic.matrices import BLOCK
from hicloom.kernels.block_reading import DAMAGED, count_records, decode_blocks

Pixels = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]
"""Bins of chromosome 1 and of chromosome 2 (each from 0), and counts; shape (pixels,)."""

WHOLE = (-1, -1)
"""What stands for the two chromosomes of `ALL`."""

_A_TIME = 4096
_NO_BLOCKS = np.zeros(0, BLOCK)


class HicFile:
    """A .hic file, open for reading. Chromosomes are numbered from 0, without `ALL`.

    Parameters
    ----------
    path : Path
    unit : str
        Unit of the resolutions of what is read: BP, or FRAG.

    Raises
    ------
    InputError
        If it is missing, damaged, or of another version.
    """

    def __init__(self, path: Path, unit: str = BP):
        self._path, self._unit = path, unit
        if not path.is_file():
            raise InputError(f"{path}: no such file")
        with ExitStack() as stack, self._told():
            self._file = stack.enter_context(path.open("rb"))
            if not path.stat().st_size:
                raise Damaged("it is empty")
            mapped = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
            self._map = stack.enter_context(mapped)
            header, footer = read_header(Cursor(self._map))
            self.header: Header = header
            self._footer = read_footer(Cursor(self._map, footer), unit)
            self._stack = stack.pop_all()

    def __enter__(self) -> "HicFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def grids(self) -> list[Grid]:
        """The bins at each resolution, the coarsest first."""
        return self.header.grids(self._unit)

    @property
    def norm_section(self) -> int:
        """Where the norms start in the file; nothing follows them."""
        return self._footer.norm_section

    @property
    def expected(self) -> dict[tuple[str, int], Expected]:
        """Expected counts by norm (`NONE` for counts as they are) and resolution."""
        return self._footer.expected

    @property
    def norms(self) -> list[NormKey]:
        """The norm vectors that the file holds, in its order."""
        return list(self._footer.norms)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Pairs of chromosomes that have a matrix, in the file's order."""
        return [(one - 1, two - 1) for one, two in self._footer.matrices if one]

    def norm(self, key: NormKey) -> NDArray[np.float64] | None:
        """A norm vector, with some values for bins beyond the end; None if there is none."""
        if (place := self._footer.norms.get(key)) is None:
            return None
        with self._told():
            cursor = Cursor(self._map, place.position)
            return cursor.array("<f8", cursor.int32()).astype(np.float64)

    def pixels(self, chrom1: int, chrom2: int, resolution: int) -> Pixels:
        """The pixels of a matrix, block after block. Within a chromosome bin 1 <= bin 2."""
        return self._joined(self.zooms(chrom1, chrom2).get(resolution, _NO_BLOCKS))

    def size(self, chrom1: int, chrom2: int, resolution: int) -> int:
        """Bytes that the pixels of a matrix take in the file."""
        return int(self.zooms(chrom1, chrom2).get(resolution, _NO_BLOCKS)["size"].sum())

    def count(self, chrom1: int, chrom2: int, resolution: int) -> int:
        """Number of pixels of a matrix, as its blocks say."""
        table = self.zooms(chrom1, chrom2).get(resolution, _NO_BLOCKS)
        return sum(self._records(row["position"], row["size"]) for row in table)

    def _records(self, position: int, size: int) -> int:
        with self._told(), self._inflating(position):
            packed = self._packed(position, size)
            return int.from_bytes(isal_zlib.decompressobj().decompress(packed, 4), "little")

    def whole_genome(self) -> Pixels:
        """The pixels of `ALL`."""
        return self._joined(next(iter(self.zooms(*WHOLE).values()), _NO_BLOCKS))

    def record(self, chrom1: int, chrom2: int) -> bytes:
        """What the file says of a matrix; nothing if it has none. WHOLE is that of `ALL`."""
        place = self._footer.matrices.get((chrom1 + 1, chrom2 + 1), Place(0, 0))
        with self._told():
            return Cursor(self._map, place.position).take(place.size)

    def zooms(self, chrom1: int, chrom2: int) -> dict[int, NDArray[np.void]]:
        """Number, position and bytes of the blocks of a matrix, by resolution."""
        zooms: dict[int, NDArray[np.void]] = {}
        if not (record := self.record(chrom1, chrom2)):
            return zooms
        cursor = Cursor(record, 8)
        with self._told():
            for _ in range(cursor.int32()):
                unit = cursor.text()
                cursor.take(20)
                size, _, _, blocks = (cursor.int32() for _ in range(4))
                table = cursor.array(BLOCK, blocks)
                if unit == self._unit or chrom1 == WHOLE[0]:
                    zooms[size] = table
        return zooms

    def block(self, position: int, size: int) -> bytes:
        """A block, decompressed."""
        with self._told(), self._inflating(position):
            return isal_zlib.decompress(self._packed(position, size))

    def _packed(self, position: int, size: int) -> bytes:
        """A block; read, as what is mapped stays in memory, and all of them are the file."""
        if min(position, size) < 0 or position + size > len(self._map):
            raise Damaged("it ends too early, or points beyond its end")
        return os.pread(self._file.fileno(), size, position)

    @contextmanager
    def _inflating(self, position: int) -> Iterator[None]:
        try:
            yield
        except (isal_zlib.error, zlib.error) as error:  # type: ignore[misc]
            raise Damaged(f"block at byte {position}: {error}") from None

    def _joined(self, table: NDArray[np.void]) -> Pixels:
        parts = [
            self._decoded(table[first : first + _A_TIME])
            for first in range(0, max(1, len(table)), _A_TIME)
        ]
        x, y, counts = zip(*parts, strict=True)
        return np.concatenate(x), np.concatenate(y), np.concatenate(counts)

    def _decoded(self, table: NDArray[np.void]) -> Pixels:
        parts = [self.block(row["position"], row["size"]) for row in table]
        offsets = np.cumsum([0, *map(len, parts)])
        data = np.frombuffer(bytearray(b"".join(parts)), np.uint8)
        with self._told():
            if (count := count_records(data, offsets)) == DAMAGED:
                raise Damaged("a block is too short")
            x, y = np.empty(count, np.int32), np.empty(count, np.int32)
            counts = np.empty(count, np.float32)
            if decode_blocks(data, offsets, x, y, counts) != count:
                raise Damaged("a block is not what it says")
        return x, y, counts

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (Damaged, ValueError) as error:
            raise InputError(f"{self._path}: {error}; copy or make it again") from None
