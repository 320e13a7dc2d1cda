"""From inputs to the tracks of a file: which chromosomes, which names, which numbers."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom.depth.pile import Pile
from hicloom.depth.sources import Source
from hicloom.errors import InputError
from hicloom.formats.chromsizes import check_subset, read_chromsizes
from hicloom.formats.d4 import Encoded, TrackWriter


def common_chromsizes(sources: Sequence[Source], path: Path | None) -> dict[str, int]:
    """The lengths (bp) of `path`, which all sources must have, or those that they agree on.

    Raises
    ------
    InputError
        If they disagree, or none states lengths.
    """
    stated = [(source.name, source.chromsizes) for source in sources if source.chromsizes]
    if path:
        sizes = read_chromsizes(path)
        for name, theirs in stated:
            check_subset(sizes, theirs, path, name)
        return sizes
    if not stated:
        raise InputError(
            f"{sources[0].name}: states no lengths of chromosomes; give them with --chromsizes"
        )
    first, sizes_ = stated[0]
    for name, theirs in stated[1:]:
        if dict(theirs) != dict(sizes_):
            raise InputError(
                f"{name}: its chromosomes differ from those of {first}; "
                "choose some that both have with --chromsizes"
            )
    return dict(sizes_)


def kept_chromsizes(sizes: Mapping[str, int], pattern: str) -> dict[str, int]:
    """The chromosomes whose whole name a regular expression matches.

    Raises
    ------
    InputError
        If it is no regular expression, or matches none.
    """
    try:
        kept = {name: size for name, size in sizes.items() if re.fullmatch(pattern, name)}
    except re.error as error:
        raise InputError(f"--chroms {pattern}: no regular expression ({error})") from None
    if not kept:
        raise InputError(f"--chroms {pattern}: matches none of {', '.join(list(sizes)[:5])}, ...")
    return kept


def track_names(inputs: Sequence[Path], given: Sequence[str], *, is_sum: bool) -> list[str]:
    """The name of each track: as given, else the files' names; a single track needs none.

    Raises
    ------
    InputError
        If the names are not as many as the tracks, or not all different.
    """
    n_tracks = 1 if is_sum else len(inputs)
    names = list(given) or ([""] if n_tracks == 1 else [_stem(path) for path in inputs])
    if len(names) != n_tracks:
        raise InputError(f"--track: {len(names)} names for {n_tracks} tracks")
    name, times = Counter(names).most_common(1)[0]
    if times > 1:
        raise InputError(f"track '{name}' is there {times} times; name the tracks with --track")
    return names


def _stem(path: Path) -> str:
    """A file's name without its endings."""
    return re.sub(r"(\.(bam|cram|pairs|bedgraph|bdg|bg|bw|bigwig|txt|gz))+$", "", path.name)


def write_track(out: TrackWriter, pile: Pile, *, threads: int) -> None:
    """Write the depth of a pile as a track."""

    def encode(first: int, depths: NDArray[np.int32]) -> list[tuple[str, Encoded]]:
        pieces = pile.line.cut(first, depths)
        return [(chrom, out.encode(start, values)) for chrom, start, values in pieces]

    for block in pile.map(encode, threads=threads):
        for chrom, encoded in block:
            out.append(chrom, encoded)
