from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from hicloom.errors import InputError
from hicloom.options import Output

if TYPE_CHECKING:
    from hicloom.formats.d4 import D4File, Track


def merge(
    d4s: Sequence[str],
    /,
    *,
    output: Output,
    labels: Sequence[str] = (),
    track: Sequence[str] = (),
    bigwig: Path | None = None,
) -> None:
    """Put the tracks of several D4 files side by side into one; they are copied as they are.

    Parameters
    ----------
    d4s : sequence of str
        D4 files, or http(s) URLs of them; their chromosomes are the same, in the same order.
    output : Path
        The D4 file to write.
    labels : sequence of str
        A name for each file (default: the file's name without ending). A track is called
        by it; where a file gives several tracks, `LABEL.TRACK`.
    track : sequence of str
        Tracks to take of each file (default: all).
    bigwig : Path, optional
        bigWig file for the sum of all tracks, for genome browsers.

    Raises
    ------
    InputError
        If a file is no D4 or damaged, lacks a track, has other chromosomes than the first;
        or two tracks would get one name.
    """
    from hicloom.formats import d4
    from hicloom.formats.d4.assembly import assemble

    names = list(labels) or [Path(place).name.removesuffix(".d4") for place in d4s]
    if len(names) != len(d4s):
        raise InputError(f"merge: {len(d4s)} files and {len(names)} --labels; give one for each")
    with ExitStack() as stack:
        tracks: dict[str, Track] = {}
        for place, label in zip(d4s, names, strict=True):
            file = stack.enter_context(d4.open(place))
            for name, found in _labelled(file, label, track).items():
                if name in tracks:
                    raise InputError(f"merge: two tracks would be called '{name}'; give --labels")
                tracks[name] = found
        assemble(output, tracks, {})
        if bigwig:
            from hicloom.depth.browser import write_sum

            write_sum(bigwig, list(tracks.values()))


def _labelled(file: "D4File", label: str, names: Sequence[str]) -> dict[str, "Track"]:
    """The tracks to take of a file, by their new names."""
    tracks = [file.track(name) for name in names] or list(file.tracks.values())
    if len(tracks) == 1:
        return {label: tracks[0]}
    return {f"{label}.{track.name}": track for track in tracks}
