"""Writing .hic files: other programs read what was given, whatever the shape of the map."""

import os
from pathlib import Path

import hictkpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hicloom.errors import InputError
from hicloom.formats.hic import HicFile, HicWriter, stripes
from tests.unit.hicfiles import SHAPES, Shape, shape, simulated_shape, write_hic, write_maps


@pytest.fixture(params=["simulated", *SHAPES])
def what(request: pytest.FixtureRequest, tmp_path: Path) -> Shape:
    if request.param == "simulated":
        return simulated_shape(tmp_path, 30_000)
    return SHAPES[request.param]()


def assert_holds(path: Path, what: Shape) -> None:
    """That hictkpy reads all pixels of a shape, and no others."""
    with hictkpy.MultiResFile(path) as file:
        assert file.chromosomes() == what.chromsizes
        assert sorted(file.resolutions()) == sorted(what.resolutions)
        for resolution in what.resolutions:
            found = file[resolution].fetch().to_coo()
            order = np.lexsort((found.col, found.row))
            columns = (found.row[order], found.col[order], found.data[order])
            np.testing.assert_array_equal(columns, what.pixels(resolution))


def test_hictk_reads_every_pixel(what: Shape, tmp_path: Path) -> None:
    write_maps(tmp_path / "x.hic", what)
    assert_holds(tmp_path / "x.hic", what)


def test_maps_with_norms_hold_the_same_pixels(what: Shape, tmp_path: Path) -> None:
    assert_holds(write_hic(tmp_path / "x.hic", what), what)


def test_our_reader_reads_every_pixel(what: Shape, tmp_path: Path) -> None:
    write_maps(tmp_path / "x.hic", what)
    with HicFile(tmp_path / "x.hic") as file:
        assert file.header.chromsizes == what.chromsizes
        for resolution in what.resolutions:
            starts = what.bins(resolution).starts
            found = []
            for one, two in file.pairs:
                x, y, counts = file.pixels(one, two, resolution)
                found.append([x + starts[one], y + starts[two], counts])
            table = np.concatenate(found, axis=1)
            order = np.lexsort(table[1::-1])
            np.testing.assert_array_equal(table[:, order], what.pixels(resolution))


@settings(max_examples=20, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 5000), min_size=1, max_size=8),
    seed=st.integers(0, 1000),
    number=st.integers(1, 400),
    kind=st.sampled_from(["any", "one end"]),
)
def test_hictk_reads_every_pixel_of_any_shape(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], seed: int, number: int, kind: str
) -> None:
    """Chromosomes shorter than a bin and without contacts; all on the diagonal.

    hictk wants a genome of 1 kb or more, for whose length .hic files have kb.
    """
    sizes = {f"chr{i}": length for i, length in enumerate([1000, *lengths])}
    one, two = np.random.default_rng(seed).integers(0, sum(sizes.values()), (2, number))
    what = shape(sizes, [100, 300, 2000], one, one if kind == "one end" else two)
    path = tmp_path_factory.mktemp("shapes") / "x.hic"
    write_maps(path, what)
    assert_holds(path, what)


def test_ten_thousand_contigs(tmp_path: Path) -> None:
    """A pair within every contig, and one to the next: 19,999 matrices, and as many pixels."""
    sizes = {f"contig_{number}": 120 for number in range(10_000)}
    starts = np.arange(10_000) * 120
    one, two = np.append(starts, starts[:-1]), np.append(starts, starts[1:])
    what = shape(sizes, [100, 1000], one, two)
    write_hic(tmp_path / "x.hic", what, ["VC"])
    with HicFile(tmp_path / "x.hic") as file:
        assert len(file.pairs) == 19_999
        for number in range(0, 9_999, 1000):
            for other, start in ((number, [0]), (number + 1, [0])):
                for size in what.resolutions:
                    found = [column.tolist() for column in file.pixels(number, other, size)]
                    assert found == [start, [0], [1]]
    with hictkpy.File(tmp_path / "x.hic", 1000) as file:
        assert len(file.chromosomes()) == 10_000
        assert file.fetch("contig_7", "contig_8").sum() == 1
        assert file.fetch("contig_7", "contig_9").sum() == 0


