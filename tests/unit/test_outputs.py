"""Outputs appear whole or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hicloom.errors import InputError
from hicloom.outputs import atomic, scratch


def test_an_output_appears_when_the_block_ends(tmp_path: Path) -> None:
    final = tmp_path / "new folder" / "x.txt"
    with atomic(final) as (part,):
        part.write_text("whole")
        assert not final.exists()
    assert [path.name for path in final.parent.iterdir()] == ["x.txt"]


def test_a_failure_keeps_the_old_output(tmp_path: Path) -> None:
    final = tmp_path / "x.txt"
    final.write_text("old")
    with pytest.raises(ZeroDivisionError), atomic(final) as (part,):
        part.write_text("half")
        raise ZeroDivisionError
    assert final.read_text() == "old"
    assert list(tmp_path.iterdir()) == [final]


def test_a_part_keeps_the_ending_of_its_output(tmp_path: Path) -> None:
    with atomic(tmp_path / "x.pairs.gz") as (part,):
        part.touch()
        assert part.name.endswith("x.pairs.gz")


KILLED = """
import os, signal, sys
from pathlib import Path
from hicloom.outputs import atomic, scratch
with atomic(Path(sys.argv[1])) as (part,):
    part.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_run_left_goes_with_the_next_one(tmp_path: Path) -> None:
    final = tmp_path / "a [strange] *name?.txt"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(final)], check=False)
    assert killed.returncode == -9
    assert not final.exists()
    with atomic(final) as (part,):
        part.write_text("whole")
    assert list(tmp_path.iterdir()) == [final]


def test_two_writers_of_one_output_do_not_disturb_each_other(tmp_path: Path) -> None:
    final = tmp_path / "x.txt"
    with atomic(final) as (first,):
        first.write_text("first")
        with atomic(final) as (second,):
            second.write_text("second")
    assert final.read_text() == "first"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_not_writable_is_bad_usage(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="not writable"), atomic(tmp_path / "x.txt"):
        pass


def test_a_file_in_the_place_of_the_folder_is_bad_usage(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    with pytest.raises(InputError, match="cannot make this folder"), atomic(tmp_path / "x" / "y"):
        pass


SCRATCH = """
import os, signal, sys
from pathlib import Path
from hicloom.outputs import scratch
with scratch(Path(sys.argv[1])) as folder:
    (folder / "x").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_scratch_folder_goes_when_its_block_ends(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), scratch(tmp_path) as folder:
        (folder / "x").write_text("x")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_scratch_folders_of_killed_runs_go_with_the_next_one(tmp_path: Path) -> None:
    """Those of runs that live stay; a folder that only has such a name is somebody else's."""
    (tmp_path / "hicloom-01234567").mkdir()
    subprocess.run([sys.executable, "-c", SCRATCH, str(tmp_path)], check=False)
    assert len(list(tmp_path.glob("hicloom-????????/x"))) == 1
    with scratch(tmp_path) as living:
        assert list(tmp_path.glob("hicloom-????????/x")) == []
        with scratch(tmp_path):
            assert living.is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["hicloom-01234567"]


def test_scratch_wants_a_folder(tmp_path: Path) -> None:
    told = r"--tmpdir .*: is not a writable folder"
    with pytest.raises(InputError, match=told), scratch(tmp_path / "none"):
        pass
