"""What a run tells of its libraries and maps."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.snakemake.conftest import CONFIG, Project

QC = """
qc:
  arms: arms.bed
  multiqc: true
  downstream: {insulation: 10000, compartments: 20000}
"""


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text())  # type: ignore[no-any-return]


@pytest.mark.parametrize("library", "AB")
def test_a_library_is_judged_while_its_duplicates_are_sought(
    finished: Project, library: str
) -> None:
    stem = f"results/libraries/{library}.toy"
    found, counted = (read(finished.path(f"{stem}.{end}.json")) for end in ("qc", "stats"))
    assert found["name"] == library
    assert found["totals"]["reads"] == counted["total"]
    assert found["totals"]["duplicates"] == counted["total_dups"]
    # chrM is not in the chromsizes: its pairs are known, and do not count.
    assert list(found["chromosomes"]) == ["chr1", "chr2"]
    contacts = found["contacts"]
    assert contacts["final"] + contacts["other_chromosomes"] == counted["total_nodups"]
    assert found["fragments"] is None, "no enzyme is given"


def test_multiqcs_report_holds_every_library_and_map(finished: Project) -> None:
    data = read(finished.path("results/multiqc/multiqc_data/multiqc_data.json"))
    shown = data["report_saved_raw_data"]
    assert set(shown["multiqc_pairtools"]) == set(shown["multiqc_hicloom_metrics_table"]) == {*"AB"}
    for library in "AB":
        found = read(finished.path(f"results/libraries/{library}.toy.qc.json"))
        assert shown["multiqc_hicloom_metrics_table"][library]["verdict"] == found["verdict"]
    maps = {f"{group} {name}" for group in ("pool", "solo") for name in ("no_filter", "mapq_30")}
    assert set(shown["multiqc_hicloom_maps_table"]) == maps


@pytest.fixture(scope="module")
def planned(new_project: Callable[[str], Project], data: Path) -> str:
    """The commands of a run from final pairs, with all that can be asked for."""
    project = new_project("judged")
    for name in ("a.pairs", "arms.bed"):
        project.path(name).touch()
    config = CONFIG.format(genome=data / "genome.fa.gz")
    config = config.replace("assembly: toy", "assembly: toy\n  enzyme: Arima")
    project.write(config + QC, ["library pairs", "A a.pairs"])
    code, said = project.run("--dry-run", "--printshellcmds")
    assert code == 0, said
    return " ".join(said.split())


def test_a_library_of_final_pairs_is_judged_by_what_config_says(planned: str) -> None:
    judged = planned.partition("hicloom stats ")[2].partition(" 2> ")[0].split()
    options = dict(zip(judged[1::2], judged[2::2], strict=True))
    assert options == {
        "--name": "A",
        "--chromsizes": "results/reference/toy.chrom.sizes",
        "--enzyme": "4",
        "--fragments": "results/reference/toy.sites.txt",
        "--arms": "arms.bed",
        "--tsv": "results/libraries/A.toy.stats.tsv",
        "--json": "results/libraries/A.toy.stats.json",
        "--output": "results/libraries/A.toy.qc.json",
    }


def test_only_the_analyses_that_are_asked_for_are_made(planned: str) -> None:
    for name in ("no_filter", "mapq_30"):
        stem = f"results/groups/A.toy.{name}"
        assert f"cooltools insulation {stem}.mcool::/resolutions/10000 3 5 10 25" in planned
        assert f"cooltools eigs-cis {stem}.mcool::/resolutions/20000 --n-eigs 3" in planned
    assert "expected-cis" not in planned
