"""Names in the header of a .hic file that juicer_tools does not change, and changing them back."""

import itertools
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from hicloom.errors import InputError, WorkError
from hicloom.formats.hic.header import MAGIC

# juicer_tools removes "chr" from names and writes them in capitals; ALL and M mean something.
_LETTERS = b"QXZKJWVYGFBDEPSTUNOI0123456789"


def aliases(names: Sequence[str]) -> list[str]:
    """A stand-in for each name, of as many bytes, unique, that juicer_tools leaves as it is.

    Raises
    ------
    InputError
        If a name is what the format keeps for the whole genome, or there are more names of
        one length than stand-ins.
    """
    if whole := [name for name in names if name.upper() == "ALL"]:
        raise InputError(f"chromosome '{whole[0]}': .hic keeps this name for the whole genome")
    sizes = Counter(len(name.encode()) for name in names)
    for size, count in sizes.items():
        if count > len(_LETTERS) ** size:
            raise InputError(f"{count} chromosomes have names of {size} letters: too many for .hic")
    words = {size: itertools.product(_LETTERS, repeat=size) for size in sizes}
    return [bytes(next(words[len(name.encode())])).decode() for name in names]


def rename(path: Path, names: Mapping[str, str]) -> None:
    """Replace texts of the header by others of the same length, in place.

    Parameters
    ----------
    path : Path
        A .hic file.
    names : mapping of str to str
        By the name of a chromosome, or of the genome, as it stands there: the new one.
    """
    with path.open("r+b") as file:
        for offset, text in list(_header_names(file)):
            new = names.get(text, text).encode()
            if len(new) != len(text.encode()):
                raise ValueError(f"{text} cannot become {new!r}: of another length")
            file.seek(offset)
            file.write(new)


def _header_names(file: IO[bytes]) -> Iterator[tuple[int, str]]:
    """Offset and text of the genome's name, then of each chromosome's."""
    if file.read(4) != MAGIC:
        raise WorkError(f"{file.name}: juicer_tools has not written a .hic file")
    file.seek(16)
    yield _text(file)
    (attributes,) = struct.unpack("<i", file.read(4))
    for _ in range(2 * attributes):
        _text(file)
    (chromosomes,) = struct.unpack("<i", file.read(4))
    for _ in range(chromosomes):
        yield _text(file)
        file.seek(4, 1)


def _text(file: IO[bytes]) -> tuple[int, str]:
    offset = file.tell()
    letters = iter(lambda: file.read(1), b"\0")
    return offset, b"".join(itertools.takewhile(bool, letters)).decode()
