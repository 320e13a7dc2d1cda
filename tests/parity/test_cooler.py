"""The matrix steps against cooler's own commands."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import cooler
import numpy as np
import pandas as pd
import pytest
from cooler.cli import cli as commands
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hicloom.formats.pairs import Header, create_pairs
from hicloom.formats.pairs.header import COLUMNS
from tests.unit.matrices import (
    CHROMSIZES,
    assert_same_maps,
    made_by_cooler,
    pixels,
    simulated,
    simulated_map,
    weights,
)

Cli = Callable[..., object]
Place = tuple[str, int, str, int]
# cooler's command leaves the pairs open.
LEFT_OPEN = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
TOOL = shutil.which("cooler", path=Path(sys.executable).parent) or shutil.which("cooler")
SIZES = [1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000]

pytestmark = pytest.mark.skipif(TOOL is None, reason="the command `cooler` is not installed")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A map of simulated pairs."""
    return simulated_map(tmp_path_factory.mktemp("maps"))


def reference(*words: object) -> str:
    """What `cooler WORDS...` writes to standard output."""
    assert TOOL
    command = [TOOL, *map(str, words)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def check_binned(
    hicloom: Cli, pairs: Path, chromsizes: Mapping[str, int], size: int, *options: object
) -> None:
    """The maps that both make of `pairs` are the same. (cooler's command runs in this process.)"""
    sizes, theirs, ours = (pairs.with_suffix(f".{what}") for what in ("sizes", "theirs", "ours"))
    sizes.write_text("".join(f"{name}\t{length}\n" for name, length in chromsizes.items()))
    columns = ["-c1", "2", "-p1", "3", "-c2", "4", "-p2", "5"]
    words = ["cload", "pairs", *columns, f"{sizes}:{size}", str(pairs), str(theirs)]
    commands.main(words, standalone_mode=False)
    assert hicloom("cload", pairs, "-o", ours, "--bin-size", size, *options).code == 0
    assert_same_maps(ours, theirs)


@LEFT_OPEN
@pytest.mark.parametrize("options", [[], ["--threads", 2], ["--threads", 2, "--memory", "80M"]])
def test_cload_counts_the_same_pixels(hicloom: Cli, tmp_path: Path, options: list[object]) -> None:
    check_binned(hicloom, simulated(tmp_path), CHROMSIZES, 1000, *options)


def write_places(path: Path, chromsizes: Mapping[str, int], places: Iterable[Place]) -> Path:
    """Pairs of (chromosome, position, chromosome, position), in that order."""
    with create_pairs(path, Header.new(dict(chromsizes), COLUMNS[:5])) as out:
        out.write("".join("\t".join(map(str, (".", *place))) + "\n" for place in places).encode())
    return path


@LEFT_OPEN
def test_cload_counts_the_same_pixels_of_ten_thousand_contigs(hicloom: Cli, tmp_path: Path) -> None:
    """All pairs lie between two of them, the later one first in half of the pairs."""
    chromsizes = {f"scaf_{i}": 120 for i in range(10_000)}
    order = np.random.default_rng(3).permutation(10_000).reshape(-1, 2)
    places = [(f"scaf_{one}", 1 + one % 120, f"scaf_{two}", 120) for one, two in order]
    pairs = write_places(tmp_path / "x.pairs", chromsizes, places)
    check_binned(hicloom, pairs, chromsizes, 100, "--threads", 2)


@LEFT_OPEN
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lengths=st.lists(st.integers(1, 2000), min_size=1, max_size=8),
    seed=st.integers(0, 1000),
    number=st.integers(1, 400),
    size=st.sampled_from([1, 7, 100, 1000, 5000]),
    kind=st.sampled_from(["cis", "trans", "one end", "any"]),
    threads=st.sampled_from([1, 2]),
)
def test_cload_counts_the_same_pixels_of_any_shape(
    hicloom: Cli,
    tmp_path_factory: pytest.TempPathFactory,
    lengths: list[int],
    seed: int,
    number: int,
    size: int,
    kind: str,
    threads: int,
) -> None:
    """Chromosomes of one bin or without pairs, all pairs in trans, all on the diagonal.

    The first chromosome has two bins at any size, so that cooler knows the size.
    """
    chromsizes = {f"chr{i}": length for i, length in enumerate([6001, *lengths])}
    rng = np.random.default_rng(seed)
    places = []
    for one, two in rng.integers(0, len(chromsizes), (number, 2)):
        two = {"cis": one, "one end": one, "trans": (one + 1) % len(chromsizes)}.get(kind, two)
        ends = [int(rng.integers(1, chromsizes[f"chr{side}"] + 1)) for side in (one, two)]
        if kind == "one end":
            ends[1] = ends[0]
        places.append((f"chr{one}", ends[0], f"chr{two}", ends[1]))
    pairs = write_places(tmp_path_factory.mktemp("binned") / "x.pairs", chromsizes, places)
    check_binned(hicloom, pairs, chromsizes, size, "--threads", threads)


