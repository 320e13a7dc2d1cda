"""How a track is stored: which values its primary table holds."""

import re
from pathlib import Path

import numpy as np
from deflate import deflate_compress
from numpy.typing import NDArray

from hicloom.depth.pile import SHIFT, Pile
from hicloom.errors import InputError
from hicloom.formats.d4 import AnyDictionary, Dictionary, SimpleRange
from hicloom.formats.d4.records import BLOCK as RECORDS
from hicloom.formats.d4.records import to_records
from hicloom.formats.threads import in_order
from hicloom.kernels.depth import count_runs
from hicloom.kernels.runs import Runs, runs_of

_TO_PROFILE, _TO_COMPRESS, _TO_COMPARE = 16, 4, 3
_WIDTHS, _VALUES = 11, 2049
# Bytes that a record may take.
_RECORD = 4.0


def chosen_dictionary(text: str) -> AnyDictionary | None:
    """The dictionary of `--dictionary`: None for `auto`, a range `low-high`, or a file.

    Raises
    ------
    InputError
        If it is none of these, or its number of values is no power of two.
    """
    if text == "auto":
        return None
    try:
        if found := re.fullmatch(r"(-?\d+)-(-?\d+)", text):
            return SimpleRange(int(found[1]), int(found[2]))
        return Dictionary(tuple(int(line) for line in Path(text).read_text().split()))
    except OSError:
        raise InputError(
            f"--dictionary {text}: expected auto, a range such as 0-64, or a file of values"
        ) from None
    except ValueError as error:
        raise InputError(f"--dictionary {text}: {error}") from None


def profiled_dictionary(pile: Pile, level: int | None, threads: int = 1) -> SimpleRange:
    """The range that makes the smallest file, by up to 16 blocks spread evenly.

    A table of w bits a base spares the records of the runs of 2^w values. The best by number
    of records are compared by what their records take, compressed as they will be.
    """
    every = -(-pile.blocks // _TO_PROFILE)
    sampled = set(range(0, pile.blocks, every * _TO_COMPRESS))

    def look(first: int, depths: NDArray[np.int32]) -> tuple[int, NDArray[np.int64], Runs | None]:
        runs = np.zeros(_VALUES, np.int64)
        count_runs(depths, runs)
        return len(depths), runs, runs_of(depths) if first >> SHIFT in sampled else None

    seen = list(pile.map(look, every=every, threads=threads))
    runs = np.sum([counts for _, counts, _ in seen], axis=0)
    sample = [runs for _, _, runs in seen if runs]
    best = _fewest_records(runs, sum(places for places, _, _ in seen))
    bases = sum(int(ends[-1]) for _, ends, _ in sample)

    def size(table: SimpleRange) -> float:
        return table.width / 8 + sum(_records_size(table, runs, level) for runs in sample) / bases

    sizes = dict(zip(best, in_order(size, best, threads), strict=True))
    return min(best, key=sizes.__getitem__)


def _fewest_records(runs: NDArray[np.int64], places: int) -> list[SimpleRange]:
    """The tables that promise the smallest files, by how many runs there are of each depth."""
    until = np.concatenate(([0], np.cumsum(runs[:-1])))
    sizes = {}
    for width in range(_WIDTHS):
        spared = until[1 << width :] - until[: -1 << width]
        low = int(spared.argmax())
        table = SimpleRange(low, low + (1 << width))
        sizes[table] = places * width / 8 + _RECORD * float(runs.sum() - spared.max())
    return sorted(sizes, key=sizes.__getitem__)[:_TO_COMPARE]


def _records_size(table: SimpleRange, runs: Runs, level: int | None) -> int:
    """Bytes of the records of runs that a table does not spare."""
    outside = (runs[2] < table.low) | (runs[2] >= table.high)
    records = to_records((runs[0][outside], runs[1][outside], runs[2][outside]))
    if level is None:
        return records.nbytes
    blocks = range(0, len(records), RECORDS)
    return sum(len(deflate_compress(records[at : at + RECORDS].tobytes(), level)) for at in blocks)
