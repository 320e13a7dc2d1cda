"""Publishing to a registry on this machine, and what a release is checked for."""

import contextlib
import hashlib
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from hicloom import __version__
from hicloom.images.lock import read_lock
from hicloom.images.plan import Image
from hicloom.images.references import cwl_references, table_references
from hicloom.workflow import layout
from tests.conftest import Outcome
from tests.docker.conftest import KEYS, Run, hicloom

if TYPE_CHECKING:
    from docker import DockerClient

ROOT = layout.folder()
CONFIG = """
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {folder}}}}}
http: {{addr: "{address}"}}
"""
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Debian's docker-registry, on a free port of this machine alone."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("docker-registry is not installed")
    folder = tmp_path_factory.mktemp("registry")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    (folder / "config.yml").write_text(CONFIG.format(folder=folder / "data", address=address))
    with subprocess.Popen([program, "serve", folder / "config.yml"], stderr=-3) as process:
        wait_for(f"http://{address}/v2/")
        yield address
        process.kill()
    shutil.rmtree(folder / "data", ignore_errors=True)


def wait_for(url: str) -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + 30
    while True:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url).close()
            return
        assert time.monotonic() < deadline, f"{url} does not answer"
        time.sleep(0.1)


def git(*words: str | Path, cwd: Path) -> str:
    """Run git and return what it prints."""
    command = ["git", "-c", "safe.directory=*", *words]
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


class Release(NamedTuple):
    """A checkout, what `publish` said, and the release that it wrote."""

    checkout: Path
    outcome: Outcome
    folder: Path
    before: dict[Path, bytes]

    def image(self, key: str) -> str:
        """The name of an image by digest, as `publish` printed it."""
        return next(line for line in self.outcome.stdout.splitlines() if f"-{key}@" in line)


def contents(folder: Path) -> dict[Path, bytes]:
    """The files that git tracks in a folder."""
    names = git("ls-files", "-z", cwd=folder).split("\0")
    return {Path(name): (folder / name).read_bytes() for name in names if name}


@pytest.fixture(scope="module")
def release(
    images: dict[str, Image],
    registry: str,
    docker: "DockerClient",
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Release]:
    """A checkout of these sources, locked for the images here, and published."""
    checkout = tmp_path_factory.mktemp("checkout")
    known = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, known.split("\0")):
        if (ROOT / name).is_file():
            (checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, checkout / name)
    git("init", "--quiet", cwd=checkout)
    locked = hicloom("images", "lock", source=checkout)
    assert locked.code == 0, locked.stderr
    git("add", "--all", cwd=checkout)
    (checkout / "notes.txt").write_text("nothing that git knows")
    before = contents(checkout)
    folder = tmp_path_factory.mktemp("release") / "hicloom"
    words = ("--registry", f"{registry}/lab", "--into", folder)
    outcome = hicloom("images", "publish", *words, source=checkout)
    assert outcome.code == 0, outcome.stderr
    yield Release(checkout, outcome, folder, before)
    for line in outcome.stdout.splitlines():
        with contextlib.suppress(Exception):
            docker.images.remove(line, noprune=True)


@pytest.mark.parametrize("key", KEYS)
def test_the_digest_is_the_registry_s(key: str, release: Release) -> None:
    address, name, digest = re.split("/lab/|@", release.image(key))
    url = f"http://{address}/v2/lab/{name}/manifests/{__version__}"
    request = urllib.request.Request(url, headers={"Accept": MANIFEST})
    with urllib.request.urlopen(request) as answer:
        assert digest == f"sha256:{hashlib.sha256(answer.read()).hexdigest()}"


def test_a_release_names_its_images_by_digest_everywhere(release: Release) -> None:
    named = {key: release.image(key) for key in KEYS}
    pulls = [part.name for part in cwl_references(release.folder)]
    assert set(pulls) == set(named.values())
    assert len(pulls) == len(list(cwl_references(release.checkout)))
    assert table_references(release.folder) == {k: f"docker://{name}" for k, name in named.items()}
    lock = read_lock(release.folder)
    assert {key: image.published for key, image in lock.images.items()} == named


def test_a_release_is_what_git_tracks_and_the_checkout_stays_as_it_is(release: Release) -> None:
    assert contents(release.checkout) == release.before
    laid = {path.relative_to(release.folder) for path in release.folder.rglob("*")}
    assert {path for path in laid if (release.folder / path).is_file()} == set(release.before)
    changed = {
        path.parent.as_posix()
        for path, content in release.before.items()
        if (release.folder / path).read_bytes() != content
    }
    assert changed == {"cwl", "docker", "workflows"}


def test_a_release_is_in_agreement_with_what_is_pulled(release: Release) -> None:
    outcome = hicloom("images", "verify", release.folder)
    assert outcome.code == 0, outcome.stderr
    assert all(release.image(key) in outcome.stderr for key in KEYS)


def test_an_image_runs_by_its_digest(release: Release, inside: Run) -> None:
    hicloom("images", "verify", release.folder)
    outcome = inside(release.image("align"), "hicloom", "--version")
    assert outcome == (0, f"hicloom {__version__}\n", "")


@pytest.fixture
def forged(release: Release, tmp_path: Path) -> Path:
    """A release whose files all give for one image the digest of another one."""
    folder = tmp_path / "forged"
    shutil.copytree(release.folder, folder)
    name = release.image("align").partition("@")[0]
    right, wrong = (release.image(key).partition("@")[2] for key in ("align", "contacts"))
    for path in (*folder.glob("cwl/*.cwl"), *folder.glob("*/images*.yaml")):
        path.write_text(path.read_text().replace(f"{name}@{right}", f"{name}@{wrong}"))
    return folder


def test_a_digest_that_the_registry_does_not_have_is_refused(forged: Path) -> None:
    """A repository holds only its own images, so this digest is none of align's."""
    outcome = hicloom("images", "verify", forged)
    assert outcome.code == 2
    assert "hicloom-align@sha256:" in outcome.stderr
    assert "the registry does not give this image" in outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1


def test_a_lock_that_is_not_of_what_is_pulled_is_refused(release: Release, tmp_path: Path) -> None:
    folder = tmp_path / "altered"
    shutil.copytree(release.folder, folder)
    lock = folder / "docker/images.lock.yaml"
    lock.write_text(lock.read_text().replace("minimap2: 2.27+dfsg", "minimap2: 9+dfsg"))
    outcome = hicloom("images", "verify", folder)
    assert outcome.code == 2
    assert re.search(r"holds minimap2 2\.27\S*, the lock says 9\+dfsg", outcome.stderr)


def test_only_what_was_locked_is_published(release: Release, registry: str, tmp_path: Path) -> None:
    checkout = tmp_path / "stale"
    shutil.copytree(release.checkout, checkout)
    lock = checkout / "docker/images.lock.yaml"
    identity = read_lock(checkout).images["align"].id
    lock.write_text(lock.read_text().replace(identity, "sha256:" + "0" * 64))
    words = ("--registry", registry, "--into", tmp_path / "new")
    outcome = hicloom("images", "publish", *words, source=checkout)
    assert outcome.code == 2
    assert "is not the image that was locked: hicloom images lock" in outcome.stderr
    assert not (tmp_path / "new").exists()


def test_a_registry_that_does_not_answer_leaves_no_release(
    release: Release, tmp_path: Path
) -> None:
    words = ("--registry", "127.0.0.1:1", "--into", tmp_path / "new")
    outcome = hicloom("images", "publish", *words, source=release.checkout)
    assert outcome.code == 1
    assert "127.0.0.1:1/hicloom-align" in outcome.stderr
    assert list(tmp_path.iterdir()) == []
