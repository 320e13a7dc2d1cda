"""Merging hundreds of files where the system allows few open ones."""

import random
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hicloom.formats.pairs import Header, create_pairs
from hicloom.steps import merge_pairs as step
from tests.conftest import CHROMSIZES, COLUMNS, Outcome, body

FILES = 600


@pytest.fixture(scope="module")
def chunks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Sorted files of ten pairs at few positions, so that many of them tie."""
    folder, draw = tmp_path_factory.mktemp("chunks"), random.Random(1)
    header = Header.new(CHROMSIZES, tuple(COLUMNS.split()), "toy")
    paths = [folder / f"{number:04d}.pairs" for number in range(FILES)]
    for number, path in enumerate(paths):
        places = sorted(draw.randint(1, 20) for _ in range(10))
        ends = "chr1\t99\t+\t+\tUU\t1\t1\n"
        rows = [f"{number}.{place}\tchr1\t{place}\t{ends}" for place in places]
        own = header.with_command(f"chunk {number}")
        with create_pairs(path, own) as out:
            out.write("".join(rows).encode())
    return paths


def merged(paths: list[Path]) -> list[str]:
    """What a stable sort makes of the files, one after the other."""
    return sorted((row for path in paths for row in body(path)), key=lambda r: int(r.split(" ")[2]))


def limit_open_files() -> None:
    """Allow 64 open files, as strict systems do, and no way up."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def test_600_files_with_64_open_ones(chunks: list[Path], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hicloom", "merge-pairs", *chunks, "-o", tmp_path / "m.pairs"]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    run = subprocess.run(
        [*command, "--tmpdir", scratch], preexec_fn=limit_open_files, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert body(tmp_path / "m.pairs") == merged(chunks)
    assert not [*scratch.iterdir()], "nothing is left of the rounds"
    text = (tmp_path / "m.pairs").read_text()
    assert "#command: chunk 0\n" in text
    assert "#command: chunk 599\n" in text


@pytest.mark.parametrize("at_once", [2, 3, 599])
def test_the_result_does_not_depend_on_the_rounds(
    at_once: int, chunks: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "files_at_once", lambda _: at_once)
    few = chunks if at_once == 599 else chunks[:9]
    step.merge_pairs(few, output=tmp_path / "m.pairs")
    assert body(tmp_path / "m.pairs") == merged(few)


def test_a_file_that_is_not_sorted_is_named_also_in_rounds(
    hicloom: Callable[..., Outcome],
    chunks: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hicloom.steps.merge_pairs.files_at_once", lambda _: 2)
    bad = tmp_path / "bad.pairs"
    lines = chunks[0].read_text().splitlines(keepends=True)
    bad.write_text("".join([*lines[:-10], *lines[:-11:-1]]))
    outcome = hicloom("merge-pairs", *chunks[:5], bad, "-o", tmp_path / "m.pairs")
    assert outcome.code == 2
    assert "bad.pairs, line" in outcome.stderr
    assert "not sorted" in outcome.stderr
    assert not (tmp_path / "m.pairs").exists()
