"""bigWig, through pyBigWig (libBigWig): values of intervals, as 32-bit floats."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.bedgraph import Intervals

_WINDOW = 1 << 20

Runs = tuple[str, NDArray[np.int64], NDArray[np.int64], NDArray[Any]]


class BigWigReader:
    """A bigWig file that is being read.

    Attributes
    ----------
    chromsizes : dict of str to int
        Lengths (bp), in the order of the file.

    Raises
    ------
    InputError
        If it is damaged.
    """

    def __init__(self, path: Path):
        import pyBigWig

        self._path = path
        try:
            self._file = pyBigWig.open(str(path))
        except RuntimeError:
            raise self._damaged() from None
        self.chromsizes: dict[str, int] = dict(self._file.chroms())

    def intervals(self, chroms: Iterable[str]) -> Iterator[Intervals]:
        """Intervals of equal value on these chromosomes; where there is none, the value is 0.

        An interval that crosses a multiple of 2^20 is given in parts.
        """
        for chrom in chroms:
            for start in range(0, self.chromsizes[chrom], _WINDOW):
                end = min(start + _WINDOW, self.chromsizes[chrom])
                yield _intervals(chrom, start, self._values(chrom, start, end))

    def _values(self, chrom: str, start: int, end: int) -> NDArray[np.float64]:
        try:
            values = self._file.values(chrom, start, end, numpy=True)
        except RuntimeError:
            raise self._damaged() from None
        return np.nan_to_num(values.astype(np.float64), nan=0.0)

    def _damaged(self) -> InputError:
        return InputError(f"{self._path}: is a damaged bigWig file; copy or make it again")


def write_bigwig(path: Path, chromsizes: Mapping[str, int], runs: Iterable[Runs]) -> None:
    """Write a bigWig file with zoom levels.

    Parameters
    ----------
    chromsizes : mapping of str to int
        Lengths (bp), in the order of the file.
    runs : iterable of (chrom, starts, ends, values)
        0-based, half-open; in the order of the file.
    """
    import pyBigWig

    file = pyBigWig.open(str(path), "w")
    file.addHeader(list(chromsizes.items()))
    for chrom, starts, ends, values in runs:
        if len(starts):
            names, heights = [chrom] * len(starts), values.astype(np.float64).tolist()
            file.addEntries(names, starts.tolist(), ends=ends.tolist(), values=heights)
    file.close()


def _intervals(chrom: str, start: int, values: NDArray[np.float64]) -> Intervals:
    starts = np.append(0, np.flatnonzero(values[1:] != values[:-1]) + 1)
    ends = np.append(starts[1:], len(values))
    kept = values[starts] != 0
    first, last = starts[kept] + start, ends[kept] + start
    return Intervals(chrom, first, last, values[first - start], np.zeros(len(first), np.int64))
