"""The matrix steps against cooler's own commands."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cooler
import numpy as np
import pandas as pd
import pytest

from tests.unit.matrices import pixels, simulated, simulated_map, weights

Cli = Callable[..., object]
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


def test_cload_counts_the_same_pixels(hicloom: Cli, tmp_path: Path) -> None:
    pairs = simulated(tmp_path)
    columns = ["-c1", 2, "-p1", 3, "-c2", 4, "-p2", 5]
    reference("cload", "pairs", *columns, f"{tmp_path}/sizes:1000", pairs, tmp_path / "theirs.cool")
    hicloom("cload", pairs, "-o", tmp_path / "ours.cool")
    ours, theirs = pixels(tmp_path / "ours.cool"), pixels(tmp_path / "theirs.cool")
    pd.testing.assert_frame_equal(ours, theirs)
    bins = [cooler.Cooler(f"{tmp_path}/{who}.cool").bins()[:] for who in ("ours", "theirs")]
    pd.testing.assert_frame_equal(*bins)


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
    sources = [source, simulated_map(tmp_path, 20_000, seed=2)]
    reference("merge", tmp_path / "theirs.cool", *sources)
    assert hicloom("merge-cool", *sources, "-o", tmp_path / "ours.cool").code == 0
    pd.testing.assert_frame_equal(*(pixels(tmp_path / f"{who}.cool") for who in ("ours", "theirs")))


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
