"""Lines of pairs to numbers of pixels, straight from their bytes."""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import TEXT, compiled, part
from hicloom.kernels.lines import are_lines, find_name, is_line, no_name, number_of

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Table = NDArray[np.int32]
Places = NDArray[np.uint32]

LINES, KEYS, DROPPED, BAD = range(4)
"""What `bin_lines` reports: lines read, numbers made, pairs dropped, and the first line that
is wrong (its 0-based row; -1 for none)."""


@part
def _bin(starts: Ints, cuts: Ints, chrom: int, position: int) -> int:
    """The bin of a position, where bins are of unequal size."""
    low, high = starts[chrom], starts[chrom + 1]
    while high - low > 1:
        middle = (low + high) >> 1
        if cuts[middle] < position:
            low = middle
        else:
            high = middle
    return low


@part
def _key(
    starts: Ints,
    size: int,
    cuts: Ints,
    chrom1: int,
    pos1: int,
    chrom2: int,
    pos2: int,
    by_chromosomes: bool,
) -> int:
    """The number of the pixel of two positions, whichever comes first."""
    if size:
        bin1 = starts[chrom1] + np.int64(np.uint64(pos1 - 1) // np.uint64(size))
        bin2 = starts[chrom2] + np.int64(np.uint64(pos2 - 1) // np.uint64(size))
    else:
        bin1, bin2 = _bin(starts, cuts, chrom1, pos1), _bin(starts, cuts, chrom2, pos2)
    if bin1 > bin2:
        bin1, bin2, chrom1, chrom2 = bin2, bin1, chrom2, chrom1
    bins = starts[len(starts) - 1]
    if not by_chromosomes:
        return bin1 * bins + bin2
    first1, first2 = starts[chrom1], starts[chrom2]
    count1, count2 = starts[chrom1 + 1] - first1, starts[chrom2 + 1] - first2
    return first1 * bins + count1 * first2 + (bin1 - first1) * count2 + bin2 - first2


@compiled(
    f"void({TEXT}, u4[::1], i8, i8[::1], {TEXT}, i8[::1], i4[::1], i8[::1], i8[::1], i8, i8[::1],"
    " b1, b1, b1[::1], i8[::1], i8[::1])"
)
def bin_lines(
    text: Bytes,
    separators: Places,
    columns: int,
    places: Ints,
    names: Bytes,
    edges: Ints,
    table: Table,
    lengths: Ints,
    starts: Ints,
    size: int,
    cuts: Ints,
    by_chromosomes: bool,
    drop_unknown: bool,
    keep: NDArray[np.bool_],
    keys: Ints,
    report: Ints,
) -> None:
    """The number of the pixel of each pair, up to the first line that is wrong.

    Wrong are: another number of columns, a position that is no whole number (in any line); an
    unknown chromosome, a position that is not within 1 and the chromosome's length (in lines
    that are kept).

    Parameters
    ----------
    text : uint8 array
        Whole lines; the last byte is a newline.
    separators : uint32 array
        Its tabs and line ends, as of `find_separators`.
    columns : int
        Columns of each line.
    places : int64 array of shape (4,)
        0-based columns of chrom1, pos1, chrom2, pos2.
    names, edges, table
        Of the chromosomes, as of `hashed`.
    lengths : int64 array of shape (chromosomes,)
        In bp.
    starts : int64 array of shape (chromosomes + 1,)
        First bin of each chromosome, and the number of bins.
    size : int
        Size of a bin in bp: position p (1-based) lies in bin (p - 1) // size. 0 where they are
        of unequal size.
    cuts : int64 array of shape (bins,) or (0,)
        The 0-based start of each bin, if they are.
    by_chromosomes : bool
        Whether the numbers ascend by chrom1, chrom2, bin1, bin2 and not by bin1, bin2.
    drop_unknown : bool
        Whether to leave out pairs on unknown chromosomes.
    keep : bool array of shape (lines,) or (0,)
        Which pairs to take; all, if it is empty.
    keys : int64 array, long enough for all lines
        Filled.
    report : int64 array of shape (4,)
        Filled: LINES, KEYS, DROPPED, BAD.
    """
    right = are_lines(text, separators, columns)
    name1, name2, chromosomes = no_name(), no_name(), (names, edges, table)
    line = made = dropped = 0
    report[BAD] = -1
    while line * columns < len(separators) and report[BAD] < 0:
        first = line * columns
        if not (right or is_line(text, separators, first, columns)):
            report[BAD] = line
            break
        name1 = find_name(text, separators, first + places[0], name1, chromosomes)
        name2 = find_name(text, separators, first + places[2], name2, chromosomes)
        chrom1, chrom2 = name1[0], name2[0]
        pos1 = number_of(text, separators, first + places[1])
        pos2 = number_of(text, separators, first + places[3])
        known = chrom1 >= 0 and chrom2 >= 0
        if pos1 < 0 or pos2 < 0:
            report[BAD] = line
        elif len(keep) and not keep[line]:
            pass
        elif not known and drop_unknown:
            dropped += 1
        elif known and 1 <= pos1 <= lengths[chrom1] and 1 <= pos2 <= lengths[chrom2]:
            keys[made] = _key(starts, size, cuts, chrom1, pos1, chrom2, pos2, by_chromosomes)
            made += 1
        else:
            report[BAD] = line
        line += 1
    report[LINES], report[KEYS], report[DROPPED] = line, made, dropped


@compiled("void(i8[::1], i8, i8[::1], i8[::1])")
def split_keys(keys: Ints, bins: int, bin1: Ints, bin2: Ints) -> None:
    """Bins of pixels whose numbers are bin1 * `bins` + bin2, and ascend.

    Parameters
    ----------
    keys, bin1, bin2 : int64 arrays of shape (pixels,)
        The bins are filled.
    """
    row, first = 0, 0
    for i in range(len(keys)):
        if keys[i] - first >= bins:
            row = keys[i] // bins
            first = row * bins
        bin1[i] = row
        bin2[i] = keys[i] - first
