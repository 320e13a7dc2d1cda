"""`hicloom init` lays out a project."""

from collections.abc import Callable
from pathlib import Path

from tests.conftest import Outcome


def test_a_project_is_laid_out(tmp_path: Path, hicloom: Callable[..., Outcome]) -> None:
    folder = tmp_path / "my project"
    outcome = hicloom("init", folder)
    assert (outcome.code, outcome.stderr) == (0, "")
    laid_out = ["Snakefile", "config", "cwl", "workflows"]
    assert sorted(path.name for path in folder.iterdir()) == laid_out
    assert (folder / "config/samples.tsv").read_text().startswith("library\tlane\tgroup")


def test_nothing_is_overwritten(tmp_path: Path, hicloom: Callable[..., Outcome]) -> None:
    (tmp_path / "config").mkdir()
    outcome = hicloom("init", tmp_path)
    assert outcome.code == 2
    assert "config: is there already" in outcome.stderr
    assert not (tmp_path / "Snakefile").exists()


def test_a_folder_that_cannot_be_made(tmp_path: Path, hicloom: Callable[..., Outcome]) -> None:
    (tmp_path / "file").touch()
    outcome = hicloom("init", tmp_path / "file/x")
    assert outcome.code == 2
    assert len(outcome.stderr.splitlines()) == 1
