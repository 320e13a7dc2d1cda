"""Reading and writing of cool files, beside cooler's own."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cooler
import h5py
import hictkpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hicloom.errors import InputError, WorkError
from hicloom.formats.cool import PixelReader, open_cool, store_column, write_cool
from hicloom.formats.cool.bins import BinTable
from tests.unit.matrices import assert_same_maps, made_by_cooler

# Two bins and a half, a whole number of bins, and less than one.
LENGTHS = {"chr1": 250, "chr2": 400, "chr10": 30}
N_BINS = 8
UPPER = [(i, j, i + 10 * j + 1) for i in range(N_BINS) for j in range(i, N_BINS)]

MANY = {f"scaffold_{number}": 150 + number % 200 for number in range(10_000)}
"""More names than the type of a column of HDF5 can list."""

SHAPES = {
    "all pixels": (LENGTHS, UPPER),
    "the diagonal": (LENGTHS, [(i, i, 2) for i in range(N_BINS)]),
    "between chromosomes": (LENGTHS, [(0, 7, 1), (2, 3, 2), (2, 7, 1), (6, 7, 9)]),
    "two bins": ({"chr1": 130}, [(0, 0, 5), (1, 1, 6)]),
    "one pixel in the last row": (LENGTHS, [(7, 7, 1)]),
    "ten thousand contigs": (MANY, [(0, 9, 1), (0, 19_000, 2), (5000, 5001, 3)]),
}


def write(path: Path, lengths: Mapping[str, int], rows: Any, **options: Any) -> Path:
    """A map of bins of 100 bp, whose pixels come three at a time."""
    table = np.array(rows, np.int64).reshape(-1, 3)
    chunks = (tuple(table[start : start + 3].T) for start in range(0, len(table), 3))
    write_cool(path, lengths, 100, chunks, assembly="toy", metadata={}, **options)
    return path


def read(uri: object, **options: Any) -> np.ndarray:
    """The pixels, a row each."""
    threads = options.pop("threads", 1)
    with PixelReader(str(uri), threads=threads) as reader:
        return np.concatenate([np.empty((3, 0)), *map(np.array, reader.chunks(**options))], 1).T


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_map_is_written_as_cooler_writes_it(tmp_path: Path, shape: str, threads: int) -> None:
    """Tables, types, chunks, filters, attributes."""
    lengths, rows = SHAPES[shape]
    theirs = made_by_cooler(tmp_path / "theirs.cool", lengths, 100, rows, metadata={})
    assert_same_maps(write(tmp_path / "ours.cool", lengths, rows, threads=threads), theirs)


def test_counts_may_be_written_as_cooler_writes_int64(tmp_path: Path) -> None:
    rows = [(0, 0, 2**40)]
    dtypes = {"count": "int64"}
    theirs = made_by_cooler(tmp_path / "theirs.cool", LENGTHS, 100, rows, dtypes=dtypes)
    assert_same_maps(write(tmp_path / "ours.cool", LENGTHS, rows, count_dtype="int64"), theirs)


def test_the_size_of_bins_is_known_where_no_chromosome_holds_two(tmp_path: Path) -> None:
    """cooler, which guesses it, takes them for bins of unequal size."""
    info = open_cool(str(write(tmp_path / "x.cool", {"chr1": 30}, [(0, 0, 5)]))).info
    assert (info["bin-type"], info["bin-size"], info["sum"]) == ("fixed", 100, 5)


def test_what_made_a_map_is_written(tmp_path: Path) -> None:
    write_cool(tmp_path / "x.cool", LENGTHS, 100, [], assembly=None, metadata={"command": "x -y"})
    info = open_cool(str(tmp_path / "x.cool")).info
    assert info["generated-by"].startswith("hicloom-")
    assert info["metadata"] == {"command": "x -y"}
    assert info["genome-assembly"] == "unknown"


def test_a_map_without_a_pixel(tmp_path: Path) -> None:
    """It has no rows; cooler's own has unset ones."""
    clr = open_cool(str(write(tmp_path / "x.cool", LENGTHS, [])))
    assert (clr.info["nnz"], clr.info["sum"], len(clr.pixels()[:])) == (0, 0, 0)


