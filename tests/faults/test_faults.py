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


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Where `run_in_small_disk` puts a disk of 1 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(in_small_disk(folder, "true"), check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk here")
    return folder


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A folder with all the space there is."""
    folder = tmp_path / "other"
    folder.mkdir()
    return folder


def in_small_disk(disk: Path, *command: object) -> list[str]:
    """A command that sees a disk of 1 MB in a folder."""
    mount = f'mount -t tmpfs -o size=1m tmpfs "{disk}" && exec "$@"'
    words = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, "sh", *command]
    return [str(word) for word in words]


def assert_full(told: Path, folders: list[Path], command: list[object]) -> None:
    """A command that sees the first folder as a small disk tells it is full, and leaves nothing."""
    names = " ".join(f'"{folder}"' for folder in folders)
    shell = ["sh", "-c", f'"$@"; code=$?; ls -A {names}; exit $code', "sh"]
    started = in_small_disk(folders[0], *shell, *command)
    outcome = subprocess.run(started, capture_output=True, check=False, text=True)
    assert outcome.returncode == 1
    assert f"hicloom: {told}: the disk is full" in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    listed = [f"{folder}:" for folder in folders] if len(folders) > 1 else []
    assert outcome.stdout.split() == listed


def scattered_pairs(write_pairs: Write) -> Path:
    """300,000 pairs, nearly as many pixels of 1 bp or 100 bp."""
    rng = random.Random(1)
    rows = (f". chr1 {i} chr1 {rng.randrange(i, 10**6)} + - UU 6 6" for i in range(1, 300_000))
    return write_pairs("x.pairs", list(rows))


def test_a_full_disk_is_told_and_leaves_nothing(disk: Path, write_pairs: Write) -> None:
    rows = [f"{os.urandom(40).hex()} chr1 {i + 1} chr1 999999 + - UU 6 6" for i in range(30_000)]
    source = write_pairs("x.pairs", rows)
    assert_full(disk, [disk], [*HICLOOM, "sort-pairs", source, "-o", disk / "s.pairs.gz"])


@pytest.mark.parametrize("full", ["tmpdir", "output"])
def test_a_disk_that_fills_while_pixels_are_spilled_or_written_is_told(
    disk: Path, other: Path, write_pairs: Write, full: str
) -> None:
    """Counting in the least memory."""
    tmpdir, out = (disk, other) if full == "tmpdir" else (other, disk)
    command = [sys.executable, "-c", SMALL_BATCHES, "cload", scattered_pairs(write_pairs)]
    command += ["--tmpdir", tmpdir, "-o", out / "x.cool", "--bin-size", "1"]
    assert_full(disk, [disk, other], command)


@pytest.mark.parametrize("full", ["tmpdir", "output"])
def test_a_disk_that_fills_while_maps_are_zoomed_or_balanced_is_told(
    tmp_path: Path, disk: Path, other: Path, write_pairs: Write, full: str
) -> None:
    """Balancing puts pixels on the disk for want of memory."""
    pairs, source = scattered_pairs(write_pairs), tmp_path / "x.cool"
    subprocess.run([*HICLOOM, "cload", pairs, "-o", source, "--bin-size", "100"], check=True)
    tmpdir, out = (disk, other) if full == "tmpdir" else (other, disk)
    command = [*HICLOOM, "zoomify", source, "--tmpdir", tmpdir, "--memory", "303M"]
    command += ["-o", out / "x.mcool", "--resolutions", "100", "200", "300", "400"]
    assert_full(out, [disk, other], command)


@pytest.mark.parametrize("verb", ["cload", "hic"])
def test_after_kill_9_the_next_run_removes_what_lies_in_the_tmpdir(
    tmp_path: Path, write_pairs: Write, verb: str
) -> None:
    # More than one piece of a megabyte, and no end of file.
    source, tmpdir = write_pairs("x.pairs", ROWS * 20), tmp_path / "tmp"
    tmpdir.mkdir()
    output = tmp_path / "x.map"
    command = [*HICLOOM, verb, "-", "-o", str(output), "--tmpdir", str(tmpdir)]
    with subprocess.Popen(command, bufsize=0, stdin=subprocess.PIPE) as process:
        assert process.stdin
        process.stdin.write(source.read_bytes())
        wait_for(lambda: list(tmpdir.glob("hicloom-*/")))
        process.kill()
    assert list(tmpdir.iterdir())
    subprocess.run(command, check=True, input=source.read_bytes())
    assert list(tmpdir.iterdir()) == []
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["tmp", "x.map", "x.pairs"]


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
