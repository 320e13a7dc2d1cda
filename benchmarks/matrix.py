"""From pairs to .mcool and .hic: hicloom, 4DN's commands, distiller's, hictk, in turns.

    python benchmarks/matrix.py --sizes 1000000 5000000 --work scratch
    python benchmarks/matrix.py --render

The pairs are those of `hicloom simulate pairs`, hg38. A result is kept after each command, in
--output (JSON); a later call adds to it, and replaces what it runs anew. A peer's command that
takes longer than --limit is stopped, and what it took until then is a lower bound. --render runs
nothing: it writes results/matrix.md, docs/images/matrix.svg and the tables in
docs/performance.md from the results. Needs bgzip, Java, juicer_tools (hicloom fetch
juicer-tools), hic2cool and pypairix beside hicloom.
"""

import argparse
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import render
from chains import BEFORE, CHAINS, INSTEAD, NEEDS, SIZES, STEPS
from measure import CommandError, Cost, Step, measure, run
from records import NOT_RUN, Records
from tables import add_repeat, machine, options_for, versions

from hicloom.commands.fetch.juicer_tools import MEMBER
from hicloom.matrix.juicer import JAR

HERE = Path(__file__).resolve().parent
PACKAGES = ("cooler", "h5py", "hic2cool", "hictkpy", "numba", "numpy", "pandas", "pypairix")
# Beyond this, the peers would take most of a day.
PEERS_UP_TO = 20_000_000


class Bench:
    """The runs of one number of pairs, in a folder of their own."""

    def __init__(self, records: Records, work: Path, pairs: int, options: argparse.Namespace):
        self.records, self.pairs, self.limit = records, pairs, options.limit
        self.folder = work / str(pairs)
        self.folder.mkdir(exist_ok=True)
        shutil.copy(HERE / SIZES, self.folder / SIZES)
        self.words = {
            "t": options.threads,
            "memory": options.memory,
            "pairs": input_pairs(work, pairs, options.threads),
            "python": sys.executable,
            "java": options.java,
            "jar": options.jar.absolute(),
            "here": HERE,
        }
        self.over: set[Step] = set()

    def run(self, step: Step) -> None:
        """Run a step once and record it; one that was stopped or failed is not run again."""
        if step in self.over:
            return
        command = step.line(self.words)
        missing = [name for name in NEEDS.get(step, ()) if not self._path(name).exists()]
        if missing:
            outcome: Cost | str = f"{NOT_RUN}, for want of {', '.join(missing)}"
        else:
            self._prepare(step)
            outcome = attempt(command, self.folder, step, self.limit)
        if isinstance(outcome, str) or outcome.stopped:
            self._give_up(step)
        made = self._path(step.makes)
        size = made.stat().st_size if made.exists() and step not in self.over else 0
        self.records.add(self.pairs, step, command, outcome, size)
        say(f"{self.pairs:>11,}  {step.chain:9}  {step.name:30}  {_told(outcome)}")

    def check(self) -> None:
        """Compare the maps, in a process of its own."""
        command = [sys.executable, HERE / "checks.py", self.folder]
        checked = subprocess.run(command, capture_output=True, text=True)
        found = [{"what": "checks.py", "equal": False, "detail": checked.stderr[-500:]}]
        if not checked.returncode:
            found = json.loads(checked.stdout)
        self.records.check(self.pairs, found)
        for one in found:
            if not one["equal"]:
                say(f"NOT EQUAL: {one['what']}: {one['detail']}")

    def clean(self) -> None:
        """Remove all but the pairs."""
        shutil.rmtree(self.folder)

    def _prepare(self, step: Step) -> None:
        if step.makes not in NEEDS.get(step, ()):
            self._path(step.makes).unlink(missing_ok=True)
        if step in BEFORE:
            run(BEFORE[step].format(**self.words), self.folder)

    def _give_up(self, step: Step) -> None:
        """What is there is not whole; another file may stand in for it."""
        self.over.add(step)
        made = self._path(step.makes)
        made.unlink(missing_ok=True)
        if step in INSTEAD and self._path(INSTEAD[step]).exists():
            made.hardlink_to(self._path(INSTEAD[step]))

    def _path(self, name: str) -> Path:
        return self.folder / name


