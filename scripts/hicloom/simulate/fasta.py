"""A whole genome in memory, as one array of bases."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError

_UPPER = np.arange(256, dtype=np.uint8)
_UPPER[97:123] -= 32


@dataclass(frozen=True)
class Genome:
    """Chromosomes laid end to end.

    Attributes
    ----------
    sizes : dict
        Lengths (bp) by name, in file order.
    bases : uint8 array
        Upper-case ASCII letters of all chromosomes.
    """

    sizes: dict[str, int]
    bases: NDArray[np.uint8]

    @cached_property
    def edges(self) -> NDArray[np.int64]:
        """Where each chromosome starts in `bases`, and after the last one the end."""
        return np.concatenate(([0], np.cumsum(list(self.sizes.values())))).astype(np.int64)


def read_genome(path: Path) -> Genome:
    """Read a FASTA file, plain or gzip; case is dropped.

    Raises
    ------
    InputError
        If it cannot be read, is no FASTA, or a name or sequence is missing or repeated.
    """
    sizes: dict[str, int] = {}
    pieces: list[bytes] = []
    try:
        with _open(path) as lines:
            for name, sequence in _records(path, lines):
                if name in sizes or not sequence:
                    fault = "is there twice" if name in sizes else "has no sequence"
                    raise InputError(f"{path}: sequence {name} {fault}; mend the FASTA")
                sizes[name] = len(sequence)
                pieces.append(sequence)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read as FASTA ({reason})") from None
    if not sizes:
        raise InputError(f"{path}: holds no sequence; expected FASTA")
    return Genome(sizes, _UPPER[np.frombuffer(b"".join(pieces), np.uint8)])


def _open(path: Path) -> BinaryIO:
    with path.open("rb") as probe:
        packed = probe.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def _records(path: Path, lines: BinaryIO) -> Iterator[tuple[str, bytes]]:
    name, rows = "", list[bytes]()
    for number, line in enumerate(lines, start=1):
        if line.startswith(b">"):
            if name:
                yield name, b"".join(rows)
            words = line[1:].split()
            if not words:
                raise InputError(f"{path}, line {number}: expected a name after '>'")
            name, rows = words[0].decode(errors="replace"), []
        elif name:
            rows.append(line.strip())
        elif line.strip():
            raise InputError(f"{path}, line {number}: expected FASTA, which starts with '>'")
    if name:
        yield name, b"".join(rows)
