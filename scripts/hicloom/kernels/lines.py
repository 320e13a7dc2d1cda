"""Columns of lines of pairs, straight from their bytes."""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import TEXT, compiled, part
from hicloom.kernels.names import hash_name

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Table = NDArray[np.int32]
Places = NDArray[np.uint32]
Names = tuple[Bytes, Ints, Table]
Int = int | np.signedinteger

TAB, NEWLINE, ZERO = 9, 10, 48

# Longer numbers are no positions, and might not fit into 64 bits.
_MOST_DIGITS = 18


@part
def is_line(text: Bytes, separators: Places, first: int, columns: int) -> bool:
    """Whether so many separators, from the `first` on, are tabs, but the last, a line end."""
    if first + columns > len(separators):
        return False
    tabs = 0
    for i in range(first, first + columns - 1):
        tabs += text[separators[i]] == TAB
    return tabs == columns - 1 and text[separators[first + columns - 1]] == NEWLINE


@part
def start_of(separators: Places, column: int) -> int:
    """Where a column begins, counted from the text's first."""
    return np.int64(separators[column - 1]) + 1 if column else 0  # type: ignore[return-value]


@part
def same(text: Bytes, start: Int, end: Int, names: Bytes, first: Int, last: Int) -> bool:
    """Whether the bytes at `start` to `end` of `text` are those at `first` to `last` of `names`."""
    size = end - start
    i = 0 if size == last - first else size + 1
    while i < size and text[start + i] == names[first + i]:
        i += 1
    return i == size


@part
def look_up(text: Bytes, start: Int, end: Int, names: Bytes, edges: Ints, table: Table) -> int:
    """The name at `start` to `end` of `text`, -1 if `fill_names` was given none such."""
    mask = len(table) - 1
    cell = np.int64(hash_name(text, int(start), int(end))) & mask
    while table[cell] >= 0:
        if same(text, start, end, names, edges[table[cell]], edges[table[cell] + 1]):
            return np.int64(table[cell])  # type: ignore[return-value]
        cell = (cell + 1) & mask
    return -1


@part
def decimal(text: Bytes, start: Int, end: Int) -> int:
    """The decimal number at `start` to `end` of `text`, -1 if it is none."""
    if end <= start or end - start > _MOST_DIGITS:
        return -1
    value = 0
    for place in range(start, end):
        digit = np.int64(text[place]) - ZERO
        if digit < 0 or digit > 9:
            return -1
        value = value * 10 + int(digit)
    return value


@part
def separate(text: Bytes, found: Places) -> int:
    """Find all tabs and line ends; how many there are.

    There is no branch for the processor to guess, though most columns vary in width.
    """
    count = np.uint64(0)
    for place in range(len(text)):
        found[count] = place
        count += np.uint64(text[place] == TAB) | np.uint64(text[place] == NEWLINE)
    return np.int64(count)  # type: ignore[return-value]


@part
def number_of(text: Bytes, found: Places, column: int) -> int:
    """The decimal number in a column, -1 if it is none."""
    return decimal(text, start_of(found, column), np.int64(found[column]))


@part
def name_of(
    text: Bytes,
    found: Places,
    column: int,
    guess: int,
    names: Bytes,
    edges: Ints,
    table: Table,
) -> int:
    """The number of the name in a column, -1 if it is none of those that `fill_names` was given.

    Most are the `guess`.
    """
    start, end = start_of(found, column), np.int64(found[column])
    if same(text, start, end, names, edges[guess], edges[guess + 1]):
        return guess
    return look_up(text, start, end, names, edges, table)


@compiled(f"i8({TEXT}, u4[::1])")
def find_separators(text: Bytes, found: Places) -> int:
    """Find all tabs and line ends of a text.

    Parameters
    ----------
    text : uint8 array
    found : uint32 array, longer than the text
        Filled with their offsets.

    Returns
    -------
    int
        How many there are.
    """
    return separate(text, found)
