"""`hicloom 4dn cooler`, `cool2mcool`, `pairs2hic` and `add-hic-normvector-to-mcool`.

Against cooler, juicer_tools and hic2cool with the commands of 4DN's scripts.
"""

import contextlib
import gzip
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cooler
import hictkpy
import numpy as np
import pandas as pd
import pytest

from hicloom.formats.pairs import open_pairs
from hicloom.matrix.juicer import jar, java
from hicloom.process import run, tool
from tests.conftest import Outcome, body
from tests.unit.matrices import CHROMSIZES, pixels, simulated, weights, write_chromsizes
from tests.unit.test_hic import needs_juicer

Cli = Callable[..., Outcome]
DEFAULT = "1000,2000,5000,10000,25000,50000,100000,250000,500000,1000000,2500000,5000000,10000000"
JUICER = [5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000]
# 750,900 bp are three tiles of 256 bins of 1000 bp, two of 2000 bp and one of 4000 bp.
BINARY, HIGLASS = [1000, 2000], [1000, 2000, 4000]
# Every 2 kb a site; the last entry is the chromosome's length, as Juicer writes it.
SITES = {name: [*range(500, size, 2000), size] for name, size in CHROMSIZES.items()}
HIC2COOL = shutil.which("hic2cool", path=Path(sys.executable).parent) or shutil.which("hic2cool")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with simulated pairs, their fragments, and a map of 1000 bp."""
    from hicloom.compat.addfragtopairs import addfragtopairs
    from hicloom.compat.cooler import cooler as make_cool

    folder = tmp_path_factory.mktemp("4dn")
    with contextlib.chdir(folder):
        simulated(folder, 8000).rename("x.pairs.gz")
        rows = (f"{name} {' '.join(map(str, sites))}\n" for name, sites in SITES.items())
        Path("sites").write_text("".join(rows))
        addfragtopairs(input_pairs=Path("x.pairs.gz"), restriction_file=Path("sites"))
        make_cool(pairs=Path("x.pairs.gz"), chrsizes=Path("sizes"), binsize=1000)
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of a tool, empty."""
    monkeypatch.chdir(tmp_path)
    return made


def reference(*words: object) -> None:
    """Run `cooler WORDS...`."""
    run([tool("cooler", "it comes with hicloom"), *map(str, words)])


def resolutions(path: str) -> list[int]:
    return sorted(int(group.rpartition("/")[2]) for group in cooler.fileops.list_coolers(path))


def hic_pixels(path: Path, size: int) -> np.ndarray:
    """Bins and counts of a .hic file, shape (pixels, 3)."""
    with hictkpy.MultiResFile(path) as file:
        found = file[size].fetch().to_coo()
    table = np.stack([found.row, found.col, found.data], axis=1)
    return table[np.lexsort((found.col, found.row))]


def test_the_map_has_the_pixels_of_cooler_cload(here: Path) -> None:
    columns = ["-c1", 2, "-p1", 3, "-c2", 4, "-p2", 5]
    reference("cload", "pairs", *columns, f"{here}/sizes:1000", here / "x.pairs.gz", "theirs.cool")
    pd.testing.assert_frame_equal(pixels(here / "out.cool"), pixels("theirs.cool"))