ZOOMED = {
    "an empty chromosome": ({"chr1": 950, "chr2": 300, "chr3": 410}, [(0, 14), (9, 17), (13, 13)]),
    "a chromosome of one bin": ({"chr1": 950, "chr2": 60}, [(0, 10), (3, 4), (10, 10)]),
    "all on two chromosomes": ({"a": 950, "b": 710}, [(i, 10 + i) for i in range(8)]),
    "all on the diagonal": ({"chr1": 950, "chr2": 300}, [(i, i) for i in range(13)]),
    "every pixel": ({"a": 510, "b": 90}, [(i, j) for i in range(7) for j in range(i, 7)]),
    "a thousand contigs": (
        {f"scaf_{i}": 150 for i in range(1000)},
        [(i, i + i % 9) for i in range(0, 1990, 7)],
    ),
}


@pytest.mark.parametrize("shape", ZOOMED)
def test_zoomify_writes_the_same_maps_of_any_shape(
    hicloom: Cli, tmp_path: Path, shape: str
) -> None:
    """In every dataset, type and attribute; 1000 bp are above the longest chromosome."""
    lengths, places = ZOOMED[shape]
    rows = [(i, j, 1 + i % 5) for i, j in places]
    source = made_by_cooler(tmp_path / "x.cool", lengths, 100, rows)
    check_zoomed(hicloom, source, [100, 200, 300, 600, 1000])


