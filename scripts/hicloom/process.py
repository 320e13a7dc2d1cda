"""Chains of native tools: every return code checked, no shell, nothing left running.

A chain is a line of commands joined by pipes. Python code may feed the first and read the
last. Leaving the `with` block waits for all of them; when the block raises, the whole line
is killed.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from hicloom.errors import InputError, WorkError

Argument = str | Path
Pieces = Iterable[Any]

# Bytes compare as bytes; and images that set PYTHONUNBUFFERED would make pairtools, which is
# Python, write each line with a system call of its own (a third of its time).
_ENVIRONMENT = {"LC_ALL": "C", "PYTHONUNBUFFERED": ""}


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


def fetched(path: Path, variable: str, advice: str) -> Path:
    """A file that `hicloom fetch` gets: what a variable of the environment names, else `path`.

    Raises
    ------
    InputError
        If it is not there; `advice` tells how to get it.
    """
    named = os.environ.get(variable)
    path = Path(named) if named else path
    if path.is_file():
        return path
    raise InputError(f"{path}: no such file; {f'{variable} names it' if named else advice}")


def silence() -> None:
    """Send what this process, libraries of C in it, too, says to stderr nowhere, for good."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """Send what libraries of C say to stderr nowhere while the block runs."""
    sys.stderr.flush()
    saved = os.dup(2)
    try:
        silence()
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


@dataclass
class Chain:
    """Running commands; `stdout` is read from the last, if it is a pipe."""

    stdout: IO[bytes] | None
    pids: list[int]


@contextlib.contextmanager
def chain(
    commands: Sequence[Sequence[Argument]],
    *,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    stdout: int | IO[bytes] = subprocess.PIPE,
    feed: Pieces | None = None,
    feeds: Mapping[int, Pieces] | None = None,
    pass_fds: Sequence[int] = (),
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Iterator[Chain]:
    """Run `commands` as one pipe; `stdin` and `stdout` as in `subprocess.Popen`.

    Parameters
    ----------
    feed : iterable of buffers, optional
        What the first command reads; written by a thread.
    feeds : mapping of file descriptor to iterable of buffers, optional
        More inputs, written by threads into these descriptors, which are closed at the end.
    pass_fds : sequence of int
        Descriptors that the commands inherit (as `/dev/fd/N`); closed here once they run.
    cwd : Path, optional
        Folder in which the commands run.

    Raises
    ------
    WorkError
        If a command ends with a code other than 0, with what it last said on stderr.
    Exception
        Whatever producing the pieces raised.
    """
    children: list[_Child] = []
    threads = [_Feeder(fd, pieces) for fd, pieces in (feeds or {}).items()]
    try:
        source = subprocess.PIPE if feed is not None else stdin
        for command in commands:
            sink = stdout if command is commands[-1] else subprocess.PIPE
            children.append(_Child(command, source, sink, pass_fds, env or {}, cwd))
            source = children[-1].stdout  # type: ignore[assignment]
        for fd in pass_fds:
            os.close(fd)
        pass_fds = ()
        if feed is not None:
            threads.append(_Feeder(children[0].take_stdin(), feed))
        for thread in threads:
            thread.start()
        try:
            yield Chain(children[-1].stdout, [child.pid for child in children])
        except InputError:
            _blame_the_dead(children, threads)
            raise
        _finish(children, threads)
    finally:
        for child in children:
            child.kill()
        for fd in pass_fds:
            os.close(fd)
        for thread in threads:
            thread.end()


def run(command: Sequence[Argument], **options: object) -> bytes:
    """Run one command to its end and return its standard output."""
    with chain([command], **options) as line:  # type: ignore[arg-type]
        return line.stdout.read() if line.stdout else b""


class _Child:
    """One command of a chain; its stderr is kept for the error message."""

    def __init__(
        self,
        command: Sequence[Argument],
        stdin: int | IO[bytes],
        stdout: int | IO[bytes],
        pass_fds: Sequence[int],
        env: Mapping[str, str],
        cwd: Path | None,
    ):
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        words = [os.fspath(word) for word in command]
        self.name = " ".join([Path(words[0]).name, *words[1:2]])
        self._process = subprocess.Popen(
            words,
            stdin=stdin,
            stdout=stdout,
            stderr=self._errors,
            pass_fds=pass_fds,
            env={**os.environ, **_ENVIRONMENT, **env},
            cwd=cwd,
            start_new_session=True,
        )
        if not isinstance(stdin, int):
            stdin.close()
        self.stdout = self._process.stdout
        self.pid = self._process.pid

    def take_stdin(self) -> int:
        """The descriptor that feeds the command; the caller closes it."""
        assert self._process.stdin
        fd = os.dup(self._process.stdin.fileno())
        self._process.stdin.close()
        return fd

    def wait(self) -> int:
        return self._process.wait()

    def has_failed(self) -> bool:
        """Whether it ended badly by itself, or does so at once."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=0.5) not in (0, -signal.SIGPIPE)
        return False

    def failure(self) -> WorkError:
        code = self._process.returncode
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"failed (exit {code})"
        return WorkError(f"{self.name} {how}{self._last_words()}")

    def kill(self) -> None:
        """Kill it if it still runs, with the processes that it started in its own session."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()
        if self.stdout:
            self.stdout.close()
        self._errors.close()

    def _last_words(self) -> str:
        """What it last said, stack frames of Java (`at ...`) apart."""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - 2000))
        text = self._errors.read().decode(errors="replace")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        said = [line for line in lines if not line.startswith("at ")] or lines
        # A full disk makes several programs of a chain complain; this is the cause.
        cause = [line for line in said if "No space left on device" in line] or said
        return f": {cause[-1]}" if cause else ""


class _Feeder:
    """A thread that writes pieces into a pipe and closes it."""

    def __init__(self, fd: int, pieces: Pieces):
        self._fd = fd
        self._pieces = pieces
        self._thread = threading.Thread(target=self._write, daemon=True)
        self.error: BaseException | None = None

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        self._thread.join()

    def end(self) -> None:
        """Give a thread whose reader was killed the time to notice."""
        if self._thread.ident is None:
            os.close(self._fd)
        else:
            self._thread.join(timeout=1)

    def _write(self) -> None:
        try:
            with open(self._fd, "wb", buffering=0) as pipe:
                for piece in self._pieces:
                    rest = memoryview(piece).cast("B")
                    while rest:
                        rest = rest[pipe.write(rest) :]
        except BrokenPipeError:
            pass
        except BaseException as error:
            self.error = error


def _blame_the_dead(children: Sequence[_Child], threads: Sequence[_Feeder]) -> None:
    """Where output could not be read, raise what cut it short, if something did."""
    for thread in threads:
        if thread.error:
            raise thread.error
    for child in children:
        if child.has_failed():
            raise child.failure()


def _finish(children: Sequence[_Child], threads: Sequence[_Feeder]) -> None:
    """Wait for all; blame the feeder first, then the command that did not just follow.

    A command killed by SIGPIPE only followed another's death.
    """
    if children[-1].stdout:
        children[-1].stdout.close()
    codes = [child.wait() for child in children]
    for thread in threads:
        thread.join()
    errors = [thread.error for thread in threads if thread.error]
    if errors:
        raise errors[0]
    failed = [child for child, code in zip(children, codes, strict=True) if code]
    if failed:
        started = [c for c in failed if codes[children.index(c)] != -signal.SIGPIPE]
        raise (started or failed)[0].failure()
