from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from hicloom.errors import InputError
from hicloom.options import Output
from hicloom.outputs import atomic
from hicloom.steps.d4._shared import chosen_tracks, opened
from hicloom.steps.plot import ENDINGS, matplotlib_folder

if TYPE_CHECKING:
    from hicloom.formats.d4 import D4File, Track
    from hicloom.formats.d4.regions import Region

MAX_PANELS = 30


def plot(
    d4: str,
    region: str | None = None,
    /,
    *,
    output: Output,
    track: Sequence[str] = (),
    bins: Annotated[int, Parameter(validator=Number(gte=1, lte=10_000))] = 1000,
    title: str | None = None,
) -> None:
    """Draw depth along one region, or along all chromosomes.

    Parameters
    ----------
    d4 : str
        A D4 file, or the http(s) URL of one: only what is needed is fetched.
    region : str, optional
        `chrom`, `chrom:start-end` or `chrom:start`, 0-based and half-open (default: all
        chromosomes; of many the 30 longest).
    output : Path
        The picture: .png, .pdf or .svg.
    track : sequence of str
        Tracks to draw (default: all).
    bins : int
        Points of a curve at most; each is the mean of its bases.
    title : str, optional
        Title (default: `depth`, name of the file, region).

    Raises
    ------
    InputError
        If the file is no D4 or damaged, a track or region is not in it, or matplotlib is not
        installed.
    """
    if output.suffix not in ENDINGS:
        raise InputError(f"{output}: expected a name that ends in {', '.join(ENDINGS)}")
    with matplotlib_folder(), opened(d4) as file, atomic(output) as (part,):
        try:
            from hicloom.depth.drawing import Curve, draw
        except ImportError:
            raise InputError("matplotlib is not installed: pip install matplotlib") from None
        tracks = chosen_tracks(file, track)
        places = _places(file, tracks[0], region)
        longest = max(place.end - place.start for place in places)
        panels = {
            place.chrom: {
                track.name: Curve(*track.resample(*place, bins=_share(place, longest, bins)))
                for track in tracks
            }
            for place in places
        }
        name = d4.rpartition("/")[2]
        draw(panels, part, title or f"depth, {name}, {region or 'whole genome'}")


def _places(file: "D4File", track: "Track", region: str | None) -> list["Region"]:
    """The region, or chromosomes in the order of the file."""
    from hicloom.formats.d4.regions import chosen_regions

    places = chosen_regions([region] if region else [], None, track.chromsizes)
    longest = sorted(places, key=lambda place: place.start - place.end)[:MAX_PANELS]
    return [place for place in places if place in longest]


def _share(place: "Region", longest: int, bins: int) -> int:
    """Bins of about one width on all chromosomes."""
    return max(1, round(bins * (place.end - place.start) / longest))
