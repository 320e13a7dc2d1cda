"""Tiles hold what the files hold, in the places where HiGlass draws them."""

from pathlib import Path
from typing import NamedTuple

import cooler
import numpy as np
import pytest
from numpy.typing import NDArray

from hicloom.higlass.files import open_tilesets
from hicloom.higlass.tiles import TileServer, clodius
from hicloom.steps.hic import hic
from tests.higlass import RESOLUTIONS, depth_of, tile_values, toy_files
from tests.unit.matrices import CHROMSIZES, made_by_cooler, simulated_map

SIDE = 256
LENGTH = sum(CHROMSIZES.values())
# Tiles hold 11 bits of a number; what is below 2^-14 is in steps of 2^-24.
ROUNDED = {"rtol": 1e-3, "atol": 2.0**-24}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Maps with and without weights, as .hic, too; depth as bigWig and D4."""
    path = toy_files(tmp_path_factory.mktemp("files"))
    hic(str(path / "toy.mcool"), output=path / "toy.hic")
    return path


@pytest.fixture(scope="module")
def tiles(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> TileServer:
    names = ("toy.mcool", "raw.mcool", "toy.hic", "toy.depth.bw", "toy.d4")
    made = tmp_path_factory.mktemp("made")
    return TileServer(open_tilesets([folder / name for name in names]), made)


def square(tiles: TileServer, uid: str, zoom: int, transform: str) -> NDArray[np.float64]:
    """All tiles of a zoom, put together.

    HiGlass asks for those with x <= y, and mirrors them, those on the diagonal, too.
    """
    size = sorted(RESOLUTIONS, reverse=True)[zoom]
    n = -(-LENGTH // (size * SIDE))
    lower = np.zeros((n * SIDE, n * SIDE))
    for y in range(n):
        for x in range(y + 1):
            tile = tiles.tile(f"{uid}.{zoom}.{x}.{y}.{transform}")
            assert tile
            block = tile_values(tile).reshape(SIDE, SIDE)
            lower[y * SIDE : (y + 1) * SIDE, x * SIDE : (x + 1) * SIDE] = block
    rows, columns = np.triu_indices(len(lower), 1)
    lower[rows, columns] = lower[columns, rows]
    return lower


class Placed(NamedTuple):
    """Bins of a map, where they lie on the genome, in bins, and their dense matrix.

    Of two bins that begin in one place (the last of a chromosome is short), neither is there;
    nor is the genome's last one, which clodius takes to lie beyond its end.
    """

    bins: NDArray[np.int64]
    places: NDArray[np.int64]
    matrix: NDArray[np.float64]

    def of(self, square: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same part of what tiles hold."""
        return square[np.ix_(self.places, self.places)]


def placed(path: Path, size: int, *, balance: bool) -> Placed:
    """The bins of a map; balanced, those without a weight are NaN throughout."""
    clr = cooler.Cooler(f"{path}::/resolutions/{size}")
    offsets = dict(zip(CHROMSIZES, np.cumsum([0, *CHROMSIZES.values()]), strict=False))
    bins = clr.bins()[:]
    places = (bins["chrom"].map(offsets).astype(int) + bins["start"]).to_numpy() // size
    alone = np.flatnonzero(np.bincount(places)[places] == 1)[:-1]
    assert len(alone) > len(bins) - 6
    matrix = clr.matrix(balance=balance)[:].astype(float)
    if balance:
        without = bins["weight"].isna().to_numpy()
        matrix[without, :] = matrix[:, without] = np.nan
    return Placed(alone, places[alone], matrix[np.ix_(alone, alone)])


