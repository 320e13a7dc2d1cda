"""The values that the primary table of a D4 holds itself, each as a short code."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels.bits import MAX_WIDTH

LOWEST, HIGHEST = -(1 << 31), (1 << 31) - 1

Codes = NDArray[np.uint32]
Values = NDArray[np.int32]


@dataclass(frozen=True)
class SimpleRange:
    """The values low .. high - 1; `high - low` is a power of two.

    `SimpleRange(0, 1)` makes a sparse file: no primary table, a record for each run that is
    not 0. `SimpleRange(0, 64)` suits dense coverage.

    Raises
    ------
    ValueError
        If the number of values is no power of two up to 2**25, or one is beyond 32 bits.
    """

    low: int
    high: int

    def __post_init__(self) -> None:
        _check(self.high - self.low, self.low, self.high - 1)

    @property
    def width(self) -> int:
        """Bits of a code."""
        return (self.high - self.low).bit_length() - 1

    @property
    def last(self) -> int:
        """The value of the last code, which is a position's where no record covers it."""
        return self.high - 1

    def encode(self, values: Values) -> Codes:
        """The code of each value; the last code for what is not in the dictionary."""
        # Differences wrap around, so that what lies below `low` is large.
        codes = values.view(np.uint32) - np.uint32(self.low & 0xFFFFFFFF)
        return np.minimum(codes, np.uint32(self.high - self.low - 1))

    def decode(self, codes: Codes) -> Values:
        """The value of each code."""
        return (codes + np.uint32(self.low & 0xFFFFFFFF)).view(np.int32)

    def json(self) -> dict[str, Any]:
        """As it stands in the metadata."""
        return {"SimpleRange": {"low": self.low, "high": self.high}}


@dataclass(frozen=True)
class Dictionary:
    """Any values; their number is a power of two.

    Raises
    ------
    ValueError
        As for `SimpleRange`.
    """

    values: tuple[int, ...]

    def __post_init__(self) -> None:
        _check(len(self.values), min(self.values, default=0), max(self.values, default=0))

    @property
    def width(self) -> int:
        """Bits of a code."""
        return len(self.values).bit_length() - 1

    @property
    def last(self) -> int:
        """The value of the last code, which is a position's where no record covers it."""
        return self.values[-1]

    def encode(self, values: Values) -> Codes:
        """The code of each value; the last code for what is not in the dictionary."""
        table = np.array(self.values, np.int32)
        order = np.argsort(table)
        place = np.minimum(np.searchsorted(table, values, sorter=order), len(table) - 1)
        codes = order[place]
        return np.where(table[codes] == values, codes, len(table) - 1).astype(np.uint32)

    def decode(self, codes: Codes) -> Values:
        """The value of each code."""
        return np.array(self.values, np.int32)[codes]

    def json(self) -> dict[str, Any]:
        """As it stands in the metadata."""
        return {"Dictionary": {"i2v_map": list(self.values)}}


AnyDictionary = SimpleRange | Dictionary


def parse_dictionary(stated: Any) -> AnyDictionary:
    """The dictionary that metadata state.

    Raises
    ------
    ValueError
        If it is none.
    """
    match stated:
        case {"SimpleRange": {"low": int(low), "high": int(high)}}:
            return SimpleRange(low, high)
        case {"Dictionary": {"i2v_map": list(values)}} if all(type(v) is int for v in values):
            return Dictionary(tuple(values))
    raise ValueError("the metadata state no dictionary")


def _check(n_values: int, lowest: int, highest: int) -> None:
    if n_values < 1 or n_values & (n_values - 1) or n_values > 1 << MAX_WIDTH:
        raise ValueError(f"a dictionary of {n_values} values; their number is a power of two")
    if lowest < LOWEST or highest > HIGHEST:
        raise ValueError("a dictionary holds 32-bit values only")
