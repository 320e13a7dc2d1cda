"""The real cwltool, and small simulated data in a folder whose name holds a blank."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytest.importorskip("cwltool", reason="CWL needs the extra `cwl`")

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "cwl"
BIN = Path(sys.executable).parent


class Run(NamedTuple):
    """How cwltool ended, the output object that it printed, and what it said."""

    code: int
    output: dict[str, Any]
    stderr: str


@pytest.fixture(scope="session")
def cwltool(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Run `cwltool --no-container --strict WORDS...` with this environment's hicloom on PATH."""
    return runner(tmp_path_factory.mktemp("cwltool"), "--no-container")


def runner(temporary: Path, *options: str) -> Callable[..., Run]:
    """Run `cwltool --strict OPTIONS... WORDS...`, with its temporary folders in `temporary`."""
    environment = os.environ | {"PATH": f"{BIN}:/usr/bin:/bin", "TMPDIR": str(temporary)}
    start = (BIN / "cwltool", "--strict", "--disable-color", *options)

    def run(*words: object) -> Run:
        command = [str(word) for word in (*start, *words)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900)
        return Run(done.returncode, json.loads(done.stdout or "{}"), done.stderr)

    return run


@pytest.fixture(scope="session")
def lanes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a genome, its index, its sites, and lanes L1 and L2 of 1500 read pairs.

    Files: genome.fa.gz; index/ and index.tgz; toy.chrom.sizes (chr1 and chr2, not chrM);
    toy.DpnII.txt; L1_1.fastq.gz and so on.
    """
    folder = tmp_path_factory.mktemp("a lane")
    genome, sizes = folder / "genome.fa.gz", "chr1:150000,chr2:80000,chrM:16000"
    hicloom("simulate", "genome", "--chromosomes", sizes, "--output", genome)
    files = ["--chromsizes", folder / "toy.chrom.sizes", "--tgz", folder / "index.tgz"]
    hicloom("index-genome", genome, "-o", folder / "index", "--chroms", "chr[0-9]", *files)
    hicloom("fragments", genome, "--enzyme", "DpnII", "-o", folder / "toy.DpnII.txt")
    for seed, lane in enumerate(("L1", "L2")):
        mates = [f"--output{mate}={folder}/{lane}_{mate}.fastq.gz" for mate in (1, 2)]
        hicloom("simulate", "reads", genome, "--pairs", "1500", "--seed", seed, *mates)
    return folder


def hicloom(*words: object) -> None:
    """Run a verb in a process of its own."""
    command = [sys.executable, "-m", "hicloom", *map(str, words)]
    subprocess.run(command, check=True, capture_output=True)
