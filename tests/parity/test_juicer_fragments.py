"""Maps in restriction fragments against those of juicer_tools, which leaves out pairs within one.

juicer_tools gets the starts of pieces that lie in one bin and on one fragment as 0-based
positions, and their fragments.
"""

from pathlib import Path

import numpy as np
import pytest

from hicloom.formats.hic import BP, FRAG, HicFile
from hicloom.steps.annotate_fragments import annotate_fragments
from hicloom.steps.hic import hic
from tests.parity.test_juicer import TOLERANCE, assert_close, juicer_tools
from tests.unit.hicfiles import CIS
from tests.unit.matrices import simulated
from tests.unit.test_hic import needs_juicer
from tests.unit.test_hic_fragments import SIZES, counted, write_sites

pytestmark = needs_juicer


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the file of either engine."""
    folder = tmp_path_factory.mktemp("fragments")
    pairs, sites = simulated(folder, 30_000), write_sites(folder)
    options = {"fragments": sites, "drop_same_fragment": True, "memory": "1G"}
    for engine in ("hicloom", "juicer"):
        output = folder / f"{engine}.hic"
        hic(str(pairs), output=output, engine=engine, resolutions=[1000, 5000, 100_000], **options)
    annotate_fragments(pairs, fragments=sites, output=folder / "annotated.pairs")
    return folder


@pytest.fixture(params=[BP, FRAG])
def both(request: pytest.FixtureRequest, made: Path) -> tuple[HicFile, HicFile]:
    ours, theirs = (HicFile(made / f"{name}.hic", request.param) for name in ("hicloom", "juicer"))
    return ours, theirs


def test_headers_agree(both: tuple[HicFile, HicFile]) -> None:
    ours, theirs = (file.header for file in both)
    assert ours.chromsizes == theirs.chromsizes
    assert ours.resolutions == theirs.resolutions
    assert ours.fragments.resolutions == theirs.fragments.resolutions == SIZES
    for one, other in zip(ours.fragments.sites, theirs.fragments.sites, strict=True):
        np.testing.assert_array_equal(one, other)


def heads(record: bytes) -> list[tuple[bytes, bytes, int]]:
    """What is said of each resolution: its unit, its fields, and its number of blocks."""
    found, at = [], 12
    while at < len(record):
        unit = record[at : record.index(0, at)]
        at += len(unit) + 1
        fields, blocks = record[at : at + 32], int.from_bytes(record[at + 32 : at + 36], "little")
        found.append((unit, fields, blocks))
        at += 36 + 16 * blocks
    return found


def test_matrices_and_blocks_are_the_same_to_the_byte(both: tuple[HicFile, HicFile]) -> None:
    """Grids, sums, numbers of blocks, and the blocks before compression."""
    ours, theirs = both
    assert sorted(ours.pairs) == sorted(theirs.pairs)
    for pair in [(-1, -1), *ours.pairs]:
        assert heads(ours.record(*pair)) == heads(theirs.record(*pair))
        tables = [file.zooms(*pair) for file in both]
        assert tables[0].keys() == tables[1].keys()
        for resolution in tables[0]:
            for row, other in zip(*(table[resolution] for table in tables), strict=True):
                assert row["number"] == other["number"]
                block = ours.block(row["position"], row["size"])
                assert block == theirs.block(other["position"], other["size"])


def test_expected_counts_agree(both: tuple[HicFile, HicFile]) -> None:
    """juicer_tools also adds GW_SCALE, unasked."""
    ours, theirs = both
    assert set(ours.expected) == {key for key in theirs.expected if key[0] in TOLERANCE}
    for (norm, resolution), vector in ours.expected.items():
        other = theirs.expected[norm, resolution]
        assert_close(vector.values, other.values, norm)
        assert list(vector.factors) == list(other.factors)
        assert_close([*vector.factors.values()], [*other.factors.values()], norm)


def test_norms_agree(both: tuple[HicFile, HicFile]) -> None:
    ours, theirs = both
    assert ours.norms == [key for key in theirs.norms if key.norm in CIS]
    assert len(ours.norms) > 0
    for key in ours.norms:
        assert_close(ours.norm(key), theirs.norm(key), key.norm)


@pytest.mark.parametrize("names", [("1", "1"), ("1", "10")])
def test_juicer_tools_reads_every_pixel(names: tuple[str, str], made: Path) -> None:
    """It prints the fragment that each bin starts with, from 0 on each chromosome."""
    size, chroms = 20, [["1", "2", "10"].index(name) for name in names]
    words = ("dump", "observed", "NONE", made / "hicloom.hic", *names, "FRAG", size)
    rows = np.array([line.split("\t") for line in juicer_tools(*words)], float)
    rows[:, :2] /= size
    pixels = counted(made, size, same_fragment=False)
    inside = (pixels[:, 0] == chroms[0]) & (pixels[:, 2] == chroms[1])
    np.testing.assert_array_equal(rows[np.lexsort(rows.T[1::-1])], pixels[inside][:, [1, 3, 4]])
