"""Chromsizes: one `name<TAB>length` line a chromosome; its order is the order of every output."""

from collections.abc import Mapping
from pathlib import Path

from hicloom.errors import InputError


def read_chromsizes(path: Path) -> dict[str, int]:
    """Lengths (bp) by chromosome name, in the order of the file.

    Columns after the second (a `.fai`) and blank lines are ignored, Windows line ends accepted.

    Raises
    ------
    InputError
        If the file is missing or empty, a line is not a name and a positive length, or a
        chromosome is named twice.
    """
    sizes: dict[str, int] = {}
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        name, length = _fields(path, number, line)
        if name in sizes:
            raise InputError(f"{path}: line {number}: chromosome {name} is there twice; remove one")
        sizes[name] = length
    if not sizes:
        raise InputError(f"{path}: holds no chromosome; expected lines of name<TAB>length")
    return sizes


def check_subset(sizes: Mapping[str, int], whole: Mapping[str, int], path: Path, of: str) -> None:
    """Check that every chromosome of `sizes` is one of `whole`, with the same length.

    Parameters
    ----------
    sizes
        Lengths (bp) read from `path`: a subset in any order will do.
    whole
        Lengths (bp) that `of` (an index, the header of a BAM or pairs file) states.
    path, of
        What the message names.

    Raises
    ------
    InputError
        If a name is not in `whole` or has another length there.
    """
    for name, length in sizes.items():
        if name not in whole:
            raise InputError(
                f"{path}: chromosome {name} is not in {of}; use the chromsizes of the same assembly"
            )
        if whole[name] != length:
            raise InputError(
                f"{path}: chromosome {name} has length {length}, but {whole[name]} in {of};"
                " use the chromsizes of the same assembly"
            )


def write_chromsizes(path: Path, sizes: Mapping[str, int]) -> None:
    """Write `sizes` (bp), one `name<TAB>length` line each."""
    path.write_text("".join(f"{name}\t{length}\n" for name, length in sizes.items()))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not text; expected lines of name<TAB>length") from None


def _fields(path: Path, number: int, line: str) -> tuple[str, int]:
    fields = line.split("\t")
    name, length = fields[0], fields[1].strip() if len(fields) > 1 else ""
    if not name or any(c.isspace() for c in name) or not length.isdecimal() or int(length) == 0:
        raise InputError(
            f"{path}: line {number}: expected name<TAB>length (bp, at least 1), found {line[:60]!r}"
        )
    return name, int(length)
