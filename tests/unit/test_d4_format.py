"""D4 files, written and read back."""

import json
import math
import threading
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hicloom.errors import InputError
from hicloom.formats import d4
from hicloom.formats.d4 import Layout, SimpleRange
from hicloom.formats.d4.assembly import assemble
from hicloom.formats.d4.indexing import own_index
from tests.unit.d4s import LAYOUTS, Depth, equal, piles, write, write_tracks

SPARSE = LAYOUTS["sparse"]
EDGE = 10_000_000
LEAST, GREATEST = -(1 << 31), (1 << 31) - 1


@pytest.fixture(scope="module")
def depth() -> Depth:
    """Three chromosomes, one of them empty; the values go to both ends of 32 bits."""
    rng = np.random.default_rng(1)
    values = {
        "chr1": piles(rng, 100_003, 3000),
        "empty": np.zeros(777, np.int32),
        "chr2": piles(rng, 1000, 100),
    }
    values["chr1"][:2] = LEAST, GREATEST
    values["chr1"][50_000:50_100] = 70_000
    values["chr2"][-1] = -1
    return values


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_was_written_is_read(tmp_path: Path, depth: Depth, name: str) -> None:
    with d4.open(write(tmp_path / "x.d4", depth, LAYOUTS[name])) as file:
        assert equal(file.track(), depth)


@pytest.mark.parametrize("name", LAYOUTS)
def test_runs_and_dense_values_give_the_same_bytes(tmp_path: Path, depth: Depth, name: str) -> None:
    from hicloom.kernels.runs import runs_of

    dense = write(tmp_path / "dense.d4", depth, LAYOUTS[name])
    sizes = {chrom: len(values) for chrom, values in depth.items()}
    with d4.create_d4(tmp_path / "runs.d4", sizes, LAYOUTS[name], threads=2) as out:
        for chrom in ("chr1", "chr2"):
            starts, ends, values = runs_of(depth[chrom])
            told = values != 0
            half = len(starts) // 2
            for part in (slice(0, half), slice(half, None)):
                kept = told[part]
                out.track().append_runs(
                    chrom, starts[part][kept], ends[part][kept], values[part][kept]
                )
    assert (tmp_path / "runs.d4").read_bytes() == dense.read_bytes()


