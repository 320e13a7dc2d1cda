"""Write D4 files.

    layout = Layout(SimpleRange(0, 64))
    with create_d4(path, {"chr1": 1000, "chr2": 500}, layout) as out:
        out.track().append_dense("chr1", 0, depth)
        out.track().append_runs("chr2", starts, ends, values)

Source: github.com/38/d4-format. The order of objects, the cuts between records and the bytes
that end streams are those that both d4tools 0.3.9 and its later sources read right.
"""

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from hicloom.errors import InputError
from hicloom.formats.d4.assembly import write_tracks
from hicloom.formats.d4.frames import MAGIC
from hicloom.formats.d4.metadata import LONGEST
from hicloom.formats.d4.track_writer import Layout, TrackWriter
from hicloom.formats.threads import shared_pool
from hicloom.outputs import atomic


@contextlib.contextmanager
def create_d4(
    path: Path,
    chromsizes: Mapping[str, int],
    tracks: Layout | Mapping[str, Layout],
    *,
    threads: int = 1,
    tmpdir: Path | None = None,
) -> Iterator["D4Writer"]:
    """A D4 file to write, which appears whole when the block ends well, or not at all.

    Parameters
    ----------
    path : Path
        File to write.
    chromsizes : mapping of str to int
        Lengths (bp, up to 2^31) in the order of the file; those of length 0 are left out.
    tracks : Layout, or mapping of str to Layout
        One track without a name, or the tracks of a multi-track file by name.
    threads : int
        Threads that compress, with 1 the caller's own; the bytes do not depend on them.
    tmpdir : Path, optional
        Where the tracks of a multi-track file lie until they are put together (default:
        the folder of `path`); nameless files, which go even with a killed process.

    Raises
    ------
    InputError
        If there is no chromosome or track, or a chromosome is too long.
    """
    sizes = {name: size for name, size in chromsizes.items() if size > 0}
    _check(path, sizes, tracks)
    with atomic(path) as (part,), contextlib.ExitStack() as stack:
        file = stack.enter_context(part.open("w+b"))
        pool = stack.enter_context(shared_pool(threads)) if threads > 1 else None
        if isinstance(tracks, Layout):
            file.write(MAGIC)
            whole = TrackWriter(file, sizes, tracks, pool, str(path))
            yield D4Writer({"": whole})
            whole.close()
            return
        writers = {}
        for name, layout in tracks.items():
            spill = stack.enter_context(tempfile.TemporaryFile(dir=tmpdir or path.parent))
            writers[name] = TrackWriter(spill, sizes, layout, pool, f"{path}, track {name}")
        yield D4Writer(writers)
        write_tracks(file, {name: writer.copy_to for name, writer in writers.items()})


class D4Writer:
    """The tracks of a file that is being written, by name."""

    def __init__(self, tracks: "Mapping[str, TrackWriter]") -> None:
        self.tracks = dict(tracks)

    def track(self, name: str = "") -> "TrackWriter":
        """A track; the one of a single-track file has no name."""
        return self.tracks[name]


def _check(path: Path, sizes: Mapping[str, int], tracks: Layout | Mapping[str, Layout]) -> None:
    if not sizes:
        raise InputError(f"{path}: a D4 needs at least one chromosome")
    for chrom, size in sizes.items():
        if size > LONGEST:
            raise InputError(f"{path}: {chrom} has {size} bp; a D4 holds up to {LONGEST}")
    names = [] if isinstance(tracks, Layout) else list(tracks)
    if not names and not isinstance(tracks, Layout):
        raise InputError(f"{path}: a D4 needs at least one track")
    for name in names:
        if not name or "\0" in name or name.startswith("."):
            raise InputError(f"{path}: '{name}' cannot be the name of a track")
