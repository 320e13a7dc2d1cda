"""Where motifs occur in a sequence."""

import numpy as np
from numpy.typing import NDArray

IUPAC = {
    "A": "A", "C": "C", "G": "G", "T": "T", "U": "T",
    "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
"""Bases that each letter of a motif stands for (IUPAC nomenclature, 1985)."""

_WINDOW = 1 << 20
_BIT = {"A": 1, "C": 2, "G": 4, "T": 8}
_COMPLEMENT = str.maketrans("ACGTURYSWKMBDHVN", "TGCAAYRSWMKVHDBN")


def find_motif(bases: NDArray[np.uint8], motif: str) -> NDArray[np.int64]:
    """0-based starts of `motif`, occurrences that overlap included.

    Parameters
    ----------
    bases : uint8 array of shape (length,)
        ASCII letters in any case. Letters other than A, C, G, T match nothing, N neither.
    motif : str
        IUPAC letters, upper case.
    """
    wanted = [np.uint8(_bits(letter)) for letter in motif]
    last = len(bases) - len(motif) + 1
    found = [np.empty(0, np.int64)]
    for start in range(0, last, _WINDOW):
        masks = _MASKS[bases[start : start + _WINDOW + len(motif) - 1]]
        size = len(masks) - len(motif) + 1
        hit = np.ones(size, bool)
        for place, bits in enumerate(wanted):
            hit &= (masks[place : place + size] & bits) != 0
        found.append(np.flatnonzero(hit) + start)
    return np.concatenate(found)


def reverse_complement(motif: str) -> str:
    """The motif as it reads on the other strand."""
    return motif.translate(_COMPLEMENT)[::-1]


def _bits(letter: str) -> int:
    return sum(_BIT[base] for base in IUPAC[letter])


_MASKS = np.zeros(256, np.uint8)
for _base, _bit in _BIT.items():
    _MASKS[[ord(_base), ord(_base.lower())]] = _bit
