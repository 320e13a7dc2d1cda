"""Which resolutions a map gets."""

import sys
from collections.abc import Sequence

from hicloom.errors import InputError

STANDARD = (
    *(1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000),
    *(1_000_000, 2_500_000, 5_000_000, 10_000_000),
)
"""Bin sizes (bp) that the 4D Nucleome portal shows."""


def choose(wanted: Sequence[int] | None, longest: int, base: int = 1) -> list[int]:
    """Bin sizes (bp), ascending and unique, for a map whose longest chromosome is `longest` bp.

    Without a wish these are the standard ones that are multiples of `base` and not above
    `longest`, and `base` itself. A list is taken as it is; what is above `longest` is warned of.

    Raises
    ------
    InputError
        If a wanted one is not a positive multiple of `base`.
    """
    if not wanted:
        standard = {size for size in STANDARD if size <= longest and size % base == 0}
        return sorted(standard | {base}) if base > 1 else sorted(standard) or [STANDARD[0]]
    for size in wanted:
        if size <= 0 or size % base:
            raise InputError(
                f"resolution {size} is not a multiple of the base resolution {base};"
                " choose another one, or bin the pairs anew"
            )
        if size > longest:
            print(f"resolution {size} is above the longest chromosome, {longest}", file=sys.stderr)
    return sorted(set(wanted))
