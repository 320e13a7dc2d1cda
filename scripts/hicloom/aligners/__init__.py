"""The aligners: bwa embedded in this process, or a native one in a pipe."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# Pairs that are aligned at a time. bwa breaks ties between equal hits (MAPQ 0) by a read's
# place in its batch, so that this size is part of the result.
BATCH = 2048


def whole_batches(pairs: int) -> int:
    """The next multiple of BATCH: a chunk of so many pairs is aligned as in the whole lane."""
    return -(-pairs // BATCH) * BATCH


@dataclass(frozen=True)
class Settings:
    """What every aligner is told.

    Attributes
    ----------
    index : Path
        Folder or prefix of an index.
    read_group : mapping or None
        Fields of the @RG line, its ID among them.
    split_as_secondary : bool
        Other parts of a chimeric read are secondary (0x100) instead of supplementary (0x800).
    threads : int
        Processes or threads that align.
    program : mapping
        Fields of the @PG line that says which command this is.
    """

    index: Path
    read_group: Mapping[str, str] | None
    split_as_secondary: bool
    threads: int
    program: Mapping[str, str]
