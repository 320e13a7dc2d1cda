"""The folding that a genome's libraries share: compartments, domains, loops, coverage.

It depends on the names and lengths of the chromosomes only, so that libraries simulated
with different seeds, as reads or as pairs, have the same compartments, domains and loops.
"""

import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hicloom.simulate.seeds import generator

SHOULDER = 1_000.0
LOOP_ENRICHMENT = 12.0
_GAP_FROM = 5_000_000


@dataclass(frozen=True)
class Structure:
    """Tracks over bins of equal width; each chromosome starts a new bin.

    Attributes
    ----------
    sizes : int64 array, shape (chromosomes,)
        Lengths, bp.
    width : int
        Width of a bin, bp.
    first : int64 array, shape (chromosomes + 1,)
        Each chromosome's first bin.
    bias : float32 array, shape (bins,)
        Coverage relative to the best bin, 0 to 1; 0 in a gap.
    domain : int32 array, shape (bins,)
        Even in compartment A, odd in B; equal within one domain (TAD).
    loop_to : int32 array, shape (bins,)
        Position (bp, 0-based, same chromosome) of the downstream anchor, or -1.
    loop_odds : float32 array, shape (bins,)
        Probability that a contact of this bin is the loop's.
    loop_spread : float32 array, shape (bins,)
        Standard deviation (bp) of the downstream end around its anchor.
    """

    sizes: NDArray[np.int64]
    width: int
    first: NDArray[np.int64]
    bias: NDArray[np.float32]
    domain: NDArray[np.int32]
    loop_to: NDArray[np.int32]
    loop_odds: NDArray[np.float32]
    loop_spread: NDArray[np.float32]

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Each bin's first position on its chromosome, 0-based."""
        bins = np.diff(self.first)
        return (np.arange(self.first[-1]) - np.repeat(self.first[:-1], bins)) * self.width

    @cached_property
    def widths(self) -> NDArray[np.int64]:
        """Each bin's own width, bp: the last of a chromosome is shorter."""
        return np.minimum(self.width, np.repeat(self.sizes, np.diff(self.first)) - self.starts)

    @cached_property
    def trans_weights(self) -> NDArray[np.float64]:
        """How often a bin takes part in contacts between chromosomes."""
        return self.bias.astype(np.float64) * self.widths

    @cached_property
    def cis_weights(self) -> NDArray[np.float64]:
        """How often a bin is the upstream end of a contact: what lies downstream counts."""
        room = np.repeat(self.sizes, np.diff(self.first)) - self.starts - self.widths / 2
        return self.trans_weights * np.log1p(room / SHOULDER)


def fold(sizes: dict[str, int]) -> Structure:
    """The structure of a genome, from its chromosomes' names and lengths (bp)."""
    lengths = np.array(list(sizes.values()), np.int64)
    width = max(500, -(-int(lengths.sum()) // 1_000_000 // 500) * 500)
    tracks = [_tracks(name, length, width) for name, length in sizes.items()]
    bias, label, *loops = (np.concatenate(track) for track in zip(*tracks, strict=True))
    first = np.concatenate(([0], np.cumsum([len(track[0]) for track in tracks])))
    return Structure(lengths, width, first, bias, label, *loops)


def _tracks(name: str, length: int, width: int) -> tuple[NDArray[np.generic], ...]:
    """One chromosome's bias, domain, loop_to, loop_odds and loop_spread."""
    rng = generator(0, "structure", name, length)
    bins = -(-length // width)
    tad = float(np.clip(length / 30, 8_000, 500_000))
    compartments = _edges(rng, length, float(np.clip(length / 8, 20_000, 3_000_000)))
    edges = np.union1d(compartments, _edges(rng, length, tad))
    starts = np.arange(bins, dtype=np.int64) * width
    side = (np.searchsorted(compartments, starts, side="right") + rng.integers(2)) % 2
    domain = (2 * np.searchsorted(edges, starts, side="right") + side).astype(np.int32)
    return (_bias(rng, length, bins), domain, *_loops(rng, edges, length, bins, width, tad))


def _edges(rng: np.random.Generator, length: int, mean: float) -> NDArray[np.int64]:
    """Borders of segments of about `mean` bp, without the chromosome's two ends."""
    steps = rng.gamma(4, mean / 4, int(2 * length / mean) + 4)
    edges = np.cumsum(np.maximum(steps, mean / 5)).astype(np.int64)
    return edges[edges < length]


def _bias(rng: np.random.Generator, length: int, bins: int) -> NDArray[np.float32]:
    """Uneven coverage; nothing at all in a centromere of 1 % of a long chromosome."""
    smooth = np.convolve(rng.normal(0, 0.1, bins + 7), np.ones(8) / 2, mode="valid")[:bins]
    bias = np.clip(np.exp(smooth) / 1.6, 0.15, 1).astype(np.float32)
    if length >= _GAP_FROM:
        bias[int(0.4 * bins) : int(0.41 * bins)] = 0
    return bias


def _loops(
    rng: np.random.Generator,
    edges: NDArray[np.int64],
    length: int,
    bins: int,
    width: int,
    tad: float,
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
    """Join the two borders of half of the domains."""
    to = np.full(bins, -1, np.int32)
    odds = np.zeros(bins, np.float32)
    spread = np.full(bins, max(width, tad / 16) / 2, np.float32)
    reach = max(1, round(tad / 16 / width))
    for left, right in itertools.pairwise(edges):
        if rng.random() < 0.5 or right - left < 4 * reach * width:
            continue
        anchor = slice(int(left) // width, int(left) // width + reach)
        local = 2 * reach * width / (right - left) / np.log1p(length / SHOULDER)
        to[anchor] = right
        odds[anchor] = min(0.3, LOOP_ENRICHMENT * local)
    return to, odds, spread
