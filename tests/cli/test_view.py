"""`hicloom view`: a server that gives tiles of the files it was given, to who may have them."""

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Outcome
from tests.higlass import View, Visitor, tile_values, toy_files, viewing
from tests.unit.matrices import CHROMSIZES


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A raw map, depth of its genome, a secret, and a file in the place of HiGlass."""
    path = toy_files(tmp_path_factory.mktemp("files"))
    (path / "secret.txt").write_text("secret")
    (path / "higlass.js").write_text("// HiGlass")
    return path


@pytest.fixture(scope="module")
def view(folder: Path) -> Iterator[View]:
    """A server of the map and the bigWig."""
    files = (folder / "raw.mcool", folder / "toy.depth.bw")
    with viewing(*files, script=folder / "higlass.js") as running:
        yield running


@pytest.fixture
def visitor(view: View) -> Visitor:
    """Someone who came by the printed address."""
    return Visitor(view.url).enter()


def test_tiles_and_what_belongs_to_them_are_given(visitor: Visitor) -> None:
    info = visitor.json("/api/v1/tileset_info/?d=raw-mcool&d=nothing")
    assert info["raw-mcool"]["resolutions"] == [1000, 2000, 10_000]
    assert "error" in info["nothing"]
    tiles = visitor.json(
        "/api/v1/tiles/?d=raw-mcool.0.0.0&d=toy-depth-bw.0.0&d=raw-mcool.9.9.9&s=1"
    )
    assert set(tiles) == {"raw-mcool.0.0.0", "toy-depth-bw.0.0"}
    assert np.nansum(tile_values(tiles["raw-mcool.0.0.0"])) > 0, "also of a map without weights"


def test_chromosomes_are_given_in_the_order_of_the_map(visitor: Visitor) -> None:
    text = visitor.get("/api/v1/chrom-sizes/?id=toy-depth-bw").body.decode()
    assert text == "".join(f"{name}\t{size}\n" for name, size in CHROMSIZES.items())


def test_the_files_are_listed_for_adding_tracks(visitor: Visitor) -> None:
    listed = visitor.json("/api/v1/tilesets/?limit=100&dt=matrix")
    assert [entry["uuid"] for entry in listed["results"]] == ["raw-mcool"]


def test_the_page_comes_with_higlass_and_may_load_nothing_from_elsewhere(visitor: Visitor) -> None:
    page = visitor.get("/")
    assert b'<script src="page.js">' in page.body
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'; ")
    assert visitor.get("/higlass.js").body == b"// HiGlass"
    settings = visitor.json("/settings.json")
    assert settings["title"] == "raw.mcool, toy.depth.bw"
    assert settings["chromsizes"]["view-1"] == [[name, size] for name, size in CHROMSIZES.items()]


@pytest.mark.parametrize(
    "address",
    [
        *("/secret.txt", "/toy.d4", "/../secret.txt", "/%2e%2e/secret.txt", "/page/page.js"),
        *("/higlass.js/../secret.txt", "//etc/passwd", "/server.py"),
        "/api/v1/chrom-sizes/?id=../secret.txt",
    ],
)
def test_no_path_from_the_network_names_a_file(address: str, visitor: Visitor) -> None:
    reply = visitor.get(address)
    assert reply.status == 404
    assert b"secret" not in reply.body


def test_a_file_that_was_not_given_has_no_tiles(visitor: Visitor, folder: Path) -> None:
    assert visitor.json("/api/v1/tiles/?d=toy-d4.0.0") == {}
    path = str(folder / "toy.d4").replace(".", "%2e")
    assert visitor.json(f"/api/v1/tiles/?d={path}.0.0") == {}


@pytest.mark.parametrize("address", ["/", "/api/v1/tiles/?d=raw-mcool.0.0.0", "/settings.json"])
def test_without_the_token_nothing_is_given(address: str, view: View) -> None:
    stranger = Visitor(view.url)
    assert stranger.get(address).status == 403
    assert stranger.get("/?token=guessed").status == 403
    assert stranger.get("/", Cookie="hicloom-80=x; token=y").status == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ":"])
def test_a_request_under_another_name_is_refused(host: str, visitor: Visitor, view: View) -> None:
    """A page elsewhere whose name suddenly leads to this machine (DNS rebinding)."""
    token = view.url.partition("token=")[2]
    assert visitor.get(f"/?token={token}", Host=host).status == 400
    assert visitor.get("/api/v1/tilesets/", Host=host).status == 400


def test_the_token_is_kept_in_a_cookie_that_no_script_and_no_other_site_has(view: View) -> None:
    address = view.url.partition("http://")[2]
    host, _, path = address.partition("/")
    name, _, port = host.partition(":")
    with socket.create_connection((name, int(port))) as connection:
        connection.sendall(
            f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        )
        reply = b"".join(iter(lambda: connection.recv(4096), b"")).decode().lower()
    assert reply.startswith("http/1.1 303")
    assert f"set-cookie: hicloom-{port}=" in reply
    assert "httponly" in reply
    assert "samesite=strict" in reply


def test_it_listens_on_this_machine_only(view: View) -> None:
    port = int(view.url.rpartition(":")[2].partition("/")[0])
    assert view.url.startswith("http://127.0.0.1:")
    # Another address of the loopback stands for every other interface.
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=5)


def test_ctrl_c_ends_it_well_and_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(folder / "tmp"))
    with viewing(folder / "raw.mcool", script=folder / "higlass.js") as running:
        assert Visitor(running.url).enter().get("/").status == 200
        code, said = running.stop()
    assert (code, said) == (0, "Ctrl-C ends\n")
    assert list((folder / "tmp").iterdir()) == []


def test_a_region_is_part_of_the_address(folder: Path) -> None:
    words = (folder / "raw.mcool", "--region", "chr2:1-20,000|chr10")
    with viewing(*words, script=folder / "higlass.js") as running:
        assert running.url.endswith("#chr2:1-20,000%7Cchr10")


def test_other_hosts_are_let_in_when_asked_with_a_warning(folder: Path) -> None:
    words = (folder / "raw.mcool", "--host", "0.0.0.0")
    with viewing(*words, script=folder / "higlass.js") as running:
        port = running.url.rpartition(":")[2].partition("/")[0]
        _, _, token = running.url.partition("token=")
        visitor = Visitor(f"http://127.0.0.2:{port}/?token={token}")
        assert visitor.get("/").status == 403
        assert visitor.enter().get("/").status == 200
        code, said = running.stop()
    assert code == 0
    assert "--host 0.0.0.0: whoever has this address can see the files" in said


def test_a_viewconf_is_shown_with_the_files_beside_it(
    folder: Path, hicloom: Callable[..., Outcome]
) -> None:
    conf = folder / "toy.viewconf.json"
    assert hicloom("viewconf", folder / "raw.mcool", folder / "toy.d4", "-o", conf).code == 0
    text = conf.read_text().replace("/api/v1", "https://higlass.example/api/v1")
    conf.write_text(text)
    with viewing(conf, script=folder / "higlass.js") as running:
        visitor = Visitor(running.url).enter()
        assert len(visitor.json("/api/v1/tilesets/")["results"]) == 2
        shown = json.dumps(visitor.json("/settings.json")["viewconf"]["views"])
        assert "higlass.example" not in shown


@pytest.fixture
def refused(
    folder: Path, hicloom: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """What `hicloom view` says in its one line when it refuses, with exit code 2."""
    monkeypatch.setenv("HICLOOM_HIGLASS", str(folder / "higlass.js"))

    def refuse(*words: object) -> str:
        outcome = hicloom("view", *words, "--no-open")
        assert outcome.code == 2
        assert outcome.stderr.count("\n") == 1
        assert outcome.stdout == ""
        return outcome.stderr

    return refuse


def test_a_file_that_cannot_be_shown_is_refused(folder: Path, refused: Callable[..., str]) -> None:
    assert "no such file" in refused(folder / "absent.mcool")
    assert "expected an .mcool, .cool, .hic, bigWig or D4" in refused(folder / "secret.txt")
    assert "no chromosome 'chr9'" in refused(folder / "raw.mcool", "--region", "chr9")


def test_a_viewconf_without_its_files_is_refused(
    folder: Path, tmp_path: Path, refused: Callable[..., str], hicloom: Callable[..., Outcome]
) -> None:
    conf = tmp_path / "x.viewconf.json"
    assert hicloom("viewconf", folder / "raw.mcool", "-o", conf).code == 0
    assert "names the tileset raw-mcool, but no file beside it has that name" in refused(conf)
    conf.write_text("[1]")
    assert "is no viewconf" in refused(conf)
    assert "no such file" in refused(tmp_path / "absent.json")


def test_a_port_that_is_taken_is_refused(folder: Path, refused: Callable[..., str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert "cannot listen there" in refused(folder / "raw.mcool", "--port", port)
    assert "port" in refused(folder / "raw.mcool", "--port", 70000)


def test_without_higlass_it_says_how_to_get_it(
    folder: Path, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HICLOOM_HIGLASS")
    monkeypatch.setattr("hicloom.higlass.script.SCRIPT", folder / "absent.js")
    assert "hicloom fetch higlass" in refused(folder / "raw.mcool")
