"""How a track is stored: which values its primary table holds."""

import re
from pathlib import Path

import numpy as np

from hicloom.depth.pile import Pile
from hicloom.errors import InputError
from hicloom.formats.d4 import AnyDictionary, Dictionary, SimpleRange
from hicloom.kernels.depth import count_runs

_BLOCKS_TO_PROFILE = 16
_WIDTHS, _VALUES = 11, 2049
# What a record of 10 bytes takes where real coverage is compressed; else all of it.
_COMPRESSED, _RAW = 4.4, 10.0


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


def profiled_dictionary(pile: Pile, *, compressed: bool) -> SimpleRange:
    """The range that makes the smaller file, by up to 16 blocks spread evenly.

    A table of w bits a base spares the records of the runs of 2^w - 1 values (its last code
    says that there is a record); one of no bits spares those of a single value.
    """
    runs, places = np.zeros(_VALUES, np.int64), 0
    for _, depths in pile.depths(every=-(-pile.blocks // _BLOCKS_TO_PROFILE)):
        count_runs(depths, runs)
        places += len(depths)
    cost, least = (_COMPRESSED if compressed else _RAW), float("inf")
    until = np.concatenate(([0], np.cumsum(runs[:-1])))
    for width in range(_WIDTHS):
        spared = until[max(1, (1 << width) - 1) :]
        spared = spared - until[: len(spared)]
        size = places * width / 8 + cost * (runs.sum() - spared.max())
        if size < least:
            low = int(spared.argmax())
            best, least = SimpleRange(low, low + (1 << width)), size
    return best
