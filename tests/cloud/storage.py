"""An S3 on this machine, and a way to it that breaks when told to."""

import http.client
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

KEY, SECRET = "AKIAOFTHETESTS000000", "s3cr3t-w0rd-of-the-tests"
REGION = "us-east-1"
BUCKETS = ("lab-data", "lab-results", "lab-logs", "lab-cwl")


@dataclass(frozen=True)
class Storage:
    """A server of moto; `url` is where it listens."""

    url: str

    @property
    def environment(self) -> dict[str, str]:
        """That of a program which uses it; credentials and settings of this machine are hidden."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return ours | {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "2",
        }

    @property
    def client(self) -> Any:
        """A client of boto3."""
        import boto3

        keys = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET}
        return boto3.client("s3", endpoint_url=self.url, region_name=REGION, **keys)

    def put(self, path: Path, bucket: str, key: str) -> str:
        """Upload a file, or a folder below a key; the URL."""
        files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
        for file in files:
            name = key if file == path else f"{key}/{file.relative_to(path)}"
            self.client.upload_file(str(file), bucket, name)
        return f"s3://{bucket}/{key}"

    def keys(self, bucket: str, prefix: str = "") -> list[str]:
        """The keys of a bucket."""
        found = self.client.list_objects_v2(Bucket=bucket, Prefix=prefix)
        return [one["Key"] for one in found.get("Contents", [])]

    def read(self, bucket: str, key: str) -> bytes:
        """What an object holds."""
        content: bytes = self.client.get_object(Bucket=bucket, Key=key)["Body"].read()
        return content

    def get(self, bucket: str, prefix: str, folder: Path) -> Path:
        """Download everything below a prefix into a folder."""
        for key in self.keys(bucket, prefix):
            path = folder / key.removeprefix(prefix).strip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.read(bucket, key))
        return folder


@contextmanager
def storage() -> Iterator[Storage]:
    """Start a server on a free port, with the lab's buckets in it."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        try:
            lines = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in server.stderr)
            started = Storage(next(found[0] for found in lines if found))
            # What it says of each request is read, else it would wait for a reader.
            threading.Thread(target=server.stderr.read, daemon=True).start()
            for bucket in BUCKETS:
                started.client.create_bucket(Bucket=bucket)
            yield started
        finally:
            server.terminate()


@dataclass
class Fault:
    """What happens to requests of a method whose path holds a word: an error, or a cut.

    `code` is that of S3's error; without one, the connection breaks after half the body.
    """

    method: str
    word: str
    code: str = ""
    status: int = 400
    met: int = field(default=0)


@contextmanager
def breaking(to: Storage, fault: Fault) -> Iterator[Storage]:
    """The same storage behind a proxy with a fault."""

    class Proxy(_Proxy):
        target, trouble = urlsplit(to.url).netloc, fault

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Storage(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()


class _Proxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    target: str
    trouble: Fault

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if self.command == self.trouble.method and self.trouble.word in self.path:
            self.trouble.met += 1
            self._break(length)
        else:
            self._forward(self.rfile.read(length))

    def _break(self, length: int) -> None:
        if not self.trouble.code:
            self.rfile.read(length // 2)
            self.close_connection = True
            return
        self.rfile.read(length)
        text = f"<Error><Code>{self.trouble.code}</Code><Message>no</Message></Error>".encode()
        self.send_response(self.trouble.status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def _forward(self, body: bytes) -> None:
        there = http.client.HTTPConnection(self.target)
        there.request(self.command, self.path, body, dict(self.headers))
        answer = there.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else len(content)
        self.send_header("Content-Length", str(length or 0))
        self.end_headers()
        self.wfile.write(content)
        there.close()

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""
