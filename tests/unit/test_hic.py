"""`hicloom hic` and `add-hic-norms`: by our own engine, and by juicer_tools, mended."""

import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import hictkpy
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from hicloom.errors import InputError
from hicloom.formats.hic import HicFile
from hicloom.formats.hic.aliases import aliases
from hicloom.matrix import juicer
from hicloom.matrix.binning import Bins
from tests.unit.matrices import CHROMSIZES, pixels, simulated, simulated_map

Cli = Callable[..., object]
WritePairs = Callable[..., Path]


def without_juicer() -> str:
    """Why .hic files cannot be made here; nothing if they can."""
    try:
        juicer.jar()
        juicer.java()
    except InputError as error:
        return str(error)
    return ""


needs_juicer = pytest.mark.skipif(bool(without_juicer()), reason=without_juicer())


def row(chrom1: str, pos1: int, chrom2: str, pos2: int, mapq: int = 60) -> str:
    return f". {chrom1} {pos1} {chrom2} {pos2} + - UU {mapq} 60"


def test_aliases_are_as_long_as_the_names_and_unique() -> None:
    names = [*CHROMSIZES, *"123XY", "chrM", "MT", "染色体1"]
    stand_ins = aliases(names)
    assert list(map(len, stand_ins)) == [len(name.encode()) for name in names]
    assert len(set(stand_ins)) == len(names)


def test_aliases_are_what_juicer_tools_leaves_as_it_is() -> None:
    """It removes "chr" and writes in capitals; ALL is its whole genome."""
    stand_ins = aliases([f"{number:04}" for number in range(20_000)])
    assert all(name == name.upper() and name.isalnum() for name in stand_ins)
    assert not any("CHR" in name or "ALL" in name for name in stand_ins)


@pytest.mark.parametrize("names", [["chr1", "All"], [chr(code) for code in range(33, 80)]])
def test_names_that_the_format_cannot_hold_are_refused(names: list[str]) -> None:
    with pytest.raises(InputError):
        aliases(names)