@pytest.mark.parametrize("zoom", range(len(RESOLUTIONS)))
@pytest.mark.parametrize(
    ("uid", "transform", "balance"),
    [
        ("toy-mcool", "default", True),
        ("toy-mcool", "weight", True),
        ("toy-mcool", "None", False),
        ("raw-mcool", "default", False),
    ],
)
def test_tiles_of_a_map_hold_its_pixels(
    zoom: int, uid: str, transform: str, balance: bool, tiles: TileServer, folder: Path
) -> None:
    size = sorted(RESOLUTIONS, reverse=True)[zoom]
    expected = placed(folder / "toy.mcool", size, balance=balance)
    assert np.nansum(expected.matrix) > 0
    found = expected.of(square(tiles, uid, zoom, transform))
    np.testing.assert_allclose(found, expected.matrix, **ROUNDED)


@pytest.mark.parametrize("zoom", range(len(RESOLUTIONS)))
def test_tiles_of_a_hic_file_hold_the_same_contacts(
    zoom: int, tiles: TileServer, folder: Path
) -> None:
    size = sorted(RESOLUTIONS, reverse=True)[zoom]
    expected = placed(folder / "toy.mcool", size, balance=False)
    found = expected.of(square(tiles, "toy-hic", zoom, "None"))
    np.testing.assert_allclose(found, expected.matrix, **ROUNDED)


def test_tiles_of_a_hic_file_are_normalised_by_both_bins(tiles: TileServer, folder: Path) -> None:
    import hictkpy

    counts = placed(folder / "toy.mcool", 10_000, balance=False)
    norm = hictkpy.File(folder / "toy.hic", 10_000).weights("VC_SQRT")[counts.bins]
    found = counts.of(square(tiles, "toy-hic", 0, "VC_SQRT"))
    expected = counts.matrix / norm[:, None] / norm[None, :]
    np.testing.assert_allclose(found, expected, **ROUNDED)


def test_norms_and_resolutions_are_told(tiles: TileServer) -> None:
    for uid, some in (("toy-mcool", "weight"), ("toy-hic", "VC_SQRT")):
        info = tiles.info(uid)
        assert sorted(info["resolutions"]) == list(RESOLUTIONS)
        assert some in [transform["value"] for transform in info["transforms"]]
        assert info["chromsizes"] == [[name, size] for name, size in CHROMSIZES.items()]
        assert info["max_pos"] == [LENGTH, LENGTH]
    assert tiles.info("raw-mcool")["transforms"] == []


