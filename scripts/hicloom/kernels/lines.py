"""Columns of lines of pairs, straight from their bytes.

Where eight bytes can be read at once they are: as most columns vary in width, a loop over their
bytes ends where the processor did not guess, which takes longer than all else.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from hicloom.kernels.compiled import TEXT, compiled, part
from hicloom.kernels.names import hash_name

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Table = NDArray[np.int32]
Places = NDArray[np.uint32]
Names = tuple[Bytes, Ints, Table]
Known = tuple[int, Any, int]
Int = int | np.signedinteger

TAB, NEWLINE, ZERO = 9, 10, 48

# Longer numbers are no positions, and might not fit into 64 bits.
_MOST_DIGITS = 18

_WORD = 8
_ZEROS, _HIGH = np.uint64(0x3030303030303030), np.uint64(0xF0F0F0F0F0F0F0F0)
_ABOVE_NINE, _ALL = np.uint64(0x0606060606060606), np.uint64(0xFFFFFFFFFFFFFFFF)
_PAIRS = np.uint64(0x000000FF000000FF)
_WEIGHTS = np.uint64(100 + (1_000_000 << 32)), np.uint64(1 + (10_000 << 32))


@intrinsic
def _word(context: Any, text: Any, at: Any) -> Any:
    """The eight bytes from `at` on, the first one lowest; they must be there."""

    def generate(context: Any, builder: Any, signature: Any, words: Any) -> Any:
        bytes_ = context.make_array(signature.args[0])(context, builder, words[0])
        place = builder.add(builder.ptrtoint(bytes_.data, ir.IntType(64)), words[1])
        pointer = builder.inttoptr(place, ir.IntType(64).as_pointer())
        return builder.load(pointer, align=1)

    return types.uint64(text, types.int64), generate


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
def are_lines(text: Bytes, separators: Places, columns: int) -> bool:
    """Whether `is_line` is true of all lines, which is told faster than of each."""
    lines = len(separators) // columns
    if lines * columns != len(separators):
        return False
    ends = 0
    for line in range(lines):
        ends += text[separators[line * columns + columns - 1]] == NEWLINE
    newlines = 0
    for octet in text:
        newlines += octet == NEWLINE
    return ends == lines and newlines == lines


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
    """The name at `start` to `end` of `text`, -1 if `hashed` was given none such."""
    mask = len(table) - 1
    cell = np.int64(hash_name(text, int(start), int(end))) & mask
    while table[cell] >= 0:
        if same(text, start, end, names, edges[table[cell]], edges[table[cell] + 1]):
            return np.int64(table[cell])  # type: ignore[return-value]
        cell = (cell + 1) & mask
    return -1


@part
def _eight_digits(word: np.uint64) -> int:
    """The decimal number of eight bytes, the first one lowest; they are digits.

    In three products (D. Lemire, "Quickly parsing eight digits", 2018, after J. Keiser).
    """
    word -= _ZEROS
    word = word * np.uint64(10) + (word >> np.uint64(8))
    upper = (word & _PAIRS) * _WEIGHTS[0]
    lower = ((word >> np.uint64(16)) & _PAIRS) * _WEIGHTS[1]
    return np.int64((upper + lower) >> np.uint64(32))  # type: ignore[return-value]


@part
def _padded(word: np.uint64, digits: int) -> np.uint64:
    """The last `digits` of eight bytes, with zeros (digits) before them."""
    if digits >= _WORD:
        return word
    others = _ALL >> np.uint64(8 * digits) if digits > 0 else _ALL
    return (word & ~others) | (_ZEROS & others)


@part
def _are_digits(word: np.uint64) -> bool:
    return word & _HIGH == _ZEROS and (word + _ABOVE_NINE) & _HIGH == _ZEROS


@part
def decimal(text: Bytes, start: Int, end: Int) -> int:
    """The decimal number at `start` to `end` of `text`, -1 if it is none."""
    digits = end - start
    if digits <= 0 or digits > _MOST_DIGITS:
        return -1
    if end >= 2 * _WORD and digits <= 2 * _WORD:
        upper = _padded(_word(text, end - 2 * _WORD), int(digits) - _WORD)  # type: ignore[call-arg]
        lower = _padded(_word(text, end - _WORD), int(digits))
        if not (_are_digits(upper) and _are_digits(lower)):
            return -1
        return _eight_digits(upper) * 100_000_000 + _eight_digits(lower)
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
def no_name() -> Known:
    """What `find_name` is given before the first line."""
    return -1, np.uint64(0), 0


@part
def find_name(text: Bytes, found: Places, column: int, last: Known, names: Names) -> Known:
    """The number of the name in a column, -1 if it is none of those that `hashed` was given; its
    first eight bytes, and its size.

    Most lines name what the `last` one does, which so is known again faster than by `look_up`.
    """
    number, word, size = last
    start, end = start_of(found, column), np.int64(found[column])
    if 0 < size <= _WORD and end - start == size and start + _WORD <= len(text):
        unlike: Any = _word(text, start) ^ word  # type: ignore[call-arg]
        if unlike << np.uint64(8 * (_WORD - size)) == np.uint64(0):
            return number, word, size
    octets, edges, table = names
    number = look_up(text, start, end, octets, edges, table)
    if number < 0:
        return number, word, 0
    word = _word(octets, edges[number])  # type: ignore[call-arg]
    return number, word, edges[number + 1] - edges[number]


@compiled(f"void({TEXT}, i8[::1], i4[::1])")
def fill_names(names: Bytes, edges: Ints, table: Table) -> None:
    """Enter names into a hash table (open addressing, linear probing).

    Parameters
    ----------
    names : uint8 array
        The names, end to end.
    edges : int64 array of shape (names + 1,)
        Where each begins, and the end of the last.
    table : int32 array whose length is a power of 2 above the number of names
        All -1; filled with numbers of names.
    """
    mask = len(table) - 1
    for name in range(len(edges) - 1):
        cell = np.int64(hash_name(names, edges[name], edges[name + 1])) & mask
        while table[cell] >= 0:
            cell = (cell + 1) & mask
        table[cell] = name


def hashed(names: Sequence[str]) -> Names:
    """Names as kernels find them: end to end, where each begins, and their hash table."""
    octets = [name.encode(errors="surrogateescape") for name in names]
    edges = np.cumsum([0, *map(len, octets)]).astype(np.int64)
    table = np.full(4 << len(names).bit_length(), -1, np.int32)
    # So much behind them lets each be read as a word.
    text = np.frombuffer(b"".join(octets) + bytes(_WORD), np.uint8)
    fill_names(text, edges, table)
    return text, edges, table


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
