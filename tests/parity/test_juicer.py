"""Our .hic files against those of juicer_tools, fed with the same pixels.

juicer_tools bins pos // resolution; it gets the start of each bin as a 0-based position, so
that both bin alike and no pair lies on a last base.
"""

import os
import subprocess
from collections.abc import Sequence
from math import gcd
from pathlib import Path

import cooler
import numpy as np
import pytest

from hicloom.formats.hic import CIS, GENOME_WIDE, HicFile, add_norms
from hicloom.formats.hic.grid import Grid
from hicloom.matrix.juicer import JuicerTools, jar, java
from tests.unit.hicfiles import SHAPES, Shape, simulated_shape, write_hic
from tests.unit.test_hic import needs_juicer

pytestmark = needs_juicer

TOLERANCE = {"NONE": 1e-6, "VC": 1e-6, "VC_SQRT": 1e-6, "KR": 1e-3, "SCALE": 1e-3}
"""Largest relative difference. Sums are taken in another order than in Java, no more."""


def juicer_tools(*words: object) -> list[str]:
    """Run juicer_tools and return the lines it prints, but for Java's and its own warnings."""
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    command = [java(), "-Xmx1g", *quick, "-Djava.awt.headless=true", "-jar", jar(), *words]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [str(word) for word in command], check=True, capture_output=True, text=True, env=environment
    )
    return [line for line in done.stdout.splitlines() if not line.startswith("WARN")]


class Both:
    """A map written by us and by juicer_tools."""

    def __init__(self, what: Shape, folder: Path):
        self.what, self.folder = what, folder
        self.ours, self.theirs = folder / "ours.hic", folder / "theirs.hic"
        write_hic(self.ours, what)
        assert gcd(*what.resolutions) == min(what.resolutions)
        bins = what.bins(min(what.resolutions))
        bin1, bin2, counts = what.finest
        keys = bins.block_major(bin1, bin2)
        order = np.argsort(keys)
        tools = JuicerTools(folder, 1 << 30)
        tools.make(self.theirs, "toy", bins, what.resolutions, [(keys[order], counts[order])])

    def open(self) -> tuple[HicFile, HicFile]:
        return HicFile(self.ours), HicFile(self.theirs)


@pytest.fixture(
    scope="module",
    params=["simulated", *(name for name in SHAPES if name != "large_counts")],
)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Both:
    folder = tmp_path_factory.mktemp(request.param)
    what = simulated_shape(folder) if request.param == "simulated" else SHAPES[request.param]()
    return Both(what, folder)


def assert_close(ours: Sequence[float], theirs: Sequence[float], norm: str) -> None:
    """Equal within the tolerance, with NaN at the same places."""
    np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE[norm], atol=0, equal_nan=True)


def test_headers_agree(both: Both) -> None:
    """juicer_tools has its own software's name and version in the attributes."""
    ours, theirs = both.open()
    assert ours.header.chromsizes == theirs.header.chromsizes
    assert ours.header.resolutions == theirs.header.resolutions
    assert ours.header.assembly == theirs.header.assembly
    assert list(ours.header.attributes) == list(theirs.header.attributes)


def records(file: HicFile, one: int, two: int) -> bytes:
    """What is said of a matrix, with 0 for where its blocks lie and for their bytes."""
    data, at = bytearray(file.record(one, two)), 12
    while at < len(data):
        at += 39
        blocks = int.from_bytes(data[at - 4 : at], "little")
        for block in range(blocks):
            data[at + 16 * block + 4 : at + 16 * (block + 1)] = bytes(12)
        at += 16 * blocks
    return bytes(data)


def test_matrices_and_blocks_are_the_same_to_the_byte(both: Both) -> None:
    """Grids, sums, numbers of blocks, and the blocks before compression; also of ALL."""
    ours, theirs = both.open()
    assert sorted(ours.pairs) == sorted(theirs.pairs)
    for pair in [(-1, -1), *ours.pairs]:
        assert records(ours, *pair) == records(theirs, *pair)
        tables = [file.zooms(*pair) for file in (ours, theirs)]
        assert tables[0].keys() == tables[1].keys()
        for resolution in tables[0]:
            for row, other in zip(*(table[resolution] for table in tables), strict=True):
                block = ours.block(row["position"], row["size"])
                assert block == theirs.block(other["position"], other["size"])


