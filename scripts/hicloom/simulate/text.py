"""Lines of text from columns, made as fixed-width rows whose unused bytes are then dropped."""

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

_DIGITS = np.char.zfill(np.arange(10_000).astype(str), 4).astype("S4").view(np.uint8).reshape(-1, 4)
_LEADING = np.where(np.cumsum(_DIGITS != 48, axis=1) > 0, _DIGITS, 0).astype(np.uint8)
_FOURS = np.concatenate((_LEADING, _DIGITS)).view(np.uint32).ravel()


def numbers(values: NDArray[np.int64]) -> Bytes:
    """Decimal digits of values from 0 to 10**12 - 1, shape (n, 12); unused bytes are 0."""
    words = np.empty((len(values), 3), np.uint32)
    upper, last = np.divmod(values, 10_000)
    top, middle = np.divmod(upper.astype(np.int32), np.int32(10_000))
    words[:, 0] = _FOURS[top]
    words[:, 1] = _FOURS[middle + 10_000 * (top > 0)]
    words[:, 2] = _FOURS[last + 10_000 * (upper > 0)]
    letters = words.view(np.uint8)
    letters[values == 0, -1] = ord("0")
    return letters


def padded(values: NDArray[np.int64]) -> Bytes:
    """The last four digits of each value, zeros in front; shape (n, 4)."""
    return _DIGITS[values % 10_000]


def constant(text: bytes, rows: int) -> Bytes:
    """The same text in every row."""
    return np.broadcast_to(np.frombuffer(text, np.uint8), (rows, len(text)))


def choices(texts: list[bytes], which: NDArray[np.integer]) -> Bytes:
    """One of `texts` for each row."""
    table = np.array(texts)
    return table.view(np.uint8).reshape(len(texts), -1)[which]


def lines(columns: list[Bytes]) -> Bytes:
    """Put columns side by side (they bring tabs and line ends) and drop the zero bytes."""
    whole = np.concatenate(columns, axis=1).ravel()
    return whole[whole != 0]