def test_other_readers_open_it(tmp_path: Path) -> None:
    path = write(tmp_path / "x.cool", LENGTHS, UPPER)
    expected = np.zeros((N_BINS, N_BINS))
    for i, j, count in UPPER:
        expected[i, j] = expected[j, i] = count
    np.testing.assert_array_equal(cooler.Cooler(str(path)).matrix(balance=False)[:], expected)
    np.testing.assert_array_equal(hictkpy.File(path, 100).fetch().to_numpy(), expected)


def test_counts_beyond_their_type_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkError, match=r"beyond int32 .*--count-dtype int64"):
        write(tmp_path / "x.cool", LENGTHS, [(0, 0, 2**31)])


def test_chromosomes_beyond_the_format_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="chromosome long is longer than 2147483647 bp"):
        write_cool(tmp_path / "x.cool", {"long": 2**31}, 10**9, [], assembly=None, metadata={})


@pytest.mark.parametrize(
    "storage",
    [
        {},
        {"compression": "lzf"},
        {"compression": None, "shuffle": False},
        {"compression": None},
        {"shuffle": False},
        {"fletcher32": True},
        {"compression_opts": 9, "chunks": (3,)},
    ],
    ids=str,
)
@pytest.mark.parametrize("threads", [1, 2])
def test_every_storage_is_read(tmp_path: Path, storage: dict[str, Any], threads: int) -> None:
    path = made_by_cooler(tmp_path / "x.cool", LENGTHS, 100, UPPER, h5opts=storage)
    assert read(path, threads=threads).tolist() == [list(map(float, row)) for row in UPPER]


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "uint16"])
def test_counts_keep_their_type(tmp_path: Path, dtype: str) -> None:
    rows = [(0, 1, 0.5), (0, 2, 3)]
    dtypes = {"count": dtype}
    path = made_by_cooler(tmp_path / "x.cool", LENGTHS, 100, rows, dtypes=dtypes)
    with PixelReader(str(path)) as reader:
        ((_, _, count),) = reader.chunks()
    assert count.dtype == dtype
    assert count.tolist() == np.array([0.5, 3]).astype(dtype).tolist()


def test_a_contiguous_big_endian_map_of_int32_bins_is_read(tmp_path: Path) -> None:
    """As no program of today writes it; bins come as int64 all the same."""
    path = write(tmp_path / "x.cool", LENGTHS, UPPER)
    with h5py.File(path, "r+") as file:
        for name, column in zip(
            ("bin1_id", "bin2_id", "count"), zip(*UPPER, strict=True), strict=True
        ):
            del file["pixels"][name]
            file["pixels"].create_dataset(name, data=np.array(column, ">i4"))
    assert read(path).tolist() == [list(row) for row in UPPER]
    with PixelReader(str(path)) as reader:
        assert [column.dtype for column in next(reader.chunks())] == ["int64", "int64", "int32"]


