"""The aligners: bwa embedded in this process, or a native one in a pipe."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


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
