"""The results of the matrix benchmark: one record a run, kept as JSON after each."""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from measure import Cost, Step, medians, together

NOT_RUN = "not run"


@dataclass(frozen=True)
class Total:
    """What a chain took: sums of its steps' medians; the peak memory of the largest.

    A lower bound where a step was stopped. sessions : those whose runs it is made of.
    """

    cost: Cost
    sessions: frozenset[int]

    @property
    def bound(self) -> str:
        return "≥ " if self.cost.stopped else ""


class Records:
    """Records of runs and checks by session, which is one call of the benchmark.

    A session replaces what earlier ones have recorded of the same step and number of pairs.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        content = json.loads(path.read_text()) if path.exists() else {}
        self.sessions: list[dict[str, Any]] = content.get("sessions", [])
        self.runs: list[dict[str, Any]] = content.get("runs", [])
        self.checks: list[dict[str, Any]] = content.get("checks", [])

    def begin(self, session: dict[str, Any]) -> None:
        """Start a session, with the machine, versions, date and options."""
        self.sessions.append(session)

    def add(self, pairs: int, step: Step, command: str, cost: Cost | str, output: int) -> None:
        """Record a run, or why there is no figure."""
        figures = {"failed": cost} if isinstance(cost, str) else asdict(cost)
        self.runs = [run for run in self.runs if not self._replaced(run, pairs, step)]
        self.runs.append(
            {
                **self._now(pairs),
                **{"chain": step.chain, "step": step.name, "command": command, "output": output},
                **figures,
            }
        )
        self._save()

    def check(self, pairs: int, found: Iterable[dict[str, Any]]) -> None:
        """Record what was compared in the outputs of this session."""
        new = [{**self._now(pairs), **one} for one in found]
        known = {one["what"] for one in new}
        self.checks = [c for c in self.checks if c["pairs"] != pairs or c["what"] not in known]
        self.checks += new
        self._save()

    def sizes(self) -> list[int]:
        """Numbers of pairs, ascending."""
        return sorted({run["pairs"] for run in self.runs})

    def failure(self, pairs: int, step: Step) -> str:
        """Why a step has no figure; empty where it has one or was not run."""
        return next((run["failed"] for run in self._of(pairs, step) if "failed" in run), "")

    def output(self, pairs: int, step: Step) -> int:
        """Bytes of what a step made."""
        return max((run["output"] for run in self._of(pairs, step)), default=0)

    def total(self, pairs: int, steps: Iterable[Step]) -> Total | None:
        """Steps together; None where one has no figure.

        A step that could not run because another one of them was stopped adds nothing to the
        lower bound.
        """
        found = {step: self._of(pairs, step) for step in steps}
        costs = {step: _median(runs) for step, runs in found.items()}
        known = [cost for cost in costs.values() if cost]
        missing = [step for step, cost in costs.items() if not cost]
        stopped = any(cost.stopped for cost in known)
        if missing and not (stopped and all(self._not_run(pairs, step) for step in missing)):
            return None
        used = frozenset(run["session"] for runs in found.values() for run in runs)
        return Total(together(known), used)

    def _not_run(self, pairs: int, step: Step) -> bool:
        return self.failure(pairs, step).startswith(NOT_RUN)

    def _of(self, pairs: int, step: Step) -> list[dict[str, Any]]:
        return [run for run in self.runs if _same(run, pairs, step)]

    def _replaced(self, run: dict[str, Any], pairs: int, step: Step) -> bool:
        return _same(run, pairs, step) and run["session"] != len(self.sessions) - 1

    def _now(self, pairs: int) -> dict[str, Any]:
        return {"session": len(self.sessions) - 1, "pairs": pairs}

    def _save(self) -> None:
        """Whole or not at all: the file is read while a benchmark runs."""
        used = {record["session"] for record in (*self.runs, *self.checks)}
        numbers = {old: new for new, old in enumerate(sorted(used))}
        for record in (*self.runs, *self.checks):
            record["session"] = numbers[record["session"]]
        self.sessions = [self.sessions[old] for old in sorted(used)]
        content = {"sessions": self.sessions, "runs": self.runs, "checks": self.checks}
        part = self.path.with_name(self.path.name + ".part")
        part.write_text(json.dumps(content, indent=1) + "\n")
        part.replace(self.path)


def _median(runs: list[dict[str, Any]]) -> Cost | None:
    figures = [{name: run[name] for name in _FIGURES} for run in runs if "wall" in run]
    return medians(Cost(**one) for one in figures) if figures else None


_FIGURES = tuple(Cost.__dataclass_fields__)


def exponent(sizes: Iterable[int], seconds: Iterable[float]) -> float:
    """The slope of seconds over sizes on logarithmic scales, by least squares."""
    points = [(math.log(x), math.log(y)) for x, y in zip(sizes, seconds, strict=True)]
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    square = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / square


def _same(run: dict[str, Any], pairs: int, step: Step) -> bool:
    return (run["pairs"], run["chain"], run["step"]) == (pairs, step.chain, step.name)
