"""FASTQ pairs, read in batches of records that are verified on the way."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from isal import igzip, isal_zlib

from hicloom.errors import InputError

_PIECE = 4 << 20
_GZIP_MAGIC = b"\x1f\x8b"
_LINES = 4


class Read(NamedTuple):
    """One read; `quality` is in the file's ASCII encoding, as long as `sequence`."""

    name: str
    sequence: str
    quality: str


@dataclass(frozen=True)
class Batch:
    """The same stretch of records of both files, as text.

    Attributes
    ----------
    first : int
        Number (1-based) of its first record in the files.
    texts : tuple of two bytes
        Whole lines of FASTQ 1 and FASTQ 2.
    """

    paths: tuple[Path, Path]
    first: int
    texts: tuple[bytes, bytes]

    @property
    def pairs(self) -> int:
        """How many records it has of FASTQ 1."""
        return count(self.texts[0])

    def reads(self) -> list[Read]:
        """The reads, interleaved: read 1 and read 2 of the first pair, of the second, ...

        Names end at the first blank and lose a final `/1` or `/2`.

        Raises
        ------
        InputError
            Naming the file and record, if a record is corrupt, a mate is missing or the
            names of a pair differ.
        """
        ones, twos = map(self._parse, self.paths, self.texts)
        pairs = list(zip(ones, twos, strict=False))
        for number, (one, two) in enumerate(pairs, start=self.first):
            if one.name != two.name:
                raise InputError(
                    f"{self.paths[1]}: record {number} is {two.name}, but {self.paths[0]} has "
                    f"{one.name} there; give the two files of one lane, in the same order"
                )
        self._check_counts(len(ones), len(twos))
        return [read for pair in pairs for read in pair]

    def interleaved(self) -> bytes:
        """The reads as FASTQ text, interleaved; raises what `reads` raises."""
        return "".join(
            f"@{read.name}\n{read.sequence}\n+\n{read.quality}\n" for read in self.reads()
        ).encode("latin-1")

    def _parse(self, path: Path, text: bytes) -> list[Read]:
        lines = text.decode("latin-1").replace("\r", "").split("\n")[:-1]
        columns = zip_longest(*(lines[place::_LINES] for place in range(_LINES)), fillvalue="")
        return [
            _read(path, number, *record) for number, record in enumerate(columns, start=self.first)
        ]

    def _check_counts(self, ones: int, twos: int) -> None:
        if ones == twos:
            return
        longer, shorter = self.paths if ones > twos else self.paths[::-1]
        raise InputError(
            f"{shorter}: ends after record {self.first + min(ones, twos) - 1}, but {longer}"
            " goes on; both files of a lane need the same reads"
        )


def batches(fastq1: Path, fastq2: Path, size: int) -> Iterator[Batch]:
    """Batches of `size` pairs (the last may hold fewer), of files that are plain or gzip.

    A batch checks its records when it is asked for its reads.

    Raises
    ------
    InputError
        If a file is missing, empty, or its gzip data is truncated or damaged.
    """
    paths = (fastq1, fastq2)
    streams = [_chunks(path, size * _LINES) for path in paths]
    for number, (one, two) in enumerate(zip_longest(*streams, fillvalue=b"")):
        yield Batch(paths, number * size + 1, (one, two))


def records(path: Path, size: int) -> Iterator[bytes]:
    """The text of `size` records of a file at a time; the last piece may hold fewer.

    Raises
    ------
    InputError
        If the file is missing, empty, or its gzip data is truncated or damaged.
    """
    return _chunks(path, size * _LINES)


def count(text: bytes) -> int:
    """How many records a text of whole records holds."""
    return text.count(b"\n") // _LINES


def _read(path: Path, number: int, name: str, sequence: str, plus: str, quality: str) -> Read:
    if name[:1] != "@" or plus[:1] != "+" or len(sequence) != len(quality):
        raise InputError(f"{path}: record {number}: {_complaint(name, sequence, plus, quality)}")
    name = name[1:].split(maxsplit=1)[0] if name[1:].strip() else ""
    if name[-2:] in ("/1", "/2"):
        name = name[:-2]
    return Read(name, sequence, quality)


def _complaint(name: str, sequence: str, plus: str, quality: str) -> str:
    if name[:1] != "@":
        return f"expected a line that starts with '@', found {name[:40]!r}"
    if plus[:1] != "+":
        return f"expected a line that starts with '+' after the sequence, found {plus[:40]!r}"
    return f"{len(sequence)} bases but {len(quality)} qualities; the file is damaged or truncated"


def _chunks(path: Path, lines: int) -> Iterator[bytes]:
    """Pieces of exactly `lines` lines; the last may have fewer, but ends in a newline."""
    empty = True
    for chunk in _cut(_pieces(path), lines):
        empty = False
        yield chunk
    if empty:
        raise InputError(f"{path}: is empty; expected FASTQ records")


def _cut(pieces: Iterable[bytes], lines: int) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        text, start = rest + piece, 0
        ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
        for end in ends[lines - 1 :: lines].tolist():
            yield text[start : end + 1]
            start = end + 1
        rest = text[start:]
    if rest.strip():
        yield rest.rstrip(b"\r\n") + b"\n"


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        raw = path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    with raw:
        gzipped = raw.peek(2)[:2] == _GZIP_MAGIC
        stream: IO[bytes] = igzip.open(raw, "rb") if gzipped else raw
        while piece := _inflate(path, stream):
            yield piece


def _inflate(path: Path, stream: IO[bytes]) -> bytes:
    try:
        return stream.read(_PIECE)
    except EOFError:
        problem = "the gzip data ends before its end marker (a truncated copy or download?)"
    except (zlib.error, isal_zlib.error, igzip.BadGzipFile) as error:  # type: ignore[misc]
        problem = f"the gzip data is damaged ({error})"
    raise InputError(f"{path}: {problem}; fetch the file again")
