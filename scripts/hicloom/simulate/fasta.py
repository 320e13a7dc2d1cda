"""A whole genome in memory, as one array of bases."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom.formats.fasta import read_fasta

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
    sequences = dict(read_fasta(path))
    sizes = {name: len(letters) for name, letters in sequences.items()}
    return Genome(sizes, _UPPER[np.concatenate(list(sequences.values()))])
