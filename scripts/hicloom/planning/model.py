"""Costs of the steps, as `benchmarks/plan_fit.py` fitted them to measured runs.

Each figure is a sum of a constant and of what grows with the million pairs, with the genome
(Gb), and with both: million pairs times the powers of ten by which the genome exceeds 10 Mb
(where runs on several genomes were measured).
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

COSTS = Path(__file__).with_name("costs.json")
TERMS = ("constant", "pairs", "genome", "both")
_SMALL_GENOME = 1e7


def terms(pairs: float, genome: float) -> tuple[float, float, float, float]:
    """What the coefficients are multiplied with.

    Parameters
    ----------
    pairs, genome
        Pairs of one job; bp of the genome.
    """
    millions = pairs / 1e6
    tens = math.log10(max(genome, _SMALL_GENOME) / _SMALL_GENOME)
    return 1.0, millions, genome / 1e9, millions * tens


@dataclass(frozen=True)
class Cost:
    """What one job takes.

    cpu : seconds of processors. memory : MB, at the peak. disk : MB written that stay until
    the file is used. parallel : processors that are busy on average.
    """

    cpu: float
    memory: float
    disk: float
    parallel: float

    @property
    def wall(self) -> float:
        """Seconds from start to end."""
        return self.cpu / self.parallel


@cache
def costs() -> Mapping[str, Any]:
    """The fitted table: `steps` with their coefficients, `measured` with what it rests on."""
    table: Mapping[str, Any] = json.loads(COSTS.read_text(encoding="utf-8"))
    return table


def cost(step: str, pairs: float, genome: float, threads: int = 2) -> Cost:
    """What one job of a step (a verb) takes.

    Parameters
    ----------
    pairs
        Pairs that go into the job.
    genome
        Length of the genome (bp).
    threads
        Threads of the job; only alignment uses more than two well.

    Raises
    ------
    KeyError
        If the step was never measured.
    """
    fitted, known = costs()["steps"][step], terms(pairs, genome)
    cpu, memory, disk = (
        sum(fitted[figure].get(term, 0.0) * value for term, value in zip(TERMS, known, strict=True))
        for figure in ("cpu", "memory", "disk")
    )
    share = fitted["parallel"] / 2
    busy = share * threads if fitted["scales"] else share * min(threads, 2)
    bound = fitted["bound"]
    return Cost(cpu, min(memory, bound) if bound else memory, disk, max(busy, 1.0))


def pairs_of_bytes(step: str, size: int, genome: float) -> int:
    """How many pairs a file of so many bytes holds, if that step wrote it."""
    one, two = (cost(step, pairs, genome).disk for pairs in (0, 1_000_000))
    return int(size / (two - one)) if two > one else 0