def test_pairs_on_other_chromosomes_are_left_out_and_counted(
    hicloom: Cli, here: Path, tmp_path: Path
) -> None:
    sizes = tmp_path / "some"
    sizes.write_text("chr1\t400000\nchr10\t99999\n")
    options = ["--pairs", here / "x.pairs.gz", "--chrsizes", sizes, "--binsize", 5000]
    outcome = hicloom("4dn", "cooler", *options, "--max-split", 3, "--ncores", 1)
    assert outcome.code == 0
    rows = [row.split() for row in body(here / "x.pairs.gz")]
    kept = sum({row[1], row[3]} <= {"chr1", "chr10"} for row in rows)
    assert 0 < kept < len(rows)
    assert pixels("out.cool")["count"].sum() == kept
    assert f"kept {kept} of {len(rows)} pairs; dropped by chromosome {len(rows) - kept}" in (
        outcome.stderr
    )


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--custom-res", ""], BINARY),
        (["--custom-res", "1000,5000,20000"], [1000, 5000, 20_000]),
        # juicer_res: true in hi-c-processing-pairs, beside the default of custom_res.
        (["--juicer-res", "--custom-res", DEFAULT], JUICER),
    ],
)
def test_zooms_and_weights_are_those_of_cooler_zoomify(
    hicloom: Cli, here: Path, options: list[str], expected: list[int]
) -> None:
    words = ["--input-cool", here / "out.cool", "--chunksize", 5000, "--ncores", 1]
    assert hicloom("4dn", "cool2mcool", *words, *options).code == 0
    assert resolutions("out.multires.cool") == expected
    sizes = ",".join(map(str, expected))
    balance = ["--balance", "--balance-args", "--convergence-policy store_nan"]
    reference("zoomify", *balance, "-r", sizes, "-o", "theirs.mcool", here / "out.cool")
    for size in expected:
        uris = [f"{name}::/resolutions/{size}" for name in ("out.multires.cool", "theirs.mcool")]
        pd.testing.assert_frame_equal(*map(pixels, uris))
        np.testing.assert_allclose(*map(weights, uris), rtol=1e-8)


def test_weights_are_left_out_on_request(hicloom: Cli, here: Path) -> None:
    options = ["--input-cool", here / "out.cool", "--custom-res", "1000", "--no-balance"]
    assert hicloom("4dn", "cool2mcool", *options, "--outprefix", "x").code == 0
    assert list(cooler.Cooler("x.multires.cool::/resolutions/1000").bins().columns) == [
        "chrom", "start", "end",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--juicer-res", "--custom-res", "5000,10000"],
            "--juicer-res and --custom-res exclude each other; give one of them",
        ),
        (["--custom-res", "5 kb"], "--custom-res 5 kb: expected bin sizes with commas"),
        (["--custom-res", "1500"], "resolution 1500 is not a multiple of the base resolution 1000"),
    ],
)
def test_wishes_that_exclude_each_other_are_refused(
    hicloom: Cli, here: Path, tmp_path: Path, options: list[str], message: str
) -> None:
    outcome = hicloom("4dn", "cool2mcool", "--input-cool", here / "out.cool", *options)
    assert outcome.code == 2
    assert outcome.stderr.startswith(f"hicloom: {message}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--higlass", "--custom-res", "1000,3000", "--min-res", 1000],
            "--higlass and --custom-res",
        ),
        (["--custom-res", "1000,2000"], "--min-res 5000: is not the first of --custom-res 1000,2"),
        (["--custom-res", DEFAULT], "--min-res 5000: is not the first of --custom-res 1000,2"),
        (["--min-res", 1000], "--min-res 1000: must be 5000 for the default resolutions"),
    ],
)
def test_resolutions_that_contradict_each_other_are_refused(
    hicloom: Cli, here: Path, tmp_path: Path, options: list[object], message: str
) -> None:
    inputs = ["--input-pairs", here / "out.ff.pairs.gz", "--chromsizes", here / "sizes"]
    outcome = hicloom("4dn", "pairs2hic", *inputs, *options)
    assert outcome.code == 2
    assert outcome.stderr.startswith(f"hicloom: {message}")
    assert not list(tmp_path.iterdir())


def juicer_pre(pairs: Path, sizes: Path, output: Path, zooms: list[int], *options: object) -> None:
    """`juicer_tools pre` and `addNorm` as 4DN's script runs them.

    It divides positions, which count from 1, by the resolution, so that bins are a base off;
    given positions that count from 0, it bins as cooler does.
    """
    with open_pairs(pairs) as reader, gzip.open("from_0.pairs.gz", "wt") as out:
        out.write("".join(f"{line}\n" for line in _head(reader.header.columns)))
        for text in reader.texts():
            for line in text.decode().splitlines():
                words = line.split("\t")
                words[2], words[4] = (str(int(word) - 1) for word in (words[2], words[4]))
                out.write("\t".join(words) + "\n")
    start = [java(), "-Xmx512m", "-jar", jar()]
    lists = ["-r", ",".join(map(str, zooms)), *options]
    run([*start, "pre", "-n", "from_0.pairs.gz", output, sizes, *map(str, lists)])
    run([*start, "addNorm", "-w", str(zooms[0]), "-d", "-F", output])


