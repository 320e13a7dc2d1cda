"""Files of a portal, several at a time: resumed, checked, each whole or not at all."""

import contextlib
import os
import shutil
import socket
import sys
import threading
import weakref
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path

from hicloom.errors import HicloomError, InputError, WorkError
from hicloom.outputs import make_folder
from hicloom.portal import client
from hicloom.portal.client import KeyRefusedError, Portal
from hicloom.portal.table import PortalFile
from hicloom.progress import Progress
from hicloom.remote.download import Opener, Remote, Watch, download, md5_of, part_of


@dataclass(frozen=True)
class Fetched:
    """A file that lies in the folder now; `was_there` if it did before."""

    path: Path
    size: int
    md5: str | None
    was_there: bool


class _StoppedError(Exception):
    """Another file ended the whole download."""


class _Crew(Watch):
    """Shows how much came over all threads, and sends them home."""

    def __init__(self, due: int):
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._answers: weakref.WeakSet[HTTPResponse] = weakref.WeakSet()
        self._progress = Progress(f"of {due:,} bytes" if due else "bytes")

    def pause(self, seconds: float) -> None:
        self._stop.wait(seconds)

    def got(self, count: int) -> None:
        if self._stop.is_set():
            raise _StoppedError
        with self._lock:
            self._progress.add(count)

    def opener(self, portal: Portal) -> Opener:
        """Opens URLs of a portal, as long as nothing stopped it."""

        def open_url(url: str, headers: dict[str, str]) -> HTTPResponse:
            self.got(0)
            answer = portal.open(url, headers)
            with self._lock:
                self._answers.add(answer)
            return answer

        return open_url

    def stop(self) -> None:
        """Stop all threads, also those that wait for bytes of a server that sends none."""
        self._stop.set()
        with self._lock:
            for answer in self._answers:
                # Its thread may close it meanwhile.
                with contextlib.suppress(OSError, ValueError, AttributeError):
                    _hang_up(answer)

    def clear(self) -> None:
        """Make way for a line on the terminal."""
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the final count on the terminal."""
        with self._lock:
            self._progress.end()


def _hang_up(answer: HTTPResponse) -> None:
    """End a connection that another thread reads."""
    with socket.socket(fileno=os.dup(answer.fileno())) as connection:
        connection.shutdown(socket.SHUT_RDWR)


def fetch_files(
    portal: Portal, files: Sequence[PortalFile], folder: Path, *, threads: int = 4
) -> Iterator[Fetched]:
    """Download files into a folder; those that are there, with the right md5, are left.

    A file that fails does not keep others from coming; a refused key does.

    Raises
    ------
    InputError
        If a file is not on this portal, the key is refused, or a file is not there.
    WorkError
        If the disk has no room, the portal cannot be reached, or what came is not what the
        table says.
    """
    if not files:
        return
    _check_places(portal, files)
    make_folder(folder / files[0].name)
    due = _check_room(files, folder)
    crew = _Crew(due)
    failures: list[HicloomError] = []
    with ThreadPoolExecutor(threads) as pool:
        try:
            jobs = [pool.submit(_fetch, portal, file, folder, crew) for file in files]
            for job in jobs:
                for fetched in _result(job, failures):
                    crew.clear()
                    yield fetched
        finally:
            crew.stop()
            pool.shutdown(cancel_futures=True)
            crew.end()
    _report(failures, len(files))


def _result(job: "Future[Fetched]", failures: list[HicloomError]) -> Iterator[Fetched]:
    try:
        yield job.result()
    except _StoppedError:
        # A later one says why.
        pass
    except KeyRefusedError:
        raise
    except HicloomError as error:
        failures.append(error)


def _fetch(portal: Portal, file: PortalFile, folder: Path, crew: _Crew) -> Fetched:
    crew.got(0)
    try:
        return _fetched(portal, file, folder / file.name, crew)
    except KeyRefusedError:
        crew.stop()
        raise


def _fetched(portal: Portal, file: PortalFile, target: Path, crew: _Crew) -> Fetched:
    was_there = _is_there(target, file, crew)
    if not was_there:
        # What is free for everyone needs no key.
        url = file.open_url if portal.key is None and file.open_url else file.url
        remote = Remote(url, file.size, file.md5, file.roughly)
        download(remote, target, wait=client.WAIT, opener=crew.opener(portal), watch=crew)
    return Fetched(target, target.stat().st_size, file.md5, was_there)


def _is_there(target: Path, file: PortalFile, crew: _Crew) -> bool:
    """Whether a file is there as the table says; without an md5 its size must do."""
    if not target.is_file():
        return False
    remote = Remote(file.url, file.size, file.md5, file.roughly)
    if not remote.is_as_large_as(target.stat().st_size):
        return False
    return file.size is not None if file.md5 is None else md5_of(target, crew) == file.md5


def _check_places(portal: Portal, files: Sequence[PortalFile]) -> None:
    for file in files:
        if not portal.owns(file.url):
            raise InputError(
                f"{file.where}: {file.name} does not lie on {portal.server}; --server names "
                "another portal"
            )


def _check_room(files: Sequence[PortalFile], folder: Path) -> int:
    """How many bytes are to come at least, if the disk has room for them."""
    due = sum(max(0, (file.size or 0) - _bytes_there(folder / file.name)) for file in files)
    free = shutil.disk_usage(folder).free
    if due > free:
        raise WorkError(
            f"{folder}: the disk has {free / 1e9:.1f} GB free, {due / 1e9:.1f} GB are to come; "
            "free space or choose fewer files"
        )
    return due


def _bytes_there(target: Path) -> int:
    return max(p.stat().st_size if p.is_file() else 0 for p in (target, part_of(target)))


def _report(failures: Sequence[HicloomError], count: int) -> None:
    """Raise what went wrong: the one thing, or a line for each and how many."""
    different = {str(failure): failure for failure in failures}
    if len(different) == 1:
        raise failures[0]
    for message in different:
        print(f"hicloom: {message}", file=sys.stderr)
    if failures:
        kind = InputError if all(isinstance(f, InputError) for f in failures) else WorkError
        raise kind(
            f"{len(failures)} of {count} files are not there; what came of them is kept, the same "
            "command goes on with it"
        )
