"""Write .hic files of version 8."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.hic.batches import Blocks, encode, whole_genome_counts
from hicloom.formats.hic.expected import Distances
from hicloom.formats.hic.footer import Place, encode_footer, encode_norms
from hicloom.formats.hic.grid import BP, FRAG, Grid, WholeGenome
from hicloom.formats.hic.header import FOOTER_FIELD, NO_FRAGMENTS, Fragments, Header
from hicloom.formats.hic.matrices import Zoom, records
from hicloom.formats.hic.pixels import Batch, Pixels
from hicloom.formats.hic.stripes import LEAST, Order, Room, Stripes
from hicloom.provenance import command

_BYTES_PER_PIXEL = 250
"""A pixel that waits, as it comes and joined with others, and as a batch that is encoded."""

_BYTES_PER_WAITING = 100
"""A pixel that only waits."""


def least_memory(maps: int, threads: int) -> int:
    """Bytes that the pixels of so many maps take which wait for their blocks, at least."""
    return LEAST * (_BYTES_PER_WAITING * maps + _BYTES_PER_PIXEL * (threads + 2))


class HicWriter:
    """Writes the maps of a .hic file; norms are added to it afterwards.

    Pixels of the resolutions may come in turn or mixed. The bytes are the same for any number
    of threads, the tables also for any size of the pieces.

    Parameters
    ----------
    file : binary file open for writing, seekable
        Empty.
    chromsizes : mapping of str to int
        Lengths (bp), in the order of the bins.
    resolutions : sequence of int
        Bin sizes (bp).
    assembly : str
        Name of the genome.
    threads : int
        Threads that compress; with 1 the caller's own.
    order : Order
        How the pixels are sorted.
    fragments : Fragments
        For maps in bins of restriction fragments; with sites of all chromosomes.
    memory : int, optional
        Bytes for pixels whose blocks are not yet whole; what is more goes to a file in `folder`.
    folder : Path, optional

    Raises
    ------
    InputError
        If a chromosome is none that the format can hold.
    """

    def __init__(
        self,
        file: BinaryIO,
        chromsizes: Mapping[str, int],
        resolutions: Sequence[int],
        *,
        assembly: str = "unknown",
        threads: int = 1,
        order: Order = "genome",
        fragments: Fragments = NO_FRAGMENTS,
        memory: int | None = None,
        folder: Path | None = None,
    ):
        sizes = sorted(set(resolutions), reverse=True)
        header = Header(assembly, chromsizes, sizes, _attributes(), fragments)
        self._file, self._position = file, 0
        self._write(header.encode())
        grids = (enumerate(header.grids(unit)) for unit in (BP, FRAG))
        self._zooms = [Zoom(grid, index) for one in grids for index, grid in one]
        room = None
        if memory and folder:
            room = Room(memory // _BYTES_PER_PIXEL, len(self._zooms), threads, folder)
        maps = (_Map(zoom, order, room) for zoom in self._zooms)
        self._maps = {(map_.zoom.grid.unit, map_.zoom.grid.size): map_ for map_ in maps}
        self._finest = self._zooms[len(sizes) - 1]
        self._whole = WholeGenome.of(chromsizes)
        bins = int(self._whole.starts[-1])
        self._cells = np.zeros((bins, bins))
        self._window = threads + 1 if threads > 1 else 0
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None
        self._running: deque[tuple[_Map, Future[_Encoded]]] = deque()

    def __enter__(self) -> "HicWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def add(
        self,
        resolution: int,
        bin1: NDArray[np.integer],
        bin2: NDArray[np.integer],
        counts: NDArray[np.number],
        unit: str = BP,
    ) -> None:
        """Write the next pixels of a resolution.

        Parameters
        ----------
        resolution : int
        bin1, bin2 : integer arrays of shape (pixels,)
            Bins, numbered through the genome from 0; bin1 <= bin2.
        counts : array of shape (pixels,)
            Above 0. The format has float32: whole numbers are exact up to 2**24.
        unit : str
            Of the resolution: BP, or FRAG.

        Raises
        ------
        ValueError
            If the pixels are not sorted, or lie below the diagonal or beyond the genome.
        """
        map_ = self._maps[unit, resolution]
        columns = (bin1.astype(np.int64), bin2.astype(np.int64), counts.astype(np.float32))
        for batch in map_.stripes.add(Pixels(*columns)):
            self._submit(map_, batch)

    def finish(self) -> None:
        """Write what is left, and where everything lies.

        Raises
        ------
        InputError
            If there are no pixels, or too many pairs of chromosomes have some.
        """
        for map_ in self._maps.values():
            for batch in map_.stripes.rest():
                self._submit(map_, batch)
        self._collect(0)
        if not self._cells.any():
            raise InputError("no pair is left for the map; a .hic file needs at least one")
        matrices = {**self._records([self._whole_genome()], 0), **self._records(self._zooms, 1)}
        footer = self._position
        self._write(
            encode_footer(matrices, [map_.distances.expected() for map_ in self._maps.values()])
        )
        for piece in encode_norms([], {}, self._position):
            self._write(piece)
        self._file.seek(FOOTER_FIELD)
        self._file.write(footer.to_bytes(8, "little"))
        self._file.flush()

    def _submit(self, map_: "_Map", batch: Batch) -> None:
        whole = self._whole if map_.zoom is self._finest else None
        if self._pool is None:
            self._keep(map_, _Encoded(map_.zoom.grid, batch, whole))
            return
        self._collect(self._window)
        future = self._pool.submit(_Encoded, map_.zoom.grid, batch, whole)
        self._running.append((map_, future))

    def _collect(self, left: int) -> None:
        """Write encoded batches, in the order they came, until so many are left."""
        while len(self._running) > left:
            map_, future = self._running.popleft()
            self._keep(map_, future.result())

    def _keep(self, map_: "_Map", encoded: "_Encoded") -> None:
        map_.zoom.add(encoded.blocks, self._position)
        map_.distances.add(encoded.blocks.distances, encoded.blocks.totals)
        if encoded.cells is not None:
            self._cells += encoded.cells
        self._write(encoded.blocks.data)

    def _whole_genome(self) -> Zoom:
        """Write the blocks of `ALL`."""
        bin1, bin2 = np.nonzero(self._cells)
        counts = self._cells[bin1, bin2].astype(np.float32)
        stripes, zoom = Stripes(self._whole, "genome"), Zoom(self._whole, 0)
        for batch in _all(stripes, Pixels(bin1, bin2, counts)):
            blocks = encode(self._whole, batch)
            zoom.add(blocks, self._position)
            self._write(blocks.data)
        return zoom

    def _records(self, zooms: list[Zoom], base: int) -> dict[tuple[int, int], Place]:
        """Write where the blocks of matrices lie, and give where this was written."""
        data, pairs, offsets = records([zoom.sorted() for zoom in zooms], base)
        start = self._position
        self._write(data)
        places = zip((offsets[:-1] + start).tolist(), np.diff(offsets).tolist(), strict=True)
        keys = map(tuple, pairs.tolist())
        return {key: Place(*place) for key, place in zip(keys, places, strict=True)}

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._position += len(data)


class _Map:
    """What is gathered of one resolution."""

    def __init__(self, zoom: Zoom, order: Order, room: Room | None):
        self.zoom = zoom
        self.stripes = Stripes(zoom.grid, order, room)
        self.distances = Distances("NONE", zoom.grid.counted)


class _Encoded:
    """A batch, compressed, and what it adds to `ALL`, if that is asked for."""

    def __init__(self, grid: Grid, batch: Batch, whole: WholeGenome | None):
        self.blocks: Blocks = encode(grid, batch)
        self.cells = whole_genome_counts(grid, whole, batch.pixels) if whole else None


def _all(stripes: Stripes, pixels: Pixels) -> Iterator[Batch]:
    yield from stripes.add(pixels)
    yield from stripes.rest()


def _attributes() -> dict[str, str]:
    """As `pre` has them; the last two are kept free for other programs."""
    free = "0" * 16
    return {
        "software": command(),
        "hicFileScalingFactor": "1.0",
        "nviIndex": free,
        "nviLength": free,
    }
