"""Chains of native tools: every return code checked, no shell, nothing left running.

A chain is a line of commands joined by pipes. Python code may feed the first and read the
last. Leaving the `with` block waits for all of them; when the block raises, or a command
fails, the whole line is killed.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hicloom.errors import InputError, WorkError

Argument = str | Path


def tool(name: str, advice: str) -> str:
    """The path of a native tool: beside this Python first, then on PATH.

    Raises
    ------
    InputError
        If it is not installed; `advice` says how to get it.
    """
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which(name)
    if found is None:
        raise InputError(f"{name} is not installed: {advice}")
    return found


@dataclass
class Chain:
    """Running commands; `stdin` feeds the first, `stdout` is read from the last."""

    stdin: IO[bytes] | None
    stdout: IO[bytes] | None
    pids: list[int]


@contextlib.contextmanager
def chain(
    commands: Sequence[Sequence[Argument]],
    *,
    stdin: int | IO[bytes] | None = subprocess.DEVNULL,
    stdout: int | IO[bytes] | None = subprocess.PIPE,
    pass_fds: Sequence[int] = (),
    env: dict[str, str] | None = None,
) -> Iterator[Chain]:
    """Run `commands` as one pipe; `stdin` and `stdout` as in `subprocess.Popen`.

    Raises
    ------
    WorkError
        If a command ends with a code other than 0, with what it last said on stderr.
    """
    running: list[tuple[subprocess.Popen[bytes], IO[bytes]]] = []
    with contextlib.ExitStack() as stack:
        stack.callback(_end, running)
        upstream = stdin
        for position, command in enumerate(commands):
            last = position == len(commands) - 1
            errors = stack.enter_context(tempfile.TemporaryFile())
            child = subprocess.Popen(
                [os.fspath(word) for word in command],
                stdin=upstream,
                stdout=stdout if last else subprocess.PIPE,
                stderr=errors,
                pass_fds=pass_fds,
                env={**os.environ, "LC_ALL": "C", **(env or {})},
                start_new_session=True,
            )
            running.append((child, errors))
            if position:
                upstream.close()  # type: ignore[union-attr]
            upstream = child.stdout
        ends = Chain(running[0][0].stdin, running[-1][0].stdout, [c.pid for c, _ in running])
        try:
            yield ends
        except BrokenPipeError:
            _check(running)
            raise
        if ends.stdin:
            with contextlib.suppress(BrokenPipeError):
                ends.stdin.close()
        _check(running)


def run(command: Sequence[Argument], **options: object) -> bytes:
    """Run one command to its end and return its standard output."""
    with chain([command], **options) as line:  # type: ignore[arg-type]
        return line.stdout.read() if line.stdout else b""


def _check(running: list[tuple[subprocess.Popen[bytes], IO[bytes]]]) -> None:
    """Wait for every command; blame the one that failed first in the pipe's logic.

    A command killed by SIGPIPE only followed another's death.
    """
    failed = [(child, errors) for child, errors in running if child.wait() != 0]
    culprits = [pair for pair in failed if pair[0].returncode != -signal.SIGPIPE] or failed
    if culprits:
        child, errors = culprits[0]
        raise WorkError(f"{_name(child)} {_death(child.returncode)}{_last_words(errors)}")


def _name(child: subprocess.Popen[bytes]) -> str:
    words = child.args if isinstance(child.args, list) else [child.args]
    return " ".join([Path(str(words[0])).name, *map(str, words[1:2])])


def _death(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"failed (exit {code})"


def _last_words(errors: IO[bytes]) -> str:
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - 2000))
    lines = [line for line in errors.read().decode(errors="replace").splitlines() if line.strip()]
    return f": {lines[-1].strip()}" if lines else ""


def _end(running: list[tuple[subprocess.Popen[bytes], IO[bytes]]]) -> None:
    """Kill what still runs, with the helpers that a command started in its own session."""
    for child, _ in running:
        if child.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
