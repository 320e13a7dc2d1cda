"""Toil runs the same CWL files, and gives what cwltool gives."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.conftest import body
from tests.cwl.conftest import BIN, FOLDER, Run, hicloom
from tests.engines import assert_same_hic, assert_same_run, entry, hic_job
from tests.snakemake.tables import assert_same_map

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
    job = {
        "input_pairs": list(map(entry, pairs)),
        "chromsizes": entry(lanes / "toy.chrom.sizes"),
        "restriction_file": entry(lanes / "toy.DpnII.txt"),
        "min_res": 5000,
        "custom_res": "5000,10000",
        "maxmem": "1g",
        "nthreads": 2,
        "memory_mb": 2000,
        "disk_mb": 1000,
    }
    (tmp_path / "job.yml").write_text(yaml.safe_dump(job))
    for name, run in (("here", cwltool), ("toil", toil)):
        words = (FOLDER / "hi-c-processing-pairs.cwl", tmp_path / "job.yml")
        done = run("--outdir", tmp_path / name, *words)
        assert done.code == 0, done.stderr
    assert body(tmp_path / "here/out.pairs.gz") == body(tmp_path / "toil/out.pairs.gz")
    assert_same_map(tmp_path / "here/output.mcool", tmp_path / "toil/output.mcool")
    assert_same_hic(tmp_path / "here/out.hic", tmp_path / "toil/out.hic")
