"""Where hicloom's commands from pairs to .mcool and .hic spend their time, stage by stage.

    python benchmarks/stages.py --pairs 5000000 --work scratch --output benchmarks/results/stages.md

Each command runs with a thread beside it that looks every few milliseconds at what the others
are doing (sampler.py). Wall seconds are shared out among the threads that run at a time. The
floor of a stage is what nothing but its bare work takes on the same data (floors.py). --render
also writes the table into docs/performance.md.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import floors
from chains import OURS, SIZES
from matrix import HERE, add_work_options, input_pairs
from measure import Step
from render import PAGE, fill
from sampler import LIBRARIES, WAITING
from tables import options_for, publish, table, title

START, OTHER = "start, imports", "other"
# Which stage a function belongs to: of the functions that called each other, the innermost that
# is in this list says. Names may be cut short; the first line that fits holds.
STAGES = (
    ("importlib", START),
    ("numba.", START),
    ("llvmlite.", START),
    ("kernels.compiled.", START),
    ("cli.", START),
    ("formats.bgzf.reader._members", "read pairs"),
    ("formats.bgzf.", "inflate pairs"),
    ("matrix.binner.", "parse, bin"),
    ("formats.counter._write", "spill"),
    ("formats.counter.", "sort, count"),
    ("formats.cool.chunks.encode", "compress .cool"),
    ("formats.cool.chunks.decode", "inflate pixels"),
    ("formats.cool.pixels.", "read pixels"),
    ("formats.cool.bins.", "write .cool"),
    ("formats.cool.chunks.", "write .cool"),
    ("formats.cool.writer.", "write .cool"),
    ("formats.cool.mcool.", "write .cool"),
    ("kernels.coarsen.", "coarsen"),
    ("matrix.coarsening.", "coarsen"),
    ("matrix.correction.", "balance"),
    ("matrix.selection.", "balance"),
    ("matrix.symmetric.", "balance"),
    ("matrix.balancing.", "balance"),
    ("formats.hic.symmetric.Symmetric.knight_ruiz", "norm KR"),
    ("formats.hic.symmetric.Symmetric.iterative_scaling", "norm SCALE"),
    ("formats.hic.symmetric.", "other norms, expected"),
    ("formats.hic.reader.", "read .hic back"),
    ("formats.hic.norms.", "other norms, expected"),
    ("formats.hic.chromosomes.", "other norms, expected"),
    ("formats.hic.genome_wide.", "other norms, expected"),
    ("formats.hic.batches.", "encode, compress .hic"),
    ("formats.hic.", "write .hic"),
    ("steps.add_hic_norms.", "copy norms"),
    ("outputs.", "sync"),
)
Seconds = dict[str, tuple[float, float]]
"""Processor and wall seconds by stage."""


def stage_of(stack: str) -> str:
    """The stage of functions, the innermost first, as sampler.py writes them."""
    if stack in (WAITING, LIBRARIES):
        return stack
    for function in stack.split(" "):
        for prefix, stage in STAGES:
            if function.startswith(prefix):
                return stage
    return OTHER


def profile(step: Step, words: dict[str, object], folder: Path, functions: int) -> Seconds:
    """Seconds by stage of one command; `functions` that took most are printed."""
    report = folder / "report.json"
    command = [sys.executable, HERE / "sampler.py", report, *step.line(words).split()[1:]]
    if subprocess.run(command, cwd=folder).returncode:
        raise SystemExit(f"failed: {step.line(words)}")
    booked: dict[str, tuple[float, float]] = json.loads(report.read_text())
    for stack, (cpu, wall) in sorted(booked.items(), key=lambda one: -one[1][1])[:functions]:
        print(f"{step.name:20} {wall:7.2f} {cpu:7.2f}  {stage_of(stack):20} {stack[:300]}")
    found: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for stack, seconds in booked.items():
        for at, value in enumerate(seconds):
            found[stage_of(stack)][at] += value
    return {stage: (cpu, wall) for stage, (cpu, wall) in found.items()}


def show(steps: dict[str, Seconds], least: dict[str, float]) -> str:
    """Wall seconds by stage and command, and what the stage takes at least."""
    names = dict.fromkeys([*(stage for _, stage in STAGES), OTHER, LIBRARIES, WAITING])
    rows = [_row(name, list(steps.values()), least.get(name)) for name in names]
    whole = [
        {"**all**": tuple(map(sum, zip(*found.values(), strict=True)))} for found in steps.values()
    ]
    rows.append(_row("**all**", whole, None))
    columns = ("stage", *(f"{name}, s" for name in steps), "all, s", "cpu s", "floor, s")
    return table(columns, [row for row in rows if row])


def _row(name: str, steps: list[Seconds], floor: float | None) -> tuple[str, ...]:
    found = [step.get(name, (0.0, 0.0)) for step in steps]
    cpu, wall = (sum(values) for values in zip(*found, strict=True))
    if max(cpu, wall) < 0.05:
        return ()
    walls = [f"{seconds:.1f}" if seconds >= 0.05 else "" for _, seconds in found]
    return name, *walls, f"{wall:.1f}", f"{cpu:.1f}", "" if floor is None else f"{floor:.1f}"


def read_options() -> argparse.Namespace:
    parser = options_for(__doc__)
    parser.add_argument("--pairs", type=int, default=5_000_000)
    add_work_options(parser)
    parser.add_argument("--functions", type=int, default=0, help="print so many of each command")
    parser.add_argument("--render", action="store_true", help="into docs/performance.md, too")
    return parser.parse_args()


def main() -> None:
    options = read_options()
    with tempfile.TemporaryDirectory() as temporary:
        work = (options.work or Path(temporary)).absolute()
        work.mkdir(parents=True, exist_ok=True)
        pairs = input_pairs(work, options.pairs, options.threads)
        with tempfile.TemporaryDirectory(dir=work) as name:
            folder = Path(name)
            shutil.copy(HERE / SIZES, folder)
            words = {"t": options.threads, "memory": options.memory, "pairs": pairs}
            found = {s.name: profile(s, words, folder, options.functions) for s in OURS}
            least = floors.measure_all(folder, pairs, options.threads)
    what = title(f"{options.pairs:,} pairs, --memory {options.memory}", options)
    text = f"{show(found, least)}\n\n{what}"
    publish(f"# Where the time goes\n\n{text}\n", options.output)
    if options.render:
        fill(PAGE, "stages", text)


if __name__ == "__main__":
    main()
