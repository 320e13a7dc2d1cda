"""FASTA: the sequences of a genome, one at a time."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.text import open_text, whole_lines


def read_fasta(path: Path) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Name and letters (uint8 array, as in the file) of each sequence, one at a time.

    Raises
    ------
    InputError
        If it is no FASTA, or a name is missing or there twice, or a sequence is empty.
    """
    seen: set[str] = set()
    with open_text(path) as pieces:
        for name, letters in _sequences(pieces, path):
            if name in seen or not letters:
                fault = "is there twice" if name in seen else "is empty"
                raise InputError(f"{path}: sequence {name} {fault}; mend the FASTA")
            seen.add(name)
            yield name, np.frombuffer(letters, np.uint8)
    if not seen:
        raise InputError(f"{path}: is empty; expected FASTA sequences")


def _sequences(pieces: Iterable[bytes], path: Path) -> Iterator[tuple[str, bytes]]:
    name, letters = "", list[bytes]()
    for text in whole_lines(pieces):
        tail, *records = (b"\n" + text).split(b"\n>")
        letters.append(tail.translate(None, b"\r\n\t "))
        if not name and letters[-1]:
            raise InputError(f"{path}: is not FASTA; expected a line that starts with '>'")
        for record in records:
            if name:
                yield name, b"".join(letters)
            header, _, rows = record.partition(b"\n")
            name = (header.split() or [b""])[0].decode(errors="replace")
            if not name:
                raise InputError(f"{path}: a sequence has no name after '>'; mend the FASTA")
            letters = [rows.translate(None, b"\r\n\t ")]
    if name:
        yield name, b"".join(letters)
