"""The files that HiGlass shows, and the names it knows them by."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from hicloom.errors import InputError

Kind = Literal["cooler", "hic", "bigwig", "d4"]

_MAGICS: dict[bytes, Kind] = {
    b"\x89HDF": "cooler",
    b"HIC\0": "hic",
    b"\x26\xfc\x8f\x88": "bigwig",
    b"\x88\x8f\xfc\x26": "bigwig",
    b"d4\xdd\xdd": "d4",
}


@dataclass(frozen=True)
class Tileset:
    """A map, or a track of depth.

    Attributes
    ----------
    uid : str
        Name in the addresses of tiles: that of the file (and track), `.` and what else is
        neither letter, digit nor `_` as `-`.
    name : str
        What people read.
    path : Path
    kind : str
    chromsizes : mapping of str to int
        Lengths (bp), in the order in which they are shown.
    resolutions : sequence of int
        Bin sizes (bp) of a map, ascending.
    track : str
        Which track of a D4.
    """

    uid: str
    name: str
    path: Path
    kind: Kind
    chromsizes: Mapping[str, int]
    resolutions: Sequence[int] = ()
    track: str = ""

    @property
    def is_map(self) -> bool:
        """Whether it is a contact map."""
        return self.kind in ("cooler", "hic")

    @property
    def length(self) -> int:
        """Length of the genome (bp)."""
        return sum(self.chromsizes.values())


def uid_of(name: str) -> str:
    """A file's name as a tileset's; no server of HiGlass takes one with a dot."""
    return re.sub(r"\W", "-", name, flags=re.ASCII)


def open_tilesets(paths: Sequence[Path]) -> list[Tileset]:
    """What files hold, in their order; depth in the order of chromosomes of the maps it is for.

    Raises
    ------
    InputError
        If a file is missing, damaged, of no known kind, or given twice under one name.
    """
    found = [tileset for path in paths for tileset in _tilesets(path)]
    seen: dict[str, Path] = {}
    for tileset in found:
        if tileset.uid in seen:
            raise InputError(
                f"{tileset.path}: has the name of {seen[tileset.uid]}; give one of them, or rename"
            )
        seen[tileset.uid] = tileset.path
    maps = [tileset for tileset in found if tileset.is_map]
    return [tileset if tileset.is_map else _in_order_of(tileset, maps) for tileset in found]


def fits(tileset: Tileset, other: Tileset) -> bool:
    """Whether two are of one genome: they share chromosomes, all of the same lengths."""
    shared = tileset.chromsizes.keys() & other.chromsizes.keys()
    return bool(shared) and all(
        tileset.chromsizes[name] == other.chromsizes[name] for name in shared
    )


def _in_order_of(track: Tileset, maps: Sequence[Tileset]) -> Tileset:
    fitting = (other.chromsizes for other in maps if fits(track, other))
    return replace(track, chromsizes=next(fitting, track.chromsizes))


def _tilesets(path: Path) -> Iterator[Tileset]:
    openers = {"cooler": _cooler, "hic": _hic, "bigwig": _bigwig, "d4": _d4}
    yield from openers[_kind(path)](path)


def _kind(path: Path) -> Kind:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    if magic not in _MAGICS:
        raise InputError(f"{path}: expected an .mcool, .cool, .hic, bigWig or D4 file")
    return _MAGICS[magic]


def _cooler(path: Path) -> Iterator[Tileset]:
    from hicloom.formats.cool import PixelReader, resolutions

    sizes = resolutions(path)
    with PixelReader(f"{path}::/resolutions/{sizes[0]}" if sizes else str(path)) as reader:
        if reader.bin_size is None:
            raise InputError(f"{path}: has bins of unequal size, which HiGlass cannot show")
        chromsizes = dict(reader.chromsizes)
        sizes = sizes or [reader.bin_size]
    yield Tileset(uid_of(path.name), path.name, path, "cooler", chromsizes, sizes)


def _hic(path: Path) -> Iterator[Tileset]:
    import hictkpy

    try:
        with hictkpy.MultiResFile(path) as file:
            chromsizes = {str(name): int(size) for name, size in file.chromosomes().items()}
            sizes = sorted(int(size) for size in file.resolutions())
    except (RuntimeError, ValueError, OSError, MemoryError):
        raise InputError(f"{path}: is a damaged .hic file; copy or make it again") from None
    yield Tileset(uid_of(path.name), path.name, path, "hic", chromsizes, sizes)


def _bigwig(path: Path) -> Iterator[Tileset]:
    from hicloom.formats.bigwig import BigWigReader
    from hicloom.process import silenced

    # libBigWig itself says what it misses.
    with silenced():
        chromsizes = BigWigReader(path).chromsizes
    yield Tileset(uid_of(path.name), path.name, path, "bigwig", chromsizes)


def _d4(path: Path) -> Iterator[Tileset]:
    from hicloom.formats import d4

    with d4.open(path) as file:
        for track in file.tracks.values():
            name = f"{path.name} {track.name}".strip()
            sizes = dict(track.chromsizes)
            yield Tileset(uid_of(name), name, path, "d4", sizes, track=track.name)
