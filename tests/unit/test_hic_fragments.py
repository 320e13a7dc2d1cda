"""`hicloom hic --fragments`: maps in bins of restriction fragments."""

from collections.abc import Callable
from pathlib import Path

import hictkpy
import numpy as np
import pytest
from numpy.typing import NDArray

from hicloom.formats.fragments import read_sites
from hicloom.formats.hic import BP, FRAG, HicFile
from hicloom.formats.pairs import open_pairs
from hicloom.steps.annotate_fragments import annotate_fragments
from hicloom.steps.hic import hic
from tests.unit.matrices import CHROMSIZES, simulated
from tests.unit.test_hic import needs_juicer, tables

Cli = Callable[..., object]
Table = NDArray[np.float64]

SIZES = [500, 200, 100, 50, 20, 5, 2, 1]
OPTIONS = {"resolutions": [1000, 5000, 50_000], "memory": "512M"}


def write_sites(folder: Path) -> Path:
    """A site each 250 bp or so, so that chr1 has more fragments than a block has bins."""
    rng, lines = np.random.default_rng(9), []
    for name, length in CHROMSIZES.items():
        sites = np.unique(rng.integers(2, length, length // 250))
        lines.append(" ".join([name, *map(str, sites.tolist()), str(length)]))
    (folder / "sites.txt").write_text("\n".join(lines) + "\n")
    return folder / "sites.txt"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pairs, sites, the pairs with their fragments, and a .hic file of all."""
    folder = tmp_path_factory.mktemp("fragments")
    pairs, sites = simulated(folder, 20_000), write_sites(folder)
    annotate_fragments(pairs, fragments=sites, output=folder / "annotated.pairs")
    hic(str(pairs), output=folder / "x.hic", fragments=sites, **OPTIONS)
    return folder


def counted(folder: Path, size: int, *, same_fragment: bool = True) -> Table:
    """Chromosome, bin of both ends and count of each pixel, from the columns of the pairs."""
    names, sides = list(CHROMSIZES), []
    with open_pairs(folder / "annotated.pairs") as reader:
        for block in reader.blocks():
            sides.append(
                [
                    *(
                        [names.index(name.decode()) for name in block.strings(f"chrom{side}")]
                        for side in "12"
                    ),
                    *(block.ints(f"frag{side}") for side in "12"),
                ]
            )
    chrom1, chrom2, one, two = np.concatenate(sides, axis=1)
    if not same_fragment:
        keep = (chrom1 != chrom2) | (one != two)
        chrom1, chrom2, one, two = (column[keep] for column in (chrom1, chrom2, one, two))
    rows = np.stack([chrom1, one // size, chrom2, two // size], axis=1)
    turned = (rows[:, 0] > rows[:, 2]) | ((chrom1 == chrom2) & (rows[:, 1] > rows[:, 3]))
    rows[turned] = rows[turned][:, [2, 3, 0, 1]]
    pixels, counts = np.unique(rows, axis=0, return_counts=True)
    return np.column_stack([pixels, counts])


def held(path: Path, size: int, unit: str = FRAG) -> Table:
    """The same of a .hic file."""
    found = [np.zeros((0, 5))]
    with HicFile(path, unit) as file:
        for one, two in file.pairs:
            x, y, counts = file.pixels(one, two, size)
            found.append(np.stack([np.full(len(x), one), x, np.full(len(x), two), y, counts], 1))
    table = np.concatenate(found)
    return table[np.lexsort(table.T[3::-1])]


@pytest.mark.parametrize("size", SIZES)
def test_every_pixel_is_that_of_the_fragments_of_the_pairs(size: int, made: Path) -> None:
    """As annotate-fragments numbers them; a pair within a fragment is none too few."""
    np.testing.assert_array_equal(held(made / "x.hic", size), counted(made, size))


def test_maps_in_base_pairs_are_those_without_fragments(made: Path, tmp_path: Path) -> None:
    """And so hictk reads them, with their norms, as if there were none."""
    hic(str(made / "1.pairs.gz"), output=tmp_path / "x.hic", **OPTIONS)
    ours, without = tables(made / "x.hic"), tables(tmp_path / "x.hic")
    assert sorted(ours) == [1000, 5000, 50_000]
    for size in ours:
        np.testing.assert_array_equal(ours[size], without[size])
    weights = []
    for folder in (made, tmp_path):
        with hictkpy.File(folder / "x.hic", 5000) as file:
            weights.append(file.weights("VC", divisive=True))
    np.testing.assert_array_equal(*weights)


def test_the_header_lists_resolutions_and_sites(made: Path) -> None:
    """As Juicer's site files do, with the length of each chromosome at the end."""
    with HicFile(made / "x.hic") as file:
        assert list(file.header.fragments.resolutions) == SIZES
        written = dict(zip(CHROMSIZES, file.header.fragments.sites, strict=True))
    for name, sites in read_sites(made / "sites.txt").items():
        np.testing.assert_array_equal(written[name], sites)


def test_norms_balance_fragments(made: Path) -> None:
    """VC is the coverage of each bin, up to a factor."""
    with HicFile(made / "x.hic", FRAG) as file:
        keys = {(key.norm, key.chrom): key for key in file.norms if key.resolution == 50}
        assert {norm for norm, _ in keys} == {"VC", "VC_SQRT", "KR", "SCALE"}
        x, y, counts = file.pixels(0, 0, 50)
        norm = file.norm(keys["VC", 0])
    sums = np.bincount(x, counts, len(norm)) + np.bincount(y, counts * (x != y), len(norm))
    np.testing.assert_allclose(norm * sums.sum(), sums * norm.sum(), rtol=1e-6)


def test_resolutions_may_be_chosen(made: Path, tmp_path: Path) -> None:
    """3 is made of single fragments, of which there is no map then; 6 of it."""
    options = {**OPTIONS, "fragments": made / "sites.txt", "norms": ()}
    hic(str(made / "1.pairs.gz"), output=tmp_path / "x.hic", fragment_resolutions=[3, 6], **options)
    for size in (3, 6):
        np.testing.assert_array_equal(held(tmp_path / "x.hic", size), counted(made, size))
    with HicFile(tmp_path / "x.hic", FRAG) as file:
        assert [grid.size for grid in file.grids] == [6, 3]


def test_pairs_within_a_fragment_are_left_out_on_request(
    hicloom: Cli, made: Path, tmp_path: Path
) -> None:
    """By the sites, without columns: as by the columns of annotate-fragments."""
    words = ["--drop-same-fragment", "--no-norms", "--resolutions", 1000, "--memory", "512M"]
    fragments = ["--fragments", made / "sites.txt"]
    by_sites = hicloom("hic", made / "1.pairs.gz", "-o", tmp_path / "1.hic", *fragments, *words)
    by_columns = hicloom("hic", made / "annotated.pairs", "-o", tmp_path / "2.hic", *words)
    assert by_sites.stderr == by_columns.stderr
    assert "dropped by same_fragment" in by_sites.stderr
    expected = counted(made, 1, same_fragment=False)
    np.testing.assert_array_equal(held(tmp_path / "1.hic", 1), expected)
    first, second = (held(tmp_path / f"{number}.hic", 1000, BP) for number in (1, 2))
    np.testing.assert_array_equal(first, second)


def test_fragments_of_a_bed_have_no_place_behind_their_end(tmp_path: Path, hicloom: Cli) -> None:
    """Fragments 0 to 400 and 400 to 1000; in the header as sites, with the length."""
    (tmp_path / "x.bed").write_text("a\t0\t400\na\t400\t1000\n")
    rows = ".\ta\t1\ta\t1000\n.\ta\t400\ta\t401\n"
    head = "## pairs format v1.0\n#chromsize: a 1000\n#columns: readID chrom1 pos1 chrom2 pos2\n"
    (tmp_path / "x.pairs").write_text(head + rows)
    words = ["--fragments", tmp_path / "x.bed", "--fragment-resolutions", 1, "--no-norms"]
    words += ["--resolutions", 100, "--memory", "512M"]
    assert hicloom("hic", tmp_path / "x.pairs", "-o", tmp_path / "x.hic", *words).code == 0
    assert held(tmp_path / "x.hic", 1).tolist() == [[0, 0, 0, 1, 2]]
    with HicFile(tmp_path / "x.hic") as file:
        assert [sites.tolist() for sites in file.header.fragments.sites] == [[401, 1000]]


def test_threads_and_memory_change_nothing(made: Path, tmp_path: Path) -> None:
    options = {**OPTIONS, "fragments": made / "sites.txt", "threads": 3, "memory": "150M"}
    hic(str(made / "1.pairs.gz"), output=tmp_path / "x.hic", **options)
    for size in SIZES:
        np.testing.assert_array_equal(held(tmp_path / "x.hic", size), held(made / "x.hic", size))
    with HicFile(tmp_path / "x.hic", FRAG) as one, HicFile(made / "x.hic", FRAG) as other:
        assert one.norms == other.norms
        for key in one.norms:
            np.testing.assert_array_equal(one.norm(key), other.norm(key))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("chr1 500 400000\n", "has no chromosome chr2; list the fragments of the map's"),
        (
            "chr1 500 500000\nchr2 9\nchr10 9\nscaf_1 9\n",
            "a site of chr1 is at 500000, beyond its end, 400000; use the fragments of the same",
        ),
    ],
)
def test_fragments_of_another_genome_are_refused(
    text: str, message: str, hicloom: Cli, made: Path, tmp_path: Path
) -> None:
    (tmp_path / "other").write_text(text)
    words = ["-o", tmp_path / "x.hic", "--fragments", tmp_path / "other"]
    outcome = hicloom("hic", made / "1.pairs.gz", *words)
    assert outcome.code == 2
    assert message in outcome.stderr
    assert not (tmp_path / "x.hic").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--fragment-resolutions", 5], "--fragment-resolutions is for --fragments; give both"),
        (["--fragments", "SITES", "--fragment-resolutions", 0], "expected 1 or more"),
        pytest.param(
            ["--fragments", "SITES", "--engine", "juicer"],
            "leaves out pairs within a fragment",
            marks=needs_juicer,
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    words: list[object], message: str, hicloom: Cli, made: Path, tmp_path: Path
) -> None:
    words = [made / "sites.txt" if word == "SITES" else word for word in words]
    outcome = hicloom("hic", made / "1.pairs.gz", "-o", tmp_path / "x.hic", *words)
    assert outcome.code == 2
    assert message in outcome.stderr