def test_expected_counts_agree(both: Both) -> None:
    """juicer_tools also adds GW_SCALE, unasked."""
    ours, theirs = both.open()
    assert set(ours.expected) == {key for key in theirs.expected if key[0] in TOLERANCE}
    for (norm, _), vector in ours.expected.items():
        other = theirs.expected[norm, vector.resolution]
        assert_close(vector.values, other.values, norm)
        assert list(vector.factors) == list(other.factors)
        assert_close([*vector.factors.values()], [*other.factors.values()], norm)


def test_norms_agree(both: Both) -> None:
    """Also in which there are: SCALE is missing where it does not converge."""
    ours, theirs = both.open()
    assert ours.norms == [key for key in theirs.norms if key.norm in CIS]
    for key in ours.norms:
        assert_close(ours.norm(key), theirs.norm(key), key.norm)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Both:
    folder = tmp_path_factory.mktemp("simulated")
    return Both(simulated_shape(folder, 30_000), folder)


def test_genome_wide_norms_agree(simulated: Both) -> None:
    """All chromosomes but scaf_1, the last, have pairs of their own: see `genome_wide`."""
    add_norms(simulated.ours, GENOME_WIDE)
    juicer_tools("addGWNorm", simulated.theirs, 10_000)
    ours, theirs = simulated.open()
    assert len(ours.norms) > 0
    for key in ours.norms:
        kind = key.norm.split("_")[1]
        assert_close(ours.norm(key), theirs.norm(key), kind)
        values = [file.expected[key.norm, key.resolution].values for file in (ours, theirs)]
        assert_close(*values, kind)


def test_juicer_tools_reads_every_pixel(simulated: Both) -> None:
    """Of all pairs of chromosomes at every resolution, a resolution each time it is run.

    With -n also those within chromosomes. It numbers bins through the genome, one more than the
    whole ones of each chromosome.
    """
    what = simulated.what
    for resolution in what.resolutions:
        words = ("dump", "-n", "observed", "NONE", simulated.ours, "ALL", "ALL", "BP", resolution)
        rows = np.array([line.split("\t") for line in juicer_tools(*words)], float)
        starts = what.bins(resolution).starts
        theirs = np.append(0, np.cumsum(Grid(what.chromsizes, resolution).juicer_bins))
        for column in (0, 1):
            chrom = np.searchsorted(theirs, rows[:, column], side="right") - 1
            rows[:, column] += starts[chrom] - theirs[chrom]
        found = rows[np.lexsort(rows.T[1::-1])]
        np.testing.assert_array_equal(found, np.stack(what.pixels(resolution), axis=1))


@pytest.mark.parametrize("norm", ["VC", "KR"])
def test_juicer_tools_reads_norms(norm: str, simulated: Both) -> None:
    """What it reads from ours is what it reads from its own."""
    words = [
        ("dump", "norm", norm, path, "1", "BP", 10_000)
        for path in (simulated.ours, simulated.theirs)
    ]
    add_norms(simulated.ours)
    ours, theirs = (juicer_tools(*command) for command in words)
    assert len(theirs) > 40
    assert_close(np.array(ours, float), np.array(theirs, float), norm)


def test_hic2cool_reads_every_pixel(both: Both) -> None:
    """Each resolution, as a cool file."""
    hic2cool = pytest.importorskip("hic2cool")
    for resolution in both.what.resolutions:
        output = both.folder / f"{resolution}.cool"
        hic2cool.hic2cool_convert(str(both.ours), str(output), resolution, silent=True)
        found = cooler.Cooler(str(output)).pixels()[:].to_numpy().T
        np.testing.assert_array_equal(found, both.what.pixels(resolution))
