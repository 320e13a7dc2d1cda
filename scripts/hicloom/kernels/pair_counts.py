"""Lines of pairs to counts: types, chromosomes, distances, strands, tiles and fragments."""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import TEXT, compiled, part
from hicloom.kernels.duplicates import (
    CHROMS,
    FIRST,
    RING,
    SECOND,
    START,
    STOP,
    STRANDS,
    judge_duplicate,
    remember,
    settle,
)
from hicloom.kernels.edges import bin_of
from hicloom.kernels.fragment_classes import NO_STRAND, class_of
from hicloom.kernels.lines import (
    Bytes,
    Ints,
    Names,
    Places,
    are_lines,
    find_name,
    is_line,
    no_name,
    number_of,
    start_of,
)

Columns = tuple[int, ...]
Arms = tuple[Ints, Ints, Ints]
Sites = tuple[Ints, Ints]
Distances = tuple[Ints, Ints]
Counts = tuple[NDArray[np.int64], Ints, Ints, Ints]
Filled = tuple[NDArray[np.int64], Ints, NDArray[np.int64], Ints]

CHROM1, POS1, CHROM2, POS2, STRAND1, STRAND2, KIND, READ = range(8)
"""Places of columns in `places`; a column that is not there is -1."""

LINES, UNMAPPED, SINGLE_SIDED, DUPLICATES, SAME_TILE, OTHER_TILE, NO_TILE = range(7)
"""Entries of `totals`."""

DUPLICATE = 1
"""Number of the pair type of duplicates."""

ROW, RUNS, TILES, REASON, WORD_START, WORD_END = range(6)
"""Entries of `report`: the line before which reading stopped, how much of `runs` and `tiles` is
filled, why it stopped, and the word that is new."""
DONE, WRONG, NEW_CHROMOSOME, NEW_KIND = range(4)

_PLUS, _MINUS = 43, 45
_NAMES = f"Tuple(({TEXT}, i8[::1], i4[::1]))"
_ARMS = "Tuple((i8[::1], i8[::1], i8[::1]))"
_TWO = "Tuple((i8[::1], i8[::1]))"
_COUNTS = "Tuple((i8[:,:,::1], i8[::1], i8[::1], i8[::1]))"
_FILLED = "Tuple((i8[:,::1], i8[::1], i8[:,::1], i8[::1]))"


@part
def _strand(text: Bytes, separators: Places, column: int) -> int:
    """0 for `+`, 1 for `-`, 2 for anything else."""
    first = start_of(separators, column)
    if np.int64(separators[column]) - first != 1:
        return 2
    return 0 if text[first] == _PLUS else 1 if text[first] == _MINUS else 2


@part
def _report_word(report: Ints, reason: int, separators: Places, column: int) -> None:
    report[REASON], report[WORD_START] = reason, start_of(separators, column)
    report[WORD_END] = separators[column]


@part
def _arm_of(position: int, chrom: int, first: Ints, starts: Ints, ends: Ints) -> int:
    """The arm (from 1) of a 1-based position on a chromosome, 0 if it is in none."""
    for arm in range(first[chrom], first[chrom + 1]):
        if starts[arm] < position <= ends[arm]:
            return arm - first[chrom] + 1
    return 0


@part
def _arm(pair: Ints, chrom: int, first: Ints, starts: Ints, ends: Ints) -> int:
    """The arm (from 1) that both ends are in, 0 if there is none."""
    arm = _arm_of(pair[FIRST], chrom, first, starts, ends)
    return arm if arm and arm == _arm_of(pair[SECOND], chrom, first, starts, ends) else 0


@part
def _count_run(runs: Ints, report: Ints, chrom1: int, chrom2: int) -> None:
    """Add a pair to the last run of pairs of the same chromosomes, or begin one."""
    last = report[RUNS] - 1
    if last >= 0 and runs[last, 0] == chrom1 and runs[last, 1] == chrom2:
        runs[last, 2] += 1
        return
    runs[last + 1, 0], runs[last + 1, 1], runs[last + 1, 2] = chrom1, chrom2, 1
    report[RUNS] += 1


@part
def _is_off(position: int, chrom: int, lengths: Ints) -> bool:
    """Whether it is no number, or not on its chromosome, whose length is known."""
    if chrom == 0 or lengths[chrom] == 0:
        return position < 0
    return position < 1 or position > lengths[chrom]


@part
def _read(text: Bytes, separators: Places, first: int, places: Columns, pair: Ints) -> None:
    """Fill in what stands in the columns READ, STRAND1 and STRAND2 of a line."""
    read = first + places[READ]
    pair[START], pair[STOP], pair[STRANDS] = start_of(separators, read), separators[read], 8
    if places[STRAND1] >= 0 and places[STRAND2] >= 0:
        strand1 = _strand(text, separators, first + places[STRAND1])
        pair[STRANDS] = 3 * strand1 + _strand(text, separators, first + places[STRAND2])


@part
def _count_duplicate(
    text: Bytes, pair: Ints, mismatch: int, totals: Ints, tiles: Ints, ring: Ints, report: Ints
) -> None:
    tile, other = judge_duplicate(text, ring, pair, mismatch)
    totals[DUPLICATES] += 1
    if tile == 0 or other == 0:
        totals[NO_TILE] += 1
        return
    totals[SAME_TILE if tile == other else OTHER_TILE] += 1
    tiles[report[TILES]] = tile
    report[TILES] += 1


