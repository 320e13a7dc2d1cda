"""Toil runs the same CWL files, and gives what cwltool gives."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cwl.conftest import BIN, FOLDER, Run, hicloom
from tests.engines import assert_same_pairs_run, assert_same_run, entry, hic_job, pairs_job

# Made by .ci/run: toil pins a cwltool of its own.
TOIL = Path(__file__).parents[2] / ".venv/share/toil/bin"
Cwltool = Callable[..., Run]


@pytest.fixture(scope="module")
def toil(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Run `toil-cwl-runner --no-container WORDS...` with this environment's hicloom on PATH."""
    if not (TOIL / "toil-cwl-runner").exists():
        pytest.skip("Toil is not installed in .venv/share/toil")
    temporary = tmp_path_factory.mktemp("toil")
    start = [TOIL / "toil-cwl-runner", "--no-container", "--workDir", temporary, "--logWarning"]
    # Names of its own for programs that are only there.
    path = f"{TOIL}:{BIN}:/usr/bin:/bin"
    environment = os.environ | {"PATH": path, "TMPDIR": str(temporary), "HOME": str(temporary)}

    def run(*words: object) -> Run:
        command = list(map(str, (*start, *words)))
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=1800
        )
        return Run(done.returncode, json.loads(done.stdout or "{}"), done.stderr)

    return run


def test_the_whole_workflow_gives_what_cwltool_gives(
    toil: Callable[..., Run], cwltool: Cwltool, lanes: Path, tmp_path: Path
) -> None:
    job = hic_job(
        tmp_path / "job.yml",
        {"R1": [lanes / "L1_1.fastq.gz"], "R2": [lanes / "L2_1.fastq.gz"]},
        index=entry(lanes / "index"),
        chromsizes=entry(lanes / "toy.chrom.sizes"),
        group="wt",
        assembly="toy",
        resolutions=[5000, 10000],
    )
    for name, run in (("here", cwltool), ("toil", toil)):
        done = run("--outdir", tmp_path / name, FOLDER / "hic.cwl", job)
        assert done.code == 0, done.stderr
    assert_same_run(tmp_path / "here", tmp_path / "toil")


def test_4dns_workflow_gives_what_cwltool_gives(
    toil: Callable[..., Run], cwltool: Cwltool, lanes: Path, tmp_path: Path
) -> None:
    pairs = [tmp_path / f"{name}.pairs.gz" for name in ("R1", "R2")]
    for seed, path in enumerate(pairs):
        words = ["--chromsizes", lanes / "toy.chrom.sizes", "--pairs", "5000", "--seed", seed]
        hicloom("simulate", "pairs", *words, "--output", path)
    job = pairs_job(tmp_path / "job.yml", pairs, lanes / "toy.chrom.sizes", lanes / "toy.DpnII.txt")
    for name, run in (("here", cwltool), ("toil", toil)):
        done = run("--outdir", tmp_path / name, FOLDER / "hi-c-processing-pairs.cwl", job)
        assert done.code == 0, done.stderr
    assert_same_pairs_run(tmp_path / "here", tmp_path / "toil")
