"""The benchmarks' own instruments: what they measure, keep and conclude."""

import json
import signal
import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from chains import COMPARISONS, DISTILLER, INSTEAD, NEEDS, OURS, STEPS
from matrix import Bench
from measure import CommandError, Cost, Step, in_turns, measure
from records import Records, exponent
from render import fill, ratios_table

HERE = Path(measure.__code__.co_filename).parent
MB = 1_000_000
# Holds memory until {others}, which do the same, hold theirs as well.
HOLD = """python3 -c '
import pathlib, time
held = b"x" * {bytes}
pathlib.Path("{name}").touch()
while not all(pathlib.Path(other).exists() for other in "{others}".split()):
    time.sleep(0.01)
time.sleep(0.5)'"""


def hold(name: str, others: str) -> str:
    return HOLD.format(bytes=100 * MB, name=name, others=others)


def test_memory_is_the_sum_over_processes_that_run_together(tmp_path: Path) -> None:
    alone = measure(hold("alone", "alone"), tmp_path)
    assert 100 * MB < alone.memory < 150 * MB
    both = measure(f"{hold('one', 'two')} & {hold('two', 'one')}; wait", tmp_path)
    assert 200 * MB < both.memory < 300 * MB


def test_memory_that_processes_share_counts_once(tmp_path: Path) -> None:
    code = f"import os, time; x = b'x' * {100 * MB}; os.fork(); time.sleep(0.5)"
    assert measure(f'python3 -c "{code}"', tmp_path).memory < 150 * MB


def test_bytes_are_those_of_the_whole_pipe(tmp_path: Path) -> None:
    cost = measure("head -c 5000000 /dev/zero | cat > made", tmp_path)
    # head reads them, and cat again.
    assert 10 * MB <= cost.read < 11 * MB
    # A file system may write none of it yet, or in memory only.
    assert cost.written in range(5 * MB, 6 * MB) or cost.written == 0


def test_a_command_beyond_its_limit_is_ended_with_all_it_started(tmp_path: Path) -> None:
    start = time.monotonic()
    cost = measure("(sleep 0.7; touch late) | sleep 60", tmp_path, limit=0.2)
    assert cost.stopped
    assert 0.2 <= cost.wall < 5
    time.sleep(max(0, start + 1 - time.monotonic()))
    assert not (tmp_path / "late").exists()


def test_what_runs_ends_with_the_benchmark(tmp_path: Path) -> None:
    code = "from pathlib import Path; from measure import measure; measure({!r}, Path({!r}))"
    command = "touch started; sleep 0.7; touch late"
    bench = subprocess.Popen(
        [sys.executable, "-c", code.format(command, str(tmp_path))],
        cwd=HERE,
        stderr=subprocess.DEVNULL,
    )
    while not (tmp_path / "started").exists():
        time.sleep(0.01)
    bench.send_signal(signal.SIGINT)
    assert bench.wait() != 0
    time.sleep(0.8)
    assert not (tmp_path / "late").exists()


def test_a_failure_anywhere_in_a_pipe_is_told_with_what_was_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no such thing"):
        measure("{ echo no such thing >&2; false; } | cat", tmp_path)


def test_commands_run_in_turns(tmp_path: Path) -> None:
    steps = [Step(name, name, "echo {name} {word} >> log") for name in ("ours", "peer")]
    in_turns(steps, {"word": "ran"}, tmp_path, repeat=2)
    assert (tmp_path / "log").read_text().split("\n")[:-1] == ["ours ran", "peer ran"] * 2


def cost(wall: float, **other: Any) -> Cost:
    return Cost(wall, wall, 100 * MB, 0, 0, **other)


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "matrix.json")


def record(records: Records, pairs: int, walls: dict[Step, Cost | str]) -> None:
    """A session with one run of each step."""
    records.begin({"date": "2026-01-01", "memory": "1G"})
    for step, outcome in walls.items():
        records.add(pairs, step, step.command, outcome, 1)


def test_every_run_is_kept_at_once(records: Records) -> None:
    record(records, 1000, {OURS[0]: cost(2)})
    assert json.loads(records.path.read_text())["runs"][0]["wall"] == 2


def test_a_chain_takes_the_sum_of_the_medians_of_its_steps(records: Records) -> None:
    record(records, 1000, {OURS[0]: cost(2), OURS[1]: cost(10)})
    for wall in (3, 30):
        records.add(1000, OURS[0], "", cost(wall), 1)
    total = records.total(1000, OURS[:2])
    assert total
    assert total.cost.wall == 3 + 10


