"""A data portal on this machine, that behaves as 4DN's does, and the storage it points to.

The portal answers searches, makes `metadata.tsv` (with its notes, duplicates and summary, in
CRLF lines) and sends those who have the key on to signed URLs of the storage, by 307. Without
a key it says 403, with a wrong one 401. The storage serves ranges, and breaks when told to.
"""

import base64
import csv
import hashlib
import io
import json
import random
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

KEY, SECRET = "ABCDEFGH", "s3cr3t-w0rd-of-the-tests"
COLUMNS = (
    "File Download URL|Experiment Set Accession|Experiment Accession|File Accession|Size (MB)|"
    "md5sum|File Type|File Format|Bio Rep No|Tech Rep No|Organism|Related File Relationship|"
    "Related File|Paired End|File Status|Open Data URL"
).split("|")
EXTENSIONS = {"fastq": "fastq.gz", "pairs": "pairs.gz", "pairs_px2": "pairs.gz.px2"}
SET, OTHER_SET = "4DNESAAAAAA1", "4DNESAAAAAA2"
EXPERIMENTS = ("4DNEXAAAAAA1", "4DNEXAAAAAA2")


def accession(number: int) -> str:
    """The accession of a file."""
    return f"4DNFI{number:07}"


@dataclass
class Held:
    """A file of the portal."""

    number: int
    format: str
    type: str
    experiment: str = "NONE"
    sets: tuple[str, ...] = (SET,)
    end: str = ""
    mate: int = 0
    status: str = "released"
    size: int = 30_000

    @property
    def name(self) -> str:
        """The name under which it is downloaded."""
        return f"{accession(self.number)}.{EXTENSIONS.get(self.format, self.format)}"

    @property
    def content(self) -> bytes:
        """What it holds: bytes that depend on its number and format."""
        return random.Random(f"{self.number}{self.format}").randbytes(self.size)

    @property
    def md5(self) -> str:
        """The md5 of its content."""
        return hashlib.md5(self.content).hexdigest()

    @property
    def path(self) -> str:
        """Where the portal has it."""
        return f"/files-{self.format}/{accession(self.number)}/@@download/{self.name}"


def library() -> list[Held]:
    """Two experiments of a set: two lanes and one; their pairs, and the maps of the set."""
    first, second = EXPERIMENTS
    return [
        Held(1, "fastq", "reads", first, end="1", mate=2),
        Held(2, "fastq", "reads", first, end="2", mate=1),
        Held(3, "fastq", "reads", first, end="1", mate=4),
        Held(4, "fastq", "reads", first, end="2", mate=3),
        Held(5, "pairs", "contact list-replicate", first),
        Held(5, "pairs_px2", "contact list-replicate", first),
        Held(6, "fastq", "reads", second, end="1", mate=7),
        Held(7, "fastq", "reads", second, end="2", mate=6),
        Held(8, "pairs", "contact list-replicate", second),
        Held(9, "pairs", "contact list-combined"),
        Held(10, "mcool", "contact matrix"),
        Held(11, "hic", "contact matrix"),
    ]


@dataclass
class Log:
    """What a server was asked: method, path and headers."""

    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def paths(self, part: str = "") -> list[str]:
        """The paths that hold `part`."""
        return [path for _, path, _ in self.requests if part in path]

    @property
    def ranges(self) -> list[str]:
        """The ranges that were asked for."""
        return [headers.get("Range", "") for _, _, headers in self.requests]


class Server(ThreadingHTTPServer):
    """A server that writes down what it is asked."""

    log: Log

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: object) -> None:
        """Say nothing of those who hang up."""


class Storage(Server):
    """Gives files to those with a signature; `faults` are what its next answers suffer."""

    files: dict[str, Held]
    faults: list[str]
    over: threading.Event


