"""Downloads over HTTP(S): resumed after a break, checked by size and md5, whole or not at all."""

import errno
import hashlib
import http.client
import os
import re
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import NoReturn, TypeVar

from hicloom.errors import InputError, WorkError
from hicloom.outputs import atomic, full_disk_is_told, make_folder

CHUNK = 1 << 20
AGENT = {"User-Agent": "hicloom"}
# Trying again does not help against these.
LOCAL_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)
# Opens a URL with headers.
Opener = Callable[[str, dict[str, str]], http.client.HTTPResponse]
T = TypeVar("T")


@dataclass(frozen=True)
class Remote:
    """A file on a server; `size` (bytes) and `md5` where its owner states them.

    `roughly` is how many bytes the size may be off, for owners who round it.
    """

    url: str
    size: int | None = None
    md5: str | None = None
    roughly: int = 0

    def is_as_large_as(self, size: int) -> bool:
        """Whether that many bytes are what the owner states, if that is known."""
        return self.size is None or abs(size - self.size) <= self.roughly


class Watch:
    """What looks on while downloads run; one that shows progress or stops them derives from it."""

    def pause(self, seconds: float) -> None:
        """Wait before the next attempt."""
        time.sleep(seconds)

    def got(self, count: int) -> None:
        """`count` bytes more came."""


UNWATCHED = Watch()


def open_url(url: str, headers: dict[str, str], timeout: float = 60) -> http.client.HTTPResponse:
    """The answer of a server to a GET."""
    request = urllib.request.Request(url, headers=AGENT | headers)
    answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=timeout)
    return answer


def read_url(url: str, timeout: float = 60) -> str:
    """The text behind a URL.

    Raises
    ------
    WorkError
        If the server cannot be reached or refuses.
    """
    try:
        with open_url(url, {}, timeout) as answer:
            text: str = answer.read().decode()
            return text
    except (OSError, http.client.HTTPException) as error:
        raise WorkError(f"{url}: {_reason(error)}") from None


def download(
    remote: Remote,
    output: Path,
    *,
    tries: int = 5,
    wait: float = 5,
    opener: Opener = open_url,
    watch: Watch = UNWATCHED,
) -> None:
    """Write what `remote` holds to `output`.

    A break is mended from where it came, up to `tries` times in a row without a byte more,
    with growing pauses (`wait`, 2 `wait`... seconds). Where an md5 is stated, what a killed
    run had got is kept beside the output (`.fetch-NAME`) and continued.

    Raises
    ------
    InputError
        If the URL is no http(s) URL, or the server says that there is no such file.
    WorkError
        If the server cannot be reached, or what came has another size or md5.
    """
    if not remote.url.startswith(("http://", "https://")):
        raise InputError(f"{remote.url}: only http and https URLs are downloaded")
    make_folder(output)
    part = part_of(output)
    if remote.md5 is None:
        part.unlink(missing_ok=True)

    def proceed() -> int | None:
        with full_disk_is_told(output.parent):
            return _continue(remote, part, opener, watch)

    expected = insist(
        remote.url, proceed, tries=tries, wait=wait, watch=watch, reached=lambda: _size(part)
    )
    _check(remote, part, expected, watch)
    with atomic(output) as (whole,):
        os.replace(part, whole)


def part_of(output: Path) -> Path:
    """Where that which came of an unfinished download is kept."""
    return output.with_name(f".fetch-{output.name}")


def insist(
    url: str,
    work: Callable[[], T],
    *,
    tries: int = 5,
    wait: float = 5,
    watch: Watch = UNWATCHED,
    reached: Callable[[], int] = lambda: 0,
) -> T:
    """What `work` returns, tried again with growing pauses when the network breaks.

    It is given up after `tries` failures in a row between which `reached` did not grow.

    Raises
    ------
    InputError
        If the server says that there is no such file, or not for us.
    WorkError
        If it is given up.
    """
    failures, furthest = 0, reached()
    while True:
        try:
            return work()
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
            _give_up_if_final(url, error)
            failures = 1 if reached() > furthest else failures + 1
            furthest = max(furthest, reached())
            if failures >= tries:
                raise WorkError(f"{url}: {_reason(error)}, {tries} times") from None
        watch.pause(wait * failures)


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _continue(remote: Remote, part: Path, opener: Opener, watch: Watch) -> int | None:
    """Append what is absent from `part`; returns the size that the whole should have."""
    try:
        return _append(remote, part, opener, watch)
    except urllib.error.HTTPError as error:
        if error.code != http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        error.close()
        whole = re.fullmatch(r"bytes \*/(\d+)", error.headers.get("Content-Range", ""))
        if whole and int(whole[1]) == _size(part):
            return int(whole[1])
    # All of it is there already, or more than the server holds now: begin anew.
    part.unlink(missing_ok=True)
    return _append(remote, part, opener, watch)


def _append(remote: Remote, part: Path, opener: Opener, watch: Watch) -> int | None:
    have = _size(part)
    if remote.size is not None and not remote.roughly and have >= remote.size:
        return remote.size
    with opener(remote.url, {"Range": f"bytes={have}-"} if have else {}) as answer:
        resumed = answer.status == http.client.PARTIAL_CONTENT
        start = have if resumed else 0
        length = answer.headers.get("Content-Length")
        expected = start + int(length) if length else None
        if expected is not None and not remote.is_as_large_as(expected):
            _refuse(remote, part, "bytes", expected, remote.size)
        with part.open("ab" if resumed else "wb") as handle:
            while piece := answer.read1(CHUNK):
                handle.write(piece)
                watch.got(len(piece))
    if expected is None and not remote.roughly:
        expected = remote.size
    if expected is not None and _size(part) < expected:
        raise ConnectionError("the connection broke")
    return expected


def _check(remote: Remote, part: Path, expected: int | None, watch: Watch) -> None:
    """Refuse, and remove, what is not the file that was promised."""
    size = _size(part)
    if not remote.is_as_large_as(size):
        _refuse(remote, part, "bytes", size, remote.size)
    if expected is not None and size != expected:
        _refuse(remote, part, "bytes", size, expected)
    if remote.md5 is not None and (md5 := md5_of(part, watch)) != remote.md5:
        _refuse(remote, part, "md5", md5, remote.md5)


def _refuse(remote: Remote, part: Path, what: str, got: object, due: object) -> NoReturn:
    part.unlink(missing_ok=True)
    raise WorkError(f"{remote.url}: {what} {got} came, {due} expected; try again")


def md5_of(path: Path, watch: Watch = UNWATCHED) -> str:
    """The md5 of a file, in hexadecimal."""
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as handle:
        while piece := handle.read(CHUNK):
            digest.update(piece)
            # A large file takes minutes, in which it can be stopped.
            watch.got(0)
    return digest.hexdigest()


def _give_up_if_final(url: str, error: Exception) -> None:
    """Some failures do not change by trying again."""
    if isinstance(error, OSError) and error.errno in LOCAL_FAULTS:
        raise error
    if isinstance(error, urllib.error.HTTPError) and error.code in (401, 403, 404, 410):
        raise InputError(f"{url}: {_reason(error)}") from None
    if isinstance(getattr(error, "reason", None), ssl.SSLCertVerificationError):
        raise WorkError(f"{url}: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        # Not the server's own words, which may be anything.
        phrases = {status.value: f" {status.phrase}" for status in HTTPStatus}
        return f"the server says {error.code}{phrases.get(error.code, '')}"
    return str(getattr(error, "reason", error)) or type(error).__name__
