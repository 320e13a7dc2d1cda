"""d4tools reads what we write, and we read what it writes.

The two binaries are its last release on crates.io, 0.3.9, and a later state of its sources.
Where d4tools itself is wrong (docs/d4.md says how it was seen), nothing is asserted.
"""

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pysam
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hicloom.errors import InputError
from hicloom.formats import d4
from hicloom.formats.d4 import Dictionary, Layout, SimpleRange
from hicloom.kernels.runs import Runs, expand, join, runs_of
from tests.conftest import SHARED, Outcome
from tests.unit.d4s import LAYOUTS, Depth, equal, piles, write, write_tracks
from tests.unit.ranges import serving

TOOLS = SHARED / "tools"
RELEASES = ("0.3.9", "head")
EDGE = 10_000_000
LEAST, GREATEST = -(1 << 31), (1 << 31) - 1

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not TOOLS.exists(), reason="the reference binaries of d4tools are absent"),
]
Cli = Callable[..., Outcome]


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest) -> str:
    """Each of the two binaries."""
    name: str = request.param
    return name


def d4tools(release: str, *words: object, cwd: Path | None = None) -> str:
    """What a binary prints."""
    command = [str(TOOLS / f"d4tools-{release}"), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=cwd)
    assert done.returncode == 0, f"{words}: {done.stderr}"
    return done.stdout


def viewed(release: str, path: Path, track: int = 0) -> dict[str, Runs]:
    """The runs of each chromosome that `d4tools view` prints; touching equal ones made one."""
    text = d4tools(release, "view", path)
    table = pd.read_csv(io.StringIO(text), sep="\t", header=None, dtype={0: str})
    return {
        str(chrom): join((rows[1].to_numpy(), rows[2].to_numpy(), rows[3 + track].to_numpy()))
        for chrom, rows in table.groupby(0)
    }


def same(found: dict[str, Runs], depth: Depth) -> bool:
    """Whether runs are those of `depth`."""
    return found.keys() == depth.keys() and all(
        all(map(np.array_equal, found[chrom], runs_of(values))) for chrom, values in depth.items()
    )


def stat(release: str, path: Path, name: str, *words: object) -> dict[str, float]:
    """What `d4tools stat` says of each chromosome."""
    lines = [
        line.split("\t") for line in d4tools(release, "stat", "-s", name, *words, path).splitlines()
    ]
    return {line[0]: float(line[3]) for line in lines}


@pytest.fixture(scope="module")
def small() -> Depth:
    """Chromosomes of all kinds but long ones."""
    rng = np.random.default_rng(1)
    depth = {
        "chr1": piles(rng, 300_007, 30_000),
        "empty": np.zeros(777, np.int32),
        "chr2": piles(rng, 1000, 60),
        "chr10": np.full(70_000, 3, np.int32),
        "tiny": np.array([70_000], np.int32),
    }
    depth["chr1"][:3] = LEAST, GREATEST, -1
    depth["chr1"][100_000:170_000] = 65_536
    return depth


@pytest.fixture(scope="module")
def long() -> Depth:
    """Chromosomes of more than 10 and 20 Mb, with records on, before and across the edges."""
    rng = np.random.default_rng(2)
    one, two = piles(rng, 20_500_001, 20_000), np.zeros(10_000_100, np.int32)
    for edge in (EDGE, 2 * EDGE):
        one[edge - 50 : edge + 50] = 1000
        one[edge + 60] = -7
    two[EDGE] = 90_000
    return {"chr1": one, "chr2": two}


@pytest.mark.parametrize("name", LAYOUTS)
def test_d4tools_reads_our_files(tmp_path: Path, small: Depth, name: str, release: str) -> None:
    path = write(tmp_path / "x.d4", small, LAYOUTS[name])
    assert same(viewed(release, path), small)
    sums = {chrom: values.sum(dtype=np.int64) for chrom, values in small.items()}
    assert stat(release, path, "sum") == sums


@pytest.mark.parametrize("name", ["sparse", "sparse, raw", "16 values", "64 values", "1024 values"])
def test_d4tools_reads_and_sums_our_long_chromosomes(
    tmp_path: Path, long: Depth, name: str, release: str
) -> None:
    path = write(tmp_path / "x.d4", long, LAYOUTS[name])
    assert same(viewed(release, path), long)
    sums = {chrom: values.sum(dtype=np.int64) for chrom, values in long.items()}
    assert stat(release, path, "sum") == sums
    assert stat(release, path, "mean") == pytest.approx(
        {chrom: values.mean() for chrom, values in long.items()}
    )


