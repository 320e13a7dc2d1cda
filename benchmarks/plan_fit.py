"""Measure the steps before the maps, and fit what each step of a run takes.

    python benchmarks/plan_fit.py --measure 200000 1000000 --genome 12 120
    python benchmarks/plan_fit.py

The first line runs the steps on simulated reads and adds what they took to
benchmarks/results/plan.json; the second fits its runs and those of matrix.json, and writes the
coefficients to scripts/hicloom/planning/costs.json, and the table of docs/scale.md. With --busy,
other work ran beside the steps: their processor seconds, which grow with it, are then divided by
what they are above those of the quiet runs of the same steps.
"""

import argparse
import json
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import tables
from measure import Step, measure, run
from render import fill
from scipy.optimize import nnls

from hicloom.planning.model import COSTS, TERMS, cost, costs, terms

RESULTS = Path(__file__).with_name("results")
RUNS, MATRIX = RESULTS / "plan.json", RESULTS / "matrix.json"
PAGE = Path(__file__).parents[1] / "docs/scale.md"
SIZES = (10**6, 10**8, 10**9, 5 * 10**9)
HG38 = 3_088_286_401
# What merging writes is as large as what it reads; of equal rows it is smaller.
BOTH = "lane.pairs.gz sorted.pairs.gz"
SIZED = "--chromsizes g.sizes -t 2"
FRONT = "merge-pairs lane.pairs.gz -o - | hicloom"
STEPS = (
    Step("", "count-reads", "count-reads R1.fastq.gz R2.fastq.gz --chunk-reads 100000 -o n.tsv"),
    Step("", "split-reads", "split-reads R1.fastq.gz R2.fastq.gz --chunk-reads 50000 -o c", "c"),
    Step("", "align", "align R1.fastq.gz R2.fastq.gz --index g -t 2 -o lane.bam", "lane.bam"),
    Step("", "bam2pairs", f"bam2pairs lane.bam {SIZED} -o lane.pairs.gz", "lane.pairs.gz"),
    Step("", "sort-pairs", "sort-pairs lane.pairs.gz -t 2 -o sorted.pairs.gz", "sorted.pairs.gz"),
    Step("", "dedup", f"{FRONT} dedup - -o - | hicloom filter - {SIZED} -o x.gz", "x.gz"),
    Step("", "filter", f"{FRONT} filter - {SIZED} -o y.pairs.gz", "y.pairs.gz"),
    Step("", "merge-pairs", "merge-pairs lane.pairs.gz sorted.pairs.gz -t 2 -o z.gz", BOTH),
    Step("", "d4", f"d4 create lane.bam {SIZED} -o x.d4", "x.d4"),
)  # fmt: skip
# In matrix.json, with hg38: its name there.
MAPS = {
    "cload": "cload",
    "zoomify": "zoomify",
    "hic": "hic, from the .mcool",
    "add-hic-norms": "add-hic-norms",
}
# What passes through these leaves nothing behind in memory.
STREAMS = {"count-reads", "split-reads", "align", "dedup", "filter", "merge-pairs"}
# What the rules give a step at most (MB), where memory does not grow beyond it.
BOUNDS = {
    "bam2pairs": 4000, "sort-pairs": 4000, "dedup": 2000, "filter": 1000, "merge-pairs": 1000,
    "d4": 2000, "cload": 4000, "zoomify": 4000, "add-hic-norms": 2000,
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """What one run of a step took: seconds, MB; None where it was not measured."""

    step: str
    pairs: int
    genome: int
    cpu: float
    wall: float | None
    memory: float
    disk: float | None
    date: str
    busy: bool = False


def measured(sizes: Iterable[int], genome: int, busy: bool) -> list[Run]:
    """Run every step on so many read pairs of a simulated genome (bp)."""
    runs = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        chromosomes = ",".join(f"chr{n}:{genome // 4}" for n in range(1, 5))
        run(f"hicloom simulate genome --chromosomes {chromosomes} --output g.fa.gz", folder)
        index = Step("", "index-genome", "index-genome g.fa.gz -o g --chromsizes g.sizes", "g")
        runs.append(_run(index, 0, genome, folder))
        for pairs in sizes:
            run(
                f"hicloom simulate reads g.fa.gz --output1 R1.fastq.gz --output2 R2.fastq.gz"
                f" --pairs {pairs} --read-length 100 --seed 7",
                folder,
            )
            runs += [_run(step, pairs, genome, folder) for step in STEPS]
    return [replace(one, busy=busy) for one in runs]


def _run(step: Step, pairs: int, genome: int, folder: Path) -> Run:
    cost = measure(f"hicloom {step.command}", folder)
    # Both inputs of the merge hold all pairs.
    pairs *= 2 if step.name == "merge-pairs" else 1
    now = datetime.now(UTC).isoformat(timespec="seconds")
    size = sum(_bytes(folder / name) for name in step.makes.split()) / 1e6
    print(step.name, pairs, genome, f"{cost.cpu:.1f} s, {cost.memory / 1e6:.0f} MB", flush=True)
    return Run(step.name, pairs, genome, cost.cpu, cost.wall, cost.memory / 1e6, size, now)


def _bytes(path: Path) -> int:
    if path.is_dir():
        return sum(inside.stat().st_size for inside in path.iterdir())
    return path.stat().st_size


def of_matrix() -> list[Run]:
    """The runs of the steps that make maps."""
    table = json.loads(MATRIX.read_text())
    names = {name: step for step, name in MAPS.items()}
    return [
        Run(
            names[one["step"]], one["pairs"], HG38, one["cpu"], one["wall"],
            one["memory"] / 1e6, one["output"] / 1e6, table["sessions"][one["session"]]["date"],
        )
        for one in table["runs"]
        if one["chain"] == "hicloom" and one["step"] in names and not one["stopped"]
    ]  # fmt: skip


def unburdened(runs: list[Run]) -> list[Run]:
    """The runs with the processor seconds that busy ones would have taken alone."""
    quiet = {(one.step, one.genome): one.cpu / one.pairs for one in runs if not one.busy}
    above = [
        one.cpu / one.pairs / quiet[one.step, one.genome]
        for one in runs
        if one.busy and (one.step, one.genome) in quiet
    ]
    factor = max(median(above), 1.0) if above else 1.0
    return [replace(one, cpu=one.cpu / factor) if one.busy else one for one in runs]


def fitted(runs: list[Run]) -> dict[str, Any]:
    """The coefficients of a step, none negative, that are nearest to its runs in proportion."""
    rows = np.array([terms(one.pairs, one.genome) for one in runs])
    several = {tuple(row[[1, 2]]) for row in rows}
    # What was not varied cannot be told apart from the constant.
    varied = [len({row[place] for row in rows}) > 1 for place in range(4)]
    keep = [True, varied[1], varied[2] and len(several) > 2, varied[2] and varied[3]]
    if runs[0].step == "index-genome":
        keep = [False, False, True, False]
    figures = {}
    for figure in ("cpu", "memory", "disk"):
        known = [getattr(one, figure) is not None for one in runs]
        values = np.array([max(getattr(one, figure) or 0, 1e-3) for one in runs])[known]
        weighted = np.where(keep, rows, 0)[known] / values[:, None]
        found, _ = nnls(weighted, np.ones(len(values)))
        named = zip(TERMS, found, strict=True)
        is_there = bool((values > 1e-3).any())
        figures[figure] = {t: float(f"{v:.4g}") for t, v in named if is_there and v > 1e-6}
    step = runs[0].step
    if step in STREAMS:
        figures["memory"] = {"constant": max(one.memory for one in runs)}
    busy = [one.cpu / one.wall for one in runs if one.wall and not one.busy]
    return {
        **figures,
        "parallel": round(min(max(median(busy or [1.0]), 1.0), 2.0), 2),
        "scales": step == "align",
        "bound": BOUNDS.get(step),
    }


def scale() -> str:
    """What one job of each step takes, for one library of hg38 (GB, hours)."""
    rows = []
    for step in (*(one.name for one in STEPS), *MAPS):
        found = [cost(step, size, HG38, 8 if step == "align" else 2) for size in SIZES]
        figures = ((c.memory / 1000, c.wall / 3600, c.disk / 1000) for c in found)
        cells = (" / ".join(map(_short, three)) for three in figures)
        rows.append((f"`{step}`", *cells))
    return tables.table(("step", *(f"{size / 1e6:,.0f} M" for size in SIZES)), rows)


def _short(value: float) -> str:
    if value >= 10:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 0.1 else f"{value:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--measure", type=int, nargs="*", help="read pairs")
    parser.add_argument("--genome", type=int, nargs="*", default=[12], help="Mb")
    parser.add_argument("--busy", action="store_true", help="other work runs beside")
    options = parser.parse_args()
    runs = [Run(**one) for one in json.loads(RUNS.read_text())] if RUNS.is_file() else []
    if options.measure:
        for genome in options.genome:
            runs += measured(options.measure, genome * 10**6, options.busy)
            RUNS.write_text(json.dumps([asdict(one) for one in runs], indent=1) + "\n")
        return
    runs = unburdened(runs) + of_matrix()
    steps = {one.step: [other for other in runs if other.step == one.step] for one in runs}
    found = {step: fitted(own) for step, own in steps.items()}
    # Alignment holds the index once, whose size is known for any genome.
    found["align"]["memory"]["genome"] = found.pop("index-genome")["disk"]["genome"]
    table = {"measured": "benchmarks/results/plan.json and matrix.json", "steps": found}
    COSTS.write_text(json.dumps(table, indent=1) + "\n")
    costs.cache_clear()
    fill(PAGE, "steps", scale())


if __name__ == "__main__":
    main()
