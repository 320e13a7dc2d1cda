"""A server on this machine that answers range requests, and can break, lie and refuse."""

import contextlib
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Serves one content under every path but /absent, /busy and, without ranges, /whole."""

    content = b""
    breaks = 0
    sent = 0

    def handle_error(self, request: object, client_address: object) -> None:
        """A client may hang up."""

    def url(self, path: str) -> str:
        """The URL of a path."""
        return f"http://127.0.0.1:{self.server_address[1]}/{path}"


class Handler(BaseHTTPRequestHandler):
    """Answers range requests, cut in the middle as often as `server.breaks` says."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_HEAD(self) -> None:
        """Say how large the file is."""
        self._answer(with_body=False)

    def do_GET(self) -> None:
        """Send what was asked for."""
        self._answer(with_body=True)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _answer(self, *, with_body: bool) -> None:
        refusals = {"/absent": 404, "/busy": 503}
        status = next((s for p, s in refusals.items() if self.path.startswith(p)), 200)
        body = self.server.content if status == 200 else b""
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        ranged = asked and status == 200 and not self.path.startswith("/whole")
        if ranged and asked:
            first, last = int(asked[1]), min(int(asked[2]), len(body) - 1)
            total, body, status = len(body), body[first : last + 1], 206
        self.send_response(status)
        if ranged:
            self.send_header("Content-Range", f"bytes {first}-{last}/{total}")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if with_body:
            if self.server.breaks and len(body) > 1:
                self.server.breaks -= 1
                body = body[: len(body) // 2]
            self.server.sent += len(body)
            self.wfile.write(body)


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """A server that runs while the block does."""
    running = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield running
    finally:
        running.shutdown()
        thread.join()
        running.server_close()