def _head(columns: tuple[str, ...]) -> list[str]:
    return ["## pairs format v1.0", f"#columns: {' '.join(columns)}"]


@needs_juicer
@pytest.mark.parametrize(
    ("name", "options", "expected", "peer"),
    [
        ("out.ff.pairs.gz", ["--mapqfilter", 30], JUICER, ["-q", 30]),
        ("x.pairs.gz", ["--min-res", 1000, "--higlass", "--custom-res", DEFAULT], HIGLASS, []),
    ],
)
def test_hic_holds_the_pixels_and_norms_of_juicer_tools(
    hicloom: Cli, here: Path, name: str, options: list[object], expected: list[int],
    peer: list[object],
) -> None:  # fmt: skip
    """Same-fragment pairs and those of low MAPQ are left out by both."""
    inputs = ["--input-pairs", here / name, "--chromsizes", here / "sizes", "--maxmem", "512m"]
    assert hicloom("4dn", "pairs2hic", *inputs, *options).code == 0
    juicer_pre(here / name, here / "sizes", Path("theirs.hic"), expected, *peer)
    with hictkpy.MultiResFile(Path("out.hic")) as file:
        assert file.chromosomes() == CHROMSIZES
        assert sorted(file.resolutions()) == expected
    for size in expected:
        ours, theirs = (hic_pixels(Path(path), size) for path in ("out.hic", "theirs.hic"))
        np.testing.assert_array_equal(ours, theirs)
        # KR is iterated to 1e-6, in another order of sums than in Java.
        for norm, error in (("VC", 1e-6), ("VC_SQRT", 1e-6), ("KR", 1e-3)):
            vectors = [vector(path, size, norm) for path in ("out", "theirs")]
            np.testing.assert_allclose(*vectors, rtol=error)


def vector(name: str, size: int, norm: str) -> np.ndarray:
    """A norm of all chromosomes; NaN where a file has none."""
    with hictkpy.MultiResFile(Path(f"{name}.hic")) as file:
        if norm not in file[size].avail_normalizations():
            return np.full(file[size].nbins(), np.nan)
        return np.asarray(file[size].weights(norm))


@needs_juicer
def test_pairs_within_a_fragment_are_dropped_where_fragments_are_known(
    hicloom: Cli, here: Path
) -> None:
    inputs = ["--chromsizes", here / "sizes", "--maxmem", "512m", "--no-balance"]
    for name, prefix in (("x", "without"), ("out.ff", "with")):
        pairs = ["--input-pairs", here / f"{name}.pairs.gz", "--output-prefix", prefix]
        hicloom("4dn", "pairs2hic", *inputs, *pairs)
    rows = [row.split() for row in body(here / "out.ff.pairs.gz")]
    within = sum(row[1] == row[3] and row[-2] == row[-1] for row in rows)
    assert within > 100
    counts = [hic_pixels(Path(f"{prefix}.hic"), 5000)[:, 2].sum() for prefix in ("without", "with")]
    assert counts == [len(rows), len(rows) - within]


@needs_juicer
def test_a_mapq_filter_means_nothing_without_the_columns(
    hicloom: Cli, here: Path, write_pairs: Callable[..., Path], tmp_path: Path
) -> None:
    """As in juicer_tools, which takes such pairs for ones of MAPQ 1000."""
    path = write_pairs("y.pairs", [f"{n} chr1 {n} chr1 {n} + + UU 1 1" for n in range(1, 9)])
    text = path.read_text().replace(" mapq1 mapq2", " left right")
    path.write_text(text)
    sizes = tmp_path / "y.sizes"
    sizes.write_text("chr1\t1000000\n")
    options = ["--mapqfilter", 30, "--maxmem", "512m", "--no-balance"]
    outcome = hicloom("4dn", "pairs2hic", "--input-pairs", path, "--chromsizes", sizes, *options)
    assert outcome.code == 0
    assert "y.pairs: has no mapq1 and mapq2; --mapqfilter means nothing" in outcome.stderr
    assert hic_pixels(Path("out.hic"), 5000)[:, 2].tolist() == [8]


