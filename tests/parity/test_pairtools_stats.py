"""Counts and P(s) against pairtools and against pairsqc's definitions, and planted numbers."""

import json
import math
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hicloom.qc.complexity import molecules
from tests.conftest import body

Run = Callable[..., Any]

TOOL = shutil.which("pairtools", path=Path(sys.executable).parent) or shutil.which("pairtools")
SIZES = {"chr1": 2_000_000, "chr2": 800_000, "chr10": 100_000, "short": 900}
PAIRS, DUPLICATES, CIS = 100_000, 0.2, 0.7

pytestmark = [
    pytest.mark.skipif(TOOL is None, reason="the command `pairtools` is not installed"),
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Simulated pairs: `raw.pairs.gz`, and with their duplicates marked `marked.pairs.gz`."""
    from hicloom.steps.dedup import dedup
    from hicloom.steps.simulate.pairs import pairs

    folder = tmp_path_factory.mktemp("stats")
    sizes = folder / "sizes"
    sizes.write_text("".join(f"{name}\t{length}\n" for name, length in SIZES.items()))
    raw = folder / "raw.pairs.gz"
    pairs(
        chromsizes=sizes, output=raw, pairs=PAIRS, raw=True, duplicates=DUPLICATES, cis=CIS, seed=7
    )
    dedup(raw, output=folder / "marked.pairs.gz", keep_duplicates=True)
    dedup(raw, output=folder / "unique.pairs.gz")
    return folder


def pairtools(*words: object) -> None:
    assert TOOL
    subprocess.run([TOOL, *map(str, words)], check=True, capture_output=True)


def numbers(path: Path) -> dict[str, str]:
    return dict(line.split("\t") for line in path.read_text().splitlines())


@pytest.mark.parametrize("name", ["raw", "marked", "unique"])
def test_the_table_is_pairtools(hicloom: Run, folder: Path, tmp_path: Path, name: str) -> None:
    source, ours, theirs = folder / f"{name}.pairs.gz", tmp_path / "a.tsv", tmp_path / "b.tsv"
    assert hicloom("stats", source, "--tsv", ours).code == 0
    pairtools("stats", "--no-yaml", "--output", theirs, source)
    found, expected = numbers(ours), numbers(theirs)
    # The last digits of the complexity depend on how the equation is solved.
    complexity = "summary/complexity_naive"
    one, two = float(found.pop(complexity)), float(expected.pop(complexity))
    assert one == pytest.approx(two, rel=1e-9, nan_ok=True)
    assert found == expected


def test_an_empty_file_has_pairtools_table(hicloom: Run, folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pairs"
    empty.write_text("".join(f"{line}\n" for line in header(folder / "raw.pairs.gz")))
    assert hicloom("stats", empty, "--tsv", tmp_path / "a.tsv").code == 0
    pairtools("stats", "--no-yaml", "--output", tmp_path / "b.tsv", empty)
    assert numbers(tmp_path / "a.tsv") == numbers(tmp_path / "b.tsv")


def header(path: Path) -> list[str]:
    from hicloom.formats.pairs import open_pairs

    with open_pairs(path) as reader:
        return reader.header.encode().decode().splitlines()


@pytest.mark.parametrize("arms", [False, True])
def test_scaling_is_pairtools(hicloom: Run, folder: Path, tmp_path: Path, arms: bool) -> None:
    source, ours, theirs = folder / "unique.pairs.gz", tmp_path / "a.json", tmp_path / "b.tsv"
    # pairtools takes 1-based positions for 0-based ones; no pair lies at these edges.
    parts = [("chr1", 0, 700_000), ("chr1", 700_000, 2_000_001), ("chr2", 0, 800_001)]
    regions = parts if arms else [(name, 0, length) for name, length in SIZES.items()]
    view = tmp_path / "view.tsv"
    rows = [f"{chrom}\t{start}\t{end}\n" for chrom, start, end in regions]
    view.write_text("chrom\tstart\tend\n" + "".join(rows))
    bed = tmp_path / "arms.bed"
    bed.write_text("".join(f"{c}\t{s}\t{min(e, SIZES[c])}\t{c}-{s}\n" for c, s, e in parts))
    assert hicloom("stats", source, "--output", ours, "--arms", bed).code == 0
    pairtools("scaling", "--view", view, "--output", theirs, source)
    found = json.loads(ours.read_text())["scaling"]
    expected = pd.read_table(theirs)
    for chrom, start, end in regions:
        curve = found["arms"][f"{chrom}-{start}"] if arms else found["chromosomes"][chrom]
        same = expected[(expected["chrom1"] == chrom) & (expected["start1"] == start)]
        same = same[(same["min_dist"] > 0) & (same["chrom2"] == chrom) & (same["start2"] == start)]
        for strands, orientation in (("++", "FF"), ("+-", "FR"), ("-+", "RF"), ("--", "RR")):
            of = same[(same["strand1"] == strands[0]) & (same["strand2"] == strands[1])]
            of = of.set_index("min_dist")
            counts = dict(zip(found["start"], curve["orientations"][orientation], strict=True))
            theirs_by_bin = {k: int(n) for k, n in of["n_pairs"].items() if n}
            assert {k: n for k, n in counts.items() if n} == theirs_by_bin
        if min(end, SIZES[chrom]) == end:
            areas = of["n_bp2"].reindex(found["start"]).fillna(0)
            assert curve["possible"] == pytest.approx(areas.tolist(), rel=1e-5)


@settings(deadline=None)
@given(st.integers(2, 10**9), st.floats(0.001, 0.999))
@pytest.mark.filterwarnings("ignore:'pipes' is deprecated:DeprecationWarning")
def test_complexity_is_pairtools(mapped: int, share: float) -> None:
    from pairtools.lib.stats import estimate_library_complexity

    duplicates = max(1, round(mapped * share))
    if duplicates < mapped:
        expected = estimate_library_complexity(mapped, duplicates)
        # pairtools' formula cancels where nearly nothing was seen twice.
        tolerance = 1e-5 if duplicates > 1e-4 * mapped else 1
        assert molecules(mapped, mapped - duplicates) == pytest.approx(expected, rel=tolerance)


def test_planted_numbers_come_back(hicloom: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "qc.json"
    assert hicloom("stats", folder / "marked.pairs.gz", "--output", out).code == 0
    found = json.loads(out.read_text())
    totals, contacts = found["totals"], found["contacts"]
    # Of all read pairs 9 % are unmapped and 12 % half mapped (simulate.pairs).
    assert totals["unmapped"] / PAIRS == pytest.approx(0.09, rel=0.02)
    assert totals["single_sided"] / PAIRS == pytest.approx(0.12, rel=0.02)
    assert totals["duplicates"] / totals["mapped"] == pytest.approx(DUPLICATES, rel=0.02)
    assert contacts["cis"] / totals["final"] == pytest.approx(CIS, rel=0.02)
    # A library of U pairs that was sequenced until a share d was seen twice.
    library = found["duplicates"]["complexity"]
    seen = -math.expm1(-totals["mapped"] / library) * library
    assert seen == pytest.approx(totals["unique"], rel=1e-6)


def test_a_planted_law_of_distance_comes_back(hicloom: Run, tmp_path: Path) -> None:
    # P(s) = 1 / s between 1 kb and 10 Mb makes log10(s) uniform, but for the last 10 Mb.
    rng = np.random.default_rng(5)
    length, number = 200_000_000, 400_000
    step = np.round(10 ** rng.uniform(3, 7, number)).astype(int)
    start = rng.integers(1, length - 10**7, number)
    strands = rng.integers(0, 2, (2, number))
    path, out = tmp_path / "law.pairs", tmp_path / "law.json"
    rows = "".join(
        f".\tc\t{a}\tc\t{a + s}\t{'+-'[x]}\t{'+-'[y]}\tUU\n"
        for a, s, x, y in zip(start, step, *strands, strict=True)
    )
    columns = "readID chrom1 pos1 chrom2 pos2 strand1 strand2 pair_type"
    path.write_text(f"## pairs format v1.0\n#chromsize: c {length}\n#columns: {columns}\n{rows}")
    assert hicloom("stats", path, "--output", out).code == 0
    found = json.loads(out.read_text())
    middles, slope = np.array(found["scaling"]["middle"]), found["scaling"]["genome"]["slope"]
    inside = (middles > 5e3) & (middles < 2e6)
    # Each bin has some 12,500 pairs: P(s) to 1 %, its slope over three bins to 3 %.
    assert np.array(slope, float)[inside] == pytest.approx(-1, abs=0.1)
    assert np.array(slope, float)[inside].mean() == pytest.approx(-1, rel=0.02)
    assert found["pairsqc"]["slope_10kb_300kb"] == pytest.approx(-1, rel=0.02)
    assert found["orientation_convergence"]["distance"] == 1000


def test_pairsqcs_tables_follow_its_definitions(hicloom: Run, folder: Path, tmp_path: Path) -> None:
    # https://github.com/4dn-dcic/pairsqc: log10 bins of 0.1; a distance of 0 has none.
    source = folder / "unique.pairs.gz"
    words = ("stats", source, "--pairsqc", tmp_path, "--name", "x", "--max-distance", 6.3)
    assert hicloom(*words).code == 0
    counts: Counter[tuple[int, str]] = Counter()
    for row in body(source):
        _, chrom1, pos1, chrom2, pos2, strand1, strand2, *_ = row.split()
        distance = int(pos2) - int(pos1)
        if chrom1 == chrom2 and distance > 0:
            counts[int(math.log10(distance) / 0.1), strand1 + strand2] += 1
    table = pd.read_table(tmp_path / "x.plot_table.out")
    assert len(table) == 53  # 10^1 to 10^6.3
    for place, line in table.iterrows():
        number = int(str(place)) + 10
        assert line["distance"] == pytest.approx(number / 10 + 0.05)
        inner, outer, right, left = (counts[number, s] for s in ("+-", "-+", "++", "--"))
        found = line[["count.Inner", "count.Outer", "count.Right", "count.Left", "sum"]]
        assert found.tolist() == [inner, outer, right, left, inner + outer + right + left]
        room = sum(max(0, length - 10 ** line["distance"] - 1) for length in SIZES.values())
        assert line["allpossible_sumcount"] == pytest.approx(room, rel=1e-3)
        size = 10 ** (number / 10 + 0.1) - 10 ** (number / 10)
        assert line["prob"] == pytest.approx(line["sum"] / room / size, rel=1e-3)
    summary = dict(
        line.split("\t") for line in (tmp_path / "x.summary.out").read_text().splitlines()
    )
    assert list(summary) == [
        "Total reads",
        "Short cis reads (<20kb)",
        "Cis reads (>20kb)",
        "Trans reads",
        "Cis/Trans ratio",
        "% Long-range intrachromosomal reads",
        "convergence",
        "slope",
    ]
