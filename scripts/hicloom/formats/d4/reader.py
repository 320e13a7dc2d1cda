"""Read D4 files, from disk or over HTTP: `open_d4`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.d4.directories import Directory, Place, read_directory
from hicloom.formats.d4.frames import DIRECTORY, MAGIC, ROOT, STREAM, SUBDIR
from hicloom.formats.d4.sources import Source, damaged, open_source
from hicloom.formats.d4.track import Track

_DEEPEST = 8


def open_d4(place: str | Path, *, use_index: bool = True) -> "D4File":
    """Open a D4 file, or one behind an http(s) URL, of which only what is asked for is read.

    `with open_d4("x.d4") as file: file.values("chr1", 0, 1000)`

    Parameters
    ----------
    place : str or Path
        A file or an http(s) URL.
    use_index : bool
        Let an index, where a track has one, spare reading the data.

    Raises
    ------
    InputError
        If there is no such file, it is no D4, or it is damaged or cut short; or if the server
        has no such file or does not answer range requests.
    WorkError
        If the server cannot be reached, or breaks off again and again.
    """
    source = open_source(place)
    try:
        return D4File(source, use_index)
    except BaseException:
        source.close()
        raise


class D4File:
    """A D4 file: one or several tracks.

    Positions are 0-based, regions half-open (bp). Where a method takes `track`, it is the
    name of one; it may be left out where there is but one.

    Attributes
    ----------
    tracks : dict of str to Track
        By name, in the order of the file; that of a single-track file has the name "".
    source : Source
        Its `bytes_read` and `requests` say what was read so far.
    """

    def __init__(self, source: Source, use_index: bool) -> None:
        self.source = source
        if source.size < ROOT + DIRECTORY or source.read(0, len(MAGIC))[:4] != MAGIC[:4]:
            raise InputError(f"{source.name}: is no D4 file (it does not begin as one)")
        root = read_directory(source, Place(ROOT, source.size - ROOT))
        self.tracks = {
            name: Track(name, directory, use_index) for name, directory in _tracks(root, "", 0)
        }
        if not self.tracks:
            raise damaged(source, "it holds no track")

    def __enter__(self) -> "D4File":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file or connection."""
        self.source.close()

    @property
    def chromsizes(self) -> Mapping[str, int]:
        """Lengths (bp) by chromosome, of the first track."""
        return next(iter(self.tracks.values())).chromsizes

    def track(self, name: str | None = None) -> "Track":
        """A track by name; without a name the only one.

        Raises
        ------
        InputError
            If there is none of this name, or several and no name is given.
        """
        if name is None and len(self.tracks) == 1:
            return next(iter(self.tracks.values()))
        if name is None or name not in self.tracks:
            known = ", ".join(self.tracks) or "one without a name"
            asked = "name a track" if name is None else f"no track '{name}'"
            raise InputError(f"{self.source.name}: {asked}; there are: {known}")
        return self.tracks[name]

    def values(
        self, chrom: str, start: int = 0, end: int | None = None, *, track: str | None = None
    ) -> NDArray[Any]:
        """`Track.values` of a track."""
        return self.track(track).values(chrom, start, end)

    def mean(
        self, chrom: str, start: int = 0, end: int | None = None, *, track: str | None = None
    ) -> float:
        """`Track.mean` of a track."""
        return self.track(track).mean(chrom, start, end)


def _tracks(directory: Directory, name: str, depth: int) -> Iterator[tuple[str, Directory]]:
    """Directories that are tracks, with their names; those in others as `outer/inner`."""
    if directory.has(".metadata", STREAM):
        yield name, directory
    elif depth < _DEEPEST:
        for inner, entry in directory.entries.items():
            if entry.kind == SUBDIR:
                whole = f"{name}/{inner}" if name else inner
                yield from _tracks(directory.subdirectory(inner), whole, depth + 1)
