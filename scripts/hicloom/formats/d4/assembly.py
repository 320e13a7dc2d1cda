"""Put a D4 together from tracks, copied as they are: offsets count from their directory."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from hicloom.errors import InputError
from hicloom.formats.d4.directories import Directory
from hicloom.formats.d4.frames import DIRECTORY, MAGIC, SUBDIR, Entry, directory
from hicloom.formats.d4.track import Track
from hicloom.outputs import atomic

_PIECE = 1 << 20

Extra = Mapping[str, tuple[int, bytes]]
"""Objects to add to a track: kind and bytes, by name."""


def assemble(path: Path, tracks: Mapping[str, Track], extra: Mapping[str, Extra]) -> None:
    """Write a file of tracks of other files.

    Parameters
    ----------
    path : Path
        File to write; it appears whole or not at all, and may be the one that is read.
    tracks : mapping of str to Track
        By their new names; the name "" alone makes a single-track file.
    extra : mapping of str to Extra
        What is added to a track, or takes the place of objects there; may be empty.

    Raises
    ------
    InputError
        If the tracks differ in their chromosomes.
    """
    first = next(iter(tracks.values()))
    for track in tracks.values():
        if list(track.chromsizes.items()) != list(first.chromsizes.items()):
            raise InputError(
                f"{track.directory.source.name}: its chromosomes are not those of "
                f"{first.directory.source.name}, in their order; tracks of a file share them"
            )
    copiers = {
        name: _copier(track.directory, extra.get(name, {})) for name, track in tracks.items()
    }
    with atomic(path) as (part,), part.open("w+b") as file:
        write_tracks(file, copiers)


def write_tracks(file: BinaryIO, writers: Mapping[str, Callable[[BinaryIO], None]]) -> None:
    """Write a whole file; each writer appends the directory of its track.

    Parameters
    ----------
    writers : mapping of str to callable
        By the names of tracks; one with the name "" writes the root directory itself.
    """
    file.write(MAGIC)
    if "" in writers:
        writers[""](file)
        return
    root = file.tell()
    names = [Entry(name, SUBDIR, 0, 0) for name in writers]
    file.write(b"".join(directory(names, DIRECTORY)))
    entries = []
    for name, write in writers.items():
        begin = file.tell()
        write(file)
        entries.append(Entry(name, SUBDIR, begin - root, file.tell() - begin))
    file.seek(root)
    file.write(b"".join(directory(entries, DIRECTORY)))


def _copier(source: Directory, extra: Extra) -> Callable[[BinaryIO], None]:
    def write(file: BinaryIO) -> None:
        begin, end = file.tell(), _end_of_kept(source, extra)
        for at in range(0, end, _PIECE):
            size = min(_PIECE, end - at)
            file.write(source.source.read(source.place.offset + at, size))
        if extra:
            _add(file, begin, source, extra)

    return write


def _end_of_kept(source: Directory, extra: Extra) -> int:
    """Bytes of a directory without what is replaced at its end."""
    for name in extra:
        entry = source.entries.get(name)
        if entry and entry.offset + entry.size == source.place.size:
            return entry.offset
    return source.place.size


def _add(file: BinaryIO, begin: int, source: Directory, extra: Extra) -> None:
    """Append objects to the directory that was just copied to `begin`."""
    entries = [entry for name, entry in source.entries.items() if name not in extra]
    for name, (kind, content) in extra.items():
        entries.append(Entry(name, kind, file.tell() - begin, len(content)))
        file.write(content)
    end = file.tell()
    first, rest = directory(entries, end - begin)
    file.write(rest)
    end = file.tell()
    file.seek(begin)
    file.write(first)
    file.seek(end)
