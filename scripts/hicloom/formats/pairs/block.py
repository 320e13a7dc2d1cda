"""Many whole lines of a pairs file at once, parsed by column on demand."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.pairs.header import Header

NEWLINE, TAB, ZERO = 10, 9, 48


class Block:
    """Consecutive lines of the body, as one array of bytes.

    Attributes
    ----------
    text : uint8 array
        The lines, each with its line end.
    header : Header
        Names the columns.
    first_line : int
        1-based number of the first line in its file.
    source : str
        The file's name, for errors.
    """

    def __init__(
        self,
        text: bytes | NDArray[np.uint8],
        header: Header,
        first_line: int = 1,
        source: str = "-",
    ):
        self.text = np.frombuffer(text, np.uint8) if not isinstance(text, np.ndarray) else text
        self.header = header
        self.first_line = first_line
        self.source = source

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """Offset of each line's end (its newline) within `text`."""
        return np.flatnonzero(self.text == NEWLINE)

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Offset of each line's first byte within `text`."""
        return np.concatenate(([0], self.ends[:-1] + 1)).astype(np.int64)

    @property
    def n(self) -> int:
        """Number of lines."""
        return len(self.ends)

    @cached_property
    def _tabs(self) -> NDArray[np.int64]:
        """Offsets of the tabs, shape (lines, columns - 1)."""
        tabs = np.flatnonzero(self.text == TAB)
        per_line = len(self.header.columns) - 1
        if len(tabs) == per_line * self.n:
            grid = tabs.reshape(self.n, per_line)
            if self.n == 0 or ((grid[:, 0] >= self.starts) & (grid[:, -1] < self.ends)).all():
                return grid
        counts = np.searchsorted(tabs, self.ends) - np.searchsorted(tabs, self.starts)
        bad = int(np.flatnonzero(counts != per_line)[0])
        raise self.error(
            bad,
            f"expected {per_line + 1} tab-separated columns as in #columns, "
            f"found {counts[bad] + 1}",
        )

    def bounds(self, column: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Start and end (half-open offsets within `text`) of a column in each line."""
        place = self.header.index(column, self.source)
        tabs = self._tabs
        start = self.starts if place == 0 else tabs[:, place - 1] + 1
        end = self.ends if place == tabs.shape[1] else tabs[:, place]
        return start, end

    def ints(self, column: str) -> NDArray[np.int64]:
        """A column of non-negative whole numbers.

        Raises
        ------
        InputError
            If a value is not one, naming its line.
        """
        start, end = self.bounds(column)
        width = end - start
        value = np.zeros(self.n, np.int64)
        bad = (width == 0) | (width > 18)
        for place in range(min(18, int(width.max(initial=0)))):
            inside = place < width
            digit = self.text[np.where(inside, start + place, start)] - np.uint8(ZERO)
            bad |= inside & (digit > 9)
            value = np.where(inside, value * 10 + digit, value)
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            found = self.text[start[row] : end[row]].tobytes().decode(errors="replace")
            raise self.error(row, f"expected a whole number in column {column}, found '{found}'")
        return value

    def strings(self, column: str) -> NDArray[np.bytes_]:
        """A column as fixed-width bytes, dtype `S`."""
        start, end = self.bounds(column)
        width = max(1, int((end - start).max(initial=1)))
        places = start[:, None] + np.arange(width)
        inside = places < end[:, None]
        letters = np.where(inside, self.text[np.where(inside, places, 0)], 0).astype(np.uint8)
        return letters.view(f"S{width}").ravel()

    def names(self, column: str) -> tuple[NDArray[np.intp], list[str]]:
        """A column of few distinct values: a code for each line, and the codes' values.

        Values are in byte order (the C locale's), so codes sort as the values do.
        """
        values = self.strings(column)
        edges = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))[: self.n]
        names, codes = np.unique(values[edges], return_inverse=True)
        repeats = np.diff(np.concatenate((edges, [self.n])))
        return np.repeat(codes, repeats), [name.decode(errors="replace") for name in names.tolist()]

    def select(self, keep: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """The text of the lines where `keep` (bool, shape (n,)) is true."""
        if keep.all():
            return self.text
        return self.text[np.repeat(keep, self.ends - self.starts + 1)]

    def without(self, columns: Sequence[str]) -> "Block":
        """The same lines without these columns; the first column cannot be left out."""
        steps = np.zeros(len(self.text) + 1, np.int8)
        for column in columns:
            start, end = self.bounds(column)
            steps[start - 1] += 1
            steps[end] -= 1
        outside = np.cumsum(steps[:-1], dtype=np.int8) == 0
        names = (name for name in self.header.columns if name not in columns)
        header = self.header.with_columns(*names)
        return Block(self.text[outside], header, self.first_line, self.source)

    def line(self, row: int) -> str:
        """One line's text, by its 0-based row in the block."""
        return self.text[self.starts[row] : self.ends[row]].tobytes().decode(errors="replace")

    def error(self, row: int, message: str) -> InputError:
        """An InputError that names the file and the line of `row` (0-based)."""
        return InputError(f"{self.source}, line {self.first_line + row}: {message}")
