"""Which k-mers of a genome are there only once, on either strand."""

import numpy as np
from numpy.typing import NDArray

K = 24
_CODES = np.zeros(256, np.uint64)
_CODES[list(b"ACGT")] = range(4)
_CHUNK = 1 << 22
_AT_ONCE = 1 << 24


def unique_kmers(bases: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """For each start in `bases` (upper-case ASCII), whether its 24-mer is unique.

    The last K - 1 starts are False. Memory is 1 byte a base plus a bounded part: k-mers
    are compared in passes over the genome, 16 million at a time; so the time grows with the
    square of a large genome's length (100 Mb: half a minute).
    """
    unique = np.zeros(len(bases), np.bool_)
    passes = -(-len(bases) // _AT_ONCE)
    for turn in range(passes):
        found = [_turn(bases, start, passes, turn) for start in range(0, len(bases), _CHUNK)]
        kmers = np.concatenate([kmer for kmer, _ in found])
        starts = np.concatenate([start for _, start in found])
        order = np.argsort(kmers)
        kmers, starts = kmers[order], starts[order]
        same = np.concatenate(([False], kmers[1:] == kmers[:-1], [False]))
        unique[starts[~(same[1:] | same[:-1])]] = True
    return unique


def _turn(
    bases: NDArray[np.uint8], start: int, passes: int, turn: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The k-mers of one chunk that belong to this pass, and where they start."""
    kmers = _canonical(bases[start : start + _CHUNK + K - 1])
    mine = np.flatnonzero(kmers % np.uint64(passes) == turn)
    return kmers[mine], mine + start


def _canonical(bases: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The smaller of each k-mer and its reverse complement, two bits a base."""
    codes = _CODES[bases]
    forward, backward = codes, np.uint64(3) - codes
    for length in (1, 2, 4, 8):
        forward = _join(forward, forward[length:], length)
        backward = _join(backward[length:], backward, length)
        if length == 4:
            forward8, backward8 = forward, backward
    forward = _join(forward, forward8[16:], 8)
    backward = _join(backward8[16:], backward, 16)
    return np.minimum(forward, backward)


def _join(high: NDArray[np.uint64], low: NDArray[np.uint64], low_bases: int) -> NDArray[np.uint64]:
    n = min(len(high), len(low))
    return (high[:n] << np.uint64(2 * low_bases)) | low[:n]