# Stretches of one value, some of them long: (length, value).
STRETCHES = st.lists(
    st.tuples(
        st.integers(1, 200) | st.sampled_from([65_535, 65_536, 65_537, 131_073]),
        st.integers(-3, 70) | st.sampled_from([LEAST, GREATEST, 65_536, 1023, 1024]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(
    chromosomes=st.lists(STRETCHES, min_size=1, max_size=4),
    name=st.sampled_from(sorted(LAYOUTS)),
    places=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=6),
)
def test_any_depth_is_read_as_written_in_any_region(
    tmp_path_factory: pytest.TempPathFactory,
    chromosomes: list[list[tuple[int, int]]],
    name: str,
    places: list[tuple[float, float]],
) -> None:
    depth = {
        f"c{number}": np.repeat(
            np.array([value for _, value in stretches], np.int32), [n for n, _ in stretches]
        )
        for number, stretches in enumerate(chromosomes)
    }
    path = write(tmp_path_factory.mktemp("any") / "x.d4", depth, LAYOUTS[name])
    with d4.open(path) as file:
        assert equal(file.track(), depth)
        for chrom, values in depth.items():
            for place in places:
                start, end = sorted(int(share * len(values)) for share in place)
                if start < end:
                    assert np.array_equal(file.values(chrom, start, end), values[start:end])


@pytest.mark.parametrize("name", ["sparse", "sparse, raw", "16 values", "1024 values"])
def test_chromosomes_longer_than_a_block_are_read_across_blocks(tmp_path: Path, name: str) -> None:
    size = 2 * EDGE + 5
    places = np.array([0, 4_194_303, 4_194_304, EDGE - 1, EDGE, 2 * EDGE, size - 1])
    values = np.arange(1, len(places) + 1) * 1000
    with d4.create_d4(tmp_path / "x.d4", {"chr1": size}, LAYOUTS[name]) as out:
        out.track().append_runs("chr1", places, places + 1, values)
    with d4.open(tmp_path / "x.d4") as file:
        track = file.track()
        assert track.sum("chr1") == values.sum()
        assert [int(track.values("chr1", p, p + 1)[0]) for p in places.tolist()] == values.tolist()
        assert track.values("chr1", EDGE - 2, EDGE + 2).tolist() == [0, 4000, 5000, 0]
        assert sum(len(part) for _, part in track.blocks("chr1")) == size


def test_a_chromosome_of_2_31_bp_is_read_at_its_end(tmp_path: Path) -> None:
    size = 1 << 31
    with d4.create_d4(tmp_path / "x.d4", {"chr1": size}, SPARSE) as out:
        out.track().append_runs("chr1", np.array([size - 2]), np.array([size]), np.array([9]))
    with d4.open(tmp_path / "x.d4") as file:
        assert file.values("chr1", size - 4).tolist() == [0, 0, 9, 9]
        assert file.track().summary("chr1") == (18, 0, 9)


def test_longer_ones_are_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(InputError, match="chr1 has 2147483649 bp; a D4 holds up to 2147483648"),
        d4.create_d4(tmp_path / "x.d4", {"chr1": (1 << 31) + 1}, SPARSE),
    ):
        pass


def test_many_contigs(tmp_path: Path) -> None:
    sizes = {f"contig_{number}": 3 + number % 5 for number in range(5_000)}
    last = "contig_4999"
    with d4.create_d4(tmp_path / "x.d4", sizes, SPARSE) as out:
        out.track().append_dense(last, 0, np.array([4, 5], np.int32))
    with d4.open(tmp_path / "x.d4") as file:
        assert dict(file.chromsizes) == sizes
        assert file.values(last).tolist() == [4, 5, 0, 0, 0, 0, 0]
        assert file.values("contig_3777").tolist() == [0, 0, 0, 0, 0]


def test_stored_values_are_divided_by_the_denominator(tmp_path: Path) -> None:
    layout = Layout(SimpleRange(0, 16), denominator=100)
    depth = {"chr1": np.array([0, 1, 250, -50], np.int32)}
    with d4.open(write(tmp_path / "x.d4", depth, layout)) as file:
        values = file.values("chr1")
        assert values.dtype == np.float64
        assert values.tolist() == [0, 0.01, 2.5, -0.5]
        assert file.mean("chr1") == pytest.approx(2.01 / 4)
        assert file.track().max("chr1") == 2.5


def test_tracks_have_names(tmp_path: Path, depth: Depth) -> None:
    other = {chrom: values // 2 for chrom, values in depth.items()}
    path = write_tracks(tmp_path / "x.d4", {"all": depth, "mapq30": other}, SPARSE)
    with d4.open(path) as file:
        assert list(file.tracks) == ["all", "mapq30"]
        assert equal(file.track("all"), depth)
        assert equal(file.track("mapq30"), other)
        with pytest.raises(InputError, match="name a track; there are: all, mapq30"):
            file.values("chr1")
        with pytest.raises(InputError, match="no track 'x'; there are: all, mapq30"):
            file.values("chr1", track="x")


def test_so_many_tracks_that_the_directory_overflows(tmp_path: Path) -> None:
    names = [f"a_rather_long_name_of_a_track_{number}" for number in range(40)]
    tracks = {name: {"chr1": np.full(9, n, np.int32)} for n, name in enumerate(names)}
    with d4.open(write_tracks(tmp_path / "x.d4", tracks, SPARSE)) as file:
        assert [int(file.values("chr1", track=name)[0]) for name in names] == list(range(40))


def test_what_made_a_track_is_kept(tmp_path: Path) -> None:
    made = {"command": "hicloom d4 create", "min_mapq": 30}
    layout = Layout(SimpleRange(0, 1), made=made)
    with d4.open(write(tmp_path / "x.d4", {"chr1": np.zeros(5, np.int32)}, layout)) as file:
        assert file.track().metadata.made == made


def test_a_file_that_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.d4"
    with (
        pytest.raises(ZeroDivisionError),
        d4.create_d4(path, {"chr1": 5}, {"a": SPARSE, "b": SPARSE}) as out,
    ):
        out.track("a").append_dense("chr1", 0, np.ones(5, np.int32))
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([("chrZ", 0, 1, 1)], "no chromosome 'chrZ'"),
        ([("chr2", 0, 1, 1), ("chr1", 0, 1, 1)], "chr1 comes again, or out of order"),
        ([("chr1", 5, 8, 1), ("chr1", 7, 9, 1)], "chr1:7-9: should lie between 8"),
        ([("chr1", 90, 101, 1)], "should lie between 0, .* and 100"),
        ([("chr1", 9, 9, 1)], "empty"),
        ([("chr1", 0, 1, 1 << 31)], "does not fit into 32 bits"),
    ],
)
def test_runs_that_cannot_be_stored_are_refused(
    tmp_path: Path, rows: list[tuple[str, int, int, int]], problem: str
) -> None:
    with (
        pytest.raises(InputError, match=problem),
        d4.create_d4(tmp_path / "x.d4", {"chr1": 100, "chr2": 100}, SPARSE) as out,
    ):
        for chrom, *numbers in rows:
            out.track().append_runs(chrom, *(np.array([number]) for number in numbers))


