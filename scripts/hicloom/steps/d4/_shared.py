"""What the verbs that read D4 files share: opening them, choosing tracks, writing text."""

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from hicloom.errors import InputError
from hicloom.formats.bgzf import BgzfWriter
from hicloom.outputs import atomic, is_stream

if TYPE_CHECKING:
    from hicloom.formats.d4 import D4File, Track


@contextlib.contextmanager
def opened(place: str, *, use_index: bool = True) -> Iterator["D4File"]:
    """A D4 file; of one on a server, stderr tells in the end how much was read."""
    from hicloom.formats import d4
    from hicloom.formats.d4.sources import is_url

    with d4.open(place, use_index=use_index) as file:
        yield file
        source = file.source
        if is_url(place):
            print(
                f"{place}: read {source.bytes_read:,} of {source.size:,} bytes"
                f" in {source.requests:,} requests",
                file=sys.stderr,
            )


def chosen_tracks(file: "D4File", names: Sequence[str]) -> list["Track"]:
    """The tracks of these names; without names all.

    Raises
    ------
    InputError
        If there is no track of a name, or the tracks differ in their chromosomes.
    """
    tracks = [file.track(name) for name in names] or list(file.tracks.values())
    for track in tracks:
        if track.chromsizes != tracks[0].chromsizes:
            raise InputError(
                f"{file.source.name}: tracks {tracks[0].name} and {track.name} differ in their "
                "chromosomes; choose some with --track"
            )
    return tracks


@contextlib.contextmanager
def text_sink(output: Path) -> Iterator[BinaryIO | BgzfWriter]:
    """Standard output, or a file that appears whole or not at all; `.gz` is compressed."""
    if is_stream(output):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with atomic(output) as (part,), part.open("wb") as raw:
        if output.suffix == ".gz":
            with BgzfWriter(raw) as compressed:
                yield compressed
        else:
            yield raw