def test_a_later_session_replaces_the_runs_of_the_same_step_and_pairs_only(
    records: Records,
) -> None:
    record(records, 1000, {OURS[0]: cost(2), OURS[1]: cost(10)})
    later = Records(records.path)
    record(later, 1000, {OURS[0]: cost(1)})
    total = later.total(1000, OURS[:2])
    assert total
    assert total.cost.wall == 1 + 10
    assert total.sessions == {0, 1}


def test_a_chain_with_a_stopped_step_is_a_lower_bound(records: Records) -> None:
    stopped = cost(900, stopped=True)
    record(records, 20_000_000, {OURS[0]: cost(2), OURS[1]: cost(8), DISTILLER[0]: stopped})
    records.add(20_000_000, DISTILLER[1], "", cost(100), 1)
    (row,) = [line for line in ratios_table(records).splitlines() if "distiller" in line]
    assert "≥ 1000.0" in row
    assert "≥ 100.0x | met" in row


def test_a_step_that_a_stopped_one_left_without_input_does_not_hide_the_bound(
    records: Records,
) -> None:
    record(records, 1000, {DISTILLER[0]: cost(900, stopped=True), DISTILLER[1]: "not run, for ..."})
    total = records.total(1000, DISTILLER)
    assert total
    assert (total.cost.wall, total.cost.stopped) == (900, True)


@pytest.fixture
def bench(records: Records, tmp_path: Path) -> Bench:
    (tmp_path / "10.pairs.gz").touch()
    records.begin({"date": "2026-01-01", "memory": "1G"})
    options = Namespace(threads=1, memory="1G", limit=0.3, java="java", jar=Path("juicer_tools"))
    return Bench(records, tmp_path, 10, options)


def test_another_file_stands_in_for_that_of_a_stopped_step(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = Step("distiller", "quick", "echo whole > b", "b")
    slow = Step("4DN", "slow", "echo half > a; sleep 60", "a")
    monkeypatch.setitem(INSTEAD, slow, "b")
    bench.run(quick)
    bench.run(slow)
    assert (bench.folder / "a").read_text() == "whole\n"
    total = bench.records.total(10, [quick, slow])
    assert total
    assert total.cost.stopped


def test_what_a_failed_step_leaves_is_not_used(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = Step("4DN", "fails", "echo half > a; echo no space >&2; exit 1", "a")
    after = Step("4DN", "after", "cat a > b", "b")
    monkeypatch.setitem(NEEDS, after, ("a",))
    bench.run(fails)
    bench.run(after)
    assert bench.records.failure(10, fails) == "failed: no space"
    assert bench.records.failure(10, after) == "not run, for want of a"


@pytest.mark.parametrize(
    ("peer", "verdict"),
    [
        (cost(50), "5.0x | met"),
        (cost(49), "4.9x | falls short"),
        # It may be 5 times or more; nobody knows.
        (cost(49, stopped=True), "≥ 4.9x | at least this"),
    ],
)
def test_a_verdict_says_whether_the_ratio_is_reached(
    records: Records, peer: Cost, verdict: str
) -> None:
    walls = {OURS[0]: cost(9), OURS[1]: cost(1), DISTILLER[0]: peer, DISTILLER[1]: cost(0)}
    record(records, 20_000_000, walls)
    assert verdict in ratios_table(records)


def test_a_chain_with_a_failed_step_has_no_figure(records: Records) -> None:
    record(records, 1000, {OURS[0]: cost(9), OURS[1]: "failed: disk full"})
    assert records.total(1000, OURS[:2]) is None
    assert records.failure(1000, OURS[1]) == "failed: disk full"


def test_growth_is_the_power_of_the_number_of_pairs() -> None:
    assert exponent([10, 100, 1000], [2, 20, 200]) == pytest.approx(1)
    assert exponent([10, 1000], [1, 10_000]) == pytest.approx(2)


def test_text_is_put_between_its_markers(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- x: begin -->\nold\n<!-- x: end -->\nb\n")
    fill(page, "x", "new")
    assert page.read_text() == "a\n<!-- x: begin -->\nnew\n<!-- x: end -->\nb\n"
    with pytest.raises(SystemExit, match="y: begin"):
        fill(page, "y", "new")


def test_what_is_compared_is_run() -> None:
    assert {step for one in COMPARISONS for step in (*one.ours, *one.theirs)} <= set(STEPS)
