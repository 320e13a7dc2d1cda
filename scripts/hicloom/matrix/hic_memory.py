"""What making a .hic file takes in memory, which is told before it is begun."""

from collections.abc import Iterator, Sequence

import numpy as np

from hicloom.errors import InputError
from hicloom.formats.cool import BinTable
from hicloom.formats.hic import (
    BP,
    CIS,
    FRAG,
    GENOME_WIDE,
    LEAST_GENOME_WIDE,
    Header,
    least_memory,
    memory_for_norms,
    norm_values,
)
from hicloom.kernels.coarsen import Row, summable
from hicloom.matrix.coarsening import Ints, Level, Values
from hicloom.matrix.hic_input import Base, HicInput, Part
from hicloom.options import parse_size

_BYTES_PER_BIN = 24
"""As a column of a row, and of a finer map as an entry of tables of larger bins."""

_PROGRAM = 200 << 20
"""What the interpreter and its libraries take."""


def beside_program(memory: str) -> int:
    """Bytes of `memory`, such as `4G`, that are left beside the program: three quarters of a small
    limit, for which it counts only in part."""
    limit = parse_size(memory)
    return limit - min(_PROGRAM, limit // 4)


def _told(least: int) -> str:
    """The memory of which `beside_program` leaves so many bytes, rounded up."""
    return f"{-(-(least + min(_PROGRAM, -(-least // 3))) >> 20)}M"


def memory_for_blocks(
    source: HicInput, resolutions: Sequence[int], threads: int, memory: str
) -> int:
    """Bytes of `memory`, such as `4G`, for pixels whose blocks are not whole: half of it, without
    what is known of each bin.

    Raises
    ------
    InputError
        If that is too little.
    """
    tables = [BinTable(source.chromsizes, size) for size in resolutions]
    counts = {str(number): len(sites) for number, sites in enumerate(source.fragments.sites)}
    tables += [BinTable(counts, size) for size in source.fragments.resolutions]
    bins = _BYTES_PER_BIN * sum(table.n_bins for table in tables)
    least = 2 * (bins + least_memory(len(tables), threads))
    limit = beside_program(memory)
    if limit < least:
        raise InputError(
            f"--memory {memory}: too little for {len(tables)} maps; give at least {_told(least)}"
        )
    return limit // 2 - bins


def values_of_norms(source: HicInput, resolutions: Sequence[int], norms: Sequence[str]) -> int:
    """How many values the norms of all maps have."""
    header = Header("", source.chromsizes, resolutions, {}, source.fragments)
    return sum(norm_values(header.grids(unit), norms) for unit in (BP, FRAG))


def check_norms(base: Base, norms: Sequence[str], memory: str, values: int) -> None:
    """Check that the norms of maps can be computed within a limit, before they are made.

    Where there may be more pixels than fit, they are counted. The norms of all maps have so many
    `values`.

    Raises
    ------
    InputError
        If they cannot.
    """
    limit = beside_program(memory)
    for part, size, wide in _heaviest(base, norms):
        bins = BinTable(part.bins.chromsizes, size)
        most = 1 + (bins.n_bins if wide else int(np.diff(bins.offsets).max()))
        if memory_for_norms(base.number if wide else base.rows, most, values) <= limit:
            continue
        counted = _count(base, part, bins)
        pixels = counted.number if wide else int(counted.cis.max())
        least = memory_for_norms(pixels, most, values)
        if least > limit:
            raise InputError(
                f"--memory {memory}: too little for the norms; give at least {_told(least)}"
            )


def _heaviest(base: Base, norms: Sequence[str]) -> Iterator[tuple[Part, int, bool]]:
    """The finest maps that norms are computed of, and whether of the whole genome."""
    for part in base.parts:
        wide = [size for size in part.sizes if part.unit == BP and size >= LEAST_GENOME_WIDE]
        if wide and any(norm in GENOME_WIDE for norm in norms):
            yield part, min(wide), True
        if part.sizes and any(norm in CIS for norm in norms):
            yield part, min(part.sizes), False


class _Counted:
    """Pixels of a map, counted."""

    def __init__(self, bins: BinTable):
        self._offsets = bins.offsets
        self.number, self.cis = 0, np.zeros(len(bins.offsets) - 1, np.int64)

    def write(self, bin1: Ints, bin2: Ints, *_: Values) -> None:
        chrom = np.searchsorted(self._offsets, bin1, side="right") - 1
        within = bin2 < self._offsets[chrom + 1]
        self.number += len(bin1)
        self.cis += np.bincount(chrom[within], minlength=len(self.cis))


def _count(base: Base, part: Part, bins: BinTable) -> _Counted:
    """The pixels of a part in larger bins."""
    counted, dtype = _Counted(bins), summable(base.dtype)
    first = level = Level(base.bins, [])
    if part.table is not None:
        level = Level(part.bins, [Row.of(part.bins.n_bins, dtype)])
        first.add_summed(level, part.table)
    if bins.size != part.bins.size:
        coarse = Level(bins, [Row.of(bins.n_bins, dtype)])
        level.add_coarser(coarse)
        level = coarse
    level.writer = counted
    for bin1, bin2, counts in base.chunks():
        first.take(bin1, bin2, [counts.astype(dtype, copy=False)])
    first.end()
    return counted
