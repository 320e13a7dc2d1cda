"""The lines of simulated pairs."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hicloom.simulate import text

STRANDS = ("+-", "-+", "++", "--")
MAPPED_TYPES = ("RU", "UR", "UU")
HALF_MAPPED_TYPES = ("MU", "NU")

_ROWS = 1 << 13
_STRAND_TEXTS = [f"\t{ends[0]}\t{ends[1]}".encode() for ends in STRANDS]
_MAPQ_TEXTS = [b"\t%d" % value for value in range(61)]
_MAPQS = np.concatenate((np.full(200, 60), np.arange(1, 57)))
# Coprime with 10**12, so that the numbers in the names are unique and look shuffled.
_STRIDE, _NAMES = 618_033_989, 10**12


@dataclass
class Lines:
    """Makes lines; numbers their reads from the first to the last."""

    mapq: bool
    _made: int = field(default=0, init=False)

    def mapped(
        self,
        rng: np.random.Generator,
        names: tuple[str, str],
        pos1: NDArray[np.int64],
        pos2: NDArray[np.int64],
        strands: NDArray[np.int64],
        types: NDArray[np.int64],
    ) -> Iterator[NDArray[np.uint8]]:
        """Lines of one chromosome pair; positions 1-based, codes into the module's tables."""
        kinds = [f"\t{kind}".encode() for kind in MAPPED_TYPES]
        for row in range(0, len(pos1), _ROWS):
            rows = slice(row, row + _ROWS)
            number = len(pos1[rows])
            columns = [
                *self._read_ids(number),
                text.constant(f"\t{names[0]}\t".encode(), number),
                text.numbers(pos1[rows]),
                text.constant(f"\t{names[1]}\t".encode(), number),
                text.numbers(pos2[rows]),
                text.choices(_STRAND_TEXTS, strands[rows]),
                text.choices(kinds, types[rows]),
                *self._mapqs(rng, number, 2),
            ]
            yield text.lines([*columns, text.constant(b"\n", number)])

    def half_mapped(
        self,
        rng: np.random.Generator,
        name: str,
        pos: NDArray[np.int64],
        types: NDArray[np.int64],
    ) -> Iterator[NDArray[np.uint8]]:
        """Lines whose first end is unmapped, or mapped to several places."""
        kinds = [f"\t{kind}".encode() for kind in HALF_MAPPED_TYPES]
        for row in range(0, len(pos), _ROWS):
            rows = slice(row, row + _ROWS)
            number = len(pos[rows])
            columns = [
                *self._read_ids(number),
                text.constant(f"\t!\t0\t{name}\t".encode(), number),
                text.numbers(pos[rows]),
                text.choices([b"\t-\t+", b"\t-\t-"], rng.integers(0, 2, number)),
                text.choices(kinds, types[rows]),
                text.constant(b"\t0" if self.mapq else b"", number),
                *self._mapqs(rng, number, 1),
            ]
            yield text.lines([*columns, text.constant(b"\n", number)])

    def unmapped(self, kind: str, number: int) -> Iterator[NDArray[np.uint8]]:
        """Lines of pairs without any position."""
        tail = f"\t!\t0\t!\t0\t-\t-\t{kind}" + ("\t0\t0\n" if self.mapq else "\n")
        for row in range(0, number, _ROWS):
            some = min(_ROWS, number - row)
            yield text.lines([*self._read_ids(some), text.constant(tail.encode(), some)])

    def _read_ids(self, number: int) -> list[text.Bytes]:
        shuffled = np.arange(self._made, self._made + number) * _STRIDE % _NAMES
        self._made += number
        colon = text.constant(b":1", number)
        tile, x, y = shuffled // 10**8, shuffled // 10**4, shuffled
        head = text.constant(b"SIM:1:HICLOOM:1:1", number)
        return [head, text.padded(tile), colon, text.padded(x), colon, text.padded(y)]

    def _mapqs(self, rng: np.random.Generator, number: int, columns: int) -> list[text.Bytes]:
        """Mapping qualities: 60 for four in five ends, as bwa gives them."""
        if not self.mapq:
            return []
        dice = rng.integers(0, 256, (columns, number), np.uint8)
        return [text.choices(_MAPQ_TEXTS, _MAPQS[row]) for row in dice]
