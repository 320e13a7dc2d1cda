"""Cool and mcool (cooler's schema version 3; Abdennur and Mirny 2020, Bioinformatics 36:311)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hicloom.findings import Findings

_CHUNK = 1 << 22
_TABLES = {
    "chroms": ("name", "length"),
    "bins": ("chrom", "start", "end"),
    "pixels": ("bin1_id", "bin2_id", "count"),
    "indexes": ("chrom_offset", "bin1_offset"),
}

# What h5py raises depends on where in the file the damage lies.
_DAMAGE = (OSError, RuntimeError, KeyError, TypeError, ValueError, AttributeError)

Integers = NDArray[np.int64]


def validate_cool(path: Path, findings: Findings) -> None:
    """Check tables, indexes and pixels of every resolution, and that their sums agree.

    Pixels of one bin pair that stand in several rows, as cooler 0.8.3 wrote them when it
    coarsened, are found at every resolution.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            _check_file(file, findings)
    except _DAMAGE as error:
        findings.add("unreadable HDF5 data", str(path), str(error).partition("\n")[0])


def _check_file(file: Any, findings: Findings) -> None:
    coolers = _coolers(file)
    if not coolers:
        findings.add("neither a cool nor an mcool file", "the root", "expected format HDF5::Cooler")
    sums = {}
    for resolution, group in coolers.items():
        if _complete(group, resolution, findings):
            sums[resolution] = _check_cooler(group, resolution, findings)
    for resolution, total in sums.items():
        base = next(iter(sums))
        if not np.isclose(total, sums[base], rtol=1e-9, atol=0):
            detail = f"{total:.17g}, but {sums[base]:.17g} at {base}"
            findings.add("sum of counts differs between resolutions", resolution, detail)


def _coolers(file: Any) -> dict[str, Any]:
    """The groups that hold one resolution each, finest first, by what errors call them."""
    if "resolutions" in file:
        names = sorted(file["resolutions"], key=lambda name: (not name.isdigit(), name.zfill(12)))
        return {f"resolution {name}": file["resolutions"][name] for name in names}
    return {"the cooler": file} if "pixels" in file else {}


def _complete(group: Any, where: str, findings: Findings) -> bool:
    """Whether every dataset is there and the columns of a table are equally long."""
    right = True
    for table, columns in _TABLES.items():
        missing = [f"{table}/{name}" for name in columns if f"{table}/{name}" not in group]
        for name in missing:
            findings.add("dataset missing", where, name)
        right &= not missing
        lengths = {len(column) for column in group[table].values()} if table in group else {0}
        if table != "indexes" and len(lengths) > 1:
            findings.add("columns of unequal length", where, table)
            right = False
    return right


def _check_cooler(group: Any, where: str, findings: Findings) -> float:
    """Check one resolution; the sum of its counts."""
    edges = _check_bins(group, where, findings)
    if not np.array_equal(group["indexes/chrom_offset"][:], edges):
        findings.add("wrong chrom_offset index", where)
    n_bins = len(group["bins/start"])
    upper = _attribute(group, "storage-mode", "symmetric-upper") == "symmetric-upper"
    pixels = _PixelCheck(where, n_bins, upper, findings)
    n_pixels = _n_pixels(group)
    for chunk in _chunks(group["pixels"], n_pixels):
        pixels.check(*chunk)
    _check_offsets(group["indexes/bin1_offset"][:], pixels.rows, where, findings)
    _check_attributes(group, where, n_pixels, pixels.total, findings)
    return pixels.total


def _attribute(group: Any, name: str, default: Any) -> Any:
    value = group.attrs.get(name, default)
    return value.decode() if isinstance(value, bytes) else value


def _check_bins(group: Any, where: str, findings: Findings) -> Integers:
    """Check that bins tile the chromosomes; the number of each chromosome's first bin."""
    lengths = group["chroms/length"][:].astype(np.int64)
    chrom, start, end = (
        group[f"bins/{name}"][:].astype(np.int64) for name in ("chrom", "start", "end")
    )
    sorted_right = bool((np.diff(chrom) >= 0).all()) and bool(
        ((chrom >= 0) & (chrom < len(lengths))).all()
    )
    if not sorted_right:
        findings.add("bins not in the order of chromosomes", where)
        return np.array([], np.int64)
    edges = np.searchsorted(chrom, np.arange(len(lengths) + 1))
    first = np.diff(chrom, prepend=-1) > 0
    last = np.diff(chrom, append=len(lengths)) > 0
    expected = np.where(first, 0, np.concatenate(([0], end[:-1])))
    wrong = (start != expected) | (end <= start) | (last & (end != lengths[chrom]))
    width = group.attrs.get("bin-size")
    if width is not None and str(width).isdigit():
        wrong |= ~last & (end - start != int(width))
    if wrong.any():
        row = int(wrong.argmax())
        detail = f"start {start[row]}, end {end[row]}"
        findings.add(
            "bins do not tile chromosomes", f"{where}, bin {row}", detail, int(wrong.sum())
        )
    return edges


