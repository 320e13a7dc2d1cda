"""Sizes, times and checksums of files, none read twice while it stays as it is."""

import hashlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_AT_ONCE = 4


@dataclass(frozen=True)
class Stamp:
    """What a file was: bytes, time of its last change (ISO 8601, UTC), SHA-256 in hex or None."""

    size: int
    modified: str
    sha256: str | None = None

    def is_of_same_state(self, other: "Stamp | None") -> bool:
        """Whether size and time are those of the other."""
        return other is not None and (self.size, self.modified) == (other.size, other.modified)


def stamp(path: Path) -> Stamp:
    """Size and time of a file, without its checksum."""
    stat = path.stat()
    return Stamp(stat.st_size, moment(stat.st_mtime))


def moment(seconds: float) -> str:
    """A time (seconds since 1970) as ISO 8601, in UTC, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def sha256(path: Path) -> str:
    """The checksum of a file in hex, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamped(paths: Iterable[Path], known: Mapping[Path, Stamp]) -> dict[Path, Stamp]:
    """Stamps with checksums of files, a few at a time.

    Parameters
    ----------
    paths
        Files that are there.
    known
        Stamps of an earlier time, by absolute path; a file whose size and time are still
        those is not read.
    """
    files = list(dict.fromkeys(paths))

    def look(path: Path) -> Stamp:
        now, before = stamp(path), known.get(path.resolve())
        if before and before.sha256 and now.is_of_same_state(before):
            return before
        return Stamp(now.size, now.modified, sha256(path))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(files, pool.map(look, files), strict=True))
