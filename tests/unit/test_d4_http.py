"""D4 files behind a server on this machine, which can break, lie and refuse."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from hicloom.errors import WorkError
from hicloom.formats import d4
from hicloom.formats.d4 import sources
from tests.conftest import Outcome
from tests.unit.d4s import LAYOUTS, Depth, piles, write
from tests.unit.ranges import Server, serving

Cli = Callable[..., Outcome]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that runs while the test does."""
    monkeypatch.setattr(sources, "_WAIT", 0.0)
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def depth() -> Depth:
    """Two chromosomes of a megabase each, dense enough for many blocks."""
    rng = np.random.default_rng(6)
    return {"chr1": piles(rng, 1_000_000, 100_000), "chr2": piles(rng, 1_000_000, 100_000)}


@pytest.fixture(scope="module", params=["sparse", "sparse, raw", "64 values"])
def path(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, depth: Depth
) -> Path:
    """The file that is served."""
    return write(tmp_path_factory.mktemp("served") / "x.d4", depth, LAYOUTS[request.param])


def test_a_region_is_read_without_the_rest(server: Server, path: Path, depth: Depth) -> None:
    server.content = path.read_bytes()
    with d4.open(server.url("x.d4")) as file:
        values = file.values("chr2", 10_000, 11_000)
        assert file.source.bytes_read == server.sent
    assert np.array_equal(values, depth["chr2"][10_000:11_000])
    # Directories, a block of each table, and 2 KiB around what is read bit by bit.
    assert server.sent < 60_000 < len(server.content)


def test_stat_over_http_with_an_index_reads_little_and_says_how_much(
    hicloom: Cli, server: Server, path: Path, tmp_path: Path
) -> None:
    hicloom("d4", "index", path, "-o", tmp_path / "i.d4")
    server.content = (tmp_path / "i.d4").read_bytes()
    url = server.url("i.d4")
    outcome = hicloom("d4", "stat", url, "-s", "mean", "max")
    assert outcome.stdout == hicloom("d4", "stat", path, "-s", "mean", "max").stdout
    told = re.fullmatch(
        re.escape(url) + r": read ([\d,]+) of ([\d,]+) bytes in (\d+) requests\n", outcome.stderr
    )
    assert told
    read, size = (int(number.replace(",", "")) for number in told.groups()[:2])
    assert (read, size) == (server.sent, len(server.content))
    assert read < size / 10


def test_view_over_http_prints_what_view_of_the_file_prints(
    hicloom: Cli, server: Server, path: Path
) -> None:
    server.content = path.read_bytes()
    region = "chr1:999,000-1,000,000"
    there, here = (hicloom("d4", "view", p, region) for p in (server.url("x.d4"), path))
    assert there.stdout == here.stdout
    assert there.code == 0


def test_what_breaks_is_asked_for_again(server: Server, path: Path, depth: Depth) -> None:
    server.content = path.read_bytes()
    with d4.open(server.url("x.d4")) as file:
        server.breaks = 2
        assert np.array_equal(file.values("chr2"), depth["chr2"])
    assert server.breaks == 0


def test_what_breaks_again_and_again_is_said(server: Server, path: Path) -> None:
    server.content = path.read_bytes()
    with d4.open(server.url("x.d4")) as file:
        server.breaks = 1000
        with pytest.raises(WorkError, match=r"x\.d4: the connection broke, 4 times"):
            file.values("chr2")


@pytest.mark.parametrize(
    ("where", "code", "problem"),
    [
        ("absent.d4", 2, "the server says 404"),
        ("whole.d4", 2, "this server does not answer range requests; download the file"),
        ("busy.d4", 1, "503"),
    ],
)
def test_a_server_that_refuses(
    hicloom: Cli, server: Server, path: Path, where: str, code: int, problem: str
) -> None:
    server.content = path.read_bytes()
    outcome = hicloom("d4", "view", server.url(where), "chr2:500000-500010")
    assert outcome.code == code
    assert problem in outcome.stderr
    assert where in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_no_server_at_all(hicloom: Cli, server: Server) -> None:
    outcome = hicloom("d4", "view", "http://127.0.0.1:9/x.d4")
    assert outcome.code == 1
    assert "http://127.0.0.1:9/x.d4: " in outcome.stderr
