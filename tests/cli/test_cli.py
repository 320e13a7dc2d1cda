"""The command line as a whole."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from hicloom.cli import verbs

Cli = Callable[..., object]
HEAVY = ("pandas", "cooler", "h5py", "pysam", "hictkpy", "matplotlib", "snakemake")


def test_every_verb_has_a_line_of_help(hicloom: Cli) -> None:
    lines = hicloom("--help").stdout.splitlines()
    for verb in verbs():
        assert any(line.startswith(f"│ {verb} ") and len(line.split()) > 4 for line in lines)


@pytest.mark.parametrize("verb", verbs())
def test_every_verb_explains_itself(hicloom: Cli, verb: str) -> None:
    outcome = hicloom(verb, "--help")
    assert outcome.code == 0
    assert outcome.stdout.startswith(f"Usage: hicloom {verb} ")


def test_a_folder_is_a_group_of_verbs(hicloom: Cli) -> None:
    assert "juicer-tools" in hicloom("fetch", "--help").stdout
    assert "Usage: hicloom simulate pairs" in hicloom("simulate", "pairs", "--help").stdout


def test_wrong_usage_is_one_line_that_names_the_help(hicloom: Cli) -> None:
    outcome = hicloom("simulate", "pairs", "--nonsense")
    assert outcome.code == 2
    assert outcome.stderr.count("\n") == 1
    assert "(see hicloom simulate pairs --help)" in outcome.stderr
    assert "(see hicloom --help)" in hicloom("nonsense").stderr


@pytest.mark.parametrize("verb", verbs())
def test_help_loads_no_heavy_library(verb: str) -> None:
    """`--help` answers at once: what takes long to import is imported by the work."""
    program = (
        "import sys\nfrom hicloom.cli import main\n"
        f"try:\n    main([{verb!r}, '--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, capture_output=True, text=True).stderr == "[]\n"
