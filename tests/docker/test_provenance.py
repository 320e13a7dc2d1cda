"""What `cwltool --provenance` writes of a run in Docker is read by another program."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cwl.conftest import BIN, FOLDER, Run, lanes  # noqa: F401
from tests.cwl.test_4dn_runs import Demo, demo  # noqa: F401

# Its dependencies do not agree with cwltool's, so it has an environment of its own.
RUNCRATE = BIN.parent / "share/runcrate/bin/runcrate"


@pytest.mark.skipif(not RUNCRATE.exists(), reason=f"runcrate is not in {RUNCRATE.parent}")
def test_a_research_object_tells_the_run(
    demo: Demo,  # noqa: F811
    cwltool: Callable[..., Run],
    tmp_path: Path,
) -> None:
    """One action for the workflow and one for each of its four steps, with their files."""
    demo.make("bwa-mem")
    job = demo.folder / "cwl/jobs/hi-c-processing-bam.yml"
    words = ["--provenance", tmp_path / "ro", "--outdir", tmp_path / "out"]
    done = cwltool(*words, FOLDER / "hi-c-processing-bam.cwl", job)
    assert done.code == 0, done.stderr
    subprocess.run([RUNCRATE, "convert", tmp_path / "ro", "-o", tmp_path / "crate"], check=True)
    graph = json.loads((tmp_path / "crate/ro-crate-metadata.json").read_text())["@graph"]
    actions = [entity for entity in graph if entity["@type"] == "CreateAction"]
    instruments = [action["instrument"]["@id"].rpartition("#")[2] for action in actions]
    assert sorted(instruments) == [
        "packed.cwl",
        "pairsam-filter.cwl",
        "pairsam-markasdup.cwl",
        "pairsam-merge.cwl",
        "pairsam-parse-sort.cwl",
    ]
    names = {entity.get("alternateName") for entity in graph}
    assert {"out.lossless.bam", "out.dedup.pairs.gz"} <= names
