"""Pairs of any number for any chromosomes, sorted, one piece of the genome after another.

Chromosome pairs come in the order of their names (C locale), as `pairtools sort` leaves
them; which end is first follows the order of the chromsizes (upper triangle).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.simulate.contacts import background_share, downstream, elsewhere
from hicloom.simulate.lines import HALF_MAPPED_TYPES, MAPPED_TYPES, Lines
from hicloom.simulate.seeds import generator
from hicloom.simulate.structure import Structure, fold

_PIECE = 1 << 18
_UNMAPPED = {"MM": 0.02, "NM": 0.03, "NN": 0.02, "WW": 0.02}
_HALF_MAPPED = 0.12
_RESCUED = 0.16
_POSITION_BITS = 30
_POSITION = np.int64((1 << _POSITION_BITS) - 1)
_NEAR = 20_000


@dataclass(frozen=True)
class Contents:
    """What the pairs are.

    Attributes
    ----------
    pairs : int
        Lines in all.
    cis : float
        Fraction of the mapped pairs that are within a chromosome.
    mapq : bool
        Whether there are columns mapq1 and mapq2.
    raw : bool
        Whether there are also rescued (UR, RU), unmapped and multiply mapped pairs, and
        PCR duplicates not marked as such: what `parse` and `sort` leave.
    duplicates : float
        Fraction of the mapped pairs, where `raw`, that duplicate another within 2 bp.
    seed : int
        Same seed, same pairs.
    """

    pairs: int
    cis: float = 0.8
    mapq: bool = True
    raw: bool = False
    duplicates: float = 0.1
    seed: int = 0


def body(sizes: dict[str, int], contents: Contents) -> Iterator[NDArray[np.uint8]]:
    """The lines of a pairs file below its header, a few thousand at a time.

    Parameters
    ----------
    sizes : dict
        Lengths (bp) of the chromosomes, in the order that defines the upper triangle.
    contents : Contents

    Raises
    ------
    InputError
        If a chromosome is longer than 2**30 - 1 bp.
    """
    long = next((name for name, length in sizes.items() if length > _POSITION), None)
    if long:
        raise InputError(f"chromosome {long}: at most {_POSITION} bp can be simulated; split it")
    return _Body(fold(sizes), list(sizes), contents, Lines(contents.mapq)).all()


@dataclass(frozen=True)
class _Body:
    structure: Structure
    names: list[str]
    contents: Contents
    lines: Lines

    def all(self) -> Iterator[NDArray[np.uint8]]:
        total = self.contents.pairs
        shares = _UNMAPPED if self.contents.raw else {}
        unmapped = {kind: int(share * total) for kind, share in shares.items()}
        half = int(_HALF_MAPPED * total) if self.contents.raw else 0
        for kind, number in unmapped.items():
            yield from self.lines.unmapped(kind, number)
        yield from self._half_mapped(half)
        for first, second, number in self._shares(total - half - sum(unmapped.values())):
            yield from self._mapped(first, second, number)

    def _half_mapped(self, total: int) -> Iterator[NDArray[np.uint8]]:
        weights = self.structure.trans_weights
        parts = np.add.reduceat(weights, self.structure.first[:-1])
        rng = generator(self.contents.seed, "half mapped")
        numbers = rng.multinomial(total, parts / parts.sum())
        for chromosome in np.argsort(np.array([name.encode() for name in self.names])):
            name = self.names[chromosome]
            for bins in self._pieces(rng, weights, int(chromosome), int(numbers[chromosome])):
                pos = self._positions(rng, bins) + 1
                types = rng.integers(0, len(HALF_MAPPED_TYPES), len(pos))
                pos, types = np.divmod(np.sort(pos * 2 + types), 2)
                yield from self.lines.half_mapped(rng, name, pos, types)

    def _mapped(self, first: int, second: int, number: int) -> Iterator[NDArray[np.uint8]]:
        cis = first == second
        weights = self.structure.cis_weights if cis else self.structure.trans_weights
        names = self.names[first], self.names[second]
        rng = generator(self.contents.seed, "pairs", *names)
        background = background_share(self.structure, self.contents.cis)
        for bins in self._pieces(rng, weights, first, number):
            one = self._positions(rng, bins)
            if cis:
                two = downstream(self.structure, rng, first, one, background)
            else:
                two = elsewhere(self.structure, rng, first, one, second)
            keys = self._keys(rng, cis, one + 1, two + 1)
            if self.contents.raw:
                self._duplicate(rng, keys, cis)
            keys.sort()
            yield from self.lines.mapped(rng, names, *_unpacked(keys))

    def _shares(self, total: int) -> Iterator[tuple[int, int, int]]:
        """Chromosome pairs that have pairs, in the file's order, with their numbers."""
        first, second = np.triu_indices(len(self.names))
        cis = np.add.reduceat(self.structure.cis_weights, self.structure.first[:-1])
        trans = np.add.reduceat(self.structure.trans_weights, self.structure.first[:-1])
        between = np.where(first == second, 0, trans[first] * trans[second])
        within = np.where(first == second, cis[first], 0)
        share = self.contents.cis if between.any() else 1.0
        odds = share * within / within.sum() + (1 - share) * between / max(between.sum(), 1)
        rng = generator(self.contents.seed, "shares")
        numbers = rng.multinomial(total, odds / odds.sum())
        rank = np.argsort(np.argsort(np.array([name.encode() for name in self.names])))
        for row in np.lexsort((rank[second], rank[first])):
            if numbers[row]:
                yield int(first[row]), int(second[row]), int(numbers[row])

    def _pieces(
        self, rng: np.random.Generator, weights: NDArray[np.float64], chromosome: int, number: int
    ) -> Iterator[NDArray[np.int64]]:
        """The bins of `number` loci on a chromosome, ascending, some 260,000 at a time."""
        low, high = self.structure.first[chromosome : chromosome + 2]
        counts = rng.multinomial(number, weights[low:high] / weights[low:high].sum())
        edges = np.flatnonzero(np.diff(np.cumsum(counts) // _PIECE)) + 1
        for run in np.split(np.arange(low, high), edges):
            bins = np.repeat(run, counts[run - low])
            if len(bins):
                yield bins

    def _positions(self, rng: np.random.Generator, bins: NDArray[np.int64]) -> NDArray[np.int64]:
        inside = (rng.random(len(bins)) * self.structure.widths[bins]).astype(np.int64)
        return self.structure.starts[bins] + inside

    def _keys(
        self, rng: np.random.Generator, cis: bool, pos1: NDArray[np.int64], pos2: NDArray[np.int64]
    ) -> NDArray[np.uint64]:
        """Keys that sort as pairs do: pos1, pos2, pair type, strands."""
        strands = _strands(rng, pos2 - pos1) if cis else rng.integers(0, 4, len(pos1))
        types = np.full(len(pos1), MAPPED_TYPES.index("UU"))
        if self.contents.raw:
            dice = rng.random(len(pos1))
            types -= (dice < _RESCUED).astype(np.int64) + (dice < _RESCUED / 2)
        positions = pos1.astype(np.uint64) << np.uint64(_POSITION_BITS) | pos2.astype(np.uint64)
        return positions << np.uint64(4) | (types << 2 | strands).astype(np.uint64)

    def _duplicate(self, rng: np.random.Generator, keys: NDArray[np.uint64], cis: bool) -> None:
        """Replace some keys by copies of others, three in ten with ends shifted by 1-2 bp.

        Shifted ends stay between the others' in pos1, so that pieces remain in order.
        """
        copies = int(rng.binomial(len(keys), self.contents.duplicates))
        order = rng.permutation(len(keys))
        kept = order[copies:]
        if not copies or not len(kept):
            return
        sources = keys[kept[rng.integers(0, len(kept), copies)]]
        pos1, pos2, strands, types = _unpacked(sources)
        shift = rng.integers(0, 3, (2, copies)) * (rng.random(copies) < 0.3)
        low = int(_unpacked(keys.min(keepdims=True))[0][0])
        pos1 = np.maximum(pos1 - shift[0], low)
        pos2 = np.maximum(pos2 - shift[1], pos1 if cis else 1)
        positions = pos1.astype(np.uint64) << np.uint64(_POSITION_BITS) | pos2.astype(np.uint64)
        low_bits = (types << 2 | strands).astype(np.uint64)
        keys[order[:copies]] = positions << np.uint64(4) | low_bits


def _unpacked(keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], ...]:
    """pos1, pos2, strands and pair type (codes)."""
    low = (keys & np.uint64(15)).astype(np.int64)
    positions = (keys >> np.uint64(4)).astype(np.int64)
    return positions >> _POSITION_BITS, positions & _POSITION, low & 3, low >> 2


def _strands(rng: np.random.Generator, distance: NDArray[np.int64]) -> NDArray[np.int64]:
    """Codes of strands: all alike far apart; near, unligated (+-) and circles (-+) prevail."""
    strands = rng.integers(0, 4, len(distance))
    near = np.flatnonzero(distance < _NEAR)
    inward = 1 + 6 * np.exp(-distance[near] / 400)
    outward = 1 + 1.5 * np.exp(-distance[near] / 1_500)
    dice = rng.random(len(near)) * (inward + outward + 2)
    strands[near] = (
        (dice >= inward).astype(np.int64)
        + (dice >= inward + outward)
        + (dice >= inward + outward + 1)
    )
    return strands
