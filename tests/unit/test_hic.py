"""Hic files: those of juicer_tools, mended."""

from collections.abc import Callable
from pathlib import Path

import hictkpy
import numpy as np
import pytest

from hicloom.errors import InputError
from hicloom.formats.hic import aliases
from hicloom.matrix import juicer
from hicloom.matrix.binning import Bins
from tests.unit.matrices import CHROMSIZES, pixels, simulated

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
    outcome = hicloom("hic", write_pairs("x.pairs", []), "-o", tmp_path / "x.hic")
    assert outcome.code == 2
    assert f"no.jar: no such file; {juicer.VARIABLE} names it" in outcome.stderr
    monkeypatch.delenv(juicer.VARIABLE)
    monkeypatch.setattr(juicer, "JAR", tmp_path / "none.jar")
    outcome = hicloom("hic", write_pairs("x.pairs", []), "-o", tmp_path / "x.hic")
    assert "get it with: hicloom fetch juicer-tools" in outcome.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with blanks and letters in its name, and maps of the same pairs in it."""
    from hicloom.steps.cload import cload
    from hicloom.steps.hic import hic
    from hicloom.steps.zoomify import zoomify

    folder = tmp_path_factory.mktemp("maps") / "it's a mäp"
    folder.mkdir()
    pairs = simulated(folder)
    hic(pairs, output=folder / "x.hic", assembly="toy1", memory="1G")
    cload(pairs, output=folder / "x.cool")
    zoomify(str(folder / "x.cool"), output=folder / "x.mcool")
    return folder


@needs_juicer
def test_hic_and_mcool_hold_the_same_pixels(made: Path) -> None:
    """At every resolution, with the last base of each chromosome, under the same names."""
    with hictkpy.MultiResFile(made / "x.hic") as file:
        assert file.chromosomes() == CHROMSIZES
        assert len(file.resolutions()) == 8
        for size in file.resolutions():
            found = file[size].fetch().to_coo()
            expected = pixels(f"{made}/x.mcool::/resolutions/{size}")
            order = np.lexsort((found.col, found.row))
            table = np.stack([found.row, found.col, found.data], axis=1)[order]
            np.testing.assert_array_equal(table, expected.to_numpy())


@needs_juicer
def test_the_assembly_is_kept(made: Path) -> None:
    """Also where its name is as long as that of a chromosome."""
    with hictkpy.MultiResFile(made / "x.hic") as file:
        assert file[1000].attributes()["assembly"] == "toy1"


@needs_juicer
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


@needs_juicer
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


@needs_juicer
def test_hic_norms_of_another_genome_are_refused(
    hicloom: Cli, made: Path, write_pairs: WritePairs, tmp_path: Path
) -> None:
    other, output = tmp_path / "x.cool", tmp_path / "y.cool"
    hicloom("cload", write_pairs("x.pairs", [row("chr1", 1, "chr1", 5)]), "-o", other)
    outcome = hicloom("add-hic-norms", made / "x.hic", other, "-o", output)
    assert outcome.code == 2
    assert "has other chromosomes" in outcome.stderr


@needs_juicer
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


@needs_juicer
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


@needs_juicer
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
@needs_juicer
def test_columns_that_options_need_must_be_there(
    hicloom: Cli, write_pairs: WritePairs, tmp_path: Path, option: str, column: str
) -> None:
    path = write_pairs("x.pairs", [])
    path.write_text(path.read_text().replace(" mapq1 mapq2", " left right"))
    outcome = hicloom("hic", path, "-o", tmp_path / "x.hic", option)
    assert outcome.code == 2
    assert f"x.pairs: no column '{column}'" in outcome.stderr


@needs_juicer
def test_no_pairs_are_refused(hicloom: Cli, write_pairs: WritePairs, tmp_path: Path) -> None:
    outcome = hicloom("hic", write_pairs("x.pairs", []), "-o", tmp_path / "x.hic")
    assert outcome.code == 2
    assert "no pair is left for the map" in outcome.stderr
    assert not (tmp_path / "x.hic").exists()
