"""How a track is stored: which values its primary table holds."""

import re
from pathlib import Path

import numpy as np
from deflate import deflate_compress

from hicloom.depth.pile import Pile
from hicloom.errors import InputError
from hicloom.formats.d4 import AnyDictionary, Dictionary, SimpleRange
from hicloom.formats.d4.records import BLOCK as RECORDS
from hicloom.formats.d4.records import to_records
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


def profiled_dictionary(pile: Pile, level: int | None) -> SimpleRange:
    """The range that makes the smallest file, by up to 16 blocks spread evenly.

    A table of w bits a base spares the records of the runs of 2^w values. The best by number
    of records are compared by what their records take, compressed as they will be.
    """
    runs, places, sample = np.zeros(_VALUES, np.int64), 0, []
    for number, (_, depths) in enumerate(pile.depths(every=-(-pile.blocks // _TO_PROFILE))):
        count_runs(depths, runs)
        places += len(depths)
        if number % _TO_COMPRESS == 0:
            sample.append(runs_of(depths))
    until = np.concatenate(([0], np.cumsum(runs[:-1])))
    sizes = {}
    for width in range(_WIDTHS):
        spared = until[1 << width :] - until[: -1 << width]
        low = int(spared.argmax())
        table = SimpleRange(low, low + (1 << width))
        sizes[table] = places * width / 8 + _RECORD * (runs.sum() - spared.max())
    sampled = sum(int(ends[-1]) for _, ends, _ in sample)

    def size(table: SimpleRange) -> float:
        return table.width / 8 + sum(_records_size(table, runs, level) for runs in sample) / sampled

    return min(sorted(sizes, key=sizes.__getitem__)[:_TO_COMPARE], key=size)


def _records_size(table: SimpleRange, runs: Runs, level: int | None) -> int:
    """Bytes of the records of runs that a table does not spare."""
    outside = (runs[2] < table.low) | (runs[2] >= table.high)
    records = to_records((runs[0][outside], runs[1][outside], runs[2][outside]))
    if level is None:
        return records.nbytes
    blocks = range(0, len(records), RECORDS)
    return sum(len(deflate_compress(records[at : at + RECORDS].tobytes(), level)) for at in blocks)
