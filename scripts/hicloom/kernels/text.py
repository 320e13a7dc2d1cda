"""Tables of text as arrays of bytes: join columns, write numbers."""

import numpy as np
from numpy.typing import NDArray

TAB, NEWLINE = 9, 10

Words = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Start and end of each row's word (half-open offsets into a text), each of shape (rows,)."""


class Pool:
    """Texts laid end to end, so that the words of several can be woven into one table."""

    def __init__(self, text: NDArray[np.uint8]):
        self._texts = [text]
        self._size = len(text)

    def constant(self, word: bytes, rows: int) -> Words:
        """The same word in every row."""
        return self.choice([word], np.zeros(rows, np.int64))

    def choice(self, words: list[bytes], which: NDArray[np.integer]) -> Words:
        """In each row the one of `words` that `which` (shape (rows,)) numbers."""
        edges = np.cumsum([0, *map(len, words)])
        text = np.frombuffer(b"".join(words), np.uint8)
        starts, ends = self._add(text, edges[:-1], edges[1:])
        return starts[which], ends[which]

    def numbers(self, values: NDArray[np.int64]) -> Words:
        """Non-negative numbers, in decimal."""
        text, starts, ends = digits(values)
        return self._add(text, starts, ends)

    def weave(self, columns: list[Words]) -> NDArray[np.uint8]:
        """The table: tabs between the columns, a newline after each row."""
        return weave(np.concatenate(self._texts), columns)

    def _add(
        self, text: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> Words:
        offset = self._size
        self._texts.append(text)
        self._size += len(text)
        return starts + offset, ends + offset


def weave(text: NDArray[np.uint8], columns: list[Words]) -> NDArray[np.uint8]:
    """Rows of words of `text`, tabs between them and a newline after each row.

    Returns
    -------
    uint8 array
    """
    starts = np.stack([start for start, _ in columns], axis=1).ravel()
    sizes = np.stack([end - start for start, end in columns], axis=1).ravel() + 1
    ends = np.cumsum(sizes)
    if not len(ends):
        return np.empty(0, np.uint8)
    places = np.arange(ends[-1]) + np.repeat(starts - ends + sizes, sizes)
    table = text[np.minimum(places, len(text) - 1)]
    table[ends - 1] = TAB
    table[ends[len(columns) - 1 :: len(columns)] - 1] = NEWLINE
    return table


def digits(
    values: NDArray[np.int64],
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Non-negative numbers in decimal: a text, and start and end of each number in it."""
    width = len(str(int(values.max(initial=0))))
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    text = (values[:, None] // powers % 10 + ord("0")).astype(np.uint8)
    significant = np.maximum(1, (values[:, None] >= powers).sum(axis=1))
    ends = np.arange(1, len(values) + 1) * width
    return text.ravel(), ends - significant, ends


def words(text: NDArray[np.uint8]) -> tuple[Words, NDArray[np.int64]]:
    """The words of whole lines, split at any run of blanks, tabs and line ends.

    Returns
    -------
    (starts, ends) : int64 arrays of shape (words,)
        Half-open offsets into `text`.
    first : int64 array of shape (lines + 1,)
        Number of each line's first word; the last entry is the number of words.
    """
    blank = (text == ord(" ")) | ((text >= TAB) & (text <= 13))
    edges = np.flatnonzero(np.diff(np.concatenate(([True], blank, [True]))))
    starts, ends = edges[::2], edges[1::2]
    line_ends = np.flatnonzero(text == NEWLINE)
    return (starts, ends), np.concatenate(([0], np.searchsorted(starts, line_ends)))
