"""Classes of pairs by the restriction fragments of their ends."""

from hicloom.kernels.compiled import part
from hicloom.kernels.duplicates import FIRST, SECOND
from hicloom.kernels.lines import Ints

FF, FR, RF, RR, NO_STRAND = range(5)
"""Strands of the end that comes first and of the other one: F is `+`, R is `-`."""

DANGLING_END, SELF_CIRCLE, SAME_STRAND, RELIGATION, VALID, NO_SITES = range(6)
"""Entries of `fragments`, after HiC-Pro (Servant 2015, Genome Biology 16:259)."""

INTO_READ = 10
"""A read's fragment is sought so many bp behind its 5' end: more than an overhang that was filled
in (up to 5 bp), less than a read."""


@part
def _sites_before(position: int, sites: Ints, low: int, high: int) -> int:
    """How many of `sites[low:high]`, which ascend, are at most `position`."""
    first = low
    while low < high:
        middle = (low + high) >> 1
        if sites[middle] <= position:
            low = middle + 1
        else:
            high = middle
    return low - first


@part
def class_of(chrom: int, pair: Ints, strands: int, first: Ints, sites: Ints) -> int:
    """The class of a pair within a chromosome, its ends in order."""
    one, two = pair[FIRST], pair[SECOND]
    low, high = first[chrom], first[chrom + 1]
    if low == high or strands == NO_STRAND:
        return NO_SITES
    one += INTO_READ if strands < RF else -INTO_READ
    two += INTO_READ if strands in (FF, RF) else -INTO_READ
    apart = _sites_before(two, sites, low, high) - _sites_before(one, sites, low, high)
    if apart == 0:
        return DANGLING_END if strands == FR else SELF_CIRCLE if strands == RF else SAME_STRAND
    return RELIGATION if abs(apart) == 1 else VALID