@pytest.fixture(scope="module")
def maps(made: Path) -> Path:
    """A .hic file of juicer_tools itself, which renames chromosomes, and an .mcool."""
    from hicloom.compat.cool2mcool import cool2mcool

    with contextlib.chdir(made):
        juicer_pre(Path("x.pairs.gz"), Path("sizes"), Path("theirs.hic"), [5000, 25_000])
        cool2mcool(input_cool=Path("out.cool"), custom_res="1000,5000,25000")
    return made


@needs_juicer
@pytest.mark.skipif(HIC2COOL is None, reason="hic2cool is not installed")
def test_norms_are_those_of_hic2cool(hicloom: Cli, maps: Path, here: Path, tmp_path: Path) -> None:
    """Also from a .hic file where chr1 is 1 and scaf_1 SCAF_1; 1000 bp are only in the mcool."""
    inputs = ["--input-hic", maps / "theirs.hic", "--input-mcool", maps / "out.multires.cool"]
    outcome = hicloom("4dn", "add-hic-normvector-to-mcool", *inputs, "--outdir", tmp_path / "new")
    assert outcome.code == 0
    shutil.copy(maps / "out.multires.cool", "theirs.mcool")
    command = [str(HIC2COOL), "extract-norms", "-e", str(maps / "theirs.hic"), "theirs.mcool"]
    subprocess.run(command, check=True, capture_output=True)
    for size in (1000, 5000, 25_000):
        uris = [f"{path}::/resolutions/{size}" for path in ("new/output.mcool", "theirs.mcool")]
        ours, theirs = (cooler.Cooler(uri).bins()[:] for uri in uris)
        norms = ["KR", "VC", "VC_SQRT"] if size > 1000 else []
        assert set(ours.columns) == {"chrom", "start", "end", "weight", *norms}
        # 4DN's juicer_tools knows no SCALE, so neither had its maps.
        pd.testing.assert_frame_equal(ours, theirs[list(ours.columns)], check_exact=True)


@needs_juicer
def test_a_hic_file_without_norms_adds_none(hicloom: Cli, maps: Path, here: Path) -> None:
    """As with no_balance in hi-c-processing-pairs, where the .mcool is waited for all the same."""
    options = ["--chromsizes", maps / "sizes", "--maxmem", "512m", "--no-balance"]
    hicloom("4dn", "pairs2hic", "--input-pairs", maps / "x.pairs.gz", *options)
    inputs = ["--input-hic", "out.hic", "--input-mcool", maps / "out.multires.cool"]
    outcome = hicloom("4dn", "add-hic-normvector-to-mcool", *inputs)
    assert outcome.code == 0
    assert "out.hic: has no KR norm at these resolutions, so none is added" in outcome.stderr
    bins = cooler.Cooler("output.mcool::/resolutions/5000").bins()
    assert list(bins.columns) == ["chrom", "start", "end", "weight"]


@needs_juicer
def test_the_mitochondrion_gets_no_norms(hicloom: Cli, tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path):
        sizes = write_chromsizes(Path("sizes"))
        sizes.write_text(sizes.read_text().replace("chr10", "chrM"))
        simulated_pairs(sizes)
        words = ["--chromsizes", sizes, "--maxmem", "512m"]
        hicloom("4dn", "pairs2hic", "--input-pairs", "x.pairs.gz", *words)
        hicloom("4dn", "cooler", "--pairs", "x.pairs.gz", "--chrsizes", sizes, "--binsize", 5000)
        hicloom("4dn", "cool2mcool", "--input-cool", "out.cool", "--custom-res", 5000)
        words = ["--input-hic", "out.hic", "--input-mcool", "out.multires.cool"]
        assert hicloom("4dn", "add-hic-normvector-to-mcool", *words).code == 0
        bins = cooler.Cooler("output.mcool::/resolutions/5000").bins()[:]
    assert bins[bins["chrom"] == "chrM"]["VC"].isna().all()
    assert bins[bins["chrom"] == "chr1"]["VC"].notna().sum() > 50


def simulated_pairs(sizes: Path) -> None:
    from hicloom.steps.simulate.pairs import pairs

    pairs(chromsizes=sizes, output=Path("x.pairs.gz"), pairs=20_000, seed=1)
