"""Progress of long work: a line on a terminal, nothing in a log."""

import sys
import time

_INTERVAL = 0.5


class Progress:
    """Counts what is done and shows it on stderr, if that is a terminal."""

    def __init__(self, what: str):
        self._what = what
        self._done = 0
        self._start = self._shown = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def add(self, count: int) -> None:
        """Count `count` more."""
        self._done += count
        if self._terminal and time.monotonic() - self._shown >= _INTERVAL:
            self._show("")

    def end(self) -> None:
        """Leave the final count on the terminal."""
        if self._terminal:
            self._show("\n")

    def _show(self, end: str) -> None:
        self._shown = time.monotonic()
        rate = self._done / max(self._shown - self._start, 1e-9)
        line = f"\r{self._done:,} {self._what} ({rate:,.0f} a second)"
        print(line, end=end, file=sys.stderr, flush=True)
