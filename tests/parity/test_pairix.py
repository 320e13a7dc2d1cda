"""The .px2 index and the answers to queries, held against pairix."""

import gzip
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE, run

import pytest

from hicloom.formats.pairs import index_path
from hicloom.formats.px2 import read_px2

pypairix = pytest.importorskip("pypairix", reason="pypairix is not installed")

NAMES = ["chr1", "chr10", "chr2"]
LENGTH = 300_000
HEADER_LINES = 8


def rows(draw: random.Random, n: int, names: list[str]) -> list[str]:
    """Sorted upper-triangular rows; positions fall into some ten of pairix's bins."""
    places = [
        (*sorted(draw.choices(names, k=2)), *sorted(draw.choices(range(1, LENGTH + 1), k=2)))
        for _ in range(n)
    ]
    return [
        f"r{i} {chrom1} {pos1} {chrom2} {pos2} + - UU 60 60"
        for i, (chrom1, chrom2, pos1, pos2) in enumerate(sorted(places))
    ]


@pytest.fixture(params=[1, 2, 3], ids="seed {}".format)
def pairs(request: pytest.FixtureRequest, write_pairs: Callable) -> Path:
    # 40,000 rows make some thirty BGZF blocks.
    return write_pairs("ours.pairs.gz", rows(random.Random(request.param), 40_000, NAMES))


def ask(opened: "pypairix.open", region: str) -> list[str]:
    """pairix's answer, the region turned if need be."""
    # pairix writes into the string that it is given, so it gets its own.
    own = region.encode().decode()
    return ["\t".join(fields) for fields in opened.querys2D(own, 1)]


def regions(draw: random.Random, n: int) -> list[str]:
    def side() -> str:
        first = draw.randint(0, LENGTH)
        last = first + draw.choice([0, 10, 5_000, 40_000, LENGTH])
        chrom = draw.choice(NAMES)
        return draw.choice([chrom, f"{chrom}:{first}-{last}", f"{chrom}:{first:,}-{last:,}"])

    forms = ["{}|{}", "{}|{}", "{}|*", "*|{}", "{}"]
    return [draw.choice(forms).format(side(), side()) for _ in range(n)]


def test_the_index_holds_what_pairix_writes(pairs: Path, tmp_path: Path) -> None:
    theirs = Path(shutil.copy(pairs, tmp_path / "theirs.pairs.gz"))
    pypairix.build_index(str(theirs), force=1)
    ours = read_px2(tmp_path / "ours.pairs.gz.px2")
    assert ours.same_as(read_px2(tmp_path / "theirs.pairs.gz.px2"))


def test_pairix_reads_the_index(pairs: Path) -> None:
    opened = pypairix.open(str(pairs))
    assert opened.get_linecount() == HEADER_LINES + 40_000
    assert opened.get_blocknames() == [
        "chr1|chr1", "chr1|chr10", "chr1|chr2", "chr10|chr10", "chr10|chr2", "chr2|chr2",
    ]  # fmt: skip


def test_pairix_gives_the_same_answers_with_either_index(pairs: Path, tmp_path: Path) -> None:
    theirs = Path(shutil.copy(pairs, tmp_path / "theirs.pairs.gz"))
    pypairix.build_index(str(theirs), force=1)
    one, two = pypairix.open(str(pairs)), pypairix.open(str(theirs))
    for region in regions(random.Random(4), 200):
        assert ask(one, region) == ask(two, region), region


def test_query_answers_as_pairix_does(pairs: Path, hicloom: Callable) -> None:
    oracle = pypairix.open(str(pairs))
    for region in regions(random.Random(5), 60):
        found = hicloom("query", pairs, region).stdout.splitlines()
        assert found == ask(oracle, region), region


def test_query_reads_the_index_that_pairix_wrote(pairs: Path, hicloom: Callable) -> None:
    ours = hicloom("query", pairs, "chr10:1-100,000|chr2:5-50,000").stdout
    pypairix.build_index(str(pairs), force=1)
    assert hicloom("query", pairs, "chr10:1-100,000|chr2:5-50,000").stdout == ours != ""


@pytest.mark.skipif(not shutil.which("bgzip"), reason="bgzip is not installed")
def test_a_file_that_bgzip_wrote_gets_the_index_of_pairix(
    pairs: Path, tmp_path: Path, hicloom: Callable
) -> None:
    theirs = tmp_path / "theirs.pairs.gz"
    text = gzip.decompress(pairs.read_bytes())
    theirs.write_bytes(run(["bgzip", "-c", "-l", "1"], input=text, stdout=PIPE, check=True).stdout)
    assert hicloom("index-pairs", theirs).code == 0
    ours = read_px2(index_path(theirs))
    pypairix.build_index(str(theirs), force=1)
    assert ours.same_as(read_px2(index_path(theirs)))