@pytest.mark.parametrize("batch", [1, 1000])
@pytest.mark.parametrize("by_pairs", [False, True])
def test_blocks_are_whole_however_the_pixels_come(
    batch: int, by_pairs: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block may lie in many pieces of the stream; a second block of its number would hide it."""
    monkeypatch.setattr(stripes, "BATCH", batch)
    what = SHAPES["many_blocks"]()
    write_maps(tmp_path / "x.hic", what, by_pairs=by_pairs, piece=777)
    assert_holds(tmp_path / "x.hic", what)


def test_bytes_are_the_same_for_any_threads_and_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripes, "BATCH", 5000)
    what = SHAPES["many_blocks"]()
    for number, (threads, piece) in enumerate([(1, 1 << 20), (3, 1 << 20), (2, 1234)]):
        write_maps(tmp_path / f"{number}.hic", what, threads=threads, piece=piece)
    files = [(tmp_path / f"{number}.hic").read_bytes() for number in range(3)]
    assert files[0] == files[1] == files[2]


def test_the_whole_genome_is_a_matrix_of_some_500_bins(tmp_path: Path) -> None:
    """Two chromosomes of 8500 kb in all: bins of 8500 // 500 = 17 kb.

    The pair lies at 0 of `a` and at 1000 bp of `b`, 6001 kb into the genome: bin 6001 // 17.
    """
    sizes = {"a": 6_000_000, "b": 2_500_000}
    write_maps(tmp_path / "x.hic", shape(sizes, [1000], np.array([0]), np.array([6_001_000])))
    with HicFile(tmp_path / "x.hic") as file:
        assert [column.tolist() for column in file.whole_genome()] == [[0], [353], [1]]


def test_names_stay_as_they_are(tmp_path: Path) -> None:
    sizes = {"chr1": 5000, "CHR_x": 4000, "HLA-A*01:01": 3000, "染色体": 2000, "2": 1000}
    ends = np.cumsum([*sizes.values()]) - 1
    write_maps(tmp_path / "x.hic", shape(sizes, [1000], ends, ends))
    with hictkpy.MultiResFile(tmp_path / "x.hic") as file:
        assert file.chromosomes() == sizes
        assert file[1000].fetch().sum() == 5


def test_large_whole_numbers_are_exact_up_to_what_a_float_holds(tmp_path: Path) -> None:
    """The format has 32-bit floats: 2**24 is exact, 2**24 + 1 is not."""
    columns = np.array([0, 0]), np.array([0, 1]), np.array([2**24, 2**24 + 1])
    with (tmp_path / "x.hic").open("w+b") as file, HicWriter(file, {"a": 2000}, [1000]) as writer:
        writer.add(1000, *columns)
        writer.finish()
    with HicFile(tmp_path / "x.hic") as file:
        assert file.pixels(0, 0, 1000)[2].tolist() == [2**24, 2**24]


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"all": 5}, "chromosome 'all': .hic keeps this name for the whole genome"),
        ({"a": 2**31}, "chromosome 'a': .hic holds lengths of 1 to 2147483647, not 2147483648"),
        ({"a": 0}, "chromosome 'a': .hic holds lengths of 1 to 2147483647, not 0"),
    ],
)
def test_chromosomes_that_the_format_cannot_hold_are_refused(
    sizes: dict[str, int], message: str
) -> None:
    with Path(os.devnull).open("wb") as file, pytest.raises(InputError) as failure:
        HicWriter(file, sizes, [1000])
    assert str(failure.value) == message


def test_no_pixels_are_refused() -> None:
    with (
        Path(os.devnull).open("wb") as file,
        HicWriter(file, {"a": 5000}, [1000]) as writer,
        pytest.raises(InputError, match="no pair is left for the map"),
    ):
        writer.finish()


@pytest.mark.parametrize(
    ("bin1", "bin2"), [([1, 0], [1, 1]), ([1], [0]), ([0], [5])], ids=["order", "side", "end"]
)
def test_pixels_that_cannot_be_are_refused(bin1: list[int], bin2: list[int]) -> None:
    """Not sorted, below the diagonal, beyond the genome of 5 bins."""
    with (
        Path(os.devnull).open("wb") as file,
        HicWriter(file, {"a": 5000}, [1000]) as writer,
        pytest.raises(ValueError, match=r"the pixels are not sorted|a pixel lies below"),
    ):
        writer.add(1000, np.array(bin1), np.array(bin2), np.ones(len(bin1)))
        writer.finish()
