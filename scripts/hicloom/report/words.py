"""Numbers as people read them."""

from collections.abc import Sequence

NOTHING = "\N{EN DASH}"
"""What stands where there is no number."""

_SIZES = ((10**9, "G"), (10**6, "M"), (10**3, "k"))


def count(number: float | None) -> str:
    """A number of three digits: 1.23 M; `NOTHING` for None."""
    if number is None:
        return NOTHING
    for size, letter in _SIZES:
        if abs(number) >= 0.9995 * size:
            digits = 2 if abs(number) < 9.995 * size else 1 if abs(number) < 99.95 * size else 0
            return f"{number / size:,.{digits}f} {letter}"
    return f"{number:,.0f}"


def share(part: float | None, whole: float | None) -> str:
    """Percent of a whole; `NOTHING` where there is none."""
    if part is None or not whole:
        return NOTHING
    percent = 100 * part / whole
    return f"{percent:.0f} %" if percent >= 9.95 or not percent else f"{percent:.1f} %"


def length(bp: float | None) -> str:
    """A distance or length: 1.5 Mb, 10 kb, 300 bp, in three digits."""
    if bp is None:
        return NOTHING
    for size, unit in ((10**6, "Mb"), (10**3, "kb")):
        if bp >= size:
            return f"{bp / size:.3g} {unit}"
    return f"{bp:,.0f} bp"


def listed(words: Sequence[str], most: int = 6) -> str:
    """`a, b and c`; of many the first ones and how many more."""
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most} more"
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def counted(number: int, noun: str) -> str:
    """`1 library`, `2 libraries`."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else many}"