def _n_pixels(group: Any) -> int:
    """Rows of the pixel table; cooler leaves unset rows behind where there are no pixels."""
    empty = group.attrs.get("nnz") == 0 and not group["indexes/bin1_offset"][:].any()
    return 0 if empty else len(group["pixels/count"])


def _chunks(pixels: Any, n_pixels: int) -> Iterator[tuple[int, Integers, Integers, NDArray[Any]]]:
    """First row, bin1_id, bin2_id and count of many pixels at a time."""
    for start in range(0, n_pixels, _CHUNK):
        rows = slice(start, start + _CHUNK)
        yield (
            start,
            pixels["bin1_id"][rows].astype(np.int64),
            pixels["bin2_id"][rows].astype(np.int64),
            pixels["count"][rows],
        )


class _PixelCheck:
    """Checks chunk after chunk of a resolution's pixels.

    Attributes
    ----------
    rows : int64 array of shape (bins,)
        Pixels of each bin1 so far.
    total : float
        Sum of the counts so far.
    """

    def __init__(self, where: str, n_bins: int, upper: bool, findings: Findings):
        self.rows = np.zeros(n_bins, np.int64)
        self.total = 0.0
        self._where, self._bins, self._upper, self._findings = where, n_bins, upper, findings
        self._last = -1
        self._open = np.empty(0, np.int64)

    def check(self, start: int, bin1: Integers, bin2: Integers, count: NDArray[Any]) -> None:
        """Check the pixels of rows `start` (0-based) and following of the table."""
        inside = (bin1 >= 0) & (bin1 < self._bins) & (bin2 >= 0) & (bin2 < self._bins)
        self._note("bin id out of range", ~inside, start)
        if self._upper:
            self._note("pixel below the diagonal", inside & (bin1 > bin2), start)
        bad = ~np.isfinite(count) | (count < 0)
        self._note("count negative or not finite", bad, start)
        self.total += float(count[~bad].sum(dtype=np.float64))
        self.rows += np.bincount(bin1[inside], minlength=self._bins)
        key = bin1 * self._bins + bin2
        self._note("pixels not sorted", np.diff(key, prepend=self._last) < 0, start)
        self._last = int(key[-1])
        self._check_unique(key, start)

    def _check_unique(self, key: Integers, start: int) -> None:
        """Find bin pairs in several rows of one bin1, which may go on in the next chunk."""
        known = np.concatenate((self._open, key))
        places = start - len(self._open) + np.arange(len(known))
        order = np.argsort(known, kind="stable")
        again = order[1:][np.diff(known[order]) == 0]
        if len(again):
            place = f"{self._where}, pixel {places[again].min()}"
            self._findings.add("bin pair in several pixels", place, count=len(again))
        row = self._last // self._bins if self._bins else 0
        self._open = np.unique(known[known // max(self._bins, 1) == row])

    def _note(self, kind: str, wrong: NDArray[np.bool_], start: int) -> None:
        if wrong.any():
            place = f"{self._where}, pixel {start + int(wrong.argmax())}"
            self._findings.add(kind, place, count=int(wrong.sum()))


def _check_offsets(found: Integers, rows: Integers, where: str, findings: Findings) -> None:
    right = np.concatenate(([0], np.cumsum(rows)))
    if len(found) != len(right):
        findings.add("wrong bin1_offset index", where, f"{len(found)} entries, not {len(right)}")
    elif (wrong := found != right).any():
        row = int(wrong.argmax())
        detail = f"{found[row]}, expected {right[row]}"
        findings.add("wrong bin1_offset index", f"{where}, bin {row}", detail, int(wrong.sum()))


def _check_attributes(
    group: Any, where: str, n_pixels: int, total: float, findings: Findings
) -> None:
    nnz, stated = group.attrs.get("nnz"), group.attrs.get("sum")
    if nnz is not None and int(nnz) != n_pixels:
        findings.add("wrong nnz attribute", where, f"{nnz}, expected {n_pixels}")
    if stated is not None and not np.isclose(float(stated), total, rtol=1e-9, atol=0):
        findings.add("wrong sum attribute", where, f"{stated}, expected {total:.17g}")
