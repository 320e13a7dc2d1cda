"""Access keys of portals: who asks.

A key is an identifier and a secret, made in one's profile on the portal. The layout of
`keypairs.json` is that of 4DN's own tools:
https://data.4dnucleome.org/help/submitter-guide/getting-started-with-submissions
"""

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hicloom.errors import InputError
from hicloom.portal import SERVER

KEY, SECRET, KEYPAIRS = "HICLOOM_PORTAL_KEY", "HICLOOM_PORTAL_SECRET", "HICLOOM_KEYPAIRS"


@dataclass(frozen=True)
class Key:
    """An access key; `source` says where it is from. It is never shown."""

    identifier: str = field(repr=False)
    secret: str = field(repr=False)
    source: str

    @property
    def header(self) -> str:
        """The value of the header `Authorization` (RFC 7617)."""
        pair = f"{self.identifier}:{self.secret}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"


def find_key(server: str, keypairs: Path | None = None) -> Key | None:
    """The access key for a server, if there is one.

    It is that of the environment (HICLOOM_PORTAL_KEY and HICLOOM_PORTAL_SECRET), else the
    entry for this server in a file of keys, `default` before others.

    Parameters
    ----------
    server
        URL of the portal.
    keypairs
        A file of keys; default what HICLOOM_KEYPAIRS names, else `~/keypairs.json`, which
        need not be there.

    Raises
    ------
    InputError
        If the file is no file of keys, or one that was named has no key for the server.
    """
    if os.environ.get(KEY) or os.environ.get(SECRET):
        return _from_environment()
    named = keypairs or _path(os.environ.get(KEYPAIRS))
    path = named or default_keypairs()
    if named is None and not path.is_file():
        return None
    for name, entry in _entries(path):
        if _host(entry.get("server", SERVER)) == _host(server):
            return _from_entry(path, name, entry)
    if named is None:
        return None
    raise InputError(f"{path}: has no key for {server}; add an entry with this server")


def default_keypairs() -> Path:
    """Where keys are looked for, unless another file is named."""
    return Path(os.path.expanduser("~")) / "keypairs.json"  # noqa: PTH111


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _from_environment() -> Key:
    identifier, secret = os.environ.get(KEY), os.environ.get(SECRET)
    if not identifier or not secret:
        absent = SECRET if identifier else KEY
        raise InputError(f"{absent} is not set; set both {KEY} and {SECRET}, or neither")
    return Key(identifier, secret, f"the environment ({KEY})")


def _entries(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of a file of keys, `default` first. What it holds is never quoted."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except json.JSONDecodeError as error:
        raise InputError(f"{path}, line {error.lineno}: is no JSON; {_EXPECTED}") from None
    except (UnicodeDecodeError, RecursionError):
        raise InputError(f"{path}: is no JSON; {_EXPECTED}") from None
    if not isinstance(content, dict) or not all(isinstance(e, dict) for e in content.values()):
        raise InputError(f"{path}: is no file of keys; {_EXPECTED}")
    yield from sorted(content.items(), key=lambda item: item[0] != "default")


_EXPECTED = 'expected {"default": {"key": "...", "secret": "...", "server": "https://..."}}'


def _from_entry(path: Path, name: str, entry: dict[str, Any]) -> Key:
    for word in ("key", "secret"):
        if not isinstance(entry.get(word), str) or not entry[word]:
            raise InputError(f"{path}: the entry {name} has no {word}; {_EXPECTED}")
    return Key(entry["key"], entry["secret"], f"{path}, entry {name}")


def _host(server: object) -> tuple[str | None, int | None]:
    """Host and port; many people's file says http or nothing, where https is spoken."""
    text = str(server)
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        return parts.hostname, None if parts.port in (80, 443) else parts.port
    except ValueError:
        return None, None
