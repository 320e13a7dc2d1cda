"""What goes wrong around a command: signals, full disks, dying tools, strange paths."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import body

HICLOOM = [sys.executable, "-m", "hicloom"]
ROWS = [f"r{i} chr1 {i + 1} chr1 {i + 1000} + - UU 60 60" for i in range(3000)]
Write = Callable[..., Path]
# The command line with so little memory for counting that 300,000 pixels are too many.
SMALL_BATCHES = """
import sys
from hicloom.cli import main
from hicloom.formats import counter
counter.LEAST_BATCH = 64
from hicloom.matrix import binner
binner.memory_for_counting = lambda *_: 0
main(sys.argv[1:])
"""


def children(pid: int) -> list[int]:
    """The processes that `pid` started."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def wait_for(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def waiting_dedup(tmp_path: Path, write_pairs: Write) -> Iterator[subprocess.Popen[bytes]]:
    """`hicloom dedup` with its pairtools running, waiting for more input."""
    # More than one piece of a megabyte, and no end of file.
    rows = [f"r{i} chr1 {i + 1} chr1 900000 + - UU 60 60" for i in range(60_000)]
    text = write_pairs("x.pairs", rows).read_bytes()
    command = [*HICLOOM, "dedup", "-", "-o", str(tmp_path / "out" / "d.pairs.gz")]
    with subprocess.Popen(
        command, bufsize=0, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin
        process.stdin.write(text)
        wait_for(lambda: children(process.pid))
        yield process
        process.kill()


def test_a_tool_that_dies_in_the_middle_fails_the_step(
    waiting_dedup: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    os.kill(children(waiting_dedup.pid)[0], signal.SIGKILL)
    _, errors = waiting_dedup.communicate(timeout=60)
    assert waiting_dedup.returncode == 1
    assert b"pairtools dedup was killed by SIGKILL" in errors
    assert errors.count(b"\n") == 1
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_step_and_its_tools_and_leaves_nothing(
    waiting_dedup: subprocess.Popen[bytes], tmp_path: Path, how: signal.Signals
) -> None:
    tools = children(waiting_dedup.pid)
    waiting_dedup.send_signal(how)
    waiting_dedup.wait(timeout=60)
    assert waiting_dedup.returncode == 128 + how
    assert list((tmp_path / "out").iterdir()) == []
    wait_for(lambda: not any(Path(f"/proc/{tool}").exists() for tool in tools))


def test_under_nohup_a_hangup_ends_nothing(tmp_path: Path, write_pairs: Write) -> None:
    text = write_pairs("x.pairs", ROWS).read_bytes()
    command = ["nohup", *HICLOOM, "filter", "-", "-o", str(tmp_path / "f.pairs")]
    with subprocess.Popen(
        command, bufsize=0, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin
        running = Path(f"/proc/{process.pid}/cmdline")
        wait_for(lambda: running.read_bytes().startswith(sys.executable.encode()))
        process.send_signal(signal.SIGHUP)
        process.stdin.write(text)
        process.stdin.close()
        assert process.wait(timeout=60) == 0
    assert body(tmp_path / "f.pairs") == ROWS


def test_after_kill_9_the_next_run_writes_the_whole_output(
    waiting_dedup: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    tools = children(waiting_dedup.pid)
    waiting_dedup.kill()
    waiting_dedup.wait()
    out = tmp_path / "out" / "d.pairs.gz"
    assert not out.exists()
    wait_for(lambda: not any(Path(f"/proc/{tool}").exists() for tool in tools))
    command = [*HICLOOM, "dedup", str(tmp_path / "x.pairs"), "-o", str(out)]
    subprocess.run(command, check=True)
    assert sorted(path.name for path in out.parent.iterdir()) == ["d.pairs.gz", "d.pairs.gz.px2"]


@pytest.mark.parametrize(
    "name", ["a blank.pairs.gz", 'quote\'s "two".pairs.gz', "Größe-染色体.pairs.gz"]
)
@pytest.mark.parametrize("verb", ["sort-pairs", "merge-pairs", "dedup", "filter"])
def test_any_path_works(tmp_path: Path, write_pairs: Write, name: str, verb: str) -> None:
    folder = tmp_path / "in $HOME; `x` ü"
    folder.mkdir()
    source = shutil.move(write_pairs("x.pairs.gz", ROWS[:50]), folder / name)
    out = folder / f"out {name}"
    command = [*HICLOOM, verb, str(source), "-o", str(out)]
    command += ["--max-mismatch", "0"] if verb == "dedup" else []
    subprocess.run(command, check=True, env={**os.environ, "TMPDIR": str(folder)})
    assert body(out) == ROWS[:50]
    query = [*HICLOOM, "query", str(out), "chr1:1-10|chr1"]
    assert subprocess.run(query, check=True, capture_output=True).stdout.count(b"\n") == 10


def _small_disk(folder: Path) -> list[str]:
    """The start of a command that sees a disk of 1 MB in `folder`."""
    mount = f'mount -t tmpfs -o size=1m tmpfs "{folder}" && exec "$@"'
    return ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, write_pairs: Write) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run([*_small_disk(disk), "true"], check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk here")
    rows = [f"{os.urandom(40).hex()} chr1 {i + 1} chr1 999999 + - UU 6 6" for i in range(30_000)]
    source = write_pairs("x.pairs", rows)
    shell = f'"$@"; code=$?; ls -A "{disk}"; exit $code'
    command = [*HICLOOM, "sort-pairs", str(source), "-o", str(disk / "s.pairs.gz")]
    outcome = subprocess.run(
        [*_small_disk(disk), "sh", "-c", shell, "sh", *command], capture_output=True, check=False
    )
    assert outcome.returncode == 1
    assert f"{disk}: the disk is full".encode() in outcome.stderr
    assert outcome.stdout == b""


@pytest.mark.parametrize("full", ["tmpdir", "output"])
def test_a_disk_that_fills_while_pixels_are_spilled_or_written_is_told(
    tmp_path: Path, write_pairs: Write, full: str
) -> None:
    """Counting in the least memory, with the only space in a disk of 1 MB."""
    disk, other = tmp_path / "disk", tmp_path / "other"
    disk.mkdir()
    other.mkdir()
    if subprocess.run([*_small_disk(disk), "true"], check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk here")
    rng = random.Random(1)
    rows = [f". chr1 {i} chr1 {rng.randrange(i, 10**6)} + - UU 6 6" for i in range(1, 300_000)]
    source = write_pairs("x.pairs", rows)
    tmpdir, out = (disk, other) if full == "tmpdir" else (other, disk)
    shell = f'"$@"; code=$?; ls -A "{disk}" "{other}"; exit $code'
    command = [sys.executable, "-c", SMALL_BATCHES, "cload", str(source), "--tmpdir", str(tmpdir)]
    command += ["-o", str(out / "x.cool"), "--bin-size", "1"]
    outcome = subprocess.run(
        [*_small_disk(disk), "sh", "-c", shell, "sh", *command], capture_output=True, check=False
    )
    assert outcome.returncode == 1
    assert outcome.stderr.decode() == (
        f"hicloom: {disk}: the disk is full (or that of temporary files);"
        " free space or write elsewhere\n"
    )
    assert outcome.stdout.decode().split() == [f"{disk}:", f"{other}:"]


def test_after_kill_9_the_next_cload_removes_what_lies_in_the_tmpdir(
    tmp_path: Path, write_pairs: Write
) -> None:
    # More than one piece of a megabyte, and no end of file.
    source, tmpdir = write_pairs("x.pairs", ROWS * 20), tmp_path / "tmp"
    tmpdir.mkdir()
    command = [*HICLOOM, "cload", "-", "-o", str(tmp_path / "x.cool"), "--tmpdir", str(tmpdir)]
    with subprocess.Popen(command, bufsize=0, stdin=subprocess.PIPE) as process:
        assert process.stdin
        process.stdin.write(source.read_bytes())
        wait_for(lambda: list(tmpdir.glob("hicloom-*/")))
        process.kill()
    assert list(tmpdir.iterdir())
    subprocess.run(command, check=True, input=source.read_bytes())
    assert list(tmpdir.iterdir()) == []
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["tmp", "x.cool", "x.pairs"]


def test_a_missing_tool_is_told(tmp_path: Path, write_pairs: Write) -> None:
    # Without PATH, coreutils' sort is not found.
    command = [*HICLOOM, "sort-pairs", str(write_pairs("x.pairs", ROWS)), "-o", str(tmp_path / "s")]
    outcome = subprocess.run(command, env={"PATH": ""}, capture_output=True, check=False)
    assert outcome.returncode == 2
    assert b"sort is not installed: it is part of coreutils" in outcome.stderr
    assert not (tmp_path / "s").exists()


def test_a_closed_pipe_ends_quietly(write_pairs: Write) -> None:
    source = write_pairs("x.pairs", ROWS * 20)
    command = [*HICLOOM, "filter", str(source), "-o", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["no-such-verb"], "no-such-verb"),
        (["filter", "x.pairs"], "--output"),
        (["filter", "x.pairs", "-o", "y", "--no-such-option", "1"], "no-such-option"),
        (["sort-pairs", "x.pairs", "-o", "y", "--threads", "0"], "threads"),
        (["dedup", "x.pairs", "-o", "y", "--method", "median"], "median"),
        (["filter", "not there.pairs", "-o", "y"], "not there.pairs: cannot be read"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(words: list[str], message: str, tmp_path: Path) -> None:
    outcome = subprocess.run([*HICLOOM, *words], capture_output=True, cwd=tmp_path, check=False)
    assert outcome.returncode == 2
    assert message in outcome.stderr.decode()
    assert outcome.stderr.count(b"\n") == 1
    assert list(tmp_path.iterdir()) == []
