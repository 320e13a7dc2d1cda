"""Downloads, from a server on this machine that can break and lie."""

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hicloom.errors import InputError, WorkError
from hicloom.remote.download import Remote, download
from tests.conftest import Outcome

READS = bytes(range(256)) * 4000
MD5 = hashlib.md5(READS).hexdigest()


class Server(ThreadingHTTPServer):
    """Serves READS under every path but /absent, and a file report of run SRR1."""

    breaks = 0
    ranges: list[str]
    md5 = MD5

    def url(self, path: str) -> str:
        """The URL of a path."""
        return f"http://127.0.0.1:{self.server_address[1]}/{path}"

    def report(self, run: str) -> str:
        """What ENA answers about a run; SRR2 is not of pairs."""
        head = "run_accession\tfastq_ftp\tfastq_bytes\tfastq_md5\n"
        mates = {"SRR1": ["", "_1", "_2"], "SRR2": [""]}.get(run, [])
        files = ";".join(self.url(f"{run}{mate}.fastq.gz") for mate in mates)
        sizes, sums = (";".join([str(v)] * len(mates)) for v in (len(READS), self.md5))
        return head + (f"{run}\t{files}\t{sizes}\t{sums}\n" if mates else "")


class Handler(BaseHTTPRequestHandler):
    """Answers, cut in the middle as often as `server.breaks` says."""

    server: Server

    def do_GET(self) -> None:
        """Answer with the report, or with the reads from where they are asked for."""
        if self.path.startswith("/absent"):
            return self.send_error(404)
        if self.path.startswith("/report"):
            run = re.search(r"accession=(\w+)", self.path)
            return self._send(200, self.server.report(run[1] if run else "").encode())
        asked = self.headers.get("Range", "")
        self.server.ranges.append(asked)
        start = int(re.sub(r"\D", "", asked) or 0)
        if start >= len(READS):
            return self.send_error(416)
        return self._send(206 if asked else 200, READS[start:])

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if len(content) < 1000 or self.server.breaks == 0:
            self.wfile.write(content)
        else:
            self.server.breaks -= 1
            self.wfile.write(content[: len(content) // 2])

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on a free port of the loopback."""
    with Server(("127.0.0.1", 0), Handler) as running:
        running.ranges = []
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def test_a_url_is_fetched_whole(
    server: Server, tmp_path: Path, hicloom: Callable[..., Outcome]
) -> None:
    out = tmp_path / "a b'é" / "1.fq.gz"
    outcome = hicloom("fetch", "fastq", server.url("1.fq.gz"), "--output", out)
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "", "")
    assert out.read_bytes() == READS
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_a_broken_download_goes_on_where_it_stopped(server: Server, tmp_path: Path) -> None:
    server.breaks = 1
    download(Remote(server.url("1.fq.gz")), tmp_path / "1.fq.gz", wait=0)
    assert (tmp_path / "1.fq.gz").read_bytes() == READS
    assert server.ranges == ["", f"bytes={len(READS) // 2}-"]


def test_a_server_that_breaks_often_but_goes_on_is_not_given_up(
    server: Server, tmp_path: Path
) -> None:
    # Each answer brings half of what is absent; two failures in a row without that end it.
    server.breaks = 7
    download(Remote(server.url("1.fq.gz")), tmp_path / "1.fq.gz", tries=2, wait=0)
    assert (tmp_path / "1.fq.gz").read_bytes() == READS
    assert len(server.ranges) == 8


def test_a_size_may_be_stated_roughly(server: Server, tmp_path: Path) -> None:
    size = len(READS) + 500
    download(Remote(server.url("1.fq.gz"), size, roughly=500), tmp_path / "1.fq.gz")
    assert (tmp_path / "1.fq.gz").read_bytes() == READS
    with pytest.raises(WorkError, match=f"bytes {len(READS)} came, {size} expected"):
        download(Remote(server.url("1.fq.gz"), size, roughly=499), tmp_path / "2.fq.gz")
    assert [path.name for path in tmp_path.iterdir()] == ["1.fq.gz"]


def test_a_killed_download_goes_on_where_it_stopped(server: Server, tmp_path: Path) -> None:
    (tmp_path / ".fetch-1.fq.gz").write_bytes(READS[:1000])
    download(Remote(server.url("1.fq.gz"), len(READS), MD5), tmp_path / "1.fq.gz")
    assert (tmp_path / "1.fq.gz").read_bytes() == READS
    assert server.ranges == ["bytes=1000-"]


def test_a_download_killed_at_its_last_byte_begins_anew(server: Server, tmp_path: Path) -> None:
    # The size is not known here, so only the server can say that nothing is absent.
    (tmp_path / ".fetch-1.fq.gz").write_bytes(READS)
    download(Remote(server.url("1.fq.gz"), None, MD5), tmp_path / "1.fq.gz", wait=0)
    assert (tmp_path / "1.fq.gz").read_bytes() == READS


def test_a_folder_that_cannot_be_made_is_said_at_once(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file: cannot make this folder"):
        download(Remote(server.url("1.fq.gz")), tmp_path / "file" / "1.fq.gz")
    assert server.ranges == []


def test_without_an_md5_the_rest_of_another_run_is_not_trusted(
    server: Server, tmp_path: Path
) -> None:
    (tmp_path / ".fetch-1.fq.gz").write_bytes(b"other")
    download(Remote(server.url("1.fq.gz")), tmp_path / "1.fq.gz")
    assert (tmp_path / "1.fq.gz").read_bytes() == READS


@pytest.mark.parametrize(("size", "md5"), [(len(READS), "0" * 32), (7, None)])
def test_what_is_not_what_was_promised_is_refused(
    size: int, md5: str | None, server: Server, tmp_path: Path
) -> None:
    with pytest.raises(WorkError, match="expected; try again"):
        download(Remote(server.url("1.fq.gz"), size, md5), tmp_path / "1.fq.gz", wait=0)
    assert not list(tmp_path.iterdir())


def test_a_server_that_keeps_breaking_is_given_up(server: Server, tmp_path: Path) -> None:
    with pytest.raises(WorkError, match="2 times"):
        download(Remote("http://127.0.0.1:9/x"), tmp_path / "x", tries=2, wait=0)


def test_what_is_not_there_is_the_users_mistake(server: Server, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the server says 404"):
        download(Remote(server.url("absent")), tmp_path / "x", wait=0)


def test_other_schemes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only http and https"):
        download(Remote("file:///etc/passwd"), tmp_path / "x")


@pytest.mark.parametrize("mate", [1, 2])
def test_a_run_of_the_archive(
    mate: int, server: Server, tmp_path: Path, hicloom: Callable[..., Outcome]
) -> None:
    words = ("--mate", mate, "--report", server.url("report"), "--output", tmp_path / "x.gz")
    outcome = hicloom("fetch", "fastq", "sra:SRR1", *words)
    assert outcome.code == 0, outcome.stderr
    assert (tmp_path / "x.gz").read_bytes() == READS


@pytest.mark.parametrize(
    ("run", "message"),
    [
        ("SRR2", "holds no reads 1"),
        ("SRR3", "knows no such run"),
        ("GSE73890", "expected the accession of a run"),
    ],
)
def test_a_run_that_cannot_be_had(
    run: str, message: str, server: Server, tmp_path: Path, hicloom: Callable[..., Outcome]
) -> None:
    words = ("--report", server.url("report"), "--output", tmp_path / "x.gz")
    outcome = hicloom("fetch", "fastq", f"sra:{run}", *words)
    assert outcome.code == 2
    assert message in outcome.stderr