def input_pairs(work: Path, pairs: int, threads: int) -> Path:
    """The input, simulated unless an earlier call has."""
    path = work / f"{pairs}.pairs.gz"
    if not path.exists():
        say(f"{pairs:,} pairs are simulated")
        run(
            f"hicloom simulate pairs --chromsizes {HERE / SIZES} --assembly hg38"
            f" --pairs {pairs} --seed 1 --threads {threads} --output {path.name}",
            work,
        )
    return path


def attempt(command: str, folder: Path, step: Step, limit: float) -> Cost | str:
    """What a command took, or the end of what it said when it failed."""
    try:
        return measure(command, folder, None if step.chain == "hicloom" else limit)
    except CommandError as error:
        say(f"failed: {error}")
        lines = str(error).strip().splitlines()
        return f"failed: {lines[-1]}"


def begin(records: Records, options: argparse.Namespace) -> None:
    """Note on what and with which programs and options this session runs."""
    tools = {
        "bgzip": _first_line(["bgzip", "--version"]).split()[-1],
        "Java": _first_line([options.java, "--version"]).split()[1],
        "juicer_tools": Path(MEMBER).stem.removeprefix("juicer_tools_"),
    }
    records.begin(
        {
            "date": datetime.now().isoformat(timespec="seconds"),
            "machine": machine(),
            "versions": versions(PACKAGES) | tools,
            "threads": options.threads,
            "memory": options.memory,
            "limit": options.limit,
            "repeat": options.repeat,
        }
    )


def _first_line(command: list[str]) -> str:
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return said.splitlines()[0]


def benchmark(records: Records, work: Path, options: argparse.Namespace) -> None:
    """Run the chosen chains on each number of pairs, the smallest first."""
    begin(records, options)
    for pairs in sorted(options.sizes):
        bench = Bench(records, work, pairs, options)
        chosen = [step for step in STEPS if step.chain in options.chains]
        if pairs > PEERS_UP_TO:
            chosen = [step for step in chosen if step.chain == "hicloom"]
        for _ in range(options.repeat):
            for step in chosen:
                bench.run(step)
        bench.check()
        if not options.keep:
            bench.clean()


def say(text: str) -> None:
    """Progress, with the time of day."""
    print(f"{datetime.now():%H:%M:%S}  {text}", flush=True)


def _told(outcome: Cost | str) -> str:
    if isinstance(outcome, str):
        return outcome
    bound = ">= " if outcome.stopped else ""
    return f"{bound}{outcome.wall:.1f} s  {outcome.memory / 1e6:.0f} MB"


def add_work_options(parser: argparse.ArgumentParser) -> None:
    """What any run of hicloom's commands takes."""
    parser.add_argument("--memory", default="2G", help="--memory of hicloom (default: 2G)")
    parser.add_argument("--work", type=Path, help="folder that keeps the pairs for another call")


def read_options() -> argparse.Namespace:
    parser = options_for(__doc__)
    add_repeat(parser)
    parser.set_defaults(output=HERE / "results" / "matrix.json")
    sizes = (1_000_000, 5_000_000, 20_000_000, 100_000_000)
    parser.add_argument("--sizes", type=int, nargs="+", default=sizes, help="numbers of pairs")
    parser.add_argument("--chains", nargs="+", default=CHAINS, choices=CHAINS)
    parser.add_argument("--limit", type=float, default=900, help="seconds (default: 900)")
    parser.add_argument("--java", default="java", help="the program")
    parser.add_argument("--jar", type=Path, default=JAR, help="juicer_tools")
    add_work_options(parser)
    parser.add_argument("--keep", action="store_true", help="keep the maps there as well")
    parser.add_argument("--render", action="store_true", help="only write the tables and the plot")
    return parser.parse_args()


def main() -> None:
    # When this process is stopped, so is what it runs.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = read_options()
    records = Records(options.output)
    if options.render:
        render.write(records)
    else:
        with tempfile.TemporaryDirectory() as temporary:
            work = (options.work or Path(temporary)).absolute()
            work.mkdir(parents=True, exist_ok=True)
            benchmark(records, work, options)
        print(render.ratios_table(records))


if __name__ == "__main__":
    main()
