"""The .hic format, versions 6 to 9 (github.com/aidenlab/hic-format)."""

import struct
from pathlib import Path
from typing import Any

from hicloom.findings import Findings

_DAMAGE = (RuntimeError, ValueError, OSError, MemoryError)
_VERSIONS = range(6, 10)
_TOLERANCE = 1e-3
"""juicer_tools loses a pair at the last base of a chromosome at resolutions that divide its
length, so sums of a sound file need not agree exactly; a damaged one differs by far more."""


def validate_hic(path: Path, findings: Findings) -> None:
    """Check header, chromosomes, every block of every resolution, and that sums agree."""
    with path.open("rb") as file:
        head = file.read(8)
    if len(head) < 8 or head[:4] != b"HIC\0":
        findings.add("not a .hic file", "byte 0", "expected the letters HIC")
        return
    (version,) = struct.unpack("<i", head[4:])
    if version not in _VERSIONS:
        findings.add("unknown version", "byte 4", f"{version}, expected 6 to 9")
        return
    try:
        resolutions = _resolutions(path, findings)
    except _DAMAGE as error:
        findings.add("unreadable header", "the start", _first_line(error))
        return
    sums = {res: total for res in resolutions if (total := _sum(path, res, findings)) is not None}
    _compare(sums, findings)


def _resolutions(path: Path, findings: Findings) -> list[int]:
    import hictkpy

    file = hictkpy.MultiResFile(path)
    resolutions = sorted(int(resolution) for resolution in file.resolutions())
    if not resolutions:
        findings.add("no resolutions", "the header")
    if not file.chromosomes():
        findings.add("no chromosomes", "the header")
    return resolutions


def _sum(path: Path, resolution: int, findings: Findings) -> float | None:
    """Sum of all counts at a resolution (bp), or None where a block cannot be read."""
    import hictkpy

    where = f"resolution {resolution}"
    try:
        pixels: Any = hictkpy.File(path, resolution).fetch(count_type="float64")
        described = pixels.describe(["sum", "min"])
    except _DAMAGE as error:
        findings.add("unreadable matrix", where, _first_line(error))
        return None
    if described["sum"] != described["sum"]:
        findings.add("count that is not a number", where)
        return None
    if (described["min"] or 0) < 0:
        findings.add("negative count", where, f"{described['min']}")
    return float(described["sum"] or 0)


def _compare(sums: dict[int, float], findings: Findings) -> None:
    if not sums:
        return
    base = next(iter(sums))
    for resolution, total in sums.items():
        if abs(total - sums[base]) > _TOLERANCE * max(total, sums[base]):
            detail = f"{total:.17g}, but {sums[base]:.17g} at resolution {base}"
            findings.add(
                "sum of counts differs between resolutions", f"resolution {resolution}", detail
            )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