@pytest.mark.parametrize("percent", [0, 1, 50, 90, 99.9, 100])
def test_percentiles_are_the_least_value_that_so_many_do_not_exceed(
    tmp_path: Path, depth: Depth, percent: float
) -> None:
    with d4.open(write(tmp_path / "x.d4", depth, LAYOUTS["64 values"])) as file:
        for chrom, values in depth.items():
            rank = math.ceil(len(values) * Fraction(str(percent)) / 100)
            due = sorted(values.tolist())[max(rank, 1) - 1]
            assert file.track().percentile(chrom, percent) == due


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory, depth: Depth) -> Path:
    """`depth` with our index."""
    folder = tmp_path_factory.mktemp("indexed")
    with d4.open(write(folder / "plain.d4", depth, LAYOUTS["16 values"])) as file:
        assemble(folder / "x.d4", file.tracks, {"": own_index(file.track())})
    return folder / "x.d4"


def test_an_index_changes_no_answer(indexed: Path, depth: Depth) -> None:
    rng = np.random.default_rng(2)
    with d4.open(indexed) as file:
        assert equal(file.track(), depth)
        for _ in range(200):
            start, end = sorted(rng.integers(0, 100_003, 2).tolist())
            part = depth["chr1"][start : end + 1]
            due = part.sum(dtype=np.int64), part.min(), part.max()
            assert file.track().summary("chr1", start, end + 1) == due


def test_with_an_index_a_whole_chromosome_is_not_read(indexed: Path) -> None:
    with d4.open(indexed) as file:
        opened = file.source.bytes_read
        file.track().summary("chr1")
        # Seven bins of 16 bytes and the index's header, of a table of 50,002 bytes.
        assert file.source.bytes_read - opened < 200


def test_indexing_again_does_not_make_the_file_grow(indexed: Path, tmp_path: Path) -> None:
    with d4.open(indexed, use_index=False) as file:
        assemble(tmp_path / "again.d4", file.tracks, {"": own_index(file.track())})
    assert (tmp_path / "again.d4").read_bytes() == indexed.read_bytes()


@pytest.mark.parametrize("use_index", [True, False])
def test_resampling_gives_means_between_its_edges(
    indexed: Path, depth: Depth, use_index: bool
) -> None:
    with d4.open(indexed, use_index=use_index) as file:
        for bins in (1, 3, 97):
            edges, means = file.track().resample("chr1", 5, 90_001, bins=bins)
            parts = [depth["chr1"][a:b] for a, b in pairwise(edges)]
            assert (edges[0], edges[-1]) == (5, 90_001)
            assert means == pytest.approx([part.mean() for part in parts])


def test_several_threads_read_one_track(indexed: Path, depth: Depth) -> None:
    results: list[bool] = []
    with d4.open(indexed) as file:

        def read() -> None:
            results.extend(equal(file.track(), depth) for _ in range(5))

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == [True] * 20


def test_the_metadata_are_json_that_others_read(tmp_path: Path) -> None:
    path = write(tmp_path / "x.d4", {"chr1": np.zeros(5, np.int32)}, LAYOUTS["16 values"])
    data = path.read_bytes()
    # The header, the first frame of the root directory, the header of the first stream's frame.
    start = 8 + 512 + 16
    stated = json.loads(data[start : data.index(b"\0", start)])
    assert stated == {
        "chrom_list": [{"name": "chr1", "size": 5}],
        "dictionary": {"SimpleRange": {"low": 0, "high": 16}},
        "denominator": "One",
    }
