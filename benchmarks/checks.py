"""Compare the maps that the matrix benchmark made; one finding a comparison, as JSON.

python benchmarks/checks.py FOLDER
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import hictkpy
import numpy as np
from chains import BALANCED, RESOLUTIONS
from numpy.typing import NDArray

CHUNK = 10_000_000
Floats = NDArray[np.float64]


def findings(folder: Path) -> Iterator[dict[str, Any]]:
    """What is equal to ours and what is not, of the files that are there."""
    ours = folder / "ours.mcool"
    if not ours.exists():
        return
    for peer in ("4dn.mcool", "distiller.mcool"):
        if (folder / peer).exists():
            yield _finding(f"ours.mcool and {peer}: pixels", _pixels(ours, folder / peer))
            places = [f"resolutions/{size}" for size in RESOLUTIONS]
            found = _weights(ours, folder / peer, places)
            yield _finding(f"ours.mcool and {peer}: weights", found)
    for size in BALANCED:
        files = folder / f"balanced.{size}.cool", folder / f"theirs.{size}.cool"
        if all(file.exists() for file in files):
            yield _finding(f"balance alone, {size} bp: weights", _weights(*files, ["/"]))
    for name in ("ours.hic", "alone.hic", "counts.hic", "4dn.hic", "hictk.hic"):
        if (folder / name).exists():
            yield _finding(f"ours.mcool and {name}: sums", _hic_sums(ours, folder / name))


def _pixels(ours: Path, theirs: Path) -> Iterator[str]:
    """Where the numbers of pixels or the sums of counts differ."""
    with h5py.File(ours) as one, h5py.File(theirs) as other:
        for size in RESOLUTIONS:
            a, b = (file[f"resolutions/{size}/pixels/count"] for file in (one, other))
            if (len(a), _sum(a)) != (len(b), _sum(b)):
                yield f"{size} bp: {len(a)} pixels, sum {_sum(a)}; {len(b)}, sum {_sum(b)}"


def _weights(ours: Path, theirs: Path, places: list[str]) -> Iterator[str]:
    """Where weights differ by more than 1e-8 of their value, or are NaN in one only.

    What has converged in neither is not compared: the chains store different things then.
    """
    with h5py.File(ours) as one, h5py.File(theirs) as other:
        for place in places:
            columns = [file[place]["bins/weight"] for file in (one, other)]
            converged = [bool(column.attrs["converged"]) for column in columns]
            if converged[0] != converged[1]:
                yield f"{place}: converged in {'ours' if converged[0] else 'theirs'} only"
            elif converged[0]:
                yield from _different(place, *(column[:] for column in columns))


def _different(place: str, ours: Floats, theirs: Floats) -> Iterator[str]:
    if not np.allclose(ours, theirs, rtol=1e-8, atol=0, equal_nan=True):
        nans = np.count_nonzero(np.isnan(ours) != np.isnan(theirs))
        both = ~np.isnan(ours) & ~np.isnan(theirs)
        off = np.max(np.abs(ours[both] / theirs[both] - 1), initial=0)
        yield f"{place}: {nans} bins NaN in one only, others off by {off:.1e} at most"


def _hic_sums(mcool: Path, path: Path) -> Iterator[str]:
    """Where a .hic file has another sum of counts than the .mcool."""
    with h5py.File(mcool) as file:
        for size in RESOLUTIONS:
            sums = _sum(file[f"resolutions/{size}/pixels/count"]), _hic_sum(path, size)
            if sums[0] != sums[1]:
                yield f"{size} bp: {sums[0]} and {sums[1]}"


def _hic_sum(path: Path, size: int) -> int:
    # By pairs of chromosomes: the whole at once takes memory for all pixels.
    file = hictkpy.File(path, size)
    names = list(file.chromosomes())
    pairs = ((one, two) for at, one in enumerate(names) for two in names[at:])
    return sum(int(file.fetch(*pair).sum()) for pair in pairs)


def _sum(counts: h5py.Dataset) -> int:
    starts = range(0, len(counts), CHUNK)
    return sum(int(counts[start : start + CHUNK].sum(dtype=np.int64)) for start in starts)


def _finding(what: str, differences: Iterator[str]) -> dict[str, Any]:
    found = list(differences)
    return {"what": what, "equal": not found, "detail": "; ".join(found)}


if __name__ == "__main__":
    print(json.dumps(list(findings(Path(sys.argv[1])))))
