"""Rules that run cooltools, in the image that holds it, and what comes out."""

import json
import re
import subprocess
import sys
from pathlib import Path

import cooler
import numpy as np
import pandas as pd
import pytest

from hicloom.commands.init import init
from tests.docker.conftest import Run, hicloom

SIZE = 10_000
CONFIG = f"""
input: {{assembly: toy, chromsizes: sizes}}
filter: {{maps: {{all: ""}}}}
bin: {{resolutions: [{SIZE}]}}
hic: {{activate: false}}
depth: {{activate: false}}
output: {{pictures: false}}
qc:
  multiqc: false
  downstream: {{insulation: {SIZE}, compartments: {SIZE}, expected: {SIZE}}}
"""
MCOOL = "results/groups/A.toy.all.mcool"

pytestmark = pytest.mark.usefixtures("images")


@pytest.fixture
def project(tmp_path: Path, inside: Run) -> Path:
    """A project whose map is there, after its analyses were run in the image."""
    init(tmp_path / "run")
    folder = tmp_path / "run"
    (folder / "sizes").write_text("chr1\t6000000\nchr2\t2000000\n")
    simulate = "simulate pairs --chromsizes sizes --pairs 400000 --seed 5 --output a.pairs.gz"
    make = "cload a.pairs.gz --bin-size 10000 --assembly toy --output a.cool"
    zoom = f"zoomify a.cool --resolutions {SIZE} --balance --output {MCOOL}"
    for line in (simulate, make, zoom):
        outcome = hicloom(*line.split(), cwd=folder)
        assert outcome.code == 0, outcome.stderr
    (folder / "config/config.yaml").write_text(CONFIG)
    (folder / "config/samples.tsv").write_text("library\tpairs\nA\ta.pairs.gz\n")
    found = commands(folder)
    assert sorted(found) == ["compartments", "expected", "insulation"]
    for name, command in found.items():
        (folder / "logs" / name).mkdir(parents=True)
        subprocess.run(["chmod", "-R", "a+rwX", folder], check=True)
        done = inside(
            "report", "bash", "-c", f"set -euo pipefail; {command}", working_dir=str(folder)
        )
        logs = "".join(path.read_text() for path in (folder / "logs" / name).iterdir())
        assert done.code == 0, logs
    return folder


def commands(folder: Path) -> dict[str, str]:
    """What Snakemake would run for each analysis."""
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--dry-run", "--printshellcmds"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    pattern = r"^Shell command: (\(?cooltools .*2> logs/(\w+)/.*)$"
    found = re.findall(pattern, done.stdout + done.stderr, flags=re.MULTILINE)
    return {name: line for line, name in found}


def test_cooltools_finds_what_is_in_the_map(project: Path) -> None:
    stem = project / MCOOL.removesuffix(".mcool")
    tables = {
        name: pd.read_table(f"{stem}.{name}.tsv")
        for name in ("insulation", "compartments", "expected")
    }
    map_ = cooler.Cooler(f"{project / MCOOL}::/resolutions/{SIZE}")
    places = ["chrom", "start", "end"]
    for name in ("insulation", "compartments"):
        found, bins = (table[places].astype(str) for table in (tables[name], map_.bins()[:]))
        assert found.to_numpy().tolist() == bins.to_numpy().tolist()
    _check_insulation(tables["insulation"], map_)
    _check_expected(tables["expected"], map_)
    _check_decay(tables["expected"], project)
    _check_compartments(tables["compartments"], map_)


def _check_insulation(table: pd.DataFrame, map_: cooler.Cooler) -> None:
    """The score is log2 of the mean of a diamond over the median of all of them."""
    contacts = map_.matrix(balance=True).fetch("chr1")
    of_chrom = table[table.chrom == "chr1"].reset_index(drop=True)
    size, bins = 10, range(100, 200)
    means = np.array([np.nanmean(contacts[i - size : i, i + 1 : i + size + 1]) for i in bins])
    shown = of_chrom[f"log2_insulation_score_{size * SIZE}"][100:200]
    assert np.corrcoef(np.log2(means), shown)[0, 1] > 0.95
    assert table[f"is_boundary_{size * SIZE}"].any()


def _check_expected(table: pd.DataFrame, map_: cooler.Cooler) -> None:
    """The sum of each diagonal is that of the map; the first two are left out."""
    contacts = map_.matrix(balance=False).fetch("chr2")
    weights = map_.bins().fetch("chr2")["weight"].to_numpy()
    contacts = np.where(np.isfinite(weights[:, None] * weights), contacts, 0)
    of_chrom = table[table.region1 == "chr2"].set_index("dist")
    assert of_chrom["count.sum"][:2].isna().all()
    for diagonal in (2, 10, 100):
        assert of_chrom["count.sum"][diagonal] == np.trace(contacts, diagonal)


def _check_decay(table: pd.DataFrame, folder: Path) -> None:
    """`hicloom stats` finds the P(s) of cooltools: the same pairs, by base and not by bin."""
    outcome = hicloom("stats", "a.pairs.gz", "--output", "a.json", cwd=folder)
    assert outcome.code == 0, outcome.stderr
    scaling = json.loads((folder / "a.json").read_text())["scaling"]
    curve = scaling["chromosomes"]["chr1"]
    pairs = np.sum(list(curve["orientations"].values()), axis=0) + 0.0
    diagonals = table[table.region1 == "chr1"]
    distance = diagonals["dist"] * SIZE
    compared = 0
    for start, end, number, possible in zip(
        scaling["start"], scaling["end"], pairs, curve["possible"], strict=True
    ):
        if start >= 150_000 and end <= 2_000_000:
            within = diagonals[(distance >= start) & (distance < end)]
            theirs = within["count.sum"].sum() / (within["n_valid"].sum() * SIZE**2)
            # Their bins of distance end at a bin of the map: half of one is 3 % of 150 kb.
            assert number / possible == pytest.approx(theirs, rel=0.05)
            compared += 1
    assert compared == 8


def _check_compartments(table: pd.DataFrame, map_: cooler.Cooler) -> None:
    """E1 tells bins whose contacts are alike: those of one sign meet more often than expected."""
    contacts = map_.matrix(balance=True).fetch("chr1")
    first = table[table.chrom == "chr1"]["E1"].to_numpy()
    distance = np.subtract.outer(np.arange(len(first)), np.arange(len(first)))
    far, same = (distance > 50) & np.isfinite(contacts), np.multiply.outer(first, first) > 0
    assert contacts[far & same].mean() > 1.05 * contacts[far & ~same].mean()