EDGES = st.integers(EDGE - 3, EDGE + 3)
PLACES = EDGES | st.integers(0, EDGE + 50)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    places=st.lists(
        st.tuples(
            PLACES,
            st.sampled_from([1, 2, 100, 65_536, 65_537, 200_000]),
            # 1 and 63 are the last of a dictionary: they need no record.
            st.sampled_from([1, 63]) | st.integers(-2, 80),
        ),
        min_size=1,
        max_size=8,
    ),
    name=st.sampled_from(["sparse", "sparse, raw", "2 values", "64 values"]),
)
def test_any_runs_about_an_edge_are_read_and_summed_right(
    tmp_path: Path, places: list[tuple[int, int, int]], name: str
) -> None:
    size = EDGE + 300_000
    depth = np.zeros(size, np.int32)
    for start, length, value in places:
        depth[start : start + length] = value
    path = tmp_path / "x.d4"
    with d4.create_d4(path, {"chr1": size}, LAYOUTS[name]) as out:
        out.track().append_runs("chr1", *runs_of(depth))
    for release in RELEASES:
        assert same(viewed(release, path), {"chr1": depth})
        assert stat(release, path, "sum") == {"chr1": depth.sum(dtype=np.int64)}


def test_d4tools_reads_the_same_regions(tmp_path: Path, small: Depth, release: str) -> None:
    path = write(tmp_path / "x.d4", small, LAYOUTS["64 values"])
    with d4.open(path) as file:
        for start, end in ((0, 1), (99_990, 100_010), (299_000, 300_007)):
            text = d4tools(release, "view", path, f"chr1:{start}-{end}")
            rows = np.array([line.split("\t")[1:] for line in text.splitlines()], np.int64)
            values = np.repeat(rows[:, 2], rows[:, 1] - rows[:, 0])
            assert np.array_equal(values, file.values("chr1", start, end))


