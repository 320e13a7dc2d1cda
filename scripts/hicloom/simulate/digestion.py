"""Ends of fragments in a digested genome, filled in as before ligation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hicloom.enzymes import NO_ENZYME, enzyme_sites
from hicloom.errors import InputError
from hicloom.kernels.sites import find_motif


@dataclass(frozen=True)
class Ends:
    """Ends of the fragments of a digested genome, both sorted.

    Ligation repeats the filled-in overhang: with ^GATC, a left piece up to and including
    GATC joins a right piece that starts with GATC.

    Attributes
    ----------
    right : int64 array
        Behind the last base of pieces that end at a site (half-open), 0-based.
    left : int64 array
        First base of pieces that start at a site, 0-based.
    """

    right: NDArray[np.int64]
    left: NDArray[np.int64]


def digest(bases: NDArray[np.uint8], enzyme: str) -> Ends:
    """Find the ends in `bases` (ASCII); there are none for `none`, DNase and Micro-C.

    Raises
    ------
    InputError
        If the enzyme is not known, or cuts nowhere.
    """
    right, left = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    if enzyme.casefold() in (name.casefold() for name in NO_ENZYME):
        return Ends(right[0], left[0])
    for site in enzyme_sites(enzyme):
        starts = find_motif(bases, site.motif)
        right.append(starts + len(site.motif) - site.cut)
        left.append(starts + site.cut)
    ends = Ends(np.sort(np.concatenate(right)), np.sort(np.concatenate(left)))
    if not len(ends.left):
        raise InputError(f"--enzyme {enzyme}: this genome has no site of it; choose another")
    return ends
