"""What `cwltool --provenance` writes of a run in Docker is read by another program."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cwl.conftest import BIN, FOLDER, Run, lanes  # noqa: F401
from tests.cwl.test_4dn_runs import Demo, demo  # noqa: F401

# The reader's dependencies do not agree with cwltool's, so it has an environment of its own.
PYTHON = BIN.parent / "share/cwlprov/bin/python"
STEPS = """
import sys
from bdbag.bdbagit import BDBag
from cwlprov.prov import Provenance
from cwlprov.ro import ResearchObject

bag = BDBag(sys.argv[1])
bag.validate()
for step in Provenance(ResearchObject(bag)).activity().steps():
    print(str(step.label).rpartition("/")[2])
"""


@pytest.mark.skipif(not PYTHON.exists(), reason=f"cwlprov is not in {PYTHON.parent}")
def test_a_research_object_tells_the_steps_of_a_run(
    demo: Demo,  # noqa: F811
    cwltool: Callable[..., Run],
    tmp_path: Path,
) -> None:
    demo.make("bwa-mem")
    job = demo.folder / "cwl/jobs/hi-c-processing-bam.yml"
    words = ["--provenance", tmp_path / "ro", "--outdir", tmp_path / "out"]
    done = cwltool(*words, FOLDER / "hi-c-processing-bam.cwl", job)
    assert done.code == 0, done.stderr
    read = subprocess.run([PYTHON, "-c", STEPS, tmp_path / "ro"], capture_output=True, text=True)
    assert sorted(read.stdout.split()) == [
        "pairsam-filter",
        "pairsam-markasdup",
        "pairsam-merge",
        "pairsam-parse-sort",
    ], read.stderr
