"""HiGlass's own program for browsers, which `hicloom fetch higlass` gets."""

import os
import sys
from pathlib import Path

from hicloom.errors import InputError

SCRIPT = Path(sys.prefix) / "share" / "hicloom" / "higlass.js"
VARIABLE = "HICLOOM_HIGLASS"


def script() -> Path:
    """Where it is: what HICLOOM_HIGLASS names, else what `hicloom fetch higlass` got.

    Raises
    ------
    InputError
        If it is not there.
    """
    named = os.environ.get(VARIABLE)
    path = Path(named) if named else SCRIPT
    if path.is_file():
        return path
    advice = f"{VARIABLE} names it" if named else "get HiGlass, once, with: hicloom fetch higlass"
    raise InputError(f"{path}: no such file; {advice}")
