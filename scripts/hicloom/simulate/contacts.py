"""Draw contacts from a structure.

Two loci s bp apart on a chromosome meet with probability proportional to 1 / (s + 1000):
the slope of -1 of a fractal globule (Lieberman-Aiden 2009) with a short-range shoulder. It
is lower between domains and between compartments, raised at loops, and multiplied by the
coverage of both loci. Between chromosomes only compartments and coverage matter.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hicloom.simulate.structure import SHOULDER, Structure

Positions = NDArray[np.int64]
Draw = Callable[[NDArray[np.intp]], Positions]

OTHER_DOMAIN = np.float32(0.6)
OTHER_COMPARTMENT = np.float32(0.3)
_ROUNDS = 12


def downstream(
    structure: Structure,
    rng: np.random.Generator,
    chromosome: NDArray[np.int64] | int,
    upstream: Positions,
    background: float,
) -> Positions:
    """The downstream partners of `upstream` positions (bp, 0-based) in contacts in cis.

    The fraction `background` falls anywhere downstream (see `background_share`).
    """
    room = structure.sizes[chromosome] - upstream
    reach = np.broadcast_to(np.log1p((room - 1) / SHOULDER), upstream.shape)
    here = structure.first[chromosome] + upstream // structure.width

    def propose(rows: NDArray[np.intp]) -> Positions:
        dice = rng.random(len(rows))
        power = (dice - background) / (1 - background) * reach[rows]
        step = SHOULDER * np.expm1(power.clip(min=0))
        anywhere = np.flatnonzero(dice < background)
        step[anywhere] = dice[anywhere] / background * room[rows[anywhere]]
        return upstream[rows] + step.astype(np.int64)

    found = _accepted(structure, rng, here, chromosome, propose, OTHER_DOMAIN)
    loops = np.flatnonzero(rng.random(len(found), np.float32) < structure.loop_odds[here])
    anchors = structure.loop_to[here[loops]]
    blurred = anchors + rng.normal(0, structure.loop_spread[here[loops]])
    last = np.broadcast_to(structure.sizes[chromosome] - 1, found.shape)[loops]
    found[loops] = np.clip(blurred.astype(np.int64), upstream[loops], last)
    return found


def background_share(structure: Structure, cis: float) -> float:
    """Fraction of the contacts in cis that makes far ones as frequent as those in trans.

    `cis` is the fraction of all contacts that are within a chromosome. Where chromosomes
    are few or short, the power law alone would fall below the contacts between them.
    """
    sizes = np.add.reduceat(structure.trans_weights, structure.first[:-1])
    within, all_pairs = float((sizes**2).sum()), float(sizes.sum() ** 2)
    if cis in (0, 1) or within == all_pairs:
        return 0.0
    return min(0.4, (1 - cis) / cis * within / (all_pairs - within))


def elsewhere(
    structure: Structure,
    rng: np.random.Generator,
    chromosome: NDArray[np.int64] | int,
    position: Positions,
    other: NDArray[np.int64] | int,
) -> Positions:
    """Partners on the chromosomes `other` of positions on `chromosome` (bp, 0-based)."""
    here = structure.first[chromosome] + position // structure.width
    size = np.broadcast_to(structure.sizes[other], position.shape)

    def propose(rows: NDArray[np.intp]) -> Positions:
        return (rng.random(len(rows)) * size[rows]).astype(np.int64)

    return _accepted(structure, rng, here, other, propose, np.float32(1))


def positions(
    structure: Structure, rng: np.random.Generator, weights: NDArray[np.float64], number: int
) -> tuple[NDArray[np.int64], Positions]:
    """Draw `number` loci, bins by their `weights`; chromosomes (codes) and positions."""
    total = np.cumsum(weights)
    bins = np.searchsorted(total, rng.random(number) * total[-1], side="right")
    chromosome = np.searchsorted(structure.first, bins, side="right") - 1
    inside = (rng.random(number) * structure.widths[bins]).astype(np.int64)
    return chromosome, structure.starts[bins] + inside


def _accepted(
    structure: Structure,
    rng: np.random.Generator,
    here: NDArray[np.int64],
    chromosome: NDArray[np.int64] | int,
    propose: Draw,
    other_domain: np.float32,
) -> Positions:
    """Propose partners for every row until each is accepted (or the rounds are over)."""
    found = np.empty(len(here), np.int64)
    rows = np.arange(len(here))
    base = np.broadcast_to(structure.first[chromosome], here.shape)
    for _ in range(_ROUNDS):
        found[rows] = proposed = propose(rows)
        there = base[rows] + proposed // structure.width
        odds = structure.bias[there]
        differs = structure.domain[here[rows]] ^ structure.domain[there]
        odds *= np.where(differs, other_domain, np.float32(1))
        odds *= np.where(differs & 1, OTHER_COMPARTMENT, np.float32(1))
        rows = rows[rng.random(len(rows), np.float32) >= odds]
        if not len(rows):
            break
    return found
