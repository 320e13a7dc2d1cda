"""A seeded genome with what makes mapping hard: repeats, duplications, gaps, uneven GC."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.simulate.seeds import generator

Bases = NDArray[np.uint8]

LETTERS = np.frombuffer(b"ACGT", np.uint8)
ISOCHORE = 5_000
LINE = 60
_FAMILIES = 12
_MASK = np.uint8(32)
_COMPLEMENT = np.arange(256, dtype=np.uint8)
_COMPLEMENT[list(b"ACGTacgt")] = list(b"TGCAtgca")


@dataclass(frozen=True)
class Recipe:
    """How a genome is made.

    Attributes
    ----------
    repeats : float
        Fraction of each chromosome covered by repeats; they are written in lower case.
    gaps : int
        Runs of N in each chromosome of at least 100 kb.
    seed : int
        Same seed, same genome.
    """

    repeats: float = 0.2
    gaps: int = 2
    seed: int = 0


def parse_chromosomes(text: str) -> dict[str, int]:
    """Lengths (bp) from `chr1:400000,chr2:300000`, or from a number of chromosomes.

    A number gives chr1 of 1.2 Mb, each next one shorter, and a chrM of 16,569 bp.

    Raises
    ------
    InputError
        If it is neither, or a name is there twice.
    """
    if text.isdecimal() and 0 < int(text) <= 1000:
        sizes = {f"chr{i + 1}": int(1_200_000 / (1 + 0.35 * i)) for i in range(int(text))}
        return {**sizes, "chrM": 16_569}
    sizes = {}
    for part in text.split(","):
        match = re.fullmatch(r"([^\s,>]+):(\d+)", part.strip())
        if not match or match[1] in sizes or int(match[2]) < 1_000:
            raise InputError(
                f"--chromosomes {text}: expected a number of chromosomes, or different names with "
                "lengths of at least 1000 bp such as chr1:400000,chr2:300000"
            )
        sizes[match[1]] = int(match[2])
    return sizes


def chromosomes(sizes: dict[str, int], recipe: Recipe) -> Iterator[tuple[str, Bases]]:
    """Make the chromosomes one after the other, as ASCII letters."""
    families = _families(recipe.seed)
    twins = _twins(sizes, recipe.seed)
    for name, length in sizes.items():
        rng = generator(recipe.seed, "chromosome", name)
        bases = _background(rng, length)
        _add_tandems(rng, bases)
        _add_repeats(rng, bases, families, recipe.repeats)
        for start, sequence in twins.get(name, []):
            bases[start : start + len(sequence)] = sequence
        if length >= 100_000:
            _add_gaps(rng, bases, recipe.gaps)
        yield name, bases


def fasta(name: str, bases: Bases) -> bytes:
    """One FASTA record, 60 letters a line."""
    whole = len(bases) // LINE * LINE
    rows = np.full((whole // LINE, LINE + 1), ord("\n"), np.uint8)
    rows[:, :LINE] = bases[:whole].reshape(-1, LINE)
    tail = bases[whole:].tobytes() + b"\n" if whole < len(bases) else b""
    return b">%b\n%b%b" % (name.encode(), rows.tobytes(), tail)


def _background(rng: np.random.Generator, length: int) -> Bases:
    """Random bases; GC content drifts between isochores, near 41 % as in man."""
    steps = rng.normal(0, 0.02, -(-length // ISOCHORE))
    drift = np.convolve(steps, 0.9 ** np.arange(40))[: len(steps)]
    gc = np.repeat(np.clip(0.41 + drift, 0.28, 0.62), ISOCHORE)[:length].astype(np.float32)
    strong = rng.random(length, np.float32) < gc
    which = rng.integers(0, 2, length, np.uint8)
    return LETTERS[np.where(strong, 1 + which, 3 * which)]


def _families(seed: int) -> list[tuple[Bases, float]]:
    """Consensus sequences, and how far (substitutions per base) a family's copies diverge."""
    rng = generator(seed, "families")
    lengths = np.exp(rng.uniform(np.log(150), np.log(2_500), _FAMILIES)).astype(int)
    ages = rng.uniform(0.02, 0.25, _FAMILIES)
    return [(_background(rng, n), float(age)) for n, age in zip(lengths, ages, strict=True)]


def _add_repeats(
    rng: np.random.Generator, bases: Bases, families: list[tuple[Bases, float]], fraction: float
) -> None:
    """Overwrite `bases` with diverged, often truncated copies until `fraction` is covered."""
    covered = 0
    while covered < fraction * len(bases):
        consensus, age = families[int(rng.integers(len(families)))]
        length = max(80, int(len(consensus) * rng.uniform(0.2, 1)))
        copy = _substitute(rng, consensus[-length:], age * rng.uniform(0.5, 1.5))
        _put(rng, bases, copy if rng.random() < 0.5 else _COMPLEMENT[copy[::-1]])
        covered += len(copy)


def _add_tandems(rng: np.random.Generator, bases: Bases) -> None:
    """One tandem repeat each 20 kb: units of 2 to 60 bp, 100 to 800 bp in all."""
    for _ in range(len(bases) // 20_000):
        unit = LETTERS[rng.integers(0, 4, int(rng.integers(2, 61)))]
        copy = np.resize(unit, int(rng.integers(100, 800)))
        _put(rng, bases, _substitute(rng, copy, 0.03))


def _substitute(rng: np.random.Generator, bases: Bases, rate: float) -> Bases:
    changed = rng.random(len(bases)) < rate
    return np.where(changed, LETTERS[rng.integers(0, 4, len(bases))], bases)


def _put(rng: np.random.Generator, bases: Bases, copy: Bases) -> None:
    """Write `copy` somewhere, in the lower case that marks repeats."""
    start = int(rng.integers(0, max(1, len(bases) - len(copy))))
    room = bases[start : start + len(copy)]
    room[:] = copy[: len(room)] | _MASK


def _twins(sizes: dict[str, int], seed: int) -> dict[str, list[tuple[int, Bases]]]:
    """Exact duplications, one for each 500 kb: where each copy starts, and its sequence.

    Their inside cannot be mapped uniquely. The two copies may be on different chromosomes.
    """
    rng = generator(seed, "duplications")
    roomy = [name for name, length in sizes.items() if length >= 50_000]
    if not roomy:
        return {}
    weights = np.array([sizes[name] for name in roomy]) / sum(sizes[name] for name in roomy)
    twins: dict[str, list[tuple[int, Bases]]] = {}
    for _ in range(max(1, sum(sizes.values()) // 500_000)):
        sequence = _background(rng, int(rng.integers(2_000, 5_000)))
        for place in rng.choice(len(roomy), 2, p=weights):
            name = roomy[place]
            start = int(rng.integers(0, sizes[name] - len(sequence)))
            twins.setdefault(name, []).append((start, sequence))
    return twins


def _add_gaps(rng: np.random.Generator, bases: Bases, number: int) -> None:
    for _ in range(number):
        length = int(rng.integers(500, 5_000))
        start = int(rng.integers(0, len(bases) - length))
        bases[start : start + length] = ord("N")
