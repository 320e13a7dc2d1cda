"""Run a command of hicloom and note which of its functions used the processor.

    python benchmarks/sampler.py report.json cload a.pairs.gz --output a.cool

Every few milliseconds each thread's stack is looked at, and the processor time that the thread
has used since is booked to it. A kernel that runs without the interpreter's lock shows as its
caller's. The report has, by stack (hicloom's functions, innermost first), processor seconds and
seconds of wall time, which running threads share.
"""

import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from hicloom.cli import main

INTERVAL = 0.005
PACKAGE = "hicloom."
WAITING = "waiting"
LIBRARIES = "threads of libraries"
# A thread found here has nothing to do: what it has used, it used for what it did before.
IDLE = ("concurrent.futures.thread", "threading", "queue")


class Sampler(threading.Thread):
    """Books processor and wall time to stacks until it is told to stop."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()
        self.booked: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        self._used: dict[int, float] = {}
        self._stacks: dict[int, str] = {}
        self._wall, self._all = time.perf_counter(), _elsewhere()

    def run(self) -> None:
        while not self.done.wait(INTERVAL):
            self.look()
        self.look()

    def look(self) -> None:
        """Book what was used since the last look."""
        frames = sys._current_frames()
        parts = defaultdict(float)
        for thread in threading.enumerate():
            if thread is not self and thread.ident in frames and thread.native_id:
                stack = self._busy(thread.native_id, frames[thread.ident])
                parts[stack] += self._since(thread.native_id)
        now, process = time.perf_counter(), _elsewhere()
        wall, used = now - self._wall, process - self._all
        self._wall, self._all = now, process
        # Threads that Python knows nothing of, or that ended before they could be looked at.
        parts[LIBRARIES] += max(0.0, used - sum(parts.values()))
        self._book(parts, wall)

    def _book(self, parts: dict[str, float], wall: float) -> None:
        used = sum(parts.values())
        share = min(1.0, wall / used) if used else 0.0
        for stack, seconds in parts.items():
            self.booked[stack][0] += seconds
            self.booked[stack][1] += seconds * share
        self.booked[WAITING][1] += max(0.0, wall - used)

    def _busy(self, thread: int, frame: FrameType) -> str:
        """The stack, or the last one with work in it."""
        stack = " ".join(_functions(frame))
        if stack.startswith(IDLE):
            return self._stacks.get(thread, stack)
        self._stacks[thread] = stack
        return stack

    def _since(self, thread: int) -> float:
        try:
            nanoseconds = int(Path(f"/proc/self/task/{thread}/schedstat").read_text().split()[0])
        except OSError:
            return 0.0
        before = self._used.get(thread, 0.0)
        self._used[thread] = nanoseconds / 1e9
        return max(0.0, nanoseconds / 1e9 - before)


def _elsewhere() -> float:
    """Processor seconds of all threads but this one."""
    return time.process_time() - time.thread_time()


def _functions(frame: FrameType | None) -> Iterator[str]:
    """hicloom's functions, innermost first, and the module of another's that they are in."""
    inner = frame.f_globals.get("__name__", "") if frame else ""
    if not inner.startswith(PACKAGE):
        yield inner
    while frame:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(PACKAGE):
            yield f"{module.removeprefix(PACKAGE)}.{frame.f_code.co_qualname}"
        frame = frame.f_back


if __name__ == "__main__":
    report, *words = sys.argv[1:]
    # As if it were the command itself.
    sys.argv = ["hicloom", *words]
    sampler = Sampler()
    sampler.start()
    try:
        main()
    finally:
        sampler.done.set()
        sampler.join()
        Path(report).write_text(json.dumps(sampler.booked))
