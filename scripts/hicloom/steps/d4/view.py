from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hicloom.options import Output
from hicloom.outputs import STREAM
from hicloom.steps.d4._shared import chosen_tracks, opened, text_sink

if TYPE_CHECKING:
    from hicloom.formats.d4 import Track
    from hicloom.formats.d4.regions import Region

Rows = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any]]


def view(
    d4: str,
    /,
    *region: str,
    regions: Path | None = None,
    track: Sequence[str] = (),
    zeros: bool = True,
    header: bool = False,
    output: Output = STREAM,
) -> None:
    """Print depth as bedGraph, a column for each track.

    Regions are 0-based and half-open, as in BED: `chr1:0-10` are the first ten bases.

    Parameters
    ----------
    d4 : str
        A D4 file, or the http(s) URL of one: only what is needed is fetched.
    region : str
        `chrom`, `chrom:start-end` or `chrom:start`; several are printed in this order
        (default: all chromosomes).
    regions : Path, optional
        BED file of more regions.
    track : sequence of str
        Tracks to show (default: all).
    zeros : bool
        Print stretches that are 0 in all tracks, too; `--no-zeros` leaves them out.
    header : bool
        Print a line of column names first.
    output : Path
        Where to write: `.gz` is compressed with BGZF, `-` is standard output.

    Raises
    ------
    InputError
        If the file is no D4 or damaged, or a track, chromosome or region is not in it.
    """
    from hicloom.formats.d4.regions import chosen_regions

    with opened(d4) as file:
        tracks = chosen_tracks(file, track)
        wanted = chosen_regions(region, regions, tracks[0].chromsizes)
        with text_sink(output) as sink:
            if header:
                names = [track.name or "depth" for track in tracks]
                sink.write(("\t".join(["#chrom", "start", "end", *names]) + "\n").encode())
            for place in wanted:
                for starts, ends, values in _joined(_rows(tracks, place)):
                    shown = slice(None) if zeros else values.any(axis=1)
                    sink.write(_text(place.chrom, starts[shown], ends[shown], values[shown]))


def _rows(tracks: Sequence["Track"], region: "Region") -> Iterator[Rows]:
    """Stretches in which no track changes; values have a column for each track."""
    for pieces in zip(*(track.runs(*region) for track in tracks), strict=True):
        starts = np.unique(np.concatenate([starts for starts, _, _ in pieces]))
        columns = [
            track.shown(values[np.searchsorted(begins, starts, side="right") - 1])
            for track, (begins, _, values) in zip(tracks, pieces, strict=True)
        ]
        yield starts, np.append(starts[1:], pieces[0][1][-1]), _table(columns)


def _table(columns: list[NDArray[Any]]) -> NDArray[Any]:
    """Columns side by side; integers stay integers beside fractions."""
    if len({column.dtype for column in columns}) > 1:
        columns = [column.astype(object) for column in columns]
    return np.stack(columns, axis=1)


def _joined(pieces: Iterator[Rows]) -> Iterator[Rows]:
    """The same rows, a stretch that goes on in the next piece made one."""
    held: Rows | None = None
    for starts, ends, values in pieces:
        if held is not None and (held[2] == values[:1]).all():
            starts[0] = held[0][0]
        elif held is not None:
            yield held
        yield starts[:-1], ends[:-1], values[:-1]
        held = starts[-1:], ends[-1:], values[-1:]
    if held is not None:
        yield held


def _text(chrom: str, starts: NDArray[Any], ends: NDArray[Any], values: NDArray[Any]) -> bytes:
    rows = zip(starts.tolist(), ends.tolist(), *map(_words, values.T.tolist()), strict=True)
    line = "\t".join([chrom.replace("%", "%%"), *["%s"] * (2 + values.shape[1])]) + "\n"
    return "".join(map(line.__mod__, rows)).encode()


def _words(column: list[Any]) -> list[Any]:
    """Fractions as short as they are exact, without `.0`."""
    if not any(isinstance(value, float) for value in column[:1]):
        return column
    return [repr(value).removesuffix(".0") for value in column]
