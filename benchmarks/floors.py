"""What the bare work of a stage takes on the data of a run: nothing can be below that.

Each is the simplest loop that does it: reading without looking, decompressing without reading
what came out, compressing without computing what goes in.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import deflate
import h5py
import numpy as np
from isal import isal_zlib

from hicloom.formats.bgzf import blocks
from hicloom.formats.cool.chunks import LEVEL

COLUMNS = ("bin1_id", "bin2_id", "count")
# Enough text to tell how fast it can be looked at.
SAMPLE = 2_000


def measure_all(folder: Path, pairs: Path, threads: int) -> dict[str, float]:
    """Wall seconds by stage, of those whose bare work is easily told.

    Parameters
    ----------
    folder : Path
        With what the commands made: ours.cool, ours.mcool, ours.hic.
    """
    members = list(_members(pairs.read_bytes()))
    text = [bytes(blocks.decode(member)) for member in members[:SAMPLE]]
    keys = _keys(folder / "ours.cool")
    maps = [folder / name for name in ("ours.cool", "ours.mcool", "ours.hic")]
    return {
        "read pairs": _timed(pairs.read_bytes),
        "inflate pairs": _in_threads(blocks.decode, members, threads),
        # One look at each byte.
        "parse, bin": _in_threads(_lines, text, threads) * len(members) / len(text),
        "sort, count": _timed(lambda: np.sort(keys)) / threads,
        "balance": _balance(maps[1], threads),
        "compress .cool": sum(_compress(path, threads) for path in maps[:2]),
        "write .cool": sum(_write(path) for path in maps[:2]),
        "write .hic": _write(maps[2]),
    }


def _members(data: bytes) -> Iterator[bytes]:
    """The blocks of a BGZF file."""
    place = 0
    while place < len(data):
        size = blocks.length(data[place : place + blocks.HEAD])
        yield data[place : place + size]
        place += size


def _lines(text: bytes) -> int:
    return text.count(b"\n")


def _keys(cool: Path) -> np.ndarray[Any, np.dtype[np.int64]]:
    """A number for each pixel, in no order, as often as it counts."""
    with h5py.File(cool) as file:
        bin1, bin2, count = (file["pixels"][name][:] for name in COLUMNS)
        keys = np.repeat(bin1.astype(np.int64) * len(file["bins/start"]) + bin2, count)
    np.random.default_rng(1).shuffle(keys)
    return keys


def _balance(mcool: Path, threads: int) -> float:
    """Seconds to look at the pixels of every map as often as balancing has."""
    seconds = 0.0
    with h5py.File(mcool) as file:
        for one in file["resolutions"].values():
            # A bin and a count of 4 bytes each; a pass over the upper triangle would do.
            pixels = np.ones(2 * len(one["pixels/count"]), np.int32)
            times = int(one["bins/weight"].attrs["iterations"])
            seconds += times * min(_timed(pixels.max) for _ in range(3))
    return seconds / threads


def _compress(path: Path, threads: int) -> float:
    """Seconds to deflate the chunks of all columns of pixels once more."""
    with h5py.File(path) as file:
        maps = file["resolutions"].values() if "resolutions" in file else [file]
        columns = [one["pixels"][name] for one in maps for name in COLUMNS]
        return sum(_in_threads(_deflated, _chunks(column), threads) for column in columns)


def _chunks(column: h5py.Dataset) -> list[bytes]:
    """The chunks of a column, shuffled as they are in the file, but inflated."""
    places = (column.id.get_chunk_info(at).chunk_offset for at in range(column.id.get_num_chunks()))
    return [isal_zlib.decompress(column.id.read_direct_chunk(at)[1]) for at in places]


def _deflated(data: bytes) -> object:
    return deflate.zlib_compress(data, LEVEL)


def _write(path: Path) -> float:
    """Seconds to write as many bytes to a file, and to the disk."""
    data = path.read_bytes()
    copy = path.with_name(path.name + ".copy")

    def work() -> None:
        with copy.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    seconds = _timed(work)
    copy.unlink()
    return seconds


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _in_threads(work: Callable[[Any], object], items: Sequence[Any], threads: int) -> float:
    """Seconds for work on each item, by so many threads at a time."""

    def on_all(group: Sequence[Any]) -> None:
        for item in group:
            work(item)

    groups = [items[at::threads] for at in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        return _timed(lambda: list(pool.map(on_all, groups)))