@part
def _in_order(pair: Ints) -> int:
    """Put the end that comes first first; the strands of both (FF to NO_STRAND)."""
    strand1, strand2 = pair[STRANDS] // 3, pair[STRANDS] % 3
    if pair[SECOND] < pair[FIRST]:
        pair[FIRST], pair[SECOND] = pair[SECOND], pair[FIRST]
        strand1, strand2 = strand2, strand1
    return NO_STRAND if strand1 == 2 or strand2 == 2 else 2 * strand1 + strand2


@compiled(
    f"void({TEXT}, u4[::1], i8, i8, UniTuple(i8, 8), {_NAMES}, {_NAMES}, i8[::1], i8[::1], {_ARMS},"
    f" {_TWO}, {_TWO}, i8, {_COUNTS}, {_FILLED})"
)
def count_lines(
    text: Bytes, separators: Places, row: int, columns: int, places: Columns,
    chromosomes: Names, kinds: Names, lengths: Ints, regions: Ints, arms: Arms, sites: Sites,
    distances: Distances, mismatch: int, counts: Counts, filled: Filled,
) -> None:  # fmt: skip
    """Count pairs, up to the end or to a line that is wrong or has a name that is new.

    Wrong are: another number of columns, a position that is no whole number, or one that is not
    within 1 and the length of its chromosome, where that is known.

    Parameters
    ----------
    text : uint8 array
        Whole lines; the last byte is a newline.
    separators : uint32 array
        Its tabs and line ends.
    row : int
        The line to begin with.
    columns : int
        Columns of each line.
    places : tuple of 8 int
        0-based columns of CHROM1 to READ, -1 for those that there are not.
    chromosomes, kinds : (uint8, int64, int32 arrays)
        Names of chromosomes and of pair types, as of `hashed`. Number 0 is the
        unmapped chromosome, and the empty type; number 1 of the types is DUPLICATE.
    lengths : int64 array of shape (chromosomes,)
        In bp; 0 where unknown.
    regions : int64 array of shape (chromosomes,)
        Row of the histogram for pairs within a chromosome that are not within an arm; those of
        its arms follow.
    arms : three int64 arrays of shapes (chromosomes + 1,), (arms,), (arms,)
        Where those of each chromosome begin, and their starts and ends: 0-based and half-open, bp.
    sites : two int64 arrays of shapes (chromosomes + 1,), (sites,)
        Where those of each chromosome begin, and first bases (1-based) of all its fragments but
        the first, ascending.
    distances : two int64 arrays, that of shape (bins,)
        Lower edges (bp), ascending, of which the first is 0; and `cells_of` them.
    mismatch : int
        How far (bp) ends of duplicates are apart.
    counts : int64 arrays of shapes (regions, 5, bins), (kinds,), (6,), (7,)
        Added to: pairs within a chromosome that are no duplicates by region, strands and distance;
        all pairs by type; classes of fragments of the former; and LINES to NO_TILE.
    filled : int64 arrays of shapes (lines, 3), (lines,), (RING + 2, RING_FIELDS), (6,)
        Chromosomes and number of successive pairs with both ends mapped that are no duplicates;
        tiles of duplicates; the last pairs that are none (kept from text to text, first all 0),
        and one being read;
        and ROW to WORD_END.
    """
    (histogram, kind_counts, fragments, totals), (runs, tiles, ring, report) = counts, filled
    (arm_first, arm_starts, arm_ends), (site_first, cuts) = arms, sites
    pair = ring[RING + 1]
    first, second, what = no_name(), no_name(), (0, no_name()[1], 0)
    right = are_lines(text, separators, columns)
    report[:] = 0
    while row * columns < len(separators):
        report[ROW], report[REASON] = row, WRONG
        line = row * columns
        if not (right or is_line(text, separators, line, columns)):
            break
        one, two = line + places[CHROM1], line + places[CHROM2]
        first = find_name(text, separators, one, first, chromosomes)
        second = find_name(text, separators, two, second, chromosomes)
        chrom1, chrom2 = first[0], second[0]
        if chrom1 < 0 or chrom2 < 0:
            _report_word(report, NEW_CHROMOSOME, separators, one if chrom1 < 0 else two)
            break
        one, two = line + places[POS1], line + places[POS2]
        pos1 = number_of(text, separators, one)
        pos2 = number_of(text, separators, two)
        if _is_off(pos1, chrom1, lengths) or _is_off(pos2, chrom2, lengths):
            break
        if places[KIND] >= 0:
            what = find_name(text, separators, line + places[KIND], what, kinds)
            if what[0] < 0:
                _report_word(report, NEW_KIND, separators, line + places[KIND])
                break
        totals[LINES] += 1
        kind_counts[what[0]] += 1
        if chrom1 and chrom2:
            _read(text, separators, line, places, pair)
            pair[CHROMS], pair[FIRST], pair[SECOND] = chrom1 * len(lengths) + chrom2, pos1, pos2
            if what[0] == DUPLICATE:
                _count_duplicate(text, pair, mismatch, totals, tiles, ring, report)
            else:
                remember(ring, pair)
                _count_run(runs, report, chrom1, chrom2)
                if chrom1 == chrom2:
                    region, strands = regions[chrom1], _in_order(pair)
                    region += _arm(pair, chrom1, arm_first, arm_starts, arm_ends)
                    histogram[region, strands, bin_of(pair[SECOND] - pair[FIRST], *distances)] += 1
                    if len(cuts):
                        fragments[class_of(chrom1, pair, strands, site_first, cuts)] += 1
        else:
            totals[UNMAPPED if chrom1 == chrom2 else SINGLE_SIDED] += 1
        row += 1
        report[ROW], report[REASON] = row, DONE
    settle(text, ring)