class Portal(Server):
    """The portal; `edits` are replacements in its tables."""

    files: list[Held]
    storage: Storage
    edits: list[tuple[str, str]]
    faults: list[str]
    results: list[dict[str, Any]]

    def table(self, wanted: list[list[str]] | None = None) -> str:
        """`metadata.tsv` of the files of some triples of accessions."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter="\t")
        writer.writerow(["###", "N.B.: File summary located at bottom of TSV file.", "", "curl"])
        writer.writerow(COLUMNS)
        seen: dict[str, int] = {}
        for file in self.files:
            for group in file.sets:
                if _is_wanted((group, file.experiment, accession(file.number)), wanted):
                    writer.writerow(self.row(file, group, seen))
        writer.writerow(["###", "Summary", ""])
        writer.writerow(["###", "Unique Downloadable Files:", "", "", str(len(seen)), ""])
        text = out.getvalue()
        for old, new in self.edits:
            assert old in text
            text = text.replace(old, new)
        return text

    def row(self, file: Held, group: str, seen: dict[str, int]) -> list[str]:
        """The row of a file in a set."""
        url = self.url + file.path
        if url in seen:
            url, size = f"### Duplicate of row {seen[url] + 3}: {url}", str(file.size)
        else:
            seen[url] = len(seen)
            size = f"{file.size / 1024**2:.2f}"
        if file.status == "restricted":
            url = f"### Restricted: {url}"
        secondary = file.format == "pairs_px2"
        relation = "secondary file for" if secondary else "paired with" if file.mate else "N/A"
        related = accession(file.number if secondary else file.mate)
        return [
            *(url, group, file.experiment, accession(file.number), size, file.md5),
            *(file.type, file.format, "1", "1", "human", relation),
            *(related if relation != "N/A" else "N/A", file.end or "N/A", file.status),
            f"{self.storage.url}/open/{file.name}",
        ]


def _is_wanted(triple: tuple[str, ...], wanted: list[list[str]] | None) -> bool:
    if wanted is None:
        return True
    return any(all(w in ("NONE", a) for w, a in zip(one, triple, strict=True)) for one in wanted)


class _Handler(BaseHTTPRequestHandler):
    server: Any
    _lock = threading.Lock()

    def log_message(self, *words: object) -> None:
        """Say nothing."""

    def _note(self) -> str:
        """Write the request down; what is to go wrong with it."""
        with self._lock:
            headers = dict(self.headers.items())
            self.server.log.requests.append((self.command, self.path, headers))
            return self.server.faults.pop(0) if self.server.faults else ""

    def answer(self, status: int, content: bytes = b"", **headers: str) -> None:
        """Answer with a body."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class _StorageHandler(_Handler):
    def do_GET(self) -> None:
        """Answer with a file, if it may be had."""
        fault, parts = self._note(), urlsplit(self.path)
        file = self.server.files.get(parts.path.rpartition("/")[2])
        if file is None:
            self.answer(404)
        elif not parts.path.startswith("/open/") and "X-Amz-Signature" not in parts.query:
            self.answer(403)
        elif fault.isdigit():
            self.answer(int(fault))
        else:
            self._give(file.content if fault != "wrong" else b"x" * file.size, fault)

    def _give(self, content: bytes, fault: str) -> None:
        """Answer from where it is asked for; half of it, if that is the fault."""
        asked = self.headers.get("Range", "")
        rest = content[int(re.sub(r"\D", "", asked) or 0) :]
        if not rest:
            self.answer(416, Content_Range=f"bytes */{len(content)}")
            return
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest[: len(rest) // 2] if fault in ("cut", "stall") else rest)
        if fault == "stall":
            self.wfile.flush()
            self.server.over.wait(60)


class _PortalHandler(_Handler):
    def do_GET(self) -> None:
        """Answer a search, or send on to a file."""
        fault, parts = self._note(), urlsplit(self.path)
        if fault.isdigit():
            return self.answer(int(fault), SECRET.encode())
        if not self._is_known():
            return self.answer(401, f"no: {self.headers['Authorization']}".encode())
        if parts.path == "/search/":
            return self._search(parse_qs(parts.query))
        held = {file.path: file for file in self.server.files}.get(parts.path)
        if held is None:
            return self.answer(404)
        if "Authorization" not in self.headers or held.status == "restricted":
            return self.answer(403, b"log in")
        place = fault or f"{self.server.storage.url}/bucket/{held.name}"
        return self.answer(307, Location=f"{place}?X-Amz-Signature=signed-for-a-day")

    def do_POST(self) -> None:
        """Answer with the table of what is wanted."""
        fault, form = self._note(), self.rfile.read(int(self.headers["Content-Length"])).decode()
        if fault.isdigit():
            return self.answer(int(fault))
        if not self._is_known():
            return self.answer(401)
        fields = dict(parse_qsl(form))
        assert json.loads(fields["download_file_name"])
        table = self.server.table(json.loads(fields["accession_triples"])).encode()
        return self.answer(200, table, Content_Type="text/tsv")

    def _is_known(self) -> bool:
        """Whether the key is right, or there is none."""
        right = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        return self.headers.get("Authorization") in (None, f"Basic {right}")

    def _search(self, query: dict[str, list[str]]) -> None:
        found = [] if "nothing" in query.get("q", []) else self.server.results
        self.answer(200 if found else 404, json.dumps({"@graph": found}).encode())


@contextmanager
def running() -> Iterator[Portal]:
    """A portal and its storage, on free ports of the loopback."""
    with ExitStack() as stack:
        storage = stack.enter_context(Storage(("127.0.0.1", 0), _StorageHandler))
        portal = stack.enter_context(Portal(("127.0.0.1", 0), _PortalHandler))
        portal.storage, portal.files = storage, library()
        storage.files = {file.name: file for file in portal.files}
        portal.edits, portal.results = [], []
        storage.over = threading.Event()
        for server in (storage, portal):
            server.log, server.faults = Log(), []
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
        stack.callback(storage.over.set)
        yield portal
