"""How many molecules a library holds, and what more sequencing would give.

Reads are drawn at random from `molecules`, with replacement, so that `sequenced` ones show
`molecules * (1 - exp(-sequenced / molecules))` different ones (Lander and Waterman 1988, Genomics
2:231; Picard's EstimateLibraryComplexity and pairtools' `complexity_naive` solve the same).
"""

import math


def molecules(sequenced: float, unique: float) -> float | None:
    """The number of molecules of which so many were drawn and so many of these differ.

    Parameters
    ----------
    sequenced : float
        Mapped pairs, without those that were copied on the flow cell.
    unique : float
        Of these, the pairs that are no duplicates.

    Returns
    -------
    float or None
        None where there is no estimate: nothing was sequenced, or nothing twice.
    """
    if not 0 < unique < sequenced:
        return None
    share = unique / sequenced
    # (1 - exp(-x)) / x = share has one solution, which lies below 1 / share.
    low, high = 0.0, 1 / share
    for _ in range(200):
        middle = (low + high) / 2
        if -math.expm1(-middle) / middle > share:
            low = middle
        else:
            high = middle
    return sequenced / high


def unique_pairs(sequenced: float, library: float) -> float:
    """How many different molecules so many draws from a `library` give."""
    return -library * math.expm1(-sequenced / library)


def optical(same_tile: int, other_tile: int, tiles: int) -> int | None:
    """Duplicates that came about on the flow cell.

    Copies from the PCR lie on every tile alike: of those on the tile of their original, as many as
    on any other tile are taken to be such, the others to be copied on the flow cell.

    Parameters
    ----------
    same_tile, other_tile : int
        Duplicates on the tile of their original, and elsewhere.
    tiles : int
        Number of tiles that have duplicates.

    Returns
    -------
    int or None
        None if there are fewer than two tiles to compare.
    """
    if tiles < 2:
        return None
    return max(0, round(same_tile - other_tile / (tiles - 1)))
