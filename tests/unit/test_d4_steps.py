"""`hicloom d4 view`, `stat`, `index`, `ls`, `merge` and `plot`."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hicloom.formats import d4
from hicloom.formats.d4 import Layout, SimpleRange
from tests.conftest import Outcome
from tests.unit.d4s import LAYOUTS, Depth, equal, piles, write, write_tracks

Cli = Callable[..., Outcome]

# Depth of chr1 by base: 0 0 3 3 3 0 0 0 -5 70; of chr2: 1 everywhere.
SMALL: Depth = {
    "chr1": np.array([0, 0, 3, 3, 3, 0, 0, 0, -5, 70], np.int32),
    "chr2": np.ones(4, np.int32),
}


@pytest.fixture(params=["sparse", "64 values"])
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """`SMALL` as a file of one track."""
    return write(tmp_path / "small.d4", SMALL, LAYOUTS[request.param])


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Two tracks: `SMALL`, and twice of it."""
    twice = {chrom: 2 * values for chrom, values in SMALL.items()}
    return write_tracks(tmp_path / "two.d4", {"once": SMALL, "twice": twice}, LAYOUTS["sparse"])


def lines(outcome: Outcome) -> list[str]:
    """What a command printed, blank-separated."""
    assert (outcome.code, outcome.stderr) == (0, "")
    return [" ".join(line.split("\t")) for line in outcome.stdout.splitlines()]


def test_view_prints_bedgraph(hicloom: Cli, small: Path) -> None:
    assert lines(hicloom("d4", "view", small)) == [
        "chr1 0 2 0",
        "chr1 2 5 3",
        "chr1 5 8 0",
        "chr1 8 9 -5",
        "chr1 9 10 70",
        "chr2 0 4 1",
    ]


def test_regions_of_view_are_half_open_and_count_from_0(
    hicloom: Cli, small: Path, tmp_path: Path
) -> None:
    bed = tmp_path / "x.bed"
    bed.write_text("chr1\t8\t10\tname\n")
    assert lines(hicloom("d4", "view", small, "chr2:3", "chr1:1-3", "--regions", bed)) == [
        "chr2 3 4 1",
        "chr1 1 2 0",
        "chr1 2 3 3",
        "chr1 8 9 -5",
        "chr1 9 10 70",
    ]


def test_tracks_stand_side_by_side(hicloom: Cli, two: Path) -> None:
    assert lines(hicloom("d4", "view", two, "--header", "--no-zeros")) == [
        "#chrom start end once twice",
        "chr1 2 5 3 6",
        "chr1 8 9 -5 -10",
        "chr1 9 10 70 140",
        "chr2 0 4 1 2",
    ]
    assert lines(hicloom("d4", "view", two, "chr2", "--track", "twice")) == ["chr2 0 4 2"]


def test_view_writes_files_whole_also_compressed(hicloom: Cli, small: Path, tmp_path: Path) -> None:
    text = hicloom("d4", "view", small).stdout
    for name in ("x.bedgraph", "x.bedgraph.gz"):
        assert hicloom("d4", "view", small, "-o", tmp_path / name).stdout == ""
    assert (tmp_path / "x.bedgraph").read_text() == text
    assert gzip.decompress((tmp_path / "x.bedgraph.gz").read_bytes()).decode() == text


def test_a_stretch_that_crosses_a_block_is_one_line(hicloom: Cli, tmp_path: Path) -> None:
    with d4.create_d4(tmp_path / "x.d4", {"chr1": 9_000_000}, LAYOUTS["64 values"]) as out:
        out.track().append_runs("chr1", np.array([10]), np.array([8_999_990]), np.array([7]))
    assert lines(hicloom("d4", "view", tmp_path / "x.d4")) == [
        "chr1 0 10 0",
        "chr1 10 8999990 7",
        "chr1 8999990 9000000 0",
    ]


def test_fractions_are_as_short_as_they_are_exact(hicloom: Cli, tmp_path: Path) -> None:
    layout = Layout(SimpleRange(0, 16), denominator=10)
    path = write(tmp_path / "x.d4", {"chr1": np.array([0, 1, 30, -5], np.int32)}, layout)
    shown = [line.split()[-1] for line in lines(hicloom("d4", "view", path))]
    assert shown == ["0", "0.1", "3", "-0.5"]
    assert lines(hicloom("d4", "stat", path, "-s", "sum", "max")) == ["chr1 0 4 2.6 3"]


def test_stat_summarises_regions(hicloom: Cli, small: Path) -> None:
    # chr1, sorted: -5, 0 five times, 3 three times, 70.
    stats = ["mean", "median", "min", "max", "sum", "count", "percentile=90", "perc_cov=1,3,71"]
    assert lines(hicloom("d4", "stat", small, "--header", "-s", *stats)) == [
        "#chrom start end mean median min max sum count percentile=90 "
        "perc_cov=1 perc_cov=3 perc_cov=71",
        "chr1 0 10 7.4 0 -5 70 74 10 3 0.4 0.4 0",
        "chr2 0 4 1 1 1 1 4 4 1 1 0 0",
    ]


def test_stat_of_a_bed_file_keeps_its_order(hicloom: Cli, two: Path, tmp_path: Path) -> None:
    bed = tmp_path / "x.bed"
    bed.write_text("# regions\nchr2\t0\t2\nchr1\t2\t6\n")
    outcome = hicloom("d4", "stat", two, "-r", bed, "-s", "sum", "--header", "--threads", 2)
    assert lines(outcome) == [
        "#chrom start end once:sum twice:sum",
        "chr2 0 2 2 4",
        "chr1 2 6 9 18",
    ]


