"""FASTQ of simulated Hi-C molecules: bases, qualities and names with the truth."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hicloom.simulate.genome import LETTERS
from hicloom.simulate.molecules import LINEAR, Library, Molecules, amplify
from hicloom.simulate.seeds import generator
from hicloom.simulate.truth import KINDS
from hicloom.simulate.uniqueness import K

BLOCK = 1 << 17
_ROWS = 1 << 12
_SHORTEST_MAPPED = 30
_N_ODDS = 6
_COMPLEMENT = np.arange(256, dtype=np.uint8)
_COMPLEMENT[list(b"ACGT")] = list(b"TGCA")
_CODES = np.zeros(256, np.uint8)
_CODES[list(b"ACGT")] = range(4)

Reads = tuple[NDArray[np.uint8], NDArray[np.uint8]]


@dataclass(frozen=True)
class Sequencing:
    """How molecules are read.

    Attributes
    ----------
    read_length : int
        Bases of each read.
    errors : float
        Mean rate of substitutions a base; it rises along the read.
    duplicates : float
        Fraction of the read pairs that are PCR duplicates of another.
    lane : int
        Number in the read names.
    seed : int
        Same seed, same reads.
    """

    read_length: int = 100
    errors: float = 0.002
    duplicates: float = 0.1
    lane: int = 1
    seed: int = 0


def fastq(
    library: Library, unique: NDArray[np.bool_], sequencing: Sequencing, pairs: int
) -> Iterator[tuple[bytes, bytes]]:
    """Text of read 1 and read 2, a few thousand records at a time.

    Parameters
    ----------
    library : Library
    unique : bool array
        For each base of the genome, whether the k-mer that starts there is unique.
    sequencing : Sequencing
    pairs : int
        Read pairs in all, duplicates included.
    """
    for block, start in enumerate(range(0, pairs, BLOCK)):
        rng = generator(sequencing.seed, "reads", block)
        number = min(BLOCK, pairs - start)
        copies = min(int(rng.binomial(number, sequencing.duplicates)), number - 1)
        molecules, twin = amplify(rng, library.draw(rng, number - copies), copies)
        names = _names(library, unique, sequencing, molecules, twin, start + 1)
        for row in range(0, number, _ROWS):
            rows = slice(row, row + _ROWS)
            some = molecules.take(rows)
            sides = (
                _records(names[rows], *_sequence(rng, library, sequencing, some, side))
                for side in (0, 1)
            )
            yield next(sides), next(sides)


def _records(names: list[bytes], bases: NDArray[np.uint8], quality: NDArray[np.uint8]) -> bytes:
    width = f"S{bases.shape[1]}"
    rows = zip(names, bases.view(width).ravel().tolist(), quality.view(width).ravel().tolist(),
               strict=True)  # fmt: skip
    return b"".join([b"@%b\n%b\n+\n%b\n" % row for row in rows])


def _names(
    library: Library,
    unique: NDArray[np.bool_],
    sequencing: Sequencing,
    molecules: Molecules,
    twin: NDArray[np.int64],
    first: int,
) -> list[bytes]:
    """Read names as `hicloom.simulate.truth` describes them; `first` is the first's number."""
    ends = [_ends(library, unique, sequencing.read_length, molecules, side) for side in (0, 1)]
    kinds = [KINDS[kind] for kind in molecules.kind.tolist()]
    twins = ["." if row < 0 else str(row + first) for row in twin.tolist()]
    rows = zip(range(first, first + len(twins)), twins, kinds, *ends, strict=True)
    return [
        f"SIM:1:HICLOOM:{sequencing.lane}:{_spot(pair)},{pair},{twin},{kind},{end1},{end2}".encode()
        for pair, twin, kind, end1, end2 in rows
    ]


def _spot(pair: int) -> str:
    """Tile, x and y, as an Illumina machine would number its spots."""
    return f"{1101 + pair // 4_000_000}:{1000 + pair // 2000 % 2000}:{1000 + pair % 2000}"


def _ends(
    library: Library,
    unique: NDArray[np.bool_],
    read_length: int,
    molecules: Molecules,
    side: int,
) -> list[str]:
    chromosome = molecules.chromosome[side]
    names = np.array(list(library.genome.sizes))[chromosome].tolist()
    position = (molecules.start[side] - library.genome.edges[chromosome] + 1).tolist()
    strand = np.where(molecules.sign[side] > 0, "+", "-").tolist()
    junction = molecules.length[side].tolist()
    linear = (molecules.kind == LINEAR).tolist()
    mapping = np.where(_is_unique(unique, read_length, molecules, side), "u", "r").tolist()
    random = molecules.random[side].tolist()
    rows = zip(names, position, strand, junction, linear, mapping, random, strict=True)
    return [
        f"!:0:-:{'.' if linear else junction}:x"
        if random
        else f"{name}:{pos}:{strand}:{'.' if linear else junction}:{mapping}"
        for name, pos, strand, junction, linear, mapping, random in rows
    ]


