"""Hic files (Juicer's format, version 8), as far as juicer_tools leaves something to mend.

Layout: https://github.com/aidenlab/hic-format/blob/master/HiCFormatV8.md
"""

import itertools
import struct
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import hictkpy
import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError, WorkError

MAGIC = b"HIC\0"
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


@contextmanager
def open_hic(path: Path) -> Iterator[hictkpy.MultiResFile]:
    """Open a .hic file.

    Raises
    ------
    InputError
        If it is missing, or is none.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    if not hictkpy.is_hic(path):
        raise InputError(f"{path}: is not a .hic file, or is damaged")
    with hictkpy.MultiResFile(path) as file:
        yield file


def norm(file: hictkpy.File, name: str) -> NDArray[np.float64]:
    """The divisive weights of a norm, float64 of shape (bins,); NaN where there are none."""
    if name not in file.avail_normalizations():
        return np.full(file.nbins(), np.nan)
    return np.asarray(file.weights(name, divisive=True), np.float64)


def norm_by_chromosome(file: hictkpy.File, name: str) -> dict[str, NDArray[np.float64]]:
    """The divisive weights of a norm, float64 of shape (bins of the chromosome,) each."""
    chromosomes: dict[str, int] = file.chromosomes()
    ends = np.cumsum([-(-length // file.resolution()) for length in chromosomes.values()])
    return dict(zip(chromosomes, np.split(norm(file, name), ends[:-1]), strict=True))


def report_norms(path: Path, norms: Sequence[str]) -> None:
    """Say on stderr by resolution for which chromosomes a norm has not converged."""
    with open_hic(path) as whole:
        for size in whole.resolutions():
            empty = without_norm(whole[size], "VC")
            if empty:
                _say(f"{size} bp: no contacts within {' '.join(empty)}, so no norms")
            for name in norms:
                failed = [chrom for chrom in without_norm(whole[size], name) if chrom not in empty]
                if failed:
                    _say(f"{size} bp: {name} has not converged for {' '.join(failed)}")


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def without_norm(file: hictkpy.File, name: str) -> list[str]:
    """Chromosomes that have no weights of a norm at the file's resolution."""
    weights = norm_by_chromosome(file, name).items()
    return [chrom for chrom, values in weights if not (np.isfinite(values) & (values > 0)).any()]