def test_a_histogram_counts_bases_over_all_regions(hicloom: Cli, small: Path) -> None:
    outcome = hicloom("d4", "stat", small, "-s", "hist", "--max-bin", 10, "--header")
    assert lines(outcome) == ["#value bases", "<0 1", "0 5", "1 4", "2 0", "3 3", ">10 1"]


def test_an_index_is_added_and_changes_no_answer(hicloom: Cli, two: Path) -> None:
    before = hicloom("d4", "view", two).stdout
    stats = ("d4", "stat", two, "-s", "mean", "min", "max")
    means = hicloom(*stats).stdout
    assert lines(hicloom("d4", "index", two)) == []
    assert hicloom("d4", "view", two).stdout == before
    assert hicloom(*stats).stdout == hicloom(*stats, "--no-index").stdout == means
    assert [row["index"] for row in listed(hicloom, two)] == ["yes", "yes"]


def listed(hicloom: Cli, path: Path) -> list[dict[str, object]]:
    """What `d4 ls --json` says of each track."""
    return [json.loads(line) for line in hicloom("d4", "ls", "--json", path).stdout.splitlines()]


def test_an_index_of_a_file_goes_elsewhere_on_request(
    hicloom: Cli, small: Path, tmp_path: Path
) -> None:
    before = small.read_bytes()
    hicloom("d4", "index", small, "-o", tmp_path / "i.d4")
    assert small.read_bytes() == before
    assert listed(hicloom, tmp_path / "i.d4")[0]["index"] == "yes"


def test_ls_says_how_tracks_are_stored_and_what_made_them(hicloom: Cli, tmp_path: Path) -> None:
    layout = Layout(SimpleRange(0, 64), None, 10, {"command": "hicloom d4 create"})
    path = write_tracks(tmp_path / "x.d4", {"ends": SMALL}, layout)
    assert lines(hicloom("d4", "ls", path)) == [
        "#track chromosomes bp dictionary records denominator index command",
        "ends 2 14 0-64 raw 10.0 no hicloom d4 create",
    ]
    assert lines(hicloom("d4", "ls", "--chromsizes", path)) == ["chr1 10", "chr2 4"]


def test_merge_puts_tracks_side_by_side(
    hicloom: Cli, small: Path, two: Path, tmp_path: Path
) -> None:
    merged = tmp_path / "merged.d4"
    assert lines(hicloom("d4", "merge", small, two, "-o", merged)) == []
    with d4.open(merged) as file:
        assert list(file.tracks) == ["small", "two.once", "two.twice"]
        assert equal(file.track("small"), SMALL)
        assert equal(file.track("two.once"), SMALL)


def test_merge_takes_one_track_of_each_file_under_a_label(
    hicloom: Cli, two: Path, tmp_path: Path
) -> None:
    merged = tmp_path / "merged.d4"
    words = ("--track", "twice", "--labels", "A", "B")
    hicloom("d4", "merge", two, two, "-o", merged, *words)
    with d4.open(merged) as file:
        assert list(file.tracks) == ["A", "B"]
        assert file.values("chr2", track="B").tolist() == [2, 2, 2, 2]


def test_merge_refuses_what_does_not_fit(
    hicloom: Cli, small: Path, two: Path, tmp_path: Path
) -> None:
    other = write(tmp_path / "other.d4", {"chr1": SMALL["chr1"]}, LAYOUTS["sparse"])
    output = tmp_path / "merged.d4"
    problems = {
        (small, small): "two tracks would be called 'small'; give --labels",
        (small, other): f"{other}: its chromosomes are not those of {small}",
        (small, two, "--labels", "a"): "2 files and 1 --labels; give one for each",
        (two, small, "--track", "once"): "no track 'once'; there are: one without a name",
    }
    for words, problem in problems.items():
        outcome = hicloom("d4", "merge", *words, "-o", output)
        assert outcome.code == 2, problem
        assert problem in outcome.stderr
        assert not output.exists()


@pytest.mark.parametrize("region", [[], ["chr1:20,000-60,000"]])
def test_plot_draws_the_genome_or_a_region(hicloom: Cli, tmp_path: Path, region: list[str]) -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.image import imread

    rng = np.random.default_rng(8)
    depth = {f"chr{n}": piles(rng, 80_000, 9000) for n in (1, 2, 3)}
    depth["chr1"][30_000:35_000] = 0
    path = write(tmp_path / "x.d4", depth, LAYOUTS["64 values"])
    outcome = hicloom("d4", "plot", path, *region, "-o", tmp_path / "x.png", "--bins", 200)
    assert (outcome.code, outcome.stderr) == (0, "")
    picture = imread(tmp_path / "x.png")
    blue = (picture[:, :, 2] - picture[:, :, 0] > 0.1).mean(axis=0)
    assert picture.shape[1] == 1350, "9 inches of 150 dots"
    # The axes take nine tenths of the width, and there is depth on 35 of 40 kb.
    assert (blue > 0).mean() > 0.7


def test_plot_refuses_what_is_not_there(hicloom: Cli, small: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    outcome = hicloom("d4", "plot", small, "chr9", "-o", tmp_path / "x.png")
    assert outcome.code == 2
    assert "no chromosome 'chr9'" in outcome.stderr
    assert not (tmp_path / "x.png").exists()
    assert (
        "expected a name that ends in .png"
        in hicloom("d4", "plot", small, "-o", tmp_path / "x.jpg").stderr
    )
