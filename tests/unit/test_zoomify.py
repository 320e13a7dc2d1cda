"""Many resolutions of a map."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cooler
import h5py
import hictkpy
import numpy as np
import pandas as pd
import pytest

from hicloom.formats.cool import write_cool
from hicloom.matrix import coarsening
from hicloom.steps.cload import cload
from hicloom.steps.zoomify import zoomify
from tests.unit.matrices import made_by_cooler, pixels, simulated, simulated_map, weights

Cli = Callable[..., object]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A map of simulated pairs."""
    return simulated_map(tmp_path_factory.mktemp("maps"))


def maps(path: Path) -> list[str]:
    return cooler.fileops.list_coolers(str(path))


def test_a_coarse_map_is_what_binning_gives(hicloom: Cli, tmp_path: Path) -> None:
    """No bin crosses the end of a chromosome: 400 kb, 250001, 99999 and 900 bp."""
    pairs = simulated(tmp_path, 5000)
    cload(pairs, output=tmp_path / "fine.cool")
    cload(pairs, output=tmp_path / "coarse.cool", bin_size=50_000)
    hicloom("zoomify", tmp_path / "fine.cool", "-o", tmp_path / "x.mcool")
    ours = pixels(tmp_path / "x.mcool::/resolutions/50000")
    assert ours.equals(pixels(tmp_path / "coarse.cool"))


