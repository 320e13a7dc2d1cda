"""Contact maps as pictures; axes and scale are drawn by the page around them."""

import base64
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import LogNorm
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.matrix.drawing import View, colours, limits
from hicloom.matrix.viewing import bp_text, chosen_map, view_of

if TYPE_CHECKING:
    import cooler

# A chromosome shorter than this share of the map gets no label, or not even a line.
_LABELLED, _LINED = 0.03, 0.004
_SMALLEST = 128
# Letters of a label.
_LONGEST = 9
WHOLE = "Whole genome"


@dataclass(frozen=True)
class Tick:
    """A label beside a picture at `place` (0 to 1 from the start) of its side."""

    place: float
    label: str


@dataclass(frozen=True)
class Picture:
    """A map as a picture.

    Attributes
    ----------
    source : str
        `data:` URI of a WebP without loss, a pixel a bin.
    side : int
        Pixels.
    title, alt : str
        What it shows, briefly and in words.
    ticks, lines : list
        Labels of both axes, and borders of chromosomes (0 to 1).
    scale : list of Tick
        Of the colour bar.
    unit : str
        What the colours are.
    spans : list of (str, int, int)
        Chromosomes, the first position (bp, 0-based) and the number of pixels of each.
    step : float
        bp of a pixel.
    counts : bool
        Whether counts are shown for want of weights.
    """

    source: str
    side: int
    title: str
    alt: str
    ticks: list[Tick]
    lines: list[float]
    scale: list[Tick]
    unit: str
    spans: list[tuple[str, int, int]]
    step: float
    counts: bool


@dataclass(frozen=True)
class Missing:
    """Why there is no picture."""

    title: str
    reason: str


def picture(mcool: Path, region: str | None, *, side: int, size: int) -> Picture | Missing:
    """A region of a map (None: the genome), balanced where it can be.

    Parameters
    ----------
    mcool : Path
        A .mcool or .cool.
    region : str or None
        A chromosome.
    side : int
        Most pixels a side.
    size : int
        Most bytes of the picture; it shrinks until it is that small.

    Raises
    ------
    InputError
        If the file holds no map, or the region is not on it.
    """
    title = region or WHOLE
    clr = chosen_map(str(mcool), region, max_bins=side)
    try:
        view = view_of(clr, region, balanced=True)
    except InputError:
        return Missing(title, _reason(clr))
    if not np.nansum(view.values):
        return Missing(title, "There is no contact in it.")
    data, shrunk = _encoded(view, side, size)
    return _described(view, shrunk, data, title, mcool)


def _reason(clr: "cooler.Cooler") -> str:
    """Why a map cannot be drawn, in the words of a page."""
    if len(clr.chromnames) > 1000:
        return f"{len(clr.chromnames):,} sequences are too many for one picture."
    return f"Its coarsest bins, of {bp_text(clr.binsize)}, are too many for one picture."


def _encoded(view: View, side: int, size: int) -> tuple[bytes, int]:
    """The picture, and how many bins a pixel holds."""
    factor = math.ceil(len(view.values) / side)
    while True:
        data = _webp(shrink(view.values, factor))
        if len(data) <= size or len(view.values) // (factor + 1) < _SMALLEST:
            return data, factor
        factor += 1


def shrink(values: NDArray[np.float64], factor: int) -> NDArray[np.float64]:
    """Means of squares of so many bins a side; what is NaN does not count."""
    if factor == 1:
        return values
    whole = -(-len(values) // factor)
    padded = np.full((whole * factor, whole * factor), np.nan)
    padded[: len(values), : len(values)] = values
    squares = padded.reshape(whole, factor, whole, factor)
    there = np.isfinite(squares)
    numbers = there.sum(axis=(1, 3))
    sums = np.where(there, squares, 0.0).sum(axis=(1, 3))
    return np.divide(sums, numbers, out=np.full(sums.shape, np.nan), where=numbers > 0)


def _webp(values: NDArray[np.float64]) -> bytes:
    from PIL import Image

    positive = np.where(values > 0, values, np.where(np.isnan(values), np.nan, 1e-300))
    places = np.ma.filled(LogNorm(*limits(values), clip=False)(positive), np.nan)
    # 64 steps of colour are more than an eye tells apart, and compress better than 256.
    steps = np.floor(np.clip(places, -1, 1) * 63 + 0.5) / 63
    pixels = colours()(np.ma.masked_invalid(steps), bytes=True)[..., :3]
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(out, "WEBP", lossless=True, method=4)
    return out.getvalue()


def _described(view: View, factor: int, data: bytes, title: str, mcool: Path) -> Picture:
    n = len(view.values)
    whole = math.ceil(n / factor) * factor
    low, high = limits(shrink(view.values, factor))
    counts = view.unit == "pairs"
    what = "Counts" if counts else "Balanced contacts"
    place = "the whole genome" if title == WHOLE else f"chromosome {title}"
    return Picture(
        source=f"data:image/webp;base64,{base64.b64encode(data).decode()}",
        side=whole // factor,
        title=f"{title}, {bp_text(view.resolution)}",
        alt=f"{what} of {mcool.name} in {place}, in bins of {bp_text(view.resolution)}, "
        "on a logarithmic scale; both axes run along the sequence from the upper left corner.",
        ticks=_chromosome_ticks(view, whole) if title == WHOLE else _bp_ticks(view, whole),
        lines=_borders(view.chromosomes, whole),
        scale=_scale(low, high),
        unit=view.unit,
        spans=[(name, 0, int(bins)) for name, bins in view.chromosomes.items()]
        if len(view.chromosomes) > 1
        else [(next(iter(view.chromosomes)), int(view.start), n)],
        step=int(view.resolution),
        counts=counts,
    )


def _borders(chromosomes: Mapping[str, int], whole: int) -> list[float]:
    ends = np.cumsum(list(chromosomes.values()))
    sizes = list(chromosomes.values())
    pairs = zip(ends[:-1], sizes[:-1], sizes[1:], strict=True)
    return [float(end / whole) for end, a, b in pairs if max(a, b) >= _LINED * whole]


def _chromosome_ticks(view: View, whole: int) -> list[Tick]:
    ticks, at = [], 0
    for name, bins in view.chromosomes.items():
        if bins >= _LABELLED * whole:
            label = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
            ticks.append(Tick((at + bins / 2) / whole, label))
        at += bins
    return ticks


def _bp_ticks(view: View, whole: int) -> list[Tick]:
    """Round positions, about five."""
    start, span = view.start, whole * view.resolution
    step = 10 ** math.floor(math.log10(span / 5))
    step *= next(k for k in (1, 2, 5, 10) if span / (k * step) <= 7)
    positions = range(-(-start // step) * step, start + len(view.values) * view.resolution, step)
    unit, name = (10**6, "Mb") if span >= 2e6 else (10**3, "kb")
    return [Tick((at - start) / span, f"{at / unit:g} {name}" if at else "0") for at in positions]


def _scale(low: float, high: float) -> list[Tick]:
    """Powers of ten between the ends; the ends themselves where there are fewer than two."""
    first, last = math.log10(low), math.log10(high)
    powers = range(math.ceil(first), math.floor(last) + 1)
    if len(powers) < 2:
        return [Tick(0.0, f"{low:.1e}"), Tick(1.0, f"{high:.1e}")]
    step = -(-len(powers) // 5)
    return [Tick((p - first) / (last - first), _power(p)) for p in powers[::step]]


def _power(exponent: int) -> str:
    raised = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return {0: "1", 1: "10", 2: "100"}.get(exponent, f"10{raised}")