@settings(max_examples=50, deadline=None)
@given(
    first=st.integers(0, N_BINS),
    rows=st.integers(0, N_BINS),
    size=st.integers(1, 40),
    threads=st.sampled_from([1, 2]),
)
def test_any_rows_in_chunks_of_any_size(
    tmp_path_factory: pytest.TempPathFactory, first: int, rows: int, size: int, threads: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "chunks-of-three.cool"
    if not path.exists():
        made_by_cooler(path, LENGTHS, 100, UPPER, h5opts={"chunks": (3,)})
    last = min(first + rows, N_BINS)
    expected = [list(row) for row in UPPER if first <= row[0] < last]
    assert read(path, first=first, last=last, size=size, threads=threads).tolist() == expected


def test_the_head_of_a_map(tmp_path: Path) -> None:
    with PixelReader(str(write(tmp_path / "x.cool", LENGTHS, UPPER))) as reader:
        assert (reader.chromsizes, reader.bin_size, reader.n_bins) == (LENGTHS, 100, N_BINS)
        assert (reader.nnz, reader.symmetric, reader.assembly) == (36, True, "toy")
        # 8, 7, 6... pixels a row.
        assert reader.row_offsets().tolist() == [0, 8, 15, 21, 26, 30, 33, 35, 36]
        assert reader.row_offsets(2, 4).tolist() == [15, 21, 26]


def test_bins_of_unequal_size_are_read(tmp_path: Path) -> None:
    bins = cooler.binnify(
        cooler.Cooler(str(write(tmp_path / "x.cool", LENGTHS, []))).chromsizes, 90
    )
    table = {"bin1_id": np.array([0]), "bin2_id": np.array([3]), "count": np.array([1])}
    bins.loc[0, "end"] = bins.loc[1, "start"] = 80
    cooler.create_cooler(str(tmp_path / "y.cool"), bins, iter([table]))
    with PixelReader(str(tmp_path / "y.cool")) as reader:
        assert reader.bin_size is None
        chroms, starts, ends = reader.bins.intervals(0, reader.n_bins)
    assert starts.tolist() == bins["start"].tolist()
    assert ends.tolist() == bins["end"].tolist()
    assert chroms.tolist() == bins["chrom"].cat.codes.tolist()


def test_bins_are_those_of_cooler() -> None:
    theirs = cooler.binnify(cooler.util.pd.Series(LENGTHS), 100)
    chroms, starts, ends = BinTable(LENGTHS, 100).intervals(0, N_BINS)
    assert [list(LENGTHS)[chrom] for chrom in chroms] == theirs["chrom"].tolist()
    assert starts.tolist() == theirs["start"].tolist()
    assert ends.tolist() == theirs["end"].tolist()


def test_a_column_of_the_bins_is_replaced(tmp_path: Path) -> None:
    path = write(tmp_path / "x.cool", LENGTHS, UPPER)
    for factor in (1, 2):
        store_column(str(path), "weight", factor * np.arange(N_BINS, dtype=float), {"tol": 1e-5})
    assert cooler.Cooler(str(path)).bins()["weight"][:].tolist() == [2.0 * i for i in range(N_BINS)]
    with h5py.File(path) as file:
        assert dict(file["bins/weight"].attrs) == {"tol": 1e-5}


def test_a_truncated_file_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "x.cool", LENGTHS, UPPER)
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(InputError, match=r"is not a \.cool or \.mcool"):
        PixelReader(str(path))


@pytest.mark.parametrize("threads", [1, 2])
def test_a_damaged_chunk_is_told(tmp_path: Path, threads: int) -> None:
    """Where the pixels lie, a byte is another one."""
    path = write(tmp_path / "x.cool", LENGTHS, UPPER)
    with h5py.File(path) as file:
        chunk = file["pixels/bin2_id"].id.get_chunk_info(0)
    data = bytearray(path.read_bytes())
    data[chunk.byte_offset + chunk.size // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"x.cool: is damaged \(a chunk does not inflate"):
        read(path, threads=threads)


def test_an_index_of_more_pixels_than_there_are_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "x.cool", LENGTHS, UPPER)
    with h5py.File(path, "r+") as file:
        file["pixels/count"].resize((35,))
    with pytest.raises(InputError, match="is damaged"):
        read(path)


@pytest.mark.parametrize("missing", ["chroms", "bins/start", "indexes/bin1_offset", "pixels"])
def test_what_lacks_a_table_is_no_map(tmp_path: Path, missing: str) -> None:
    path = Path(shutil.copy(write(tmp_path / "x.cool", LENGTHS, UPPER), tmp_path / "y.cool"))
    with h5py.File(path, "r+") as file:
        del file[missing]
    with pytest.raises(InputError, match="no map there"):
        PixelReader(str(path))