def test_d4tools_reads_400_scaffolds(tmp_path: Path, release: str) -> None:
    rng = np.random.default_rng(3)
    depth = {f"scaffold_{n}": piles(rng, 50 + n, 1 + n // 10) for n in range(400)}
    path = write(tmp_path / "x.d4", depth, LAYOUTS["16 values"])
    assert same(viewed(release, path), depth)
    sums = {chrom: values.sum(dtype=np.int64) for chrom, values in depth.items()}
    assert stat(release, path, "sum") == sums


def test_d4tools_reads_our_tracks_and_passes_over_our_index(
    hicloom: Cli, tmp_path: Path, small: Depth, release: str
) -> None:
    half = {chrom: values // 2 for chrom, values in small.items()}
    made = {"command": "hicloom d4 create x.bam", "filters": {"min_mapq": 30}}
    layout = Layout(SimpleRange(0, 64), made=made)
    path = write_tracks(tmp_path / "x.d4", {"all": small, "half": half}, layout)
    assert hicloom("d4", "index", path).code == 0
    assert d4tools(release, "ls-track", "x.d4", cwd=tmp_path).split() == ["x.d4:all", "x.d4:half"]
    for number, depth in enumerate((small, half)):
        assert same(viewed(release, path, number), depth)
        track = f"{path}:{('all', 'half')[number]}"
        sums = {chrom: values.sum(dtype=np.int64) for chrom, values in depth.items()}
        assert stat(release, Path(track), "sum") == sums


def test_d4tools_reads_our_denominator(tmp_path: Path, release: str) -> None:
    layout = Layout(SimpleRange(0, 16), denominator=100)
    path = write(tmp_path / "x.d4", {"chr1": np.array([0, 1, 250, -50], np.int32)}, layout)
    values = [line.split("\t")[3] for line in d4tools(release, "view", path).splitlines()]
    assert [float(value) for value in values] == [0, 0.01, 2.5, -0.5]


def test_d4tools_counts_the_same_values(tmp_path: Path, release: str, hicloom: Cli) -> None:
    depth = {"chr1": piles(np.random.default_rng(4), 50_000, 4000)}
    path = write(tmp_path / "x.d4", depth, LAYOUTS["64 values"])
    theirs = d4tools(release, "stat", "-s", "hist", path).splitlines()
    ours = hicloom("d4", "stat", path, "-s", "hist").stdout.splitlines()
    assert theirs[: len(ours)] == ours
    assert {line.split("\t")[1] for line in theirs[len(ours) :]} == {"0"}


@pytest.mark.parametrize("name", ["median", "percentile=90"])
def test_percentiles_of_d4tools_are_one_too_large(
    tmp_path: Path, release: str, hicloom: Cli, name: str
) -> None:
    depth = {"chr1": piles(np.random.default_rng(4), 50_000, 4000)}
    path = write(tmp_path / "x.d4", depth, LAYOUTS["64 values"])
    ours = float(hicloom("d4", "stat", path, "-s", name).stdout.split()[3])
    assert stat(release, path, name) == {"chr1": ours + 1}


def test_shares_that_are_covered_agree(tmp_path: Path, hicloom: Cli) -> None:
    depth = {"chr1": piles(np.random.default_rng(4), 50_000, 2000)}
    path = write(tmp_path / "x.d4", depth, LAYOUTS["64 values"])
    theirs = d4tools("head", "stat", "-s", "perc_cov=1,5", path).splitlines()[-1].split("\t")[3:]
    ours = hicloom("d4", "stat", path, "-s", "perc_cov=1,5").stdout.split()[3:]
    # It prints three decimals.
    assert [float(share) for share in ours] == pytest.approx([float(s) for s in theirs], abs=5e-4)


def test_d4tools_means_by_our_copy_of_its_index(
    hicloom: Cli, tmp_path: Path, small: Depth, release: str
) -> None:
    path = write(tmp_path / "x.d4", small, LAYOUTS["sparse"])
    outcome = hicloom("d4", "index", path, "--d4tools")
    assert "d4tools stat answers regions within 65,536 bp wrongly" in outcome.stderr
    means = {chrom: values.mean(dtype=np.float64) for chrom, values in small.items()}
    assert stat(release, path, "mean") == pytest.approx(means)
    assert same(viewed(release, path), small)


def test_d4tools_adds_its_index_to_our_file_and_merges_it(
    tmp_path: Path, small: Depth, release: str
) -> None:
    path = write(tmp_path / "x.d4", small, LAYOUTS["16 values"])
    d4tools(release, "index", "build", "--sum", path)
    d4tools(release, "merge", f"{path}:a", f"{path}:b", tmp_path / "m.d4")
    with d4.open(tmp_path / "m.d4") as file:
        assert list(file.tracks) == ["a", "b"]
        assert equal(file.track("b"), small)


def modest(depth: Depth) -> Depth:
    """Without values so large that d4tools guesses a denominator of 0.1."""
    return {chrom: np.clip(values, -100_000, 100_000) for chrom, values in depth.items()}


@pytest.fixture
def bedgraph(tmp_path: Path, small: Depth) -> Path:
    """`small` as a bedGraph beside a file of lengths, with all positions in it."""
    lines = []
    for chrom, values in modest(small).items():
        for start, end, value in zip(*(c.tolist() for c in runs_of(values)), strict=True):
            lines.append(f"{chrom}\t{start}\t{end}\t{value}\n")
    (tmp_path / "x.bedgraph").write_text("".join(lines))
    sizes = "".join(f"{chrom}\t{len(values)}\n" for chrom, values in small.items())
    (tmp_path / "sizes").write_text(sizes)
    (tmp_path / "values").write_text("".join(f"{value}\n" for value in range(64)))
    return tmp_path / "x.bedgraph"


@pytest.mark.parametrize(
    "options",
    [[], ["-z"], ["-S"], ["-d", "values"], ["-z", "--deflate-level", "9", "-d", "values"]],
    ids=" ".join,
)
def test_we_read_what_d4tools_makes_of_bedgraph(
    bedgraph: Path, small: Depth, options: list[str], release: str
) -> None:
    folder = bedgraph.parent
    d4tools(release, "create", *options, "-g", "sizes", bedgraph.name, "x.d4", cwd=folder)
    with d4.open(folder / "x.d4") as file:
        assert equal(file.track(), modest(small))


def test_we_read_fractions_of_d4tools(tmp_path: Path) -> None:
    (tmp_path / "x.bedgraph").write_text("chr1\t0\t5\t0.25\nchr1\t5\t9\t-1.5\nchr1\t9\t12\t3\n")
    (tmp_path / "sizes").write_text("chr1\t12\n")
    words = ("create", "--denominator", "100", "-g", "sizes", "x.bedgraph", "x.d4")
    d4tools("head", *words, cwd=tmp_path)
    with d4.open(tmp_path / "x.d4") as file:
        assert file.track().denominator == 100
        assert file.values("chr1").tolist() == [0.25] * 5 + [-1.5] * 4 + [3] * 3


def test_a_dictionary_that_d4tools_should_not_have_taken_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.bedgraph").write_text("chr1\t0\t5\t2\n")
    (tmp_path / "sizes").write_text("chr1\t12\n")
    (tmp_path / "values").write_text("0\n1\n5\n")
    words = ("create", "-d", "values", "-g", "sizes", "x.bedgraph", "x.d4")
    d4tools("head", *words, cwd=tmp_path)
    with pytest.raises(InputError, match="a dictionary of 3 values; their number is a power"):
        d4.open(tmp_path / "x.d4")


@pytest.fixture(scope="module")
def bam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reads of 100 bp on a chromosome that is longer than a part of d4tools, sorted, indexed."""
    path = tmp_path_factory.mktemp("bam") / "x.bam"
    rng = np.random.default_rng(5)
    references = [{"SN": "chr1", "LN": 10_200_000}, {"SN": "chr2", "LN": 5000}]
    with pysam.AlignmentFile(str(path), "wb", header={"SQ": references}) as out:
        for number, length in enumerate((10_200_000, 5000)):
            starts = np.sort(rng.integers(0, length - 100, 20_000 if number == 0 else 200))
            for start in starts.tolist():
                read = pysam.AlignedSegment(out.header)
                read.query_name, read.query_sequence = f"r{start}", "A" * 100
                read.reference_id, read.reference_start = number, start
                read.cigarstring, read.mapping_quality = "100M", 60
                out.write(read)
    pysam.index(str(path))
    return path


@pytest.mark.parametrize("options", [[], ["-z"]], ids=" ".join)
def test_we_read_and_index_what_d4tools_makes_of_bam(
    hicloom: Cli, bam: Path, tmp_path: Path, options: list[str], release: str
) -> None:
    path = tmp_path / "x.d4"
    d4tools(release, "create", *options, bam, path)
    with d4.open(path) as file:
        depth = {chrom: file.values(chrom) for chrom in ("chr1", "chr2")}
    assert same(viewed(release, path), depth)
    assert hicloom("d4", "index", path).code == 0
    with d4.open(path) as file:
        assert equal(file.track(), depth)
        assert file.track().sum("chr1") == depth["chr1"].sum()
    # 0.3.9 makes each read one base longer, and leaves out the first base of a chromosome.
    if release == "head":
        assert {chrom: int(values.sum()) for chrom, values in depth.items()} == {
            "chr1": 20_000 * 100,
            "chr2": 200 * 100,
        }


RUNS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 90_000), st.integers(-5, 1100)),
    min_size=1,
    max_size=60,
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=RUNS, options=st.sampled_from([["-z"], ["-z", "-d", "values"], ["-S"]]))
def test_any_bedgraph_by_d4tools_is_read(
    tmp_path: Path, rows: list[tuple[int, int, int]], options: list[str]
) -> None:
    gaps, lengths, values = np.array(rows).T
    ends = np.cumsum(gaps + lengths)
    starts, size = ends - lengths, int(ends[-1]) + 10
    text = "".join(
        f"chr1\t{start}\t{end}\t{value}\n"
        for start, end, value in zip(starts, ends, values, strict=True)
    )
    (tmp_path / "x.bedgraph").write_text(text)
    (tmp_path / "sizes").write_text(f"chr1\t{size}\n")
    (tmp_path / "values").write_text("".join(f"{value}\n" for value in range(16)))
    for release in RELEASES:
        words = ("create", *options, "-g", "sizes", "x.bedgraph", "x.d4")
        d4tools(release, *words, cwd=tmp_path)
        with d4.open(tmp_path / "x.d4") as file:
            # What no line covers has the first value of the dictionary.
            first = file.track().metadata.dictionary.decode(np.zeros(1, np.uint32))[0]
            due = expand((starts, ends, values.astype(np.int32)), 0, size, int(first))
            assert np.array_equal(file.values("chr1"), due)


def test_our_files_are_no_larger(bedgraph: Path, small: Depth) -> None:
    folder = bedgraph.parent
    d4tools("head", "create", "-z", "-g", "sizes", bedgraph.name, "theirs.d4", cwd=folder)
    with d4.open(folder / "theirs.d4") as file:
        dictionary = file.track().metadata.dictionary
    ours = write(folder / "ours.d4", modest(small), Layout(dictionary))
    assert ours.stat().st_size <= (folder / "theirs.d4").stat().st_size


def test_dictionaries_of_any_values(tmp_path: Path, small: Depth, release: str) -> None:
    layout = Layout(Dictionary((0, 3, -1, 65_536, 10, 11, 12, 13)))
    path = write(tmp_path / "x.d4", small, layout)
    assert same(viewed(release, path), small)


def test_d4tools_reads_our_file_over_http(tmp_path: Path, small: Depth, release: str) -> None:
    path = write_tracks(tmp_path / "x.d4", {"a": small}, LAYOUTS["64 values"])
    with serving() as server:
        server.content = path.read_bytes()
        text = d4tools(release, "view", server.url("x.d4"), "chr1:99990-100010")
    assert text == d4tools(release, "view", path, "chr1:99990-100010")
    assert text.count("\n") > 1


def test_our_merge_is_read(hicloom: Cli, tmp_path: Path, small: Depth, release: str) -> None:
    one = write(tmp_path / "one.d4", small, LAYOUTS["sparse, raw"])
    two = write(tmp_path / "two.d4", small, LAYOUTS["1024 values"])
    assert hicloom("d4", "merge", one, two, "-o", tmp_path / "m.d4").code == 0
    for track in (0, 1):
        assert same(viewed(release, tmp_path / "m.d4", track), small)