def row(tiles: TileServer, uid: str, zoom: int) -> NDArray[np.float64]:
    """All tiles of depth of a zoom, put together."""
    info = tiles.info(uid)
    n = -(-LENGTH // (info["max_width"] >> zoom))
    return np.concatenate([tile_values(tiles.tile(f"{uid}.{zoom}.{x}") or {}) for x in range(n)])


def means_of(width: int, *, zeros: bool) -> NDArray[np.float64]:
    """Means of bins across chromosomes; without zeros, of the bases that are not 0."""
    depth = np.concatenate(list(depth_of().values())).astype(float)
    depth[(depth == 0) & (not zeros)] = np.nan
    padded = np.append(depth, np.full(-len(depth) % width, np.nan)).reshape(-1, width)
    known = (~np.isnan(padded)).sum(axis=1)
    return np.divide(
        np.nansum(padded, axis=1), known, out=np.full(len(known), np.nan), where=known > 0
    )


@pytest.mark.parametrize("zoom", [0, 3, 9, 10])
def test_tiles_of_d4_hold_the_means_of_bins_on_the_genome(zoom: int, tiles: TileServer) -> None:
    # 750,900 bp are 734 tiles of 1024 bp: 2^10 bp a bin at zoom 0.
    assert tiles.info("toy-d4")["max_zoom"] == 10
    found, means = row(tiles, "toy-d4", zoom), means_of(1 << (10 - zoom), zeros=True)
    np.testing.assert_allclose(found[: len(means)], means, rtol=1e-3)
    assert np.isnan(found[len(means) :]).all(), "nothing beyond the genome"


@pytest.mark.parametrize("zoom", [6, 9, 10])
def test_tiles_of_bigwig_hold_the_means_of_bases_with_a_value(zoom: int, tiles: TileServer) -> None:
    width = 1 << (10 - zoom)
    found, means = row(tiles, "toy-depth-bw", zoom), means_of(width, zeros=False)
    # Where a chromosome ends, both parts count by their lengths.
    within = ~np.isin(np.arange(len(means)), np.cumsum(list(CHROMSIZES.values())) // width)
    assert within.sum() >= len(means) - len(CHROMSIZES)
    np.testing.assert_allclose(found[: len(means)][within], means[within], rtol=1e-3)


def test_wide_bins_of_bigwig_come_from_its_summaries(tiles: TileServer) -> None:
    found, means = row(tiles, "toy-depth-bw", 0), means_of(1024, zeros=False)
    np.testing.assert_allclose(found[: len(means)], means, rtol=0.2)
    assert np.corrcoef(found[: len(means)], means)[0, 1] > 0.98


def test_tiles_of_bigwig_are_those_of_clodius_on_the_first_chromosome(
    tiles: TileServer, folder: Path
) -> None:
    sizes = [[name, size] for name, size in CHROMSIZES.items()]
    path = str(folder / "toy.depth.bw")
    ((_, theirs),) = clodius("bigwig").tiles(path, ["x.6.3"], chromsizes=sizes)
    ours = tiles.tile("toy-depth-bw.6.3")
    assert ours
    np.testing.assert_allclose(tile_values(ours), tile_values(theirs), rtol=1e-3)


def test_a_map_of_one_resolution_gets_coarser_ones(tmp_path: Path) -> None:
    folder, made = tmp_path / "a", tmp_path / "made"
    folder.mkdir()
    made.mkdir()
    # 1500 Mb in bins of 1 Mb are 6 tiles a side; bins of 2 Mb make it 3.
    rng = np.random.default_rng(1)
    pixels = sorted({(a, b) for a, b in np.sort(rng.integers(0, 1500, (5000, 2)))})
    rows = [(a, b, 1) for a, b in pixels]
    sizes = {"c": 750_000_000, "d": 750_000_000}
    path = made_by_cooler(folder / "one.cool", sizes, 1_000_000, rows)
    before = path.read_bytes()
    server = TileServer(open_tilesets([path]), made)
    assert sorted(server.info("one-cool")["resolutions"]) == [1_000_000, 2_000_000]
    coarse, fine = (
        sum(
            tile_values(server.tile(f"one-cool.{zoom}.{x}.{y}.None") or {}).sum()
            for y in range(n)
            for x in range(y + 1)
        )
        for zoom, n in enumerate((3, 6))
    )
    assert coarse == fine == len(rows), "every contact, in one half of the map"
    assert path.read_bytes() == before


def test_a_cool_file_is_shown_with_its_own_weights(tmp_path: Path) -> None:
    path = simulated_map(tmp_path)
    cooler.balance_cooler(cooler.Cooler(str(path)), store=True)
    (tmp_path / "made").mkdir()
    server = TileServer(open_tilesets([path]), tmp_path / "made")
    tile = server.tile("1-cool.0.0.0.weight")
    assert tile
    lower = np.tril(tile_values(tile).reshape(SIDE, SIDE))
    matrix = cooler.Cooler(str(path)).matrix()[:SIDE, :SIDE]
    np.testing.assert_allclose(lower, np.tril(matrix), **ROUNDED)


@pytest.mark.parametrize(
    "name",
    [
        *("toy-mcool.3.0.0", "toy-mcool.0.1.0", "toy-mcool.0.0.999999999", "toy-mcool.0.0"),
        *("toy-depth-bw.11.0", "toy-depth-bw.0.1", "toy-depth-bw.0.0.0", "toy-d4"),
        *("other.0.0.0", "../toy.mcool.0.0.0", "toy-mcool.-1.0.0", "toy-mcool.0.0.0.a/b", ""),
        "toy-mcool.0.0.99999999999999999999",
    ],
)
def test_there_is_no_tile_beyond_the_genome_or_of_another_file(
    name: str, tiles: TileServer
) -> None:
    assert tiles.tile(name) is None
