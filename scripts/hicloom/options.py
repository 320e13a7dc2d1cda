"""Types of the options that many steps share: one name, one meaning."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from hicloom.errors import InputError

Output = Annotated[Path, Parameter(name=["--output", "-o"])]
Threads = Annotated[int, Parameter(name=["--threads", "-t"], validator=Number(gte=1))]
Natural = Annotated[int, Parameter(validator=Number(gte=0))]
Enzyme = Literal["4", "6"]
Memory = Annotated[str, Parameter(name="--memory")]

_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


def parse_size(text: str) -> int:
    """Bytes of a size such as `4G`, `500M` or `2048`.

    Raises
    ------
    InputError
        If it is not a number followed by nothing, K, M, G or T.
    """
    number, unit = text.rstrip("KMGTkmgt"), text[len(text.rstrip("KMGTkmgt")) :].upper()
    try:
        size = int(float(number) * _UNITS[unit])
    except (ValueError, KeyError, OverflowError):
        size = 0
    if size <= 0:
        raise InputError(f"--memory {text}: expected a size such as 500M or 4G")
    return size