def _is_unique(
    unique: NDArray[np.bool_], read_length: int, molecules: Molecules, side: int
) -> NDArray[np.bool_]:
    """Whether a read's own part is long enough and mostly of unique k-mers (8 are asked)."""
    whole = molecules.length.sum(axis=0)
    own = np.where(molecules.kind == LINEAR, whole, molecules.length[side])
    visible = np.minimum(own, read_length)
    start = molecules.start[side]
    low = np.where(molecules.sign[side] > 0, start, start - visible + 1)
    steps = np.maximum(visible - K, 0)[:, None] * np.arange(8) // 7
    asked = unique[np.clip(low[:, None] + steps, 0, len(unique) - 1)]
    return (visible >= _SHORTEST_MAPPED) & (asked.sum(axis=1) >= 4)


def _sequence(
    rng: np.random.Generator,
    library: Library,
    sequencing: Sequencing,
    molecules: Molecules,
    side: int,
) -> Reads:
    """Bases and qualities of one read of each molecule, each of shape (n, read length)."""
    bases = _true_bases(library, sequencing.read_length, molecules, side)
    odds = _odds(sequencing)
    dice = rng.integers(0, 1 << 32, bases.shape, np.uint32)
    level, luck = dice & 0xFFFF, dice >> 16
    quality = np.full(bases.shape, ord("F"), np.uint8)
    threshold = np.broadcast_to(odds.errors[0], bases.shape).copy()
    for letter, share, error in zip(b":,", odds.shares, odds.errors[1:], strict=True):
        lower = level < share
        quality[lower] = letter
        threshold[lower] = error
    wrong = luck < threshold
    offset = rng.integers(1, 4, int(wrong.sum()), np.uint8)
    bases[wrong] = LETTERS[(_CODES[bases[wrong]] + offset) & 3]
    unread = luck >= (1 << 16) - _N_ODDS
    bases[unread] = ord("N")
    quality[bases == ord("N")] = ord("#")
    return bases, quality


@dataclass(frozen=True)
class _Odds:
    """In 65,536ths: shares of Q25 and Q11 at each base, error rates at Q37, Q25 and Q11."""

    shares: tuple[NDArray[np.uint32], NDArray[np.uint32]]
    errors: tuple[np.uint32, np.uint32, np.uint32]


def _odds(sequencing: Sequencing) -> _Odds:
    """Qualities of Illumina's bins that worsen along the read, scaled to the wanted rate."""
    progress = np.linspace(0, 1, sequencing.read_length) ** 2
    middle, low = 0.04 + 0.13 * progress, 0.01 + 0.03 * progress
    weights = np.array([(1 - middle).mean(), (middle - low).mean(), low.mean()])
    errors = 10 ** (-np.array([37, 25, 11]) / 10)
    for _ in range(50):
        errors = np.minimum(errors * sequencing.errors / (errors @ weights or 1), 0.75)
    scale = 1 << 16
    first, second, third = (np.uint32(round(rate * scale)) for rate in errors)
    shares = ((middle * scale).astype(np.uint32), (low * scale).astype(np.uint32))
    return _Odds(shares, (first, second, third))


def _true_bases(
    library: Library, read_length: int, molecules: Molecules, side: int
) -> NDArray[np.uint8]:
    """What the read would be without errors: its side, then across the junction the other.

    The other side is read from the junction outwards, on the opposite strand.
    """
    cycle = np.arange(read_length)
    past = cycle - molecules.length[side][:, None]
    crossed = past >= 0
    mine, other = molecules.sign[side][:, None], molecules.sign[1 - side][:, None]
    own = molecules.inner[side][:, None] + mine * (past + 1)
    far = molecules.inner[1 - side][:, None] - other * past
    bases = library.genome.bases[np.where(crossed, far, own)]
    reverse = np.where(crossed, other > 0, mine < 0)
    bases = np.where(reverse, _COMPLEMENT[bases], bases)
    for origin, there in ((side, ~crossed), (1 - side, crossed)):
        _randomise(bases, there, past, molecules, origin, reverse=origin != side)
    return bases


def _randomise(
    bases: NDArray[np.uint8],
    there: NDArray[np.bool_],
    past: NDArray[np.int64],
    molecules: Molecules,
    origin: int,
    reverse: bool,
) -> None:
    """Replace what comes from a random side; the same letters for both reads and all copies."""
    rows = np.flatnonzero(molecules.random[origin])
    if not len(rows):
        return
    from_junction = np.where(past[rows] >= 0, past[rows], -1 - past[rows]).astype(np.uint64)
    salt = molecules.salt[rows][:, None] + np.uint64(origin)
    codes = _scrambled(salt + (from_junction << np.uint64(1))) & np.uint64(3)
    letters = LETTERS[3 - codes if reverse else codes]
    bases[rows] = np.where(there[rows], letters, bases[rows])


def _scrambled(word: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix bits (the finaliser of splitmix64, Steele 2014)."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))