def check_zoomed(hicloom: Cli, source: Path, sizes: list[int]) -> None:
    """The maps that both make of `source` are the same."""
    ours, theirs = source.with_suffix(".ours.mcool"), source.with_suffix(".theirs.mcool")
    cooler.zoomify_cooler(str(source), str(theirs), sizes, chunksize=10_000_000)
    options = ["--no-balance", "--threads", 2, "--resolutions", *sizes]
    assert hicloom("zoomify", source, "-o", ours, *options).code == 0
    for size in sizes:
        assert_same_maps(f"{ours}::/resolutions/{size}", f"{theirs}::/resolutions/{size}")


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lengths=st.lists(st.integers(1, 2000), min_size=1, max_size=8),
    seed=st.integers(0, 1000),
    number=st.integers(1, 400),
    factors=st.lists(st.integers(2, 30), min_size=1, max_size=4, unique=True),
)
def test_zoomify_writes_the_same_maps(
    hicloom: Cli,
    tmp_path_factory: pytest.TempPathFactory,
    lengths: list[int],
    seed: int,
    number: int,
    factors: list[int],
) -> None:
    """The first chromosome has two bins at any size, so that cooler knows the size."""
    chromsizes = {f"chr{i}": length for i, length in enumerate([6001, *lengths])}
    n_bins = sum(-(-length // 100) for length in chromsizes.values())
    ends = np.sort(np.random.default_rng(seed).integers(0, n_bins, (number, 2)), axis=1)
    places, counts = np.unique(ends, axis=0, return_counts=True)
    rows = np.column_stack((places, counts))
    folder = tmp_path_factory.mktemp("zoomed")
    source = made_by_cooler(folder / "x.cool", chromsizes, 100, rows)
    check_zoomed(hicloom, source, [100, *sorted(100 * factor for factor in factors)])


def test_cooler_goes_on_with_what_zoomify_writes(
    hicloom: Cli, source: Path, tmp_path: Path
) -> None:
    """Its commands info, dump, coarsen, merge and balance."""
    hicloom("zoomify", source, "-o", tmp_path / "x.mcool", "--no-balance")
    uri = f"{tmp_path}/x.mcool::/resolutions/5000"
    assert '"sum": 30000' in reference("info", uri)
    assert len(reference("dump", uri).splitlines()) == len(pixels(uri))
    reference("coarsen", "-k", 2, "-o", tmp_path / "coarse.cool", uri)
    assert pixels(tmp_path / "coarse.cool").equals(
        pixels(f"{tmp_path}/x.mcool::/resolutions/10000")
    )
    reference("merge", tmp_path / "merged.cool", uri, uri)
    assert pixels(tmp_path / "merged.cool")["count"].sum() == 60_000
    reference("balance", uri)
    assert np.isfinite(weights(uri)).any()


def test_zoomify_sums_and_balances_the_same(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    """A coarse bin never joins two chromosomes, and the weights are equal to 1e-8."""
    policy = "--convergence-policy store_nan"
    balance = ["--balance", "--balance-args", policy]
    theirs = tmp_path / "theirs.mcool"
    reference("zoomify", *balance, "-r", ",".join(map(str, SIZES)), "-o", theirs, source)
    outcome = hicloom("zoomify", source, "-o", tmp_path / "ours.mcool", "--threads", 2)
    assert outcome.code == 0
    for size in SIZES:
        uris = [f"{tmp_path}/{who}.mcool::/resolutions/{size}" for who in ("ours", "theirs")]
        pd.testing.assert_frame_equal(*map(pixels, uris))
        np.testing.assert_allclose(*map(weights, uris), rtol=1e-8)


@pytest.mark.parametrize(
    "options",
    [
        ["--cis-only"],
        ["--trans-only", "--min-nnz", 1, "--mad-max", 0],
        ["--ignore-diags", 0, "--min-count", 50, "--tol", 1e-3],
        ["--max-iters", 2, "--convergence-policy", "store_final"],
        ["--max-iters", 2, "--convergence-policy", "store_nan"],
        ["--blacklist", "BLACKLIST"],
    ],
)
def test_balance_gives_the_same_weights(
    hicloom: Cli, source: Path, tmp_path: Path, options: list[object]
) -> None:
    blacklist = tmp_path / "blacklist.bed"
    blacklist.write_text("chr1\t100500\t103000\nchr10\t0\t10\n")
    options = [blacklist if option == "BLACKLIST" else option for option in options]
    theirs = Path(shutil.copy(source, tmp_path / "theirs.cool"))
    stored = [] if "--convergence-policy" in options else ["--convergence-policy", "store_nan"]
    reference("balance", theirs, *options, *stored, "-p", 1)
    assert hicloom("balance", source, "-o", tmp_path / "ours.cool", *options).code == 0
    np.testing.assert_allclose(weights(tmp_path / "ours.cool"), weights(theirs), rtol=1e-8)


def test_merge_cool_sums_the_same(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    sources = [source, simulated_map(tmp_path, 20_000, seed=2), source]
    reference("merge", tmp_path / "theirs.cool", *sources)
    assert hicloom("merge-cool", *sources, "-o", tmp_path / "ours.cool").code == 0
    assert_same_maps(tmp_path / "ours.cool", tmp_path / "theirs.cool")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([], []),
        (["--join", "--header"], ["--join", "--header"]),
        (["--region", "chr2:10000-90000"], ["-r", "chr2:10000-90000"]),
        (["--region", "chr1", "--region2", "chr10"], ["-r", "chr1", "-r2", "chr10"]),
        (["--balanced", "--join"], ["--balanced", "--join"]),
        (["--region", "chr2", "--fill-lower"], ["-r", "chr2", "--fill-lower"]),
    ],
)
def test_dump_writes_the_same_text(
    hicloom: Cli, source: Path, tmp_path: Path, ours: list[str], theirs: list[str]
) -> None:
    balanced = tmp_path / "x.cool"
    hicloom("balance", source, "-o", balanced)
    assert hicloom("dump", balanced, *ours).stdout == reference("dump", balanced, *theirs)
