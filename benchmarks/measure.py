"""Time whole command lines: wall seconds, processor seconds and peak memory of their processes."""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass
class Cost:
    """What one run took: seconds, and the peak memory (MB) of its largest process."""

    wall: float
    cpu: float
    memory: float


def measure(command: str, folder: Path) -> Cost:
    """Run a fixed shell pipe in `folder`; a failure anywhere in it is an error."""
    start = time.monotonic()
    child = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=(folder / "stderr.txt").open("wb"),
    )
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"failed: {command}\n{(folder / 'stderr.txt').read_text()[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def medians(costs: list[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(
        median(cost.wall for cost in costs),
        median(cost.cpu for cost in costs),
        max(cost.memory for cost in costs),
    )
