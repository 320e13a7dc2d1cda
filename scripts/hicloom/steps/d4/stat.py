from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
from cyclopts import Parameter
from cyclopts.validators import Number

from hicloom.errors import InputError
from hicloom.options import Output, Threads
from hicloom.outputs import STREAM
from hicloom.steps.d4._shared import chosen_tracks, opened, text_sink

if TYPE_CHECKING:
    from hicloom.formats.d4 import Track
    from hicloom.formats.d4.regions import Region

SIMPLE = ("mean", "median", "sum", "min", "max", "count")


def stat(
    d4: str,
    /,
    *region: str,
    stat: Annotated[Sequence[str], Parameter(name=["--stat", "-s"])] = ("mean",),
    regions: Annotated[Path | None, Parameter(name=["--regions", "-r"])] = None,
    track: Sequence[str] = (),
    max_bin: Annotated[int, Parameter(validator=Number(gte=1, lte=1 << 20))] = 1000,
    index: bool = True,
    header: bool = False,
    threads: Threads = 1,
    output: Output = STREAM,
) -> None:
    """Summarise depth: a line for each region, a column for each track and statistic.

    Regions are 0-based and half-open, as in BED: `chr1:0-10` are the first ten bases.

    Parameters
    ----------
    d4 : str
        A D4 file, or the http(s) URL of one: only what is needed is fetched.
    region : str
        `chrom`, `chrom:start-end` or `chrom:start` (default: each chromosome).
    stat : sequence of str
        `mean`, `median`, `min`, `max`, `sum`, `count` (of bases), `percentile=N` (the least
        value that N % of the bases do not exceed; `median` is `percentile=50`),
        `perc_cov=A,B...` (share of bases of A, of B... or more), or `hist` alone: bases of
        each value, over all regions.
    regions : Path, optional
        BED file of more regions.
    track : sequence of str
        Tracks to summarise (default: all).
    max_bin : int
        Of `hist`: the largest value with a line of its own.
    index : bool
        Use the index of the file, if it has one (`hicloom d4 index`).
    header : bool
        Print a line of column names first.
    threads : int
        Regions that are read at once.
    output : Path
        Where to write: `.gz` is compressed with BGZF, `-` is standard output.

    Raises
    ------
    InputError
        If the file is no D4 or damaged; a track, chromosome or region is not in it; or a
        statistic is unknown.
    """
    from hicloom.formats.d4.regions import chosen_regions

    columns = _columns(stat)
    with opened(d4, use_index=index) as file:
        tracks = chosen_tracks(file, track)
        wanted = chosen_regions(region, regions, tracks[0].chromsizes)
        with text_sink(output) as sink, ThreadPoolExecutor(threads) as pool:
            if columns == ["hist"]:
                lines = _histogram(tracks, wanted, max_bin, header, pool)
            else:
                lines = _table(tracks, wanted, columns, header, pool)
            for line in lines:
                sink.write(("\t".join(line) + "\n").encode())


def _columns(stats: Sequence[str]) -> list[str]:
    """The columns that the statistics ask for; `perc_cov=1,5` asks for two."""
    columns = []
    for stat in stats:
        name, _, numbers = stat.partition("=")
        each = numbers.split(",")
        if name in ("percentile", "perc_cov") and all(map(_is_number, each)):
            columns += [f"{name}={number}" for number in each]
        elif stat in SIMPLE or [stat] == list(stats) == ["hist"]:
            columns.append(stat)
        else:
            raise InputError(
                f"--stat {stat}: expected {', '.join(SIMPLE)}, percentile=N (0 to 100), "
                "perc_cov=A,B... or, alone, hist"
            )
    for column in columns:
        if column.startswith("percentile=") and not 0 <= float(column[11:]) <= 100:
            raise InputError(f"--stat {column}: expected a percentage from 0 to 100")
    return columns


def _is_number(text: str) -> bool:
    try:
        return np.isfinite(float(text))
    except ValueError:
        return False


def _table(
    tracks: Sequence["Track"],
    wanted: Sequence["Region"],
    columns: Sequence[str],
    header: bool,
    pool: ThreadPoolExecutor,
) -> Iterator[list[str]]:
    if header:
        names = [f"{t.name}:{c}" if len(tracks) > 1 else c for t in tracks for c in columns]
        yield ["#chrom", "start", "end", *names]

    def line(region: "Region") -> list[str]:
        return [str(part) for part in region] + [
            _word(number) for track in tracks for number in _numbers(track, region, columns)
        ]

    yield from pool.map(line, wanted)


def _numbers(track: "Track", region: "Region", columns: Sequence[str]) -> Iterator[float]:
    """The statistics of one region and track, in the order of `columns`."""
    length = region.end - region.start
    total, least, greatest = (
        track.summary(*region) if {"mean", "sum", "min", "max"} & {*columns} else (0, 0, 0)
    )
    divisor = track.denominator or 1
    known = {
        "count": length,
        "mean": total / divisor / length,
        "sum": total / divisor if track.denominator else total,
        "min": least / divisor if track.denominator else least,
        "max": greatest / divisor if track.denominator else greatest,
    }
    for column in columns:
        name, _, number = column.partition("=")
        if name in known:
            yield known[name]
        elif name == "perc_cov":
            yield _covered(track, region, float(number)) / length
        else:
            percent = float(number or 50)
            yield track.percentile(region.chrom, percent, region.start, region.end)


def _covered(track: "Track", region: "Region", least: float) -> int:
    """Bases of `least` or more."""
    return sum(
        int((ends - starts)[track.shown(values) >= least].sum())
        for starts, ends, values in track.runs(*region)
    )


def _histogram(
    tracks: Sequence["Track"],
    wanted: Sequence["Region"],
    max_bin: int,
    header: bool,
    pool: ThreadPoolExecutor,
) -> Iterator[list[str]]:
    """A line for each stored value, then what lies below 0 and above the last; no line above
    the largest value that occurs."""
    columns = []
    for track in tracks:
        parts = pool.map(
            lambda r, t=track: t.counts(r.chrom, -1, max_bin + 3, r.start, r.end), wanted
        )
        columns.append(sum(parts))
    counts = np.array(columns).T
    divisor = tracks[0].denominator
    if any(track.denominator != divisor for track in tracks):
        raise InputError("--stat hist: the tracks have different denominators; choose one --track")
    if header:
        yield ["#value", *(track.name or "bases" for track in tracks)]
    yield ["<0", *map(str, counts[0])]
    used = np.flatnonzero(counts[1:-1].any(axis=1))
    for value in range(int(used[-1]) + 1 if len(used) else 0):
        yield [_word(value / divisor if divisor else value), *map(str, counts[value + 1])]
    if counts[-1].any():
        yield [f">{_word(max_bin / divisor if divisor else max_bin)}", *map(str, counts[-1])]


def _word(number: float) -> str:
    return repr(number).removesuffix(".0")
