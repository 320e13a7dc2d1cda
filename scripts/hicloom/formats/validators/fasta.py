"""FASTA: a line `>name comment`, then lines of bases (IUPAC letters; Cornish-Bowden 1985)."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.findings import Findings
from hicloom.formats.text import open_text, whole_lines

_BLANKS = b"\r\n\t "
_ALLOWED = np.isin(np.arange(256), list(b"ACGTUNRYSWKMBDHVacgtunryswkmbdhv-." + _BLANKS))
_BASES = _ALLOWED & ~np.isin(np.arange(256), list(_BLANKS))


def validate_fasta(path: Path, findings: Findings) -> None:
    """Check names and letters, and compressed data to its end."""
    records = _Records(findings)
    try:
        with open_text(path) as pieces:
            for text in whole_lines(pieces):
                records.check(np.frombuffer(text, np.uint8))
    except InputError as error:
        findings.add("damaged or truncated file", f"line {records.line} or after", str(error))
        return
    records.end()


class _Records:
    """The sequences so far: their names, and the line where the last one begins."""

    def __init__(self, findings: Findings):
        self.line = 1
        self._findings = findings
        self._names: set[bytes] = set()
        self._start = 0
        self._bases = 0

    def check(self, text: NDArray[np.uint8]) -> None:
        """Check the next whole lines."""
        ends = np.flatnonzero(text == ord("\n"))
        starts = np.concatenate(([0], ends[:-1] + 1))
        is_name = text[starts] == ord(">")
        strange = np.zeros(len(ends), bool)
        strange[np.searchsorted(ends, np.flatnonzero(~_ALLOWED[text]))] = True
        numbers = self.line + np.arange(len(ends))
        kind = "letter that is no base in a sequence"
        self._findings.add_rows(kind, strange & ~is_name, numbers)
        bases = np.concatenate(([0], np.cumsum(_BASES[text])))
        done = 0
        for row in np.flatnonzero(is_name).tolist():
            self._count(int(bases[starts[row]] - bases[done]))
            self._begin(int(numbers[row]), text[starts[row] + 1 : ends[row]].tobytes())
            done = ends[row]
        self._count(int(bases[-1] - bases[done]))
        self.line += len(ends)

    def end(self) -> None:
        """Check the last sequence, and that there is one."""
        if self._start:
            self._close()
        else:
            self._findings.add("no records", "line 1")

    def _begin(self, line: int, title: bytes) -> None:
        if self._start:
            self._close()
        name = title.split(maxsplit=1)[0] if title.strip() and title[:1] not in b" \t" else b""
        if not name:
            self._findings.add("sequence without a name", f"line {line}")
        elif name in self._names:
            detail = name.decode(errors="replace")
            self._findings.add("name that is there twice", f"line {line}", detail)
        self._names.add(name)
        self._start, self._bases = line, 0

    def _count(self, bases: int) -> None:
        if bases and not self._start:
            self._findings.add("bases before the first name", f"line {self.line}")
        self._bases += bases

    def _close(self) -> None:
        if not self._bases:
            self._findings.add("sequence without bases", f"line {self._start}")
