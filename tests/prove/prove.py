"""Prove `make demo` and `make test` on clean Debian machines, as an ordinary user in a clone."""

from __future__ import annotations

import argparse
import datetime
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from machines import (
    BUNDLE,
    CHECKOUT,
    HOME,
    PACKAGES,
    bundle,
    git,
    inside,
    machine,
    machine_image,
    say,
)

SUITES = ("bookworm", "trixie")


@dataclass(frozen=True)
class Step:
    """A command of the proof.

    Attributes
    ----------
    name : str
        What the record calls it.
    script : str
        POSIX shell, run by the ordinary user in the clone.
    seconds : float
        The budget on two cores; more is a failure.
    """

    name: str
    script: str
    seconds: float = 3600.0


NOTHING_NATIVE = """
for tool in gcc g++ cc c++ clang rustc cargo java node bwa minimap2 samtools bgzip tabix; do
  if command -v "$tool"; then echo "$tool should not be on this machine"; exit 1; fi
done
test "$(id -u)" -ne 0
"""

# Snakemake notes each call of its own in .snakemake; everything else must keep its time and size.
LIST_RESULTS = "find demo -name .snakemake -prune -o -type f -printf '%p %s %T@\\n' | sort"

DEMO_AGAIN = f"""
trap 'rm -f "$HOME/before" "$HOME/after"' EXIT
{LIST_RESULTS} > "$HOME/before"
make demo
{LIST_RESULTS} > "$HOME/after"
test -s "$HOME/before"
diff "$HOME/before" "$HOME/after" || {{ echo "the second make demo changed files"; exit 1; }}
"""

NOTHING_LEFT = """
git status --porcelain | { ! grep .; }
find / -xdev -user "$(id -un)" -type f -newer .git/HEAD -not -path '/proc/*' \\
  -not -path "$PWD/*" -not -path "$HOME/.cache/*" \\
  -not -path "/tmp/pytest-of-$(id -un)/*" 2>/dev/null | { ! grep .; }
"""

STEPS = (
    Step("no compiler, no native tool, not root", NOTHING_NATIVE),
    Step("make", "make"),
    Step("make setup (downloads)", "make setup"),
    Step("make demo", "make demo", seconds=240),
    Step("make demo again: nothing redone", DEMO_AGAIN, seconds=60),
    Step("make test", "make test", seconds=900),
    Step("nothing left outside the clone", NOTHING_LEFT),
)


@dataclass
class Result:
    """What a step did: its wall time in seconds, the failure if any, and all that it printed."""

    seconds: float
    failure: str
    output: str


@dataclass
class Proof:
    """The results on one machine, by the name of the step."""

    system: str
    python: str
    results: dict[str, Result] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether no step failed."""
        return not any(result.failure for result in self.results.values())


def take(container: str, step: Step) -> Result:
    """Run a step, and judge its exit code and its time."""
    start = time.monotonic()
    done = inside(container, step.script, cwd=f"{HOME}/hicloom")
    seconds = time.monotonic() - start
    failure = f"exit {done.returncode}" if done.returncode else ""
    if not failure and seconds > step.seconds:
        failure = f"{seconds:.0f} s, over its {step.seconds:.0f} s"
    return Result(seconds, failure, done.stdout.decode(errors="replace"))


def clone(container: str) -> Proof:
    """Clone the project in the container, and ask what machine it is."""
    script = '. /etc/os-release; echo "$PRETTY_NAME"; python3 --version; '
    done = inside(container, f"{script} git clone --quiet {BUNDLE} hicloom", cwd=HOME)
    if done.returncode:
        sys.exit(f"prove: {done.stdout.decode(errors='replace')}")
    system, python, *_ = done.stdout.decode().splitlines()
    return Proof(system, python)


def prove(suite: str, container: str, logs: Path) -> Proof:
    """Take all steps on a machine; what they print goes to a log, and its end to the user."""
    proof = clone(container)
    with (logs / f"{suite}.log").open("w", buffering=1) as log:
        for step in STEPS:
            result = proof.results[step.name] = take(container, step)
            log.write(f"== {step.name}\n{result.output}\n")
            say(f"{suite}: {step.name}: {result.failure or 'done'}, {result.seconds:.0f} s")
            if result.failure:
                say("\n".join(result.output.splitlines()[-60:]))
    return proof


def tests(proof: Proof) -> str:
    """Give pytest's last line, without its rule of equal signs."""
    lines = proof.results["make test"].output.split("\n")
    return next((line.strip("= ") for line in reversed(lines) if " passed" in line), "none passed")


def rows(proofs: list[Proof]) -> list[list[str]]:
    """Give the record's table: a row a step, a column a machine."""
    table = [["", *(f"{proof.system}, {proof.python}" for proof in proofs)]]
    table.append(["---"] * len(table[0]))
    for step in STEPS:
        results = [proof.results[step.name] for proof in proofs]
        cells = (f"FAILED: {r.failure}" if r.failure else f"{r.seconds:.0f} s" for r in results)
        table.append([step.name, *cells])
    return [*table, ["tests", *map(tests, proofs)]]


def record(proofs: list[Proof], commit: str) -> str:
    """Write the proofs as a page of Markdown."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows(proofs))
    return f"""# Proof on clean machines

The last result of `make prove`: {today}, commit {commit}.
Each machine is a container of two cores: a minimal Debian with {", ".join(PACKAGES)};
no compiler, no Java, no bwa, no samtools, no node. An ordinary user clones the project and
types the commands; the times are wall times.

{table}
"""


def parse(words: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", nargs="*", default=SUITES, help="Debian releases to prove on")
    parser.add_argument("--worktree", action="store_true", help="take uncommitted work along")
    parser.add_argument("--keep", action="store_true", help="keep the images for the next proof")
    parser.add_argument("--record", type=Path, help="write the result to this Markdown file")
    parser.add_argument("--logs", type=Path, help="keep what the steps printed in this folder")
    return parser.parse_args(words)


def prove_all(options: argparse.Namespace, folder: Path) -> list[Proof]:
    """Prove on each suite in turn: the budgets are those of two cores."""
    logs, proofs = options.logs or folder, []
    logs.mkdir(parents=True, exist_ok=True)
    source = bundle(folder, options.worktree)
    for suite in options.suites:
        with machine_image(suite, folder, options.keep) as image, machine(image, source) as name:
            proofs.append(prove(suite, name, logs))
    return proofs


def main() -> int:
    """Return 0 when every step holds on every machine."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parse()
    commit = git("rev-parse", "--short", "HEAD", cwd=CHECKOUT)
    with tempfile.TemporaryDirectory(prefix="prove-") as folder:
        proofs = prove_all(options, Path(folder))
    if options.record:
        note = " with uncommitted work" if options.worktree else ""
        options.record.write_text(record(proofs, commit + note))
    return 0 if all(proof.holds for proof in proofs) else 1


if __name__ == "__main__":
    sys.exit(main())
