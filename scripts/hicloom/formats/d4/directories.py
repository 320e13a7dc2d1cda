"""Read the container of a D4: directories and streams, none of whose numbers is trusted."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from hicloom.formats.d4.frames import BLOB, DIRECTORY, ENTRY, FRAME, STREAM, SUBDIR, Entry
from hicloom.formats.d4.sources import Source, damaged

LARGEST = 1 << 28
"""Bytes of a directory or of metadata; 100,000 chromosomes need some 3,000,000."""


@dataclass(frozen=True)
class Place:
    """Where an object lies: absolute offset and size in bytes."""

    offset: int
    size: int


@dataclass(frozen=True)
class Directory:
    """The objects of a directory.

    Attributes
    ----------
    place : Place
        All that belongs to the directory.
    entries : dict of str to Entry
        By name, in their order.
    """

    source: Source
    place: Place
    entries: dict[str, Entry]

    def has(self, name: str, kind: int) -> bool:
        """Whether there is an object of this name and kind."""
        return name in self.entries and self.entries[name].kind == kind

    def find(self, name: str, kind: int) -> Place:
        """Where an object lies.

        Raises
        ------
        InputError
            If there is none of this name and kind.
        """
        if not self.has(name, kind):
            raise damaged(self.source, f"it has no {name} where one should be")
        entry = self.entries[name]
        return Place(self.place.offset + entry.offset, entry.size)

    def stream(self, name: str) -> bytes:
        """The content of a stream."""
        place = self.find(name, STREAM)
        return b"".join(payloads(self.source, place))

    def subdirectory(self, name: str) -> "Directory":
        """A directory in this one."""
        return read_directory(self.source, self.find(name, SUBDIR))


def read_directory(source: Source, place: Place) -> Directory:
    """The directory at `place`.

    Raises
    ------
    InputError
        If it is damaged, or one of its objects lies beyond the end of the file.
    """
    if place.size < DIRECTORY:
        raise damaged(source, f"a directory of {place.size} bytes")
    content = b"".join(payloads(source, Place(place.offset, DIRECTORY)))
    try:
        entries = {entry.name: entry for entry in _entries(content)}
    except (ValueError, struct.error):
        raise damaged(source, f"the directory at {place.offset} cannot be read") from None
    for entry in entries.values():
        if place.offset + entry.offset + entry.size > source.size:
            raise damaged(source, f"it ends before {entry.name} does; it may be cut short")
    return Directory(source, place, entries)


def frames(source: Source, first: Place) -> Iterator[Place]:
    """The frames of a stream, headers included; each is looked up when it is asked for."""
    place, total = first, 0
    while True:
        total += place.size
        if place.size <= FRAME.size or total > source.size:
            raise damaged(source, f"no frame of {place.size} bytes can lie at {place.offset}")
        following, size = FRAME.unpack(source.read(place.offset, FRAME.size))
        yield place
        if not following:
            return
        place = Place(place.offset + following, size)


def payloads(source: Source, first: Place) -> Iterator[bytes]:
    """What the frames of a stream hold, LARGEST bytes at most."""
    total = 0
    for place in frames(source, first):
        total += place.size
        if total > LARGEST:
            raise damaged(source, f"the stream at {first.offset} has more than {LARGEST} bytes")
        yield source.read(place.offset, place.size)[FRAME.size :]


def _entries(content: bytes) -> Iterator[Entry]:
    at = 0
    while content[at]:
        flag, kind, offset, size = ENTRY.unpack_from(content, at)
        start = at + ENTRY.size
        at = content.index(b"\0", start)
        if flag != 1 or kind not in (STREAM, SUBDIR, BLOB):
            raise ValueError("no entry")
        yield Entry(content[start:at].decode(), kind, offset, size)
        at += 1
        if at == len(content):
            return
