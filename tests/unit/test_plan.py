"""What a run will take: jobs, and figures that grow as they should."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hicloom.planning.counting import lines, read_pairs
from hicloom.planning.model import COSTS, TERMS, cost, costs
from hicloom.workflow.samples import read_samples
from tests.conftest import Outcome
from tests.lanes import genome, write_lane

Run = Callable[..., Outcome]
HG38 = 3.1e9


@pytest.fixture
def samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of two lanes of 3,000 read pairs each, and one that is to be downloaded."""
    monkeypatch.chdir(tmp_path)
    one, two = write_lane(tmp_path, genome(), 3000)
    rows = ["library lane group fastq1 fastq2", f"A L1 pool {one} {two}", f"A L2 pool {one} {two}"]
    rows.append("B L1 pool sra:SRR1 sra:SRR1")
    path = tmp_path / "samples.tsv"
    path.write_text("\n".join("\t".join(row.split(" ")) for row in rows))
    return path


def table(outcome: Outcome) -> dict[str, dict[str, str]]:
    """A plan by step."""
    assert outcome.code == 0, outcome.stderr
    names, *rows = (line.split("\t") for line in outcome.stdout.splitlines())
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows}


def test_each_step_has_its_jobs(samples: Path, hicloom: Run) -> None:
    plan = table(hicloom("plan", samples, "--pairs", 5000))
    jobs = {step: int(row["jobs"]) for step, row in plan.items()}
    # Three lanes; two libraries with three tracks each; one group with two maps.
    assert jobs == {
        "align": 3, "bam2pairs": 3, "dedup": 2, "d4": 6, "merge-pairs": 1, "cload": 2,
        "zoomify": 2, "hic": 2, "add-hic-norms": 2, "all": 23,
    }  # fmt: skip
    assert plan["align"]["threads"] == "8"
    assert [step for step, row in plan.items() if row["kept"] == "yes"] == [
        *("dedup", "d4", "merge-pairs", "hic", "add-hic-norms")
    ]


def test_chunks_are_jobs(samples: Path, hicloom: Run) -> None:
    plan = table(hicloom("plan", samples, "--pairs", 5000, "--chunk-reads", 2048))
    # 2,048 + 952 of each lane that is here, 2,048 + 2,048 + 904 of the other.
    assert plan["align"]["jobs"] == plan["bam2pairs"]["jobs"] == "7"
    assert plan["split-reads"]["jobs"] == "3"


def test_what_is_not_made_has_no_jobs(samples: Path, hicloom: Run) -> None:
    plan = table(hicloom("plan", samples, "--pairs", 9, "--no-hic", "--no-depth", "--maps", 1))
    assert not {"hic", "add-hic-norms", "d4"} & set(plan)
    assert (plan["zoomify"]["jobs"], plan["zoomify"]["kept"]) == ("1", "yes")


def test_lanes_to_be_downloaded_are_told(samples: Path, hicloom: Run) -> None:
    outcome = hicloom("plan", samples, "--lanes")
    assert "1 lanes are still to be downloaded" in outcome.stderr
    rows = [line.split("\t") for line in outcome.stdout.splitlines()]
    place = rows[0].index("read_pairs")
    assert [row[place] for row in rows[1:]] == ["3000", "3000", "0"]


def test_a_table_can_be_kept(samples: Path, hicloom: Run, tmp_path: Path) -> None:
    hicloom("plan", samples, "--pairs", 9, "--output", tmp_path / "plan.tsv")
    assert (tmp_path / "plan.tsv").read_text().startswith("step\tjobs\t")


def test_lines_of_a_long_file_are_told_by_its_start(tmp_path: Path) -> None:
    """Of even lines the start says it all: 12 MB, of which 4 MiB are read; gzip in members."""
    text = b"".join(b"%06d %s\n" % (n, bytes([65 + n % 26]) * 113) for n in range(100_000))
    (tmp_path / "plain").write_bytes(text)
    members = (text[start : start + 60_000] for start in range(0, len(text), 60_000))
    (tmp_path / "packed").write_bytes(b"".join(gzip.compress(m, 0) for m in members))
    for name in ("plain", "packed"):
        assert lines(tmp_path / name) == pytest.approx(100_000, rel=0.01)


def test_pairs_are_counted_by_their_index(write_pairs: Callable[..., Path], tmp_path: Path) -> None:
    path = write_pairs("a.pairs.gz", ["r chr1 1 chr1 5 + - UU 60 60"] * 5)
    table = tmp_path / "samples.tsv"
    table.write_text(f"library\tpairs\nA\t{path}\n")
    (lane,) = read_samples(table).lanes
    assert read_pairs(lane, HG38) == 5


@pytest.mark.parametrize("step", costs()["steps"])
def test_costs_grow_with_the_pairs_and_never_fall(step: str) -> None:
    sizes = [cost(step, pairs, HG38) for pairs in (0, 10**6, 10**8, 5 * 10**9)]
    for figure in ("cpu", "memory", "disk"):
        values = [getattr(size, figure) for size in sizes]
        assert values == sorted(values)
        assert min(values) >= 0
    if step != "add-hic-norms":
        assert sizes[-1].cpu > sizes[0].cpu


def test_alignment_uses_its_threads_and_holds_the_index() -> None:
    two, eight = (cost("align", 1e7, HG38, threads) for threads in (2, 8))
    assert eight.wall < two.wall / 3
    # bwa's index takes 1.75 bytes a base.
    assert two.memory - cost("align", 1e7, 1e8).memory == pytest.approx(1750 * 3.0)


def test_memory_stays_within_what_the_rule_gives() -> None:
    assert cost("bam2pairs", 5e9, HG38).memory <= 4000


def test_the_coefficients_are_those_of_the_fit() -> None:
    table = json.loads(COSTS.read_text())
    for fitted in table["steps"].values():
        for figure in ("cpu", "memory", "disk"):
            assert set(fitted[figure]) <= set(TERMS)
            assert min(fitted[figure].values(), default=0) >= 0
