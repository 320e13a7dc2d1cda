"""Where restriction enzymes cut, and which ends they leave once filled in."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError

ENZYMES = {
    "DpnII": ["^GATC"],
    "MboI": ["^GATC"],
    "HindIII": ["A^AGCTT"],
    "MseI": ["T^TAA"],
    "HinfI": ["G^ANTC"],
    "Arima": ["^GATC", "G^ANTC"],
    "none": [],
}


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
    """Find the ends in `bases` (upper-case ASCII); none for the enzyme `none`.

    Raises
    ------
    InputError
        If the enzyme is not known, or cuts nowhere.
    """
    if enzyme not in ENZYMES:
        raise InputError(f"--enzyme {enzyme}: expected one of {', '.join(ENZYMES)}")
    right, left = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for cut in ENZYMES[enzyme]:
        motif, offset = cut.replace("^", ""), cut.index("^")
        sites = _find(bases, motif)
        right.append(sites + len(motif) - offset)
        left.append(sites + offset)
    ends = Ends(np.sort(np.concatenate(right)), np.sort(np.concatenate(left)))
    if ENZYMES[enzyme] and not len(ends.left):
        raise InputError(f"--enzyme {enzyme}: this genome has no site of it; choose another")
    return ends


def _find(bases: NDArray[np.uint8], motif: str) -> NDArray[np.int64]:
    """Start of every occurrence, overlapping ones too; N in a motif is any of A, C, G, T."""
    pattern = re.compile(f"(?={motif.replace('N', '[ACGT]')})".encode())
    return np.array([hit.start() for hit in pattern.finditer(bases.data)], np.int64)
