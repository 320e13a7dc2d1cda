"""Rows of bedGraph text as numbers."""

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.compiled import TEXT, compiled, part

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

NAME, NAME_END, START, END, LINE, IS_NEW = range(6)
"""Columns of what `parse_rows` writes: the chromosome's name (half-open offsets into the text),
the interval, the 0-based line, and whether the name differs from the row's before."""

_TAB, _NEWLINE, _BLANK = ord("\t"), ord("\n"), ord(" ")


@part
def _skip_blanks(text: Bytes, at: int, end: int) -> int:
    while at < end and (text[at] == _BLANK or text[at] == _TAB or text[at] == ord("\r")):
        at += 1
    return at


@part
def _word_end(text: Bytes, at: int, end: int) -> int:
    while at < end and text[at] != _BLANK and text[at] != _TAB and text[at] != ord("\r"):
        at += 1
    return at


@part
def _digit(text: Bytes, at: int) -> int:
    return np.int64(text[at]) - 48  # type: ignore[return-value]


@part
def _whole(text: Bytes, at: int, end: int) -> int:
    """A whole number of up to 18 digits; -1 if it is none."""
    if end == at or end - at > 18:
        return -1
    value = 0
    for place in range(at, end):
        digit = _digit(text, place)
        if digit < 0 or digit > 9:
            return -1
        value = value * 10 + digit
    return value


@part
def _decimal(text: Bytes, at: int, end: int) -> float:
    """A decimal number, with or without point and exponent; NaN if it is none."""
    negative = at < end and text[at] == ord("-")
    at += 1 if at < end and (text[at] == ord("-") or text[at] == ord("+")) else 0
    mantissa, scale, digits, point = 0, 0, 0, False
    while at < end:
        digit = _digit(text, at)
        if text[at] == ord(".") and not point:
            point = True
        elif 0 <= digit <= 9:
            digits += 1
            if mantissa < 10**17:
                mantissa = mantissa * 10 + digit
                scale -= 1 if point else 0
            elif not point:
                scale += 1
        else:
            break
        at += 1
    if at < end and digits and (text[at] | 32) == ord("e"):
        minus = at + 1 < end and text[at + 1] == ord("-")
        sign = 1 if minus or (at + 1 < end and text[at + 1] == ord("+")) else 0
        exponent = _whole(text, at + 1 + sign, end)
        if exponent < 0 or exponent > 400:
            return np.nan
        scale += -exponent if minus else exponent
        at = end
    if at < end or not digits:
        return np.nan
    # A division by a power of ten is exact to the last bit where a product is not.
    value = mantissa / 10.0**-scale if scale < 0 else mantissa * 10.0**scale
    return -value if negative else value


@part
def _is_comment(text: Bytes, at: int, end: int) -> bool:
    """Whether a line is empty, a comment, or tells a browser what to show."""
    if at == end or text[at] == ord("#"):
        return True
    for word in (b"track", b"browser"):
        size = len(word)
        if end - at >= size and _word_end(text, at, end) == at + size:
            same = True
            for place in range(size):
                same = same and text[at + place] == word[place]
            if same:
                return True
    return False


@part
def _same(text: Bytes, one: Ints, other: Ints) -> bool:
    """Whether two rows name the same chromosome."""
    size = one[NAME_END] - one[NAME]
    if other[NAME_END] - other[NAME] != size:
        return False
    place = 0
    while place < size and text[one[NAME] + place] == text[other[NAME] + place]:
        place += 1
    return place == size


@compiled(f"UniTuple(i8, 2)({TEXT}, i8[:, ::1], f8[::1])")
def parse_rows(text: Bytes, rows: Ints, values: NDArray[np.float64]) -> tuple[int, int]:
    """Parse whole lines of chromosome, start, end, value; comments are passed over.

    Parameters
    ----------
    text : uint8 array
        Each line ends in a newline.
    rows : int64 array of shape (lines, 6)
        Becomes the columns NAME to IS_NEW of each row.
    values : float64 array of shape (lines,)

    Returns
    -------
    n : int
        Number of rows.
    wrong : int
        0-based line of the first one that is no row, where parsing stopped; -1 if all are.
    """
    n, line, at = 0, 0, 0
    while at < len(text):
        end = at
        while text[end] != _NEWLINE:
            end += 1
        place = _skip_blanks(text, at, end)
        if not _is_comment(text, place, end):
            rows[n, NAME], rows[n, NAME_END] = place, _word_end(text, place, end)
            for column in (START, END):
                place = _skip_blanks(text, _word_end(text, place, end), end)
                rows[n, column] = _whole(text, place, _word_end(text, place, end))
            place = _skip_blanks(text, _word_end(text, place, end), end)
            last = _word_end(text, place, end)
            values[n] = _decimal(text, place, last)
            if rows[n, START] < 0 or rows[n, END] < 0 or not np.isfinite(values[n]):
                return n, line
            if _skip_blanks(text, last, end) < end:
                return n, line
            rows[n, LINE] = line
            rows[n, IS_NEW] = n == 0 or not _same(text, rows[n - 1], rows[n])
            n += 1
        line += 1
        at = end + 1
    return n, -1
