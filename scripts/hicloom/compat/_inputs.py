"""Types that the inputs of 4DN's tools share."""

from typing import Annotated, TypeVar

from cyclopts import Parameter
from cyclopts.validators import Number

from hicloom.errors import InputError

Cores = Annotated[int, Parameter(validator=Number(gte=1))]
Size = Annotated[int, Parameter(validator=Number(gte=1))]
Flag = Annotated[bool, Parameter(negative=())]
T = TypeVar("T")


def needed(value: T | None, option: str) -> T:
    """An input that CWL allows to be null and the work does not.

    Raises
    ------
    InputError
        If it is missing.
    """
    if value is None:
        raise InputError(f"--{option}: is not given; there is nothing to do without it")
    return value