def test_the_longest_chromosome_is_the_coarsest(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    hicloom("zoomify", source, "-o", tmp_path / "x.mcool", "--no-balance")
    sizes = [1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000, 250_000]
    assert maps(tmp_path / "x.mcool") == [f"/resolutions/{size}" for size in sizes]
    assert "weight" not in cooler.Cooler(f"{tmp_path}/x.mcool::/resolutions/5000").bins().columns


def test_a_list_is_taken_as_it_is(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    """Not even the base is added."""
    options = ["--resolutions", 4000, 20_000, "--no-balance"]
    hicloom("zoomify", source, "-o", tmp_path / "x.mcool", *options)
    assert maps(tmp_path / "x.mcool") == ["/resolutions/4000", "/resolutions/20000"]
    assert cooler.Cooler(f"{tmp_path}/x.mcool::/resolutions/20000").info["sum"] == 30_000


def test_every_map_names_the_assembly(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    hicloom("zoomify", source, "-o", tmp_path / "x.mcool", "--no-balance")
    uris = [f"{tmp_path}/x.mcool::{name}" for name in maps(tmp_path / "x.mcool")]
    assert {cooler.Cooler(uri).info["genome-assembly"] for uri in uris} == {"toy"}


def test_no_multiple_of_the_base_is_refused(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    outcome = hicloom("zoomify", source, "-o", tmp_path / "x.mcool", "--resolutions", 1500)
    assert outcome.code == 2
    assert "resolution 1500 is not a multiple of the base resolution 1000" in outcome.stderr
    assert not (tmp_path / "x.mcool").exists()


def test_what_converged_is_said_by_resolution(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    options = ["--resolutions", 5000, 10_000, "--max-iters", 1]
    outcome = hicloom("zoomify", source, "-o", tmp_path / "x.mcool", *options)
    assert outcome.stderr.splitlines() == [
        f"{size} bp: balancing has NOT converged in 1 iterations, NaN is stored"
        for size in (5000, 10_000)
    ]
    assert np.isnan(weights(tmp_path / "x.mcool::/resolutions/5000")).all()


def test_neither_threads_nor_chunks_change_anything(
    hicloom: Cli, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chunks are made small enough here for rows of all maps to lie in several of them."""
    for name, options in {"one": [], "two": ["--threads", 2]}.items():
        hicloom("zoomify", source, "-o", tmp_path / f"{name}.mcool", *options)
        monkeypatch.setattr(coarsening, "_PIECE", 100)
    for size in (1000, 2000, 5000, 10_000, 50_000, 250_000):
        uris = [f"{tmp_path}/{name}.mcool::/resolutions/{size}" for name in ("one", "two")]
        np.testing.assert_array_equal(*map(weights, uris))
        assert pixels(uris[0]).equals(pixels(uris[1]))


def test_what_is_no_map_is_refused(hicloom: Cli, tmp_path: Path) -> None:
    (tmp_path / "x.cool").write_text("no")
    outcome = hicloom("zoomify", tmp_path / "x.cool", "-o", tmp_path / "x.mcool")
    assert outcome.code == 2
    assert "is not a .cool or .mcool" in outcome.stderr


LENGTHS = {"chr1": 950, "chr2": 60, "chr3": 400}
"""10, 1 and 4 bins of 100 bp."""


def small(path: Path, rows: list[tuple[float, ...]], **options: Any) -> Path:
    return made_by_cooler(path / "x.cool", LENGTHS, 100, rows, **options)


def zoomed(path: Path, *sizes: int, **options: Any) -> list[list[list[float]]]:
    """The pixels of each of the sizes, a row each."""
    zoomify(
        str(path), output=path.with_suffix(".mcool"), resolutions=sizes, balance=False, **options
    )
    uris = [f"{path.with_suffix('.mcool')}::/resolutions/{size}" for size in sizes]
    return [pixels(uri).to_numpy().tolist() for uri in uris]


def test_no_bin_crosses_the_end_of_a_chromosome(tmp_path: Path) -> None:
    """Bins of 300 bp: 4 (the last of 50 bp), 1 and 2 (the last of 100 bp)."""
    rows = [(0, 2, 1), (1, 2, 2), (8, 9, 4), (9, 9, 8), (9, 10, 16), (10, 11, 32), (14, 14, 64)]
    assert zoomed(small(tmp_path, rows), 300) == [
        [[0, 0, 3], [2, 3, 4], [3, 3, 8], [3, 4, 16], [4, 5, 32], [6, 6, 64]]
    ]


def test_bins_larger_than_every_chromosome(tmp_path: Path) -> None:
    rows = [(0, 9, 1), (0, 10, 2), (9, 10, 3), (10, 13, 4), (11, 13, 5)]
    expected = [[0, 0, 1], [0, 1, 5], [1, 2, 4], [2, 2, 5]]
    assert zoomed(small(tmp_path, rows), 1000) == [expected]


@pytest.mark.parametrize("finer", [(), (200, 400), (300,), (200, 300)])
def test_it_does_not_matter_what_a_map_is_summed_from(
    tmp_path: Path, finer: tuple[int, ...]
) -> None:
    """Of 1200 bp, there are sizes of which it is a multiple, or not."""
    rows = [(i, j, i + j) for i in range(14) for j in range(i, 14)]
    assert zoomed(small(tmp_path, rows), *finer, 1200)[-1] == [
        # 10 rows of chr1 with one another, with chr2 (bin 10) and with chr3 (bins 11 to 13).
        [0, 0, sum(i + j for i in range(10) for j in range(i, 10))],
        [0, 1, sum(i + 10 for i in range(10))],
        [0, 2, sum(i + j for i in range(10) for j in range(11, 14))],
        [1, 1, 20],
        [1, 2, 21 + 22 + 23],
        [2, 2, 22 + 23 + 24 + 24 + 25 + 26],
    ]


def test_ten_thousand_contigs(tmp_path: Path) -> None:
    """Of two bins each, made one."""
    lengths = {f"scaf_{i}": 150 for i in range(10_000)}
    rows = np.arange(19_999)
    chunks = [(rows, rows + 1, np.ones_like(rows))]
    write_cool(tmp_path / "x.cool", lengths, 100, chunks, assembly=None, metadata={})
    # Every first bin meets the second of its contig, every second one the next contig's first.
    (found,) = zoomed(tmp_path / "x.cool", 200)
    assert found[::2] == [[i, i, 1] for i in range(10_000)]
    assert found[1::2] == [[i, i + 1, 1] for i in range(9999)]


def test_a_map_without_pixels(tmp_path: Path) -> None:
    assert zoomed(small(tmp_path, []), 200, 400) == [[], []]


def test_counts_beyond_int32_are_refused(hicloom: Cli, tmp_path: Path) -> None:
    source = small(tmp_path, [(0, 0, 2**31 - 1), (0, 1, 1)])
    words = ["zoomify", source, "-o", tmp_path / "y.mcool", "--resolutions", 100, 200]
    outcome = hicloom(*words, "--no-balance")
    assert outcome.code == 1
    assert "the count of a pixel is beyond int32 (2147483647)" in outcome.stderr
    assert "--count-dtype int64" in outcome.stderr
    assert not (tmp_path / "y.mcool").exists()
    assert hicloom(*words, "--no-balance", "--count-dtype", "int64").code == 0
    for size, expected in ((100, [2**31 - 1, 1]), (200, [2**31])):
        counts = pixels(f"{tmp_path}/y.mcool::/resolutions/{size}")["count"]
        assert counts.dtype == "int64"
        assert counts.tolist() == expected


def test_sums_beyond_int64_are_refused(hicloom: Cli, tmp_path: Path) -> None:
    source = small(tmp_path, [(0, 0, 2**62), (0, 1, 2**62)], dtypes={"count": "int64"})
    options = ["--resolutions", 200, "--no-balance"]
    outcome = hicloom("zoomify", source, "-o", tmp_path / "y.mcool", *options)
    assert outcome.code == 1
    assert "x.cool: a sum is beyond int64" in outcome.stderr


@pytest.mark.parametrize("dtype", ["int64", "uint16", "float64", "float32"])
def test_counts_keep_their_type(tmp_path: Path, dtype: str) -> None:
    rows = [(0, 0, 2.5), (0, 1, 1)]
    assert zoomed(small(tmp_path, rows, dtypes={"count": dtype}), 100, 200)[1] == [
        [0, 0, 3.5 if dtype.startswith("float") else 3]
    ]
    with h5py.File(tmp_path / "x.mcool") as file:
        for size in (100, 200):
            assert file[f"resolutions/{size}/pixels/count"].dtype == dtype


def with_scores(folder: Path) -> Path:
    columns = ["bin1_id", "bin2_id", "count", "score"]
    rows = [(0, 0, 1, 0.5), (0, 1, 2, 0.25), (2, 2, 4, 8)]
    return small(folder, rows, columns=columns, dtypes={"score": "float64"})


def test_more_columns_are_refused(hicloom: Cli, tmp_path: Path) -> None:
    outcome = hicloom("zoomify", with_scores(tmp_path), "-o", tmp_path / "y.mcool")
    assert outcome.code == 2
    assert "more columns than count; name those to sum (--sum-columns score)" in outcome.stderr


def test_more_columns_are_summed_when_named(tmp_path: Path) -> None:
    sums = zoomed(with_scores(tmp_path), 100, 200, sum_columns=["score"])
    assert sums[0] == [[0, 0, 1, 0.5], [0, 1, 2, 0.25], [2, 2, 4, 8]]
    assert sums[1] == [[0, 0, 3, 0.75], [1, 1, 4, 8]]


def test_more_columns_are_left_out_when_only_count_is_named(tmp_path: Path) -> None:
    sums = zoomed(with_scores(tmp_path), 100, 200, sum_columns=["count"])
    assert sums == [[[0, 0, 1], [0, 1, 2], [2, 2, 4]], [[0, 0, 3], [1, 1, 4]]]


def test_a_column_that_is_not_there_is_told(hicloom: Cli, tmp_path: Path) -> None:
    source = with_scores(tmp_path)
    outcome = hicloom("zoomify", source, "-o", tmp_path / "y.mcool", "--sum-columns", "scores")
    assert outcome.code == 2
    assert "its pixels have no column scores" in outcome.stderr


def test_a_square_map_stays_one(tmp_path: Path) -> None:
    rows = [(0, 5, 1), (1, 0, 2), (5, 0, 4), (5, 1, 8)]
    assert zoomed(small(tmp_path, rows, symmetric_upper=False, triucheck=False), 200) == [
        [[0, 0, 2], [0, 2, 1], [2, 0, 12]]
    ]
    assert cooler.Cooler(f"{tmp_path}/x.mcool::/resolutions/200").storage_mode == "square"


def test_rows_of_columns_out_of_order_are_summed(tmp_path: Path) -> None:
    """As cooler 0.8.3 wrote them when it coarsened in several chunks."""
    rows = [(0, 3, 1), (0, 1, 2), (0, 3, 4)]
    assert zoomed(small(tmp_path, rows, dupcheck=False), 200) == [[[0, 0, 2], [0, 1, 5]]]


def test_rows_out_of_order_are_told(hicloom: Cli, tmp_path: Path) -> None:
    source = small(tmp_path, [(5, 5, 1), (0, 0, 1)])
    options = ["--resolutions", 200, "--no-balance"]
    outcome = hicloom("zoomify", source, "-o", tmp_path / "y.mcool", *options)
    assert outcome.code == 2
    assert "x.cool: bins are out of order or beyond the map; make it anew" in outcome.stderr


def test_bins_of_unequal_size_are_refused(hicloom: Cli, tmp_path: Path) -> None:
    """Three of 100 bp, and one of 200 bp between them."""
    edges = np.array([0, 100, 300, 400, 500])
    bins = pd.DataFrame({"chrom": "chr1", "start": edges[:-1], "end": edges[1:]})
    table = {name: np.array([1]) for name in ("bin1_id", "bin2_id", "count")}
    cooler.create_cooler(str(tmp_path / "x.cool"), bins, iter([table]))
    outcome = hicloom("zoomify", tmp_path / "x.cool", "-o", tmp_path / "x.mcool")
    assert outcome.code == 2
    assert "has bins of unequal size; expected a map of equal bins" in outcome.stderr


def test_too_little_memory_is_said_before_starting(
    hicloom: Cli, source: Path, tmp_path: Path
) -> None:
    outcome = hicloom("zoomify", source, "-o", tmp_path / "x.mcool", "--memory", "10M")
    assert outcome.code == 2
    assert "--memory 10M: too little to coarsen 752 bins to 8 resolutions; give" in outcome.stderr


def test_too_little_memory_to_balance_is_said_before_coarsening(
    hicloom: Cli, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Coarsening needs 236 MB here, balancing 301 MB."""
    words = ["zoomify", source, "-o", tmp_path / "x.mcool", "--memory"]
    assert hicloom(*words, "250M", "--no-balance").code == 0
    monkeypatch.setattr(coarsening, "coarsen", None)
    outcome = hicloom(*words, "250M")
    assert outcome.code == 2
    assert outcome.stderr == (
        "hicloom: --memory 250M: too little to balance a map of 752 bins; give at least 301M\n"
    )
    monkeypatch.undo()
    assert hicloom(*words, "301M").code == 0


def test_hictk_opens_every_map_and_its_weights(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    hicloom("zoomify", source, "-o", tmp_path / "x.mcool")
    file = hictkpy.MultiResFile(tmp_path / "x.mcool")
    assert sorted(file.resolutions()) == [
        1000,
        2000,
        5000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
    ]
    for size in file.resolutions():
        uri = f"{tmp_path}/x.mcool::/resolutions/{size}"
        found = file[size].fetch().to_coo()
        expected = pixels(uri).to_numpy().T
        np.testing.assert_array_equal((found.row, found.col, found.data), expected)
    # hictk multiplies by the inverse.
    np.testing.assert_array_equal(
        file[1000].weights("weight", divisive=False), weights(uri_of(1000, tmp_path))
    )


def uri_of(size: int, folder: Path) -> str:
    return f"{folder}/x.mcool::/resolutions/{size}"


def test_readers_that_take_a_map_as_a_sparse_matrix_open_it(
    hicloom: Cli, source: Path, tmp_path: Path
) -> None:
    """As HiCExplorer's HiCMatrix does: the whole matrix, the bins with their weights, and what made
    the file, whose name must not be taken for cooler's or hic2cool's."""
    hicloom("zoomify", source, "-o", tmp_path / "x.mcool", "--resolutions", 5000)
    clr = cooler.Cooler(uri_of(5000, tmp_path))
    matrix = clr.matrix(balance=False, sparse=True)[:].tocsr()
    assert (matrix != matrix.T).nnz == 0
    bins = clr.bins()[["chrom", "start", "end", "weight"]][:]
    assert len(bins) == matrix.shape[0] == clr.info["nbins"]
    balanced = clr.matrix(balance=True, sparse=True)[:].tocsr()
    ratio = balanced[0].toarray()[0] / np.where(matrix[0].toarray()[0], matrix[0].toarray()[0], 1)
    expected = np.where(matrix[0].toarray()[0], bins["weight"] * bins["weight"][0], 0)
    np.testing.assert_allclose(ratio, expected, rtol=1e-12)
    assert clr.info["generated-by"].startswith("hicloom-")
