"""The report at the end of a run, and of a run that did not come to its end."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from hicloom.steps.simulate.pairs import pairs as simulate_pairs
from tests.snakemake.conftest import Project

CONFIG = """
input: {assembly: toy, chromsizes: sizes}
bin: {resolutions: [10000, 50000]}
filter: {maps: {all: ""}}
hic: {activate: false}
depth: {activate: false}
qc: {multiqc: false}
output: {crate: false, pictures: false, viewconf: false}
"""


def write_pairs(path: Path, seed: int) -> None:
    """Pairs before dedup."""
    sizes = path.with_name("sizes")
    sizes.write_text("chr1\t900000\nchr2\t500000\n")
    simulate_pairs(chromsizes=sizes, output=path, pairs=5000, raw=True, seed=seed, assembly="toy")


def test_a_library_that_fails_is_missing_in_the_partial_report(
    new_project: Callable[[str], Project],
) -> None:
    made = new_project("half")
    for seed, name in enumerate("AB"):
        write_pairs(made.path(f"{name}.pairs"), seed)
    text = made.path("B.pairs").read_text()
    made.path("B.pairs").write_text(text.replace("\tchr2\t", "\tchr2\tfar", 1))
    rows = ["A A.pairs raw solo,pool", "B B.pairs raw pool"]
    made.write(CONFIG, ["library pairs stage group", *rows])
    code, said = made.run("--keep-going")
    assert code == 1, said
    assert not made.path("results/report.html").exists()
    code, said = made.run("results/report.partial.html")
    assert code == 0, said
    page = made.path("results/report.partial.html").read_text()
    assert "Of 2 libraries" in page
    assert "1 has no result." in page
    assert "Library B is not in it." in page
    assert 'href="groups/solo.toy.all.mcool"' in page


def test_of_many_libraries_each_group_has_a_page(new_project: Callable[[str], Project]) -> None:
    made = new_project("many")
    write_pairs(made.path("x.pairs"), 1)
    made.write(CONFIG, ["library pairs stage", *(f"L{i} x.pairs raw" for i in range(21))])
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--printshellcmds", "--cores", "1"]
    outcome = subprocess.run(command, cwd=made.folder, capture_output=True, text=True, check=True)
    shown = next(line for line in outcome.stdout.splitlines() if "hicloom report" in line)
    assert "--pages results/report.groups" in shown
    assert shown.count(".qc.json") == shown.count(".all.mcool") == 21
