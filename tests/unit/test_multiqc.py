"""MultiQC itself, run on what hicloom writes: does its report hold our numbers?"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hicloom.matrix.balancing import BalanceOptions
from hicloom.steps.hic import hic
from hicloom.steps.simulate.pairs import pairs
from hicloom.steps.zoomify import zoomify
from tests.unit.matrices import simulated_map, write_chromsizes

pytest.importorskip("multiqc", reason="the report of MultiQC needs the extra `report`")

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two libraries, the map of their group for two filters, one of them as a .hic file, too."""
    from hicloom.steps.dedup import dedup

    folder = tmp_path_factory.mktemp("multiqc")
    sizes = write_chromsizes(folder / "sizes")
    # A name that MultiQC would cut by itself.
    for seed, name in enumerate(("A_counts", "B")):
        raw, stem = folder / f"{name}.raw.pairs.gz", folder / f"{name}.toy"
        pairs(chromsizes=sizes, output=raw, pairs=20_000, raw=True, duplicates=0.2, seed=seed)
        made = {"stats": Path(f"{stem}.stats.tsv"), "qc": Path(f"{stem}.qc.json")}
        dedup(raw, output=Path(f"{stem}.pairs.gz"), name=name, **made)
    one = simulated_map(folder)
    # Within 2 iterations nothing converges.
    for name, most in (("pool.toy.all", 200), ("pool.toy.few", 2)):
        options = BalanceOptions(max_iters=most)
        made = folder / f"{name}.mcool"
        zoomify(str(one), output=made, resolutions=[1000, 10_000], balance_options=options)
    hic(str(folder / "pool.toy.all.mcool"), output=folder / "pool.toy.all.hic", norms=["VC"])
    return folder


@pytest.fixture(scope="module")
def report(folder: Path) -> Path:
    """The report, made by `hicloom multiqc`."""
    from hicloom.steps.multiqc import multiqc

    kinds = {"qc": "qc.json", "stats": "stats.tsv", "mcool": "mcool", "hic": "hic"}
    given = {name: sorted(folder.glob(f"*.{end}")) for name, end in kinds.items()}
    multiqc(output=folder / "multiqc", **given)
    return folder / "multiqc"


@pytest.fixture(scope="module")
def data(report: Path) -> dict[str, Any]:
    """What the report shows, by section and sample, as MultiQC itself wrote it down."""
    found = json.loads((report / "multiqc_data/multiqc_data.json").read_text())
    return found["report_saved_raw_data"]  # type: ignore[no-any-return]


def document(folder: Path, name: str) -> dict[str, Any]:
    return json.loads((folder / f"{name}.toy.qc.json").read_text())  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", ["A_counts", "B"])
def test_a_library_has_its_curves_and_metrics(
    folder: Path, data: dict[str, Any], name: str
) -> None:
    found = document(folder, name)
    curve = found["scaling"]["genome"]["p"]
    points = zip(found["scaling"]["middle"], curve, strict=True)
    shown = data["multiqc_hicloom_scaling_plot"][name]
    assert shown == {str(round(x)): y for x, y in points if y}
    more = found["duplicates"]["curve"]
    shown = data["multiqc_hicloom_complexity_plot"][name]
    assert shown == {str(x): y for x, y in zip(more["mapped"], more["unique"], strict=True)}
    shown = data["multiqc_hicloom_metrics_table"][name]
    assert shown["verdict"] == found["verdict"]
    expected = {row["id"]: row["value"] for row in found["metrics"] if row["id"] in shown}
    assert {key: shown[key] for key in expected} == expected
    assert {"mapped", "duplicates", "cis_to_trans", "long_range"} <= set(expected)


def test_the_tables_of_pairtools_are_read_by_its_own_module(
    folder: Path, data: dict[str, Any]
) -> None:
    """Under the same names as our numbers."""
    assert set(data["multiqc_pairtools"]) == set(data["multiqc_hicloom_metrics_table"])
    for name, shown in data["multiqc_pairtools"].items():
        totals = document(folder, name)["totals"]
        assert (shown["total"], shown["total_dups"]) == (totals["reads"], totals["duplicates"])


def test_maps_tell_whether_they_are_balanced_and_have_their_norms(data: dict[str, Any]) -> None:
    maps, bins = data["multiqc_hicloom_maps_table"], data["multiqc_hicloom_balancing_table"]
    assert maps["pool all"] == {
        "pairs": 30_000,
        "finest": 1000,
        "balancing": "2 of 2",
        # VC at two resolutions.
        "hic_norms": "2 of 2",
    }
    assert maps["pool few"] == {"pairs": 30_000, "balancing": "0 of 2"}
    assert bins["pool few"] == {"1000": 0, "10000": 0}
    assert 90 < bins["pool all"]["1000"] <= 100


def test_the_report_is_one_page_with_all_its_scripts(report: Path) -> None:
    text = (report / "multiqc_report.html").read_text()
    for section in ("P(s)", "Library complexity", "Balanced bins"):
        assert section in text
    assert not re.findall(r"<(?:script|link)[^>]+(?:src|href)=\"https?:", text)
    assert "multiqc.info/version" not in (report / "multiqc_data/multiqc.log").read_text()


def test_a_plain_multiqc_finds_the_same(report: Path, data: dict[str, Any], tmp_path: Path) -> None:
    """Pointed at the folder with what it was given."""
    words = ("--outdir", tmp_path, "--no-version-check", "--no-ai", report / "content")
    environment = os.environ | {"HOME": str(tmp_path)}
    command = [sys.executable, "-m", "multiqc", *map(str, words)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "multiqc_data/multiqc_data.json").read_text())
    key = "multiqc_hicloom_maps_table"
    assert found["report_saved_raw_data"][key] == data[key]


def test_a_report_is_replaced_and_nothing_else_is(
    hicloom: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one, other = Path("report"), Path("other")
    for stale in (one / "content/old_mqc.json", other / "notes.txt"):
        stale.parent.mkdir(parents=True)
        stale.write_text("{}")
    given = ("--qc", folder / "B.toy.qc.json")
    assert hicloom("multiqc", *given, "--output", one).code == 0
    assert not (one / "content/old_mqc.json").exists()
    assert (one / "multiqc_report.html").exists()
    outcome = hicloom("multiqc", *given, "--output", other)
    assert outcome.code == 2
    assert "holds other files (notes.txt)" in outcome.stderr
    assert [path.name for path in other.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "nothing to show: give --qc, --stats, --mcool or --hic"),
        (("--stats", "absent.tsv"), "absent.tsv: no such file"),
        (("--mcool", "absent.mcool"), "absent.mcool: is not a readable .mcool file"),
        (("--stats", "empty.tsv"), "multiqc: found nothing to show in these files"),
    ],
)
def test_what_cannot_be_shown_is_told_in_one_line(
    hicloom: Run, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    (tmp_path / "empty.tsv").touch()
    given = [str(tmp_path / word) if "." in word else word for word in words]
    outcome = hicloom("multiqc", *given, "--output", tmp_path / "out")
    assert outcome.code in (1, 2)
    assert len(outcome.stderr.splitlines()) == 1
    assert outcome.stderr.rstrip().endswith(message)
    assert [path.name for path in tmp_path.iterdir()] == ["empty.tsv"]
