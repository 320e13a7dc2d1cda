"""Time whole command lines: seconds, peak memory and bytes of all their processes together."""

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

INTERVAL = 0.05
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Step:
    """One command line of a chain, in which words such as {t} are still to be filled in."""

    chain: str
    name: str
    command: str
    makes: str = ""

    def line(self, words: Mapping[str, object]) -> str:
        """The command line; {name} is that of the step."""
        return self.command.format(name=self.name, **words)


@dataclass(frozen=True)
class Cost:
    """What one run of a command line took.

    wall, cpu : seconds. memory : bytes, the peak of what all its processes held at a time; pages
    that they share count once. read : bytes asked of files and pipes. written : bytes written
    to files. stopped : it reached its time limit, so that all figures are lower bounds.
    """

    wall: float
    cpu: float
    memory: int
    read: int
    written: int
    stopped: bool = False


class CommandError(Exception):
    """A command line ended with an error; its text is the end of what it said."""


def measure(command: str, folder: Path, limit: float | None = None) -> Cost:
    """Run a fixed shell pipe in `folder`, for at most `limit` seconds.

    Raises
    ------
    CommandError
        If anything in the pipe fails.
    """
    log = folder / "stderr.txt"
    # What the last command wrote is not to be waited for by this one.
    os.sync()
    start = time.monotonic()
    with log.open("wb") as errors:
        child = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
    tree = Tree(child.pid)
    stopped = True
    try:
        stopped = not _watch(tree, start + limit if limit else float("inf"))
    finally:
        if stopped:
            tree.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    wall = time.monotonic() - start
    # Of a process that has ended but is not yet reaped: the sum over all that it has reaped.
    read, written = _bytes(child.pid)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode and not stopped:
        raise CommandError(f"{command}\n{log.read_text(errors='replace')[-2000:]}")
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(wall, cpu, tree.peak, read, written, stopped)


def run(command: str, folder: Path) -> None:
    """Run what is not to be timed; a failure ends the benchmark."""
    try:
        measure(command, folder)
    except CommandError as error:
        raise SystemExit(f"failed: {error}") from None


def medians(costs: Iterable[Cost]) -> Cost:
    """The median of each figure; the peak of all peaks."""
    runs = list(costs)
    return Cost(
        median(cost.wall for cost in runs),
        median(cost.cpu for cost in runs),
        max(cost.memory for cost in runs),
        int(median(cost.read for cost in runs)),
        int(median(cost.written for cost in runs)),
        any(cost.stopped for cost in runs),
    )


def together(costs: Iterable[Cost]) -> Cost:
    """One command line after the other."""
    steps = list(costs)
    return Cost(
        sum(cost.wall for cost in steps),
        sum(cost.cpu for cost in steps),
        max(cost.memory for cost in steps),
        sum(cost.read for cost in steps),
        sum(cost.written for cost in steps),
        any(cost.stopped for cost in steps),
    )


def in_turns(
    steps: Iterable[Step], words: Mapping[str, object], folder: Path, repeat: int
) -> dict[Step, Cost]:
    """The medians of runs in turns: first, second, ..., last, and again."""
    runs: dict[Step, list[Cost]] = {step: [] for step in steps}
    for _ in range(repeat):
        for step, costs in runs.items():
            try:
                costs.append(measure(step.line(words), folder))
            except CommandError as error:
                raise SystemExit(f"failed: {error}") from None
    return {step: medians(costs) for step, costs in runs.items()}


class Tree:
    """A process, which leads a session, and all its descendants.

    Memory is PSS: a page that n processes share counts 1/n for each. To read it costs the
    measured process time, so it is read only where RSS, the cheap upper bound, exceeds the peak
    so far, and for at most a twentieth of the time.
    """

    def __init__(self, root: int) -> None:
        self.root = root
        self.peak = 0
        self._members = {root}
        self._others: set[int] = set()
        self._not_before = 0.0

    def sample(self) -> None:
        """Raise the peak to what is held now."""
        members = self._look()
        rss = {pid: _resident(pid) for pid in members}
        if sum(rss.values()) > self.peak and time.monotonic() >= self._not_before:
            start = time.thread_time()
            several = sum(size > 0 for size in rss.values()) > 1
            held = sum(_shared_out(pid) if several else size for pid, size in rss.items())
            self.peak = max(self.peak, held)
            self._not_before = time.monotonic() + 20 * (time.thread_time() - start)

    def kill(self) -> None:
        """End all of them, also those started meanwhile."""
        while alive := [pid for pid in self._look() if _state(pid) not in ("Z", "")]:
            for pid in alive:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)

    def _look(self) -> set[int]:
        """The members now; of processes seen before, it is known whether they are."""
        present = {int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()}
        self._members &= present
        self._others &= present
        for pid in sorted(present - self._members - self._others):
            fields = _stat(pid)
            inside = len(fields) > 3 and (
                int(fields[1]) in self._members or int(fields[3]) == self.root
            )
            (self._members if inside else self._others).add(pid)
        return self._members


def _watch(tree: Tree, deadline: float) -> bool:
    """Sample until its root ends, and tell whether it did so before the deadline."""
    ended = os.pidfd_open(tree.root)
    try:
        while time.monotonic() < deadline:
            tree.sample()
            if select.select([ended], [], [], INTERVAL)[0]:
                return True
        return False
    finally:
        os.close(ended)


def _stat(pid: int) -> list[str]:
    """State, parent, group, session, ... of a process; nothing if it has gone."""
    text = _text(f"/proc/{pid}/stat")
    # The name before it may hold blanks and brackets.
    return text.rpartition(")")[2].split()


def _state(pid: int) -> str:
    return "".join(_stat(pid)[:1])


def _resident(pid: int) -> int:
    fields = _text(f"/proc/{pid}/statm").split()
    return int(fields[1]) * PAGE if fields else 0


def _shared_out(pid: int) -> int:
    return 1024 * _field(_text(f"/proc/{pid}/smaps_rollup"), "Pss:")


def _bytes(pid: int) -> tuple[int, int]:
    """Read by system calls, pipes and cached files included, and written to files."""
    text = _text(f"/proc/{pid}/io")
    return _field(text, "rchar:"), _field(text, "write_bytes:")


def _field(text: str, name: str) -> int:
    lines = (line.split() for line in text.splitlines())
    return next((int(words[1]) for words in lines if words[:1] == [name]), 0)


def _text(path: str) -> str:
    """What a file of /proc says; nothing if the process has gone."""
    try:
        return Path(path).read_text()
    except OSError:
        return ""
