"""`hicloom hic` within --memory: too little is told before anything is made, and pixels that wait
for their blocks take no more."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hicloom.formats.hic import HicFile, HicWriter, norms, spill, stripes
from hicloom.formats.hic.grid import Grid
from hicloom.formats.hic.pixels import Batch, Pixels
from hicloom.matrix import hic as making
from tests.unit.hicfiles import SHAPES, Shape, shape, simulated_shape, write_maps
from tests.unit.matrices import simulated_map
from tests.unit.test_hic_writer import assert_holds

Cli = Callable[..., object]
WritePairs = Callable[..., Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Simulated pairs, and a map of them."""
    folder = tmp_path_factory.mktemp("maps")
    simulated_map(folder, 5000)
    return folder


@pytest.fixture
def large_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pixel takes 360 kB for the norms, not 36 bytes, so that a few thousand are too many."""
    monkeypatch.setattr(norms, "_BYTES_PER_PIXEL", 360_000)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Maps that were begun to be written."""
    found: list[object] = []
    add = making._add

    def noted(writer: HicWriter, base: object) -> None:
        found.append(base)
        add(writer, base)

    monkeypatch.setattr(making, "_add", noted)
    return found


@pytest.mark.parametrize("source", ["1.cool", "1.pairs.gz"])
@pytest.mark.parametrize("norm", ["VC", "GW_VC"])
def test_too_little_for_norms_is_told_before_maps_are_made(
    source: str,
    norm: str,
    hicloom: Cli,
    made: Path,
    tmp_path: Path,
    large_pixels: None,
    begun: list[object],
) -> None:
    """And what is told to be enough is."""
    words = ["hic", made / source, "-o", tmp_path / "x.hic", "--norms", norm, "--memory"]
    outcome = hicloom(*words, "60M")
    assert outcome.code == 2
    assert outcome.stderr.startswith("hicloom: --memory 60M: too little for the norms; give at")
    assert begun == []
    assert list(tmp_path.iterdir()) == []
    assert hicloom(*words, outcome.stderr.split()[-1]).code == 0


def test_pixels_between_chromosomes_are_no_matter_for_norms_of_one(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path, large_pixels: None
) -> None:
    """3000 of them would take 1 GB, the five on chr1 take 2 MB."""
    rows = [f". chr1 {1 + 300 * i} chr2 {1 + 150 * i} + - UU 60 60" for i in range(3000)]
    rows += [f". chr1 {1 + 1000 * i} chr1 {1 + 1000 * i} + - UU 60 60" for i in range(5)]
    pairs = write_pairs("x.pairs", rows, is_sorted=False)
    words = ["-o", tmp_path / "x.hic", "--resolutions", 100, "--norms", "VC", "--memory", "60M"]
    assert hicloom("hic", pairs, *words).code == 0


@pytest.mark.parametrize("source", ["1.cool", "1.pairs.gz"])
def test_too_little_for_the_maps_is_told_with_what_would_do(
    source: str, hicloom: Cli, made: Path, tmp_path: Path
) -> None:
    words = ["hic", made / source, "-o", tmp_path / "out" / "x.hic", "--no-norms", "--memory"]
    outcome = hicloom(*words, "1M")
    assert outcome.code == 2
    assert "--memory 1M: too little for 8 maps; give at least" in outcome.stderr
    least = outcome.stderr.split()[-1]
    outcome = hicloom(*words, least)
    if outcome.code:
        # Reading pairs takes something of its own.
        assert "too little for --threads 1; give at least" in outcome.stderr
        outcome = hicloom(*words, outcome.stderr.split()[-1])
    assert outcome.code == 0


@pytest.fixture(params=["simulated", *SHAPES])
def what(request: pytest.FixtureRequest, tmp_path: Path) -> Shape:
    if request.param == "simulated":
        return simulated_shape(tmp_path, 30_000)
    return SHAPES[request.param]()


def written(path: Path, what: Shape, *, threads: int = 1, piece: int = 1000) -> None:
    """Write the maps of a shape with next to no memory."""
    folder = path.parent / "tmp"
    folder.mkdir(exist_ok=True)
    options = {"assembly": "toy", "threads": threads, "memory": 250, "folder": folder}
    with (
        path.open("w+b") as file,
        HicWriter(file, what.chromsizes, what.resolutions, **options) as writer,
    ):
        for resolution in what.resolutions:
            columns = what.pixels(resolution)
            for start in range(0, len(columns[0]), piece):
                writer.add(resolution, *(column[start : start + piece] for column in columns))
        writer.finish()
    assert list(folder.iterdir()) == []


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """50 pixels are too many to wait, and 7 a step; gives the pixels that were put aside."""
    monkeypatch.setattr(stripes, "LEAST", 50)
    monkeypatch.setattr(spill, "STEP", 7)
    aside: list[int] = []
    add = spill.Spill.add

    def noted(self: spill.Spill, batch: Batch) -> None:
        aside.append(len(batch.pixels))
        add(self, batch)

    monkeypatch.setattr(spill.Spill, "add", noted)
    return aside


def test_every_pixel_is_there_whatever_waits_on_disk(
    what: Shape, tmp_path: Path, small: list[int]
) -> None:
    written(tmp_path / "x.hic", what)
    assert_holds(tmp_path / "x.hic", what)


def test_blocks_are_the_same_for_any_memory_and_threads(tmp_path: Path, small: list[int]) -> None:
    """Also in their bytes; where they lie in the file may differ."""
    what = SHAPES["many_blocks"]()
    for name, threads in (("one", 1), ("three", 3)):
        written(tmp_path / f"{name}.hic", what, threads=threads)
    assert sum(small) > 10_000
    write_maps(tmp_path / "whole.hic", what)
    assert (tmp_path / "one.hic").read_bytes() == (tmp_path / "three.hic").read_bytes()
    with HicFile(tmp_path / "one.hic") as one, HicFile(tmp_path / "whole.hic") as other:
        assert one.pairs == other.pairs
        for pair in one.pairs:
            for resolution, table in one.zooms(*pair).items():
                for row, that in zip(table, other.zooms(*pair)[resolution], strict=True):
                    assert row["number"] == that["number"]
                    block = one.block(row["position"], row["size"])
                    assert block == other.block(that["position"], that["size"])


def test_batches_are_no_larger_than_asked_for_but_for_a_block() -> None:
    """Blocks of a matrix of 1500 bins have 751 on a side; nothing in them is cut."""
    ends = np.random.default_rng(3).integers(0, 1_500_000, (2, 20_000))
    grid, width = Grid({"a": 1_500_000}, 1000), 751
    bin1, bin2, counts = shape(grid.chromsizes, [1000], *ends).pixels(1000)
    stripe = bin1 - bin1 % width
    batch = Batch(Pixels(bin1, bin2, counts.astype(np.float32)), stripe)
    parts = list(spill.pieces(grid, batch, 1000))
    assert sum(len(part.pixels) for part in parts) == len(bin1)
    places = [(part.stripe.tolist(), (part.pixels.bin2 // width).tolist()) for part in parts]
    blocks = [set(zip(*place, strict=True)) for place in places]
    assert len(blocks) == 3
    assert len(set.union(*blocks)) == sum(map(len, blocks))
