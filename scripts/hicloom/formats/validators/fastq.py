"""FASTQ: four lines a record (Cock et al. 2010, Nucleic Acids Research 38:1767)."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.findings import Findings
from hicloom.formats.text import open_text, whole_lines

_NEWLINE = 10
_LETTERS = np.isin(np.arange(256), list(b"ACGTUNRYSWKMBDHVacgtunryswkmbdhv."))
_QUALITIES = (np.arange(256) >= ord("!")) & (np.arange(256) <= ord("~"))


def validate_fastq(path: Path, findings: Findings) -> None:
    """Check records' structure, letters and qualities, and compressed data to its end."""
    line = 1
    try:
        with open_text(path) as pieces:
            for text in _whole_records(pieces):
                line += _check(np.frombuffer(text, np.uint8), line, findings)
    except InputError as error:
        findings.add("damaged or truncated file", f"line {line} or after", str(error))
        return
    if line == 1:
        findings.add("no records", "line 1")


def _whole_records(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Texts of a multiple of four lines each; the last one holds what is left."""
    rest = b""
    for piece in whole_lines(pieces):
        text = rest + piece.replace(b"\r\n", b"\n")
        extra = text.count(b"\n") % 4
        cut = len(text)
        for _ in range(extra + 1 if extra else 0):
            cut = text.rfind(b"\n", 0, cut)
        cut = cut + 1 if extra else len(text)
        rest = text[cut:]
        if cut:
            yield text[:cut]
    if rest:
        yield rest


def _check(text: NDArray[np.uint8], line: int, findings: Findings) -> int:
    """Check records that start on `line` (1-based); the number of their lines."""
    ends = np.flatnonzero(text == _NEWLINE)
    starts = np.concatenate(([0], ends[:-1] + 1))
    whole = len(ends) // 4 * 4
    if whole < len(ends):
        last = f"line {line + len(ends) - 1}"
        findings.add("file ends within a record", last, "expected 4 lines a record")
    numbers = line + np.arange(whole).reshape(-1, 4)
    firsts, sizes = text[starts[:whole]].reshape(-1, 4), (ends - starts)[:whole].reshape(-1, 4)
    shown = _Lines(text, starts, ends)
    findings.add_rows("name line without @", firsts[:, 0] != ord("@"), numbers[:, 0], shown[0::4])
    findings.add_rows("read without a name", _nameless(text, starts, sizes), numbers[:, 0])
    findings.add_rows(
        "separator line without +", firsts[:, 2] != ord("+"), numbers[:, 2], shown[2::4]
    )
    unequal = sizes[:, 1] != sizes[:, 3]
    findings.add_rows("sequence and quality of unequal length", unequal, numbers[:, 3])
    for kind, allowed, row in (
        ("letter that is no base in a sequence", _LETTERS, 1),
        ("quality outside ! to ~", _QUALITIES, 3),
    ):
        wrong = _count_within(~allowed[text], starts[row:whole:4], ends[row:whole:4]) > 0
        findings.add_rows(kind, wrong, numbers[:, row], shown[row::4])
    return len(ends)


def _nameless(
    text: NDArray[np.uint8], starts: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.bool_]:
    second = text[np.minimum(starts[: sizes.size : 4] + 1, len(text) - 1)]
    return (sizes[:, 0] < 2) | (second == ord(" ")) | (second == ord("\t"))


def _count_within(
    marked: NDArray[np.bool_], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How many bytes between each start and end (half-open) are marked."""
    places = np.flatnonzero(marked)
    return np.searchsorted(places, ends) - np.searchsorted(places, starts)


class _Lines:
    """Lines of a text, cut out only when asked for."""

    def __init__(self, text: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]):
        self._text, self._starts, self._ends = text, starts, ends

    def __getitem__(self, key: int | slice) -> "bytes | _Lines":
        if isinstance(key, slice):
            return _Lines(self._text, self._starts[key], self._ends[key])
        return self._text[self._starts[key] : self._ends[key]].tobytes()[:80]
