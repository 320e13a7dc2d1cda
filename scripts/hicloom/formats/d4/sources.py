"""Where the bytes of a D4 come from: a file, or a server that answers range requests."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from hicloom.errors import InputError, WorkError

WINDOW = 1 << 11
"""Bytes that a request over HTTP asks for at least."""

_TRIES = 4
_WAIT = 0.5


class Source(Protocol):
    """Bytes at places.

    Attributes
    ----------
    name : str
        What errors call it.
    size : int
        In bytes.
    bytes_read, requests : int
        What was asked for so far.
    """

    name: str
    size: int
    bytes_read: int
    requests: int

    def read(self, offset: int, size: int) -> bytes:
        """Exactly these bytes.

        Raises
        ------
        InputError
            If they lie beyond the end.
        """

    def close(self) -> None:
        """Let go of file or connection."""


def open_source(place: str | Path) -> Source:
    """The bytes of a file or of an http(s) URL.

    Raises
    ------
    InputError
        If there is no such file, or the server has none or does not answer range requests.
    WorkError
        If the server cannot be reached.
    """
    if is_url(place):
        return _Server(str(place))
    return _File(Path(place))


def is_url(place: str | Path) -> bool:
    """Whether a place is on a server."""
    return isinstance(place, str) and place.startswith(("http://", "https://"))


def damaged(source: Source, what: str) -> InputError:
    """The error of a file that is not what it should be."""
    return InputError(f"{source.name}: damaged D4: {what}; make or fetch it again")


class _File:
    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.bytes_read = self.requests = 0
        try:
            self._file = os.open(path, os.O_RDONLY)
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror})") from None
        self.size = os.fstat(self._file).st_size

    def read(self, offset: int, size: int) -> bytes:
        _check_span(self, offset, size)
        try:
            data = b"".join(self._pieces(offset, size))
        except OSError as error:
            raise InputError(f"{self.name}: cannot be read ({error.strerror})") from None
        self.requests += 1
        self.bytes_read += size
        if len(data) < size:
            raise damaged(self, "it was cut while it was read")
        return data

    def _pieces(self, offset: int, size: int) -> Iterator[bytes]:
        """A system call reads no more than 2 GiB."""
        while size and (piece := os.pread(self._file, size, offset)):
            yield piece
            offset, size = offset + len(piece), size - len(piece)

    def close(self) -> None:
        os.close(self._file)


class _Server:
    """A file behind a URL; what was fetched last is kept, for much is read bit by bit."""

    def __init__(self, url: str) -> None:
        self.name = url
        self.bytes_read = self.requests = 0
        self._lock = threading.Lock()
        self._at, self._window = 0, b""
        self._system, self._file = self._connect(url)
        self.size = self._file.size

    def read(self, offset: int, size: int) -> bytes:
        _check_span(self, offset, size)
        with self._lock:
            start = offset - self._at
            if start < 0 or start + size > len(self._window):
                wanted = min(max(size, WINDOW), self.size - offset)
                self._at, self._window = offset, self._try(self._fetch, offset, wanted)
                start = 0
            return self._window[start : start + size]

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._file.close()
            self._system.close_session(self._system.loop, self._file.session)

    def _connect(self, url: str) -> tuple[Any, Any]:
        from fsspec.implementations.http import HTTPFile, HTTPFileSystem

        system = HTTPFileSystem(skip_instance_cache=True)
        file = self._try(system.open, url, "rb", cache_type="none")
        if not isinstance(file, HTTPFile):
            file.close()
            raise _without_ranges(url)
        return system, file

    def _fetch(self, offset: int, size: int) -> bytes:
        try:
            data: bytes = self._file._fetch_range(offset, offset + size)
        except ValueError:
            raise _without_ranges(self.name) from None
        self.requests += 1
        self.bytes_read += len(data)
        if len(data) != size:
            raise ConnectionError("the connection broke")
        return data

    def _try(self, call: Any, *words: Any, **options: Any) -> Any:
        """Call it; again, after a pause, where the connection broke."""
        import aiohttp

        for attempt in range(1, _TRIES + 1):
            try:
                return call(*words, **options)
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                # fsspec calls everything that goes wrong at first a file that is not found.
                cause = error.__cause__ if isinstance(error, FileNotFoundError) else error
                if 400 <= (status := getattr(cause, "status", 0)) < 500:
                    raise InputError(f"{self.name}: the server says {status}") from None
                if attempt == _TRIES:
                    broke = isinstance(cause, aiohttp.ClientPayloadError)
                    reason = "the connection broke" if broke else str(cause) or type(cause).__name__
                    raise WorkError(f"{self.name}: {reason}, {_TRIES} times") from None
            time.sleep(_WAIT * attempt)
        raise AssertionError


def _check_span(source: Source, offset: int, size: int) -> None:
    if offset < 0 or size < 0 or offset + size > source.size:
        raise damaged(source, f"{size} bytes at {offset} are beyond its end, {source.size}")


def _without_ranges(url: str) -> InputError:
    return InputError(
        f"{url}: this server does not answer range requests; download the file and name that"
    )
