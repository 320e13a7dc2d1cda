"""What made a file is written into it."""

import shlex
from collections.abc import Sequence

from hicloom import __version__

PROGRAM = f"hicloom-{__version__}"

_words: list[str] = []


def set_command(words: Sequence[str]) -> None:
    """Remember the command line that this process runs."""
    _words[:] = words


def command() -> str:
    """The running command with the version, on one line; for headers and metadata."""
    return " ".join([PROGRAM, *map(shlex.quote, _words)])
