"""The order of rows that the header's `#sorted` states."""

from collections.abc import Callable
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from hicloom.findings import Findings
from hicloom.formats.validators.rows import Rows

ORDERS = {
    "chr1-chr2-pos1-pos2": (("chrom1", "chrom2"), ("pos1", "pos2")),
    "chr1-pos1": (("chrom1",), ("pos1",)),
}
"""Columns whose equal values stand together, and columns that ascend among these."""


class OrderCheck:
    """Checks rows in the reserved orders; others state nothing that could be checked.

    The specification leaves the order of chromosomes among rows open; each of them (or each
    pair of them) must stand in one piece.
    """

    KINDS: ClassVar[tuple[str, str]] = (
        "chromosomes in several places, unlike #sorted",
        "positions not in the order of #sorted",
    )

    def __init__(self, order: str | None, findings: Findings):
        self._groups, self._ascending = ORDERS.get(order or "", ((), ()))
        self._findings = findings
        self._ids: dict[tuple[str, ...], int] = {}
        self._last: tuple[int, ...] = (-1, *(-1 for _ in self._ascending))

    def check(self, rows: Rows) -> None:
        """Check the next rows of the file."""
        if not self._groups or not len(rows.lines):
            return
        local, names = self._group(rows)
        heads = np.flatnonzero(np.concatenate(([True], local[1:] != local[:-1])))
        group = np.empty(len(heads), np.int64)
        again = np.zeros(len(local), bool)
        last = self._last[0]
        for run, head in enumerate(heads.tolist()):
            name = names(head)
            new = name not in self._ids
            number = self._ids.setdefault(name, len(self._ids))
            again[head] = not new and number != last
            group[run] = last = number
        self._findings.add_rows(self.KINDS[0], again, rows.lines, rows)
        whole = np.repeat(group, np.diff(heads, append=len(local)))
        keys = (whole, *(getattr(rows, column) for column in self._ascending))
        self._findings.add_rows(self.KINDS[1], self._descends(keys), rows.lines, rows)
        self._last = tuple(int(key[-1]) for key in keys)

    def _group(self, rows: Rows) -> tuple[NDArray[np.int64], Callable[[int], tuple[str, ...]]]:
        """A number for each row's chromosomes within the block, and what names a row's."""
        columns = [rows.block.names(column) for column in self._groups]
        codes = [codes[rows.kept] for codes, _ in columns]
        local = np.zeros(len(rows.lines), np.int64)
        for code, (_, names) in zip(codes, columns, strict=True):
            local = local * len(names) + code

        def name_of(row: int) -> tuple[str, ...]:
            return tuple(names[code[row]] for code, (_, names) in zip(codes, columns, strict=True))

        return local, name_of

    def _descends(self, keys: tuple[NDArray[np.int64], ...]) -> NDArray[np.bool_]:
        """Rows of the group of the row before that have smaller positions."""
        same = np.diff(keys[0], prepend=self._last[0]) == 0
        wrong = np.zeros(len(same), bool)
        for key, before in zip(keys[1:], self._last[1:], strict=True):
            step = np.diff(key, prepend=before)
            wrong |= same & (step < 0)
            same &= step == 0
        return wrong
