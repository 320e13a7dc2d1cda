"""Downloads over HTTP(S): resumed after a break, checked by size and md5, whole or not at all."""

import errno
import hashlib
import http.client
import os
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from hicloom.errors import InputError, WorkError
from hicloom.outputs import atomic, full_disk_is_told, make_folder

CHUNK = 1 << 20
AGENT = {"User-Agent": "hicloom"}
# Trying again does not help against these.
LOCAL_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)


@dataclass(frozen=True)
class Remote:
    """A file on a server; `size` (bytes) and `md5` where its owner states them."""

    url: str
    size: int | None = None
    md5: str | None = None


def read_url(url: str, timeout: float = 60) -> str:
    """The text behind a URL.

    Raises
    ------
    WorkError
        If the server cannot be reached or refuses.
    """
    try:
        with _open(url, {}, timeout) as answer:
            text: str = answer.read().decode()
            return text
    except (OSError, http.client.HTTPException) as error:
        raise WorkError(f"{url}: {_reason(error)}") from None


def download(remote: Remote, output: Path, *, tries: int = 5, wait: float = 5) -> None:
    """Write what `remote` holds to `output`.

    A break is mended from where it came, up to `tries` times with growing pauses (`wait`,
    2 `wait`... seconds). Where an md5 is stated, what a killed run had got is kept beside
    the output (`.fetch-NAME`) and continued.

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
    part = output.with_name(f".fetch-{output.name}")
    if remote.md5 is None:
        part.unlink(missing_ok=True)
    for attempt in range(1, tries + 1):
        try:
            with full_disk_is_told(output.parent):
                expected = _continue(remote, part)
            break
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, OSError) and error.errno in LOCAL_FAULTS:
                raise
            _give_up_if_final(remote.url, error)
            if attempt == tries:
                raise WorkError(f"{remote.url}: {_reason(error)}, {tries} times") from None
            time.sleep(wait * attempt)
    _check(remote, part, expected)
    with atomic(output) as (whole,):
        os.replace(part, whole)


def _continue(remote: Remote, part: Path) -> int | None:
    """Append what is absent from `part`; returns the size that the whole should have."""
    try:
        return _append(remote, part)
    except urllib.error.HTTPError as error:
        if error.code != http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
    # All of it is there already, or more than the server holds now: begin anew.
    part.unlink(missing_ok=True)
    return _append(remote, part)


def _append(remote: Remote, part: Path) -> int | None:
    have = part.stat().st_size if part.exists() else 0
    if remote.size is not None and have >= remote.size:
        return remote.size
    with _open(remote.url, {"Range": f"bytes={have}-"} if have else {}) as answer:
        resumed = answer.status == http.client.PARTIAL_CONTENT
        start = have if resumed else 0
        length = answer.headers.get("Content-Length")
        with part.open("ab" if resumed else "wb") as handle:
            while piece := answer.read(CHUNK):
                handle.write(piece)
    expected = start + int(length) if length else remote.size
    if expected is not None and part.stat().st_size < expected:
        raise ConnectionError("the connection broke")
    return expected


def _check(remote: Remote, part: Path, expected: int | None) -> None:
    """Refuse, and remove, what is not the file that was promised."""
    size = part.stat().st_size
    wanted = remote.size if remote.size is not None else expected
    with part.open("rb") as handle:
        md5 = hashlib.file_digest(handle, "md5").hexdigest() if remote.md5 else None
    for what, got, due in (("bytes", size, wanted), ("md5", md5, remote.md5)):
        if due is not None and got != due:
            part.unlink()
            raise WorkError(f"{remote.url}: {what} {got} came, {due} expected; try again")


def _open(url: str, headers: dict[str, str], timeout: float = 60) -> http.client.HTTPResponse:
    request = urllib.request.Request(url, headers=AGENT | headers)
    answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=timeout)
    return answer


def _give_up_if_final(url: str, error: Exception) -> None:
    """Some answers do not change by asking again."""
    if isinstance(error, urllib.error.HTTPError) and error.code in (401, 403, 404, 410):
        raise InputError(f"{url}: the server says {error.code} {error.reason}") from None


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the server says {error.code} {error.reason}"
    return str(getattr(error, "reason", error)) or type(error).__name__