def test_pixels_ascend_by_pair_of_chromosomes() -> None:
    """All pixels of chr1 with chr2 come before the first with chr3."""
    bins = Bins({"chr1": 25, "chr2": 10, "chr3": 31}, 10)
    rows = [(one, two) for one in range(8) for two in range(one, 8)]
    bin1, bin2 = np.array(rows).T
    keys = np.sort(bins.block_major(bin1, bin2))
    chrom1, start1, chrom2, start2 = bins.from_block_major(keys)
    order = list(zip(chrom1, chrom2, start1, start2, strict=True))
    assert order == sorted(order)
    assert len(set(order)) == len(rows)
    found = (bins.starts[chrom1] + start1 // 10, bins.starts[chrom2] + start2 // 10)
    assert sorted(zip(*found, strict=True)) == sorted(rows)


def test_a_missing_jar_is_named_with_the_way_to_get_it(
    hicloom: Cli, tmp_path: Path, write_pairs: WritePairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(juicer.VARIABLE, str(tmp_path / "no.jar"))
    words = ["hic", write_pairs("x.pairs", []), "-o", tmp_path / "x.hic", "--engine", "juicer"]
    outcome = hicloom(*words)
    assert outcome.code == 2
    assert f"no.jar: no such file; {juicer.VARIABLE} names it" in outcome.stderr
    monkeypatch.delenv(juicer.VARIABLE)
    monkeypatch.setattr(juicer, "JAR", tmp_path / "none.jar")
    outcome = hicloom(*words)
    assert "get it with: hicloom fetch juicer-tools" in outcome.stderr


def tables(path: Path) -> dict[int, NDArray[np.float64]]:
    """By resolution, a row a pixel: bins through the genome, count; sorted."""
    found = {}
    with hictkpy.MultiResFile(path) as file:
        for size in file.resolutions():
            coo = file[size].fetch(count_type="float64").to_coo()
            order = np.lexsort((coo.col, coo.row))
            found[size] = np.stack([coo.row, coo.col, coo.data], axis=1)[order]
    return found


def assert_same_maps(one: Path, other: Path) -> None:
    """That two files hold the same resolutions, pixels and norms."""
    ours, theirs = tables(one), tables(other)
    assert ours.keys() == theirs.keys()
    for size in ours:
        np.testing.assert_array_equal(ours[size], theirs[size])
    with HicFile(one) as left, HicFile(other) as right:
        assert left.norms == right.norms
        for key in left.norms:
            np.testing.assert_array_equal(left.norm(key), right.norm(key))


@pytest.fixture(scope="module", params=["hicloom", pytest.param("juicer", marks=needs_juicer)])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with blanks and letters in its name, and maps of the same pairs in it."""
    from hicloom.steps.cload import cload
    from hicloom.steps.hic import hic
    from hicloom.steps.zoomify import zoomify

    folder = tmp_path_factory.mktemp("maps") / "it's a mäp"
    folder.mkdir()
    pairs = simulated(folder)
    options = {"assembly": "toy1", "memory": "1G", "engine": request.param}
    hic(str(pairs), output=folder / "x.hic", **options)
    cload(pairs, output=folder / "x.cool")
    zoomify(str(folder / "x.cool"), output=folder / "x.mcool")
    return folder


def test_hic_and_mcool_hold_the_same_pixels(made: Path) -> None:
    """At every resolution, with the last base of each chromosome, under the same names."""
    with hictkpy.MultiResFile(made / "x.hic") as file:
        assert file.chromosomes() == CHROMSIZES
        assert len(file.resolutions()) == 8
    for size, table in tables(made / "x.hic").items():
        expected = pixels(f"{made}/x.mcool::/resolutions/{size}")
        np.testing.assert_array_equal(table, expected.to_numpy())


def test_the_assembly_is_kept(made: Path) -> None:
    """Also where its name is as long as that of a chromosome."""
    with hictkpy.MultiResFile(made / "x.hic") as file:
        assert file[1000].attributes()["assembly"] == "toy1"


def test_norms_become_columns(hicloom: Cli, made: Path) -> None:
    """The same numbers as hic2cool's; no pair lies within scaf_1, so it has NaN."""
    cooler = pytest.importorskip("cooler")
    hicloom("add-hic-norms", made / "x.hic", made / "x.mcool", "-o", made / "normed.mcool")
    bins = cooler.Cooler(f"{made}/normed.mcool::/resolutions/10000").bins()[:]
    with hictkpy.MultiResFile(made / "x.hic") as file:
        for name in ("VC", "VC_SQRT", "KR"):
            expected = file[10_000].weights(name, divisive=True)
            np.testing.assert_array_equal(bins[name], expected)
    assert bins["VC"].notna().sum() > 70


def test_excluded_chromosomes_get_no_norms_and_may_be_missing(
    hicloom: Cli, made: Path, tmp_path: Path
) -> None:
    cooler = pytest.importorskip("cooler")
    words = ["-o", tmp_path / "y.mcool", "--norms", "VC", "--exclude", "chr2"]
    assert hicloom("add-hic-norms", made / "x.hic", made / "x.mcool", *words).code == 0
    bins = cooler.Cooler(f"{tmp_path}/y.mcool::/resolutions/10000").bins()[:]
    assert bins[bins["chrom"] == "chr2"]["VC"].isna().all()
    with hictkpy.MultiResFile(made / "x.hic") as file:
        weights = file[10_000].weights("VC", divisive=True)
    others = bins["chrom"] != "chr2"
    np.testing.assert_array_equal(bins[others]["VC"], np.asarray(weights)[others])


def test_hic_norms_of_another_genome_are_refused(
    hicloom: Cli, made: Path, write_pairs: WritePairs, tmp_path: Path
) -> None:
    other, output = tmp_path / "x.cool", tmp_path / "y.cool"
    hicloom("cload", write_pairs("x.pairs", [row("chr1", 1, "chr1", 5)]), "-o", other)
    outcome = hicloom("add-hic-norms", made / "x.hic", other, "-o", output)
    assert outcome.code == 2
    assert "has other chromosomes" in outcome.stderr


def test_a_norm_that_has_not_converged_is_said(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path
) -> None:
    """Nothing lies within chr2 and chr10; chr1 has too little for KR at 1 kb."""
    rng = np.random.default_rng(4)
    positions = np.sort(rng.integers(1, 1_000_000, (40, 2)), axis=1)
    rows = [row("chr1", one, "chr1", two) for one, two in sorted(positions.tolist())]
    outcome = hicloom(
        *("hic", write_pairs("x.pairs", rows), "-o", tmp_path / "x.hic"),
        *("--resolutions", 1000, "--norms", "KR", "--memory", "512M"),
    )
    assert outcome.code == 0
    assert outcome.stderr.splitlines() == [
        "1000 bp: no contacts within chr2 chr10, so no norms",
        "1000 bp: KR has not converged for chr1",
    ]


def test_pairs_of_low_mapping_quality_are_left_out(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path
) -> None:
    rows = [row("chr1", 1, "chr1", 5000, mapq) for mapq in (10, 29, 30, 31)]
    hicloom(
        *("hic", write_pairs("x.pairs", rows), "-o", tmp_path / "x.hic"),
        *("--resolutions", 5000, "--min-mapq", 30, "--memory", "512M"),
    )
    with hictkpy.File(tmp_path / "x.hic", 5000) as file:
        assert file.fetch().sum() == 2


def test_pairs_within_a_fragment_or_off_the_map_are_left_out_on_request(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path
) -> None:
    """And no norms are computed with --no-norms."""
    rows = [row("chr1", 1, "chr1", 5000, frag) for frag in (7, 60, 61)]
    path = write_pairs("x.pairs", [*rows, row("chr1", 1, "chr2", 5, 60), row("!", 0, "chr1", 5)])
    path.write_text(path.read_text().replace("mapq1 mapq2", "frag1 frag2"))
    sizes = tmp_path / "sizes"
    sizes.write_text("chr1\t1000000\n")
    outcome = hicloom(
        *("hic", path, "-o", tmp_path / "x.hic", "--chromsizes", sizes, "--no-norms"),
        *("--drop-same-fragment", "--drop-other-chromosomes"),
        *("--resolutions", 5000, "--memory", "512M"),
    )
    assert outcome.stderr == "hic: kept 2 of 5 pairs; dropped by chromosome 2, same_fragment 1\n"
    with hictkpy.File(tmp_path / "x.hic", 5000) as file:
        assert file.fetch().sum() == 2
        assert file.avail_normalizations() == []


@pytest.mark.parametrize(
    ("option", "column"), [("--drop-same-fragment", "frag1"), ("--min-mapq=30", "mapq1")]
)
def test_columns_that_options_need_must_be_there(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path, option: str, column: str
) -> None:
    path = write_pairs("x.pairs", [])
    path.write_text(path.read_text().replace(" mapq1 mapq2", " left right"))
    outcome = hicloom("hic", path, "-o", tmp_path / "x.hic", option)
    assert outcome.code == 2
    assert f"x.pairs: no column '{column}'" in outcome.stderr


def test_no_pairs_are_refused(hicloom: Cli, write_pairs: WritePairs, tmp_path: Path) -> None:
    outcome = hicloom("hic", write_pairs("x.pairs", []), "-o", tmp_path / "x.hic")
    assert outcome.code == 2
    assert "no pair is left for the map" in outcome.stderr
    assert not (tmp_path / "x.hic").exists()


def test_the_order_of_the_pairs_does_not_matter_whatever_the_header_says(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path
) -> None:
    """The rows descend and lie in the lower triangle, the header says that they are sorted."""
    rows = [row("chr2", 9000, "chr1", 1), row("chr1", 5000, "chr1", 4000)]
    source = write_pairs("x.pairs", rows, is_sorted=True)
    words = ["--resolutions", 1000, "--no-norms", "--memory", "512M"]
    assert hicloom("hic", source, "-o", tmp_path / "x.hic", *words).code == 0
    assert tables(tmp_path / "x.hic")[1000].tolist() == [[0, 1008, 1], [3, 4, 1]]


def test_chromsizes_that_contradict_the_header_are_refused(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path
) -> None:
    (tmp_path / "sizes").write_text("chr1\t999\n")
    words = ["-o", tmp_path / "x.hic", "--chromsizes", tmp_path / "sizes"]
    outcome = hicloom("hic", write_pairs("x.pairs", []), *words)
    assert outcome.code == 2
    assert "chr1 has length 999, but 1000000" in outcome.stderr


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pairs, and their map of 1000 bp and of more in an .mcool, in one folder."""
    from hicloom.steps.zoomify import zoomify

    folder = tmp_path_factory.mktemp("maps")
    simulated_map(folder).rename(folder / "x.cool")
    zoomify(
        str(folder / "x.cool"),
        output=folder / "x.mcool",
        resolutions=[1000, 2000, 10_000],
        balance=False,
    )
    return folder


@pytest.mark.parametrize(
    ("source", "engine"),
    [
        ("x.cool", "hicloom"),
        ("x.mcool", "hicloom"),
        ("x.mcool::/resolutions/1000", "hicloom"),
        pytest.param("x.mcool", "juicer", marks=needs_juicer),
    ],
)
def test_maps_and_pairs_make_the_same_file(
    source: str, engine: str, hicloom: Cli, maps: Path, tmp_path: Path
) -> None:
    """5000 is in no map: it is made of 1000; 20000 in the .mcool of 10000."""
    words = ["--engine", engine, "--resolutions", 1000, 5000, 10_000, 20_000, "--memory", "1G"]
    hicloom("hic", maps / "1.pairs.gz", "-o", tmp_path / "pairs.hic", *words)
    hicloom("hic", f"{maps}/{source}", "-o", tmp_path / "maps.hic", *words)
    assert sorted(tables(tmp_path / "maps.hic")) == [1000, 5000, 10_000, 20_000]
    assert_same_maps(tmp_path / "maps.hic", tmp_path / "pairs.hic")


def test_an_mcool_gives_all_its_resolutions(hicloom: Cli, maps: Path, tmp_path: Path) -> None:
    """And its assembly, and what made the .hic file is told in it."""
    hicloom("hic", maps / "x.mcool", "-o", tmp_path / "x.hic")
    with HicFile(tmp_path / "x.hic") as file:
        assert sorted(file.header.resolutions) == [1000, 2000, 10_000]
        assert file.header.assembly == "toy"
        assert " hic " in file.header.attributes["software"]


def test_maps_of_weighted_counts_keep_them(hicloom: Cli, tmp_path: Path) -> None:
    """Counts that are no whole numbers: 0.25 and 2.5, summed up at 2000 bp."""
    cooler = pytest.importorskip("cooler")
    bins = cooler.binnify(pd.Series({"a": 4000}), 1000)
    table = pd.DataFrame({"bin1_id": [0, 0], "bin2_id": [0, 1], "count": [0.25, 2.5]})
    cooler.create_cooler(str(tmp_path / "x.cool"), bins, table, dtypes={"count": float})
    hicloom(
        *("hic", tmp_path / "x.cool", "-o", tmp_path / "x.hic", "--no-norms"),
        *("--resolutions", 1000, 2000),
    )
    assert tables(tmp_path / "x.hic")[1000].tolist() == [[0, 0, 0.25], [0, 1, 2.5]]
    assert tables(tmp_path / "x.hic")[2000].tolist() == [[0, 0, 2.75]]


@pytest.mark.parametrize(
    "option",
    ["--min-mapq=30", "--drop-same-fragment", "--drop-other-chromosomes", "--chromsizes=x"],
)
def test_options_for_pairs_are_refused_for_a_map(
    option: str, hicloom: Cli, maps: Path, tmp_path: Path
) -> None:
    outcome = hicloom("hic", maps / "x.cool", "-o", tmp_path / "x.hic", option)
    assert outcome.code == 2
    expected = f"{option.split('=')[0]} is for pairs, but {maps / 'x.cool'} is a map; leave it out"
    assert outcome.stderr == f"hicloom: {expected}\n"


def test_a_resolution_that_no_map_divides_is_refused(
    hicloom: Cli, maps: Path, tmp_path: Path
) -> None:
    words = ["-o", tmp_path / "x.hic", "--resolutions", 1500]
    outcome = hicloom("hic", maps / "x.mcool", *words)
    assert outcome.code == 2
    assert "no map that resolution 1500 is a multiple of; it has 1000 2000 10000" in outcome.stderr


def test_a_map_with_pixels_below_the_diagonal_is_refused(
    hicloom: Cli, maps: Path, tmp_path: Path
) -> None:
    shutil.copy(maps / "x.cool", tmp_path / "x.cool")
    with h5py.File(tmp_path / "x.cool", "r+") as file:
        file["pixels/bin2_id"][-5:] = 0
    outcome = hicloom("hic", tmp_path / "x.cool", "-o", tmp_path / "x.hic")
    assert outcome.code == 2
    assert outcome.stderr.startswith(f"hicloom: {tmp_path}/x.cool: ")
    assert not (tmp_path / "x.hic").exists()


def test_threads_and_memory_change_nothing(hicloom: Cli, maps: Path, tmp_path: Path) -> None:
    for name, words in {"one": ["-t", 1], "three": ["-t", 3, "--memory", "150M"]}.items():
        outcome = hicloom("hic", maps / "1.pairs.gz", "-o", tmp_path / f"{name}.hic", *words)
        assert outcome.code == 0
    assert_same_maps(tmp_path / "one.hic", tmp_path / "three.hic")


def test_too_little_memory_is_said_with_what_would_do(
    hicloom: Cli, maps: Path, tmp_path: Path
) -> None:
    outcome = hicloom("hic", maps / "x.mcool", "-o", tmp_path / "x.hic", "--memory", "100K")
    assert outcome.code == 2
    assert "--memory 100K: too little for 3 maps; give at least" in outcome.stderr
    assert not (tmp_path / "x.hic").exists()


def test_genome_wide_norms_are_made_on_request(hicloom: Cli, maps: Path, tmp_path: Path) -> None:
    """From 10000 bp on; juicer_tools does not make them here."""
    words = ["-o", tmp_path / "x.hic", "--norms", "GW_VC", "INTER_VC"]
    assert hicloom("hic", maps / "x.mcool", *words).code == 0
    with HicFile(tmp_path / "x.hic") as file:
        assert {key.norm for key in file.norms} == {"GW_VC", "INTER_VC"}
        assert {key.resolution for key in file.norms} == {10_000}
    outcome = hicloom("hic", maps / "x.mcool", *words, "--engine", "juicer")
    assert outcome.code == 2
    assert "--norms GW_VC: --engine juicer does not compute it" in outcome.stderr
