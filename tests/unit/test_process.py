"""Chains of native tools: every return code counts, nothing is left running."""

import os
import sys
import time

import pytest

from hicloom.errors import InputError, WorkError
from hicloom.process import chain, run, tool


def test_a_chain_joins_commands() -> None:
    with chain([["printf", "b\na\n"], ["sort"]]) as line:
        assert line.stdout
        assert line.stdout.read() == b"a\nb\n"


def test_python_feeds_the_first_command() -> None:
    with chain([["sort", "-n"], ["head", "-n", "1"]], feed=[b"3\n", b"1\n", b"2\n"]) as line:
        assert line.stdout
        assert line.stdout.read() == b"1\n"


def test_more_inputs_go_through_descriptors() -> None:
    ends = [os.pipe(), os.pipe()]
    command = ["cat", *(f"/dev/fd/{outlet}" for outlet, _ in ends)]
    feeds = {inlet: [text] for (_, inlet), text in zip(ends, (b"one ", b"two"), strict=True)}
    with chain([command], feeds=feeds, pass_fds=[outlet for outlet, _ in ends]) as line:
        assert line.stdout
        assert line.stdout.read() == b"one two"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_command_that_fails_anywhere_fails_the_chain(place: int) -> None:
    commands = [["echo", "x"], ["cat"], ["cat"]]
    commands[place] = ["sh", "-c", "cat >/dev/null; echo what went wrong >&2; exit 3"]
    with (
        pytest.raises(WorkError, match=r"sh -c failed \(exit 3\): what went wrong"),
        chain(commands) as line,
    ):
        assert line.stdout
        line.stdout.read()


def test_a_full_disk_is_the_cause_whatever_is_said_after_it() -> None:
    said = "echo 'sort: write failed: No space left on device' >&2; echo gzip: broken >&2; exit 2"
    with pytest.raises(WorkError, match=r"No space left on device$"):
        run(["sh", "-c", said])


def test_a_killed_command_is_named() -> None:
    with pytest.raises(WorkError, match="sh -c was killed by SIGKILL"):
        run(["sh", "-c", "kill -9 $$"])


def test_the_death_of_a_reader_is_blamed_on_the_reader() -> None:
    commands = [["yes"], ["sh", "-c", "exit 7"]]
    with pytest.raises(WorkError, match=r"exit 7"), chain(commands) as line:
        assert line.stdout
        line.stdout.read()


def test_what_the_feeder_raises_is_raised() -> None:
    def pieces():
        yield b"1\n"
        raise InputError("line 2 is wrong")

    with (
        pytest.raises(InputError, match="line 2 is wrong"),
        chain([["cat"]], feed=pieces()) as line,
    ):
        assert line.stdout
        line.stdout.read()


def test_output_cut_short_is_the_fault_of_the_command_that_died() -> None:
    with (
        pytest.raises(WorkError, match=r"sh -c failed \(exit 3\): no memory"),
        chain([["sh", "-c", "echo half; echo no memory >&2; exit 3"]]) as line,
    ):
        assert line.stdout
        line.stdout.read()
        raise InputError("expected more than half a line")


def test_output_that_is_wrong_is_not_blamed_on_a_command_that_runs() -> None:
    with pytest.raises(InputError, match="no such column"), chain([["yes"]]):
        raise InputError("no such column")


def test_an_endless_feed_ends_with_its_reader() -> None:
    def forever():
        while True:
            yield b"x" * 4096

    with (
        pytest.raises(WorkError, match="exit 4"),
        chain([["sh", "-c", "head -c 10 >/dev/null; exit 4"]], feed=forever()),
    ):
        pass


def test_nothing_runs_on_after_an_error() -> None:
    start = time.monotonic()
    with pytest.raises(ZeroDivisionError), chain([["sleep", "60"], ["sleep", "60"]]) as line:
        pids = line.pids
        raise ZeroDivisionError
    assert time.monotonic() - start < 30
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_missing_tool_is_bad_usage_with_advice() -> None:
    with pytest.raises(InputError, match="no-such-tool is not installed: get it there"):
        tool("no-such-tool", "get it there")


def test_tools_beside_this_python_come_first() -> None:
    name = os.path.basename(sys.executable)  # noqa: PTH119
    assert tool(name, "") == sys.executable
