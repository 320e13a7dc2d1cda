"""Requests to a portal, with an access key that goes to the portal and nowhere else."""

import http.client
import ipaddress
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import IO, Any
from urllib.parse import SplitResult, urlencode, urlsplit

from hicloom.errors import InputError, WorkError
from hicloom.portal.keys import Key, default_keypairs
from hicloom.remote.download import AGENT, insist

# Seconds before the second attempt; the pauses grow.
WAIT = 5.0
TIMEOUT = 60.0
_PORTS = {"https": 443, "http": 80}


class KeyRefusedError(InputError):
    """The portal wants a key, or does not take the one that it got."""


class Portal:
    """A portal, and the key to it if there is one.

    Parameters
    ----------
    server
        URL of the portal: https, or http on this machine.
    key
        Sent to this server only: a redirect to another host goes there without it.

    Raises
    ------
    InputError
        If the URL is of another kind.
    """

    def __init__(self, server: str, key: Key | None = None):
        parts = _split(server)
        if parts is None or parts.path.strip("/") or parts.query or parts.fragment:
            raise InputError(
                f"--server {_shown(server)}: expected https:// and a host, nothing more "
                "(http for this machine only)"
            )
        self.server = f"{parts.scheme}://{parts.netloc}"
        self.key = key
        proxies = [urllib.request.ProxyHandler({})] if parts.scheme == "http" else []
        self._opener = urllib.request.build_opener(_Redirects(self), *proxies)

    def owns(self, url: str) -> bool:
        """Whether a URL lies on this portal."""
        return _origin(url) == _origin(self.server)

    def open(
        self, url: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None
    ) -> http.client.HTTPResponse:
        """The answer to a GET, or to the POST of a form.

        Raises
        ------
        KeyRefusedError
            If the portal wants a key, or does not take ours.
        OSError, http.client.HTTPException
            If the network or the server fails.
        """
        data = urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(url, data, headers={**AGENT, **headers})
        self.authorize(request)
        try:
            answer: http.client.HTTPResponse = self._opener.open(request, timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            if error.code in (401, 403) and self.owns(error.url):
                error.close()
                raise KeyRefusedError(self._refusal(url, error.code)) from None
            raise
        return answer

    def read(self, path: str, form: Mapping[str, str] | None = None) -> bytes:
        """What the portal answers under a path; for 404, too, the body.

        Raises
        ------
        InputError
            If the portal refuses.
        WorkError
            If it cannot be reached.
        """
        url = f"{self.server}{path}"
        headers = {"Accept": "application/json"} if form is None else {}

        def work() -> bytes:
            try:
                answer = self.open(url, headers, form)
            except urllib.error.HTTPError as error:
                if error.code != http.client.NOT_FOUND:
                    raise
                with error:
                    return error.read()
            with answer:
                if not self.owns(answer.url):
                    raise WorkError(
                        f"{url}: the portal points to another host; is it the right URL?"
                    )
                return answer.read()

        return insist(_without_query(url), work, wait=WAIT)

    def authorize(self, request: urllib.request.Request) -> None:
        """Add the key to a request to this portal."""
        if self.key is not None and self.owns(request.full_url):
            # Unlike other headers this one is not taken along by a redirect.
            request.add_unredirected_header("Authorization", self.key.header)

    def _refusal(self, url: str, code: int) -> str:
        what = _without_query(url)
        if self.key is None:
            return (
                f"{what}: the portal gives files to those with an access key only ({code}); make "
                f"one in your profile on {self.server} and put it into {default_keypairs()}"
            )
        return (
            f"{what}: the portal does not take the access key of {self.key.source} ({code}); it "
            f"may have expired (make a new one in your profile on {self.server}), or the file "
            "is not for everyone"
        )


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects: with the key on the portal itself, without it elsewhere."""

    def __init__(self, portal: Portal):
        self._portal = portal

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """The request to the new place, if it may be made."""
        target = _split(newurl)
        if target is None or (req.full_url.startswith("https:") and target.scheme != "https"):
            raise WorkError(f"{_without_query(req.full_url)}: leads to what is no https URL")
        new = super().redirect_request(req, fp, code, msg, headers, newurl)
        if new is not None:
            self._portal.authorize(new)
        return new


def is_safe(url: str) -> bool:
    """Whether a URL is https without a password in it (or http to this machine)."""
    return _split(url) is not None


def _split(url: str) -> SplitResult | None:
    """The parts of a URL, if it is https without a password in it, or http to this machine."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    if not parts.hostname or "@" in parts.netloc or not url.isascii() or not url.isprintable():
        return None
    if parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname)):
        return parts
    return None


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(url: str) -> Any:
    """Scheme, host and port (RFC 6454), or an object like no other."""
    parts = _split(url)
    if parts is None:
        return object()
    return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]


def _without_query(url: str) -> str:
    """A URL as far as it may be shown: queries can hold signatures."""
    return url.partition("?")[0]


def _shown(server: str) -> str:
    """A server's URL without a password."""
    return server.rpartition("@")[2]
