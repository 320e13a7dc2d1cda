"""Maps of many shapes for the tests of .hic files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.hic import CIS, HicWriter, add_norms
from hicloom.formats.pairs import open_pairs
from hicloom.matrix.binning import Bins
from tests.unit.matrices import CHROMSIZES, simulated

Ints = NDArray[np.int64]
Pixels = tuple[Ints, Ints, Ints]

RESOLUTIONS = [1000, 2000, 10_000, 100_000, 1_000_000]


@dataclass(frozen=True)
class Shape:
    """Pixels of the finest resolution, which divides all others."""

    chromsizes: dict[str, int]
    resolutions: Sequence[int]
    finest: Pixels

    def bins(self, resolution: int) -> Bins:
        return Bins(self.chromsizes, resolution)

    def pixels(self, resolution: int) -> Pixels:
        """Bins and counts, sorted as in a cool file; coarser ones summed up one by one."""
        fine, coarse = self.bins(min(self.resolutions)), self.bins(resolution)
        bin1, bin2, counts = self.finest
        chrom1, start1, chrom2, start2 = fine.from_block_major(fine.block_major(bin1, bin2))
        one = coarse.starts[chrom1] + start1 // resolution
        two = coarse.starts[chrom2] + start2 // resolution
        keys, where = np.unique(one * coarse.starts[-1] + two, return_inverse=True)
        sums = np.bincount(where, weights=counts).astype(np.int64)
        return keys // coarse.starts[-1], keys % coarse.starts[-1], sums


def shape(
    chromsizes: dict[str, int],
    resolutions: Sequence[int],
    one: Ints,
    two: Ints,
    counts: Ints | None = None,
) -> Shape:
    """That of pairs at 0-based places of the genome, chromosomes in a row."""
    bins = Bins(chromsizes, min(resolutions))
    ends = np.cumsum([*chromsizes.values()])

    def binned(place: Ints) -> Ints:
        chrom = np.searchsorted(ends, place, side="right")
        start = np.append(0, ends)[chrom]
        return np.asarray(bins.starts[chrom] + (place - start) // bins.size)

    low, high = np.sort([binned(one), binned(two)], axis=0)
    keys, where = np.unique(low * bins.starts[-1] + high, return_inverse=True)
    sums = np.bincount(where, weights=counts).astype(np.int64)
    return Shape(chromsizes, resolutions, (keys // bins.starts[-1], keys % bins.starts[-1], sums))


def simulated_shape(folder: Path, number: int = 100_000) -> Shape:
    """Pairs of `hicloom simulate pairs`: counts above 32767 at 1 Mb, a chromosome of one bin."""
    bins, found = Bins(CHROMSIZES, 1000), []
    with open_pairs(simulated(folder, number)) as reader:
        for block in reader.blocks():
            bin1, bin2 = bins.of(block)
            found.append(bin1 * bins.starts[-1] + bin2)
    keys, counts = np.unique(np.concatenate(found), return_counts=True)
    pixels = keys // bins.starts[-1], keys % bins.starts[-1], counts
    return Shape(CHROMSIZES, RESOLUTIONS, pixels)


def _pairs(sizes: dict[str, int], number: int, seed: int, reach: float = 20_000) -> Sequence[Ints]:
    """Places of pairs: mostly near to one another, a fifth anywhere."""
    rng, end = np.random.default_rng(seed), sum(sizes.values())
    one = rng.integers(0, end, number)
    near = np.minimum(one + rng.exponential(reach, number).astype(np.int64), end - 1)
    return one, np.where(rng.random(number) < 0.2, rng.integers(0, end, number), near)


def _chroms(sizes: dict[str, int], places: Ints) -> Ints:
    return np.searchsorted(np.cumsum([*sizes.values()]), places, side="right")


def sparse() -> Shape:
    """So few pairs that KR and SCALE leave out rows, or do not converge at 1 kb."""
    return shape(CHROMSIZES, RESOLUTIONS, *_pairs(CHROMSIZES, 1500, 2))


def empty_chromosome() -> Shape:
    """Nothing lies on chr2."""
    one, two = _pairs(CHROMSIZES, 20_000, 3)
    keep = (_chroms(CHROMSIZES, one) != 1) & (_chroms(CHROMSIZES, two) != 1)
    return shape(CHROMSIZES, RESOLUTIONS, one[keep], two[keep])


def all_trans() -> Shape:
    """No pair within a chromosome: nothing to expect there, and no norms."""
    one, two = _pairs(CHROMSIZES, 20_000, 4)
    keep = _chroms(CHROMSIZES, one) != _chroms(CHROMSIZES, two)
    return shape(CHROMSIZES, RESOLUTIONS, one[keep], two[keep])


def all_on_the_diagonal() -> Shape:
    one, _ = _pairs(CHROMSIZES, 20_000, 5)
    return shape(CHROMSIZES, RESOLUTIONS, one, one)


def contigs() -> Shape:
    """25 contigs of 500 to 20,000 bp, most of them of one bin or some."""
    lengths = np.random.default_rng(6).integers(500, 20_000, 25)
    sizes = {f"contig_{number}": int(length) for number, length in enumerate(lengths)}
    return shape(sizes, [1000, 5000, 50_000], *_pairs(sizes, 3000, 6, 2000))


def many_blocks() -> Shape:
    """Chromosomes of 6000 and 2500 bins: blocks of 858 and of 834, their matrix by the longer."""
    sizes = {"a": 6_000_000, "b": 2_500_000}
    return shape(sizes, [1000, 2000, 25_000], *_pairs(sizes, 30_000, 7, 50_000))


def large_counts() -> Shape:
    """Counts above what 16 bits hold make a block of floats."""
    sizes = {"a": 50_000, "b": 20_000}
    one, two = _pairs(sizes, 300, 8)
    counts = np.where(np.arange(300) % 50 == 0, 32_767, 1)
    counts[7] = 2**23
    return shape(sizes, [1000, 10_000], one, two, counts)


SHAPES: dict[str, Callable[[], Shape]] = {
    function.__name__: function
    for function in (
        *(sparse, empty_chromosome, all_trans, all_on_the_diagonal),
        *(contigs, many_blocks, large_counts),
    )
}


def write_maps(
    path: Path, what: Shape, *, threads: int = 1, piece: int = 1 << 20, by_pairs: bool = False
) -> None:
    """Write the maps of a shape without norms, in pieces of so many pixels."""
    order = "pairs" if by_pairs else "genome"
    options = {"assembly": "toy", "threads": threads, "order": order}
    with (
        path.open("w+b") as file,
        HicWriter(file, what.chromsizes, what.resolutions, **options) as writer,
    ):
        for resolution in what.resolutions:
            columns = what.pixels(resolution)
            if by_pairs:
                sorting = np.argsort(what.bins(resolution).block_major(*columns[:2]))
                columns = tuple(column[sorting] for column in columns)
            for start in range(0, len(columns[0]), piece):
                writer.add(resolution, *(column[start : start + piece] for column in columns))
        writer.finish()


def write_hic(path: Path, what: Shape, norms: Sequence[str] = CIS) -> Path:
    """Write the maps of a shape with norms."""
    write_maps(path, what)
    add_norms(path, norms)
    return path
