"""HiGlass's own program for browsers, which `hicloom fetch higlass` gets."""

import sys
from pathlib import Path

from hicloom.process import fetched

SCRIPT = Path(sys.prefix) / "share" / "hicloom" / "higlass.js"
VARIABLE = "HICLOOM_HIGLASS"


def script() -> Path:
    """Where it is: what HICLOOM_HIGLASS names, else what `hicloom fetch higlass` got.

    Raises
    ------
    InputError
        If it is not there.
    """
    return fetched(SCRIPT, VARIABLE, "get HiGlass, once, with: hicloom fetch higlass")
