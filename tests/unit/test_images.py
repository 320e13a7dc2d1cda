"""What the images are to hold, where they are named, and what is refused about them."""

import re
import shutil
import tarfile
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hicloom import __version__
from hicloom.errors import InputError
from hicloom.images.context import make_context
from hicloom.images.lock import read_lock, write_lock
from hicloom.images.plan import read_plan
from hicloom.images.references import cwl_references, rewrite, table_references
from hicloom.images.requirements import subset
from hicloom.images.verify import check_names
from hicloom.workflow import layout
from hicloom.workflow.containers import check_versions
from tests.conftest import Outcome

ROOT = layout.folder()
KEYS = ("align", "contacts", "report")
REGISTRY = "registry.example/lab"
DIGEST = "sha256:" + "1" * 64


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what names images in this checkout, and of what they are checked against."""
    for name in ("cwl", "docker"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "workflows").mkdir()
    for name in ("workflows/images.yaml", "pyproject.toml", "requirements.lock"):
        shutil.copy2(ROOT / name, tmp_path / name)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    """Replace what must be there."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def published(checkout: Path) -> Path:
    """The checkout as a release would be, with a digest that no registry gave."""
    locked = read_lock(checkout).images
    forms = {
        key: (image, replace(image, published=f"{REGISTRY}/hicloom-{key}@{DIGEST}"))
        for key, image in locked.items()
    }
    rewrite(checkout, forms)
    write_lock(checkout, {key: after for key, (_, after) in forms.items()})
    return checkout


def pinned(text: str) -> set[str]:
    """Names of the packages that a requirements file pins."""
    return set(re.findall(r"^([\w.-]+)==", text, flags=re.MULTILINE))


def test_a_part_of_the_lock_holds_what_its_packages_need_with_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    part = subset(lock, ["pybwa"], "3.13")
    # pybwa needs fgpyo and pysam, and fgpyo needs attrs; cooler is nobody's need.
    assert {"pybwa", "fgpyo", "pysam", "attrs"} <= pinned(part)
    assert "cooler" not in pinned(part)
    for pin in re.split(r"^(?=\w)", part, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in pin
        assert pin in lock


def test_a_package_that_only_the_image_s_python_needs_is_found() -> None:
    part = subset((ROOT / "requirements.lock").read_text(), ["standard-pipes"], "3.13")
    assert pinned(part) == {"standard-pipes"}


def test_a_package_that_the_lock_lacks_is_refused() -> None:
    with pytest.raises(InputError, match=r"requirements\.lock: absent is not in it"):
        subset((ROOT / "requirements.lock").read_text(), ["absent"], "3.13")


def test_every_package_that_hicloom_needs_is_in_an_image() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {re.split(r"[^\w-]", line)[0] for line in project["dependencies"]}
    assert needed <= {name for image in read_plan().images for name in image.python}


@pytest.mark.parametrize("key", KEYS)
def test_a_build_sees_its_packages_the_wheel_and_no_more(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CERT", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    wheel = tmp_path / "hicloom-0-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    plan = read_plan()
    (image,) = plan.chosen([key])
    locks = ["cooltools.lock", "needs.lock"] if key == "report" else []
    with tarfile.open(fileobj=make_context(plan, image, wheel)) as tar:
        names = ["Dockerfile", f"dist/{wheel.name}", "requirements.txt", "site/pip.conf", *locks]
        assert tar.getnames() == sorted(names)


def test_a_site_s_authorities_enter_a_build_only_where_they_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site.pem").write_text("authorities")
    (tmp_path / "w.whl").touch()
    monkeypatch.setenv("PIP_CERT", str(tmp_path / "site.pem"))
    plan = read_plan()
    with tarfile.open(fileobj=make_context(plan, plan.images[0], tmp_path / "w.whl")) as tar:
        handle = tar.extractfile("site/authorities.pem")
        assert handle is not None
        assert handle.read() == b"authorities"


def test_a_rule_and_the_cwl_file_of_its_verb_run_in_the_same_image() -> None:
    pulls = {part.path.stem: part.name for part in cwl_references(ROOT)}
    compared = set()
    for path in (ROOT / "workflows/rules").glob("*.smk"):
        for rule in re.split(r"^rule ", path.read_text(), flags=re.MULTILINE)[1:]:
            verb = rule.partition(":")[0].replace("_", "-")
            key = re.search(r'IMAGES\["(\w+)"\]', rule)
            assert key, f"{verb} has no container"
            if f"hicloom-{verb}" in pulls:
                assert pulls[f"hicloom-{verb}"] == f"hicloom-{key[1]}:{__version__}", verb
                compared.add(verb)
    assert {"align", "bam2pairs", "hic"} <= compared


def test_the_checkout_agrees_with_its_lock_and_is_not_published() -> None:
    lock = check_names(ROOT)
    assert not any(image.published for image in lock.images.values())


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "cwl/hicloom-align.cwl",
            f"hicloom-align:{__version__}",
            "hicloom-align:9",
            r"cwl/hicloom-align\.cwl: pulls hicloom-align:9, but docker/images\.lock\.yaml has",
        ),
        (
            "workflows/images.yaml",
            f"hicloom-align:{__version__}",
            "hicloom-align:9",
            r"workflows/images\.yaml: align is docker-daemon:hicloom-align:9, but",
        ),
        (
            "docker/images.lock.yaml",
            f"hicloom: {__version__}\nimages",
            "hicloom: 9\nimages",
            rf"images\.lock\.yaml: is of hicloom 9, but pyproject\.toml says {__version__}",
        ),
        (
            "docker/images.yaml",
            "title: hicloom-align",
            "title: hicloom-map",
            r"but docker/images\.yaml asks for .*hicloom-map:",
        ),
        (
            "docker/images.yaml",
            "python: [cyclopts",
            "python: [h5py, cyclopts",
            r"docker/images\.yaml: align is to hold h5py, but docker/images\.lock\.yaml lacks it",
        ),
        ("requirements.lock", "pybwa==", "pybwa==9+", r"holds pybwa .* pins 9\+"),
        ("docker/images.lock.yaml", "images:", "others:", "is damaged"),
    ],
    ids=["CWL", "table", "version", "name", "package", "pin", "damaged"],
)
def test_what_differs_is_said_in_one_line(
    file: str, old: str, new: str, message: str, checkout: Path, hicloom: Callable[..., Outcome]
) -> None:
    edit(checkout / file, old, new)
    outcome = hicloom("images", "verify", checkout)
    assert outcome.code == 2
    assert re.search(message, outcome.stderr)
    assert len(outcome.stderr.splitlines()) == 1


def test_published_images_are_named_by_digest_everywhere(checkout: Path) -> None:
    before = {path.name: path.read_text() for path in (checkout / "cwl").glob("*.cwl")}
    published(checkout)
    assert {part.name for part in cwl_references(checkout)} == {
        f"{REGISTRY}/hicloom-{key}@{DIGEST}" for key in KEYS
    }
    # Apptainer refuses a name with both a tag and a digest.
    assert table_references(checkout) == {
        key: f"docker://{REGISTRY}/hicloom-{key}@{DIGEST}" for key in KEYS
    }
    for name, text in before.items():
        after = (checkout / "cwl" / name).read_text()
        local = re.sub(rf"{REGISTRY}/(hicloom-\w+)@{DIGEST}", rf"\1:{__version__}", after)
        assert local == text, "nothing but the names changed"
    check_names(checkout)


def test_a_digest_that_only_one_place_has_is_refused(checkout: Path) -> None:
    published(checkout)
    edit(checkout / "cwl/hicloom-align.cwl", DIGEST, "sha256:" + "2" * 64)
    with pytest.raises(InputError, match=r"cwl/hicloom-align\.cwl: pulls .*2222"):
        check_names(checkout)


@pytest.mark.parametrize("words", [("build",), ("lock",), ("verify", "FOLDER")])
def test_without_a_daemon_one_line_says_so(
    words: tuple[str, ...],
    checkout: Path,
    hicloom: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{checkout}/none.sock")
    folder = str(published(checkout))
    outcome = hicloom("images", *(folder if word == "FOLDER" else word for word in words))
    assert outcome.code == 2
    assert outcome.stderr.startswith("hicloom: no Docker daemon answers: start it")
    assert len(outcome.stderr.splitlines()) == 1


def test_what_is_published_can_be_checked_without_pulling(
    checkout: Path, hicloom: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{checkout}/none.sock")
    assert hicloom("images", "verify", published(checkout), "--no-pull").code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["build", "absent"], "absent: no such image; known: align, contacts, report"),
        (["publish", "--registry", "https://x", "--into", "new"], "without https://"),
        (["publish", "--registry", "127.0.0.1:5000", "--into", "."], "is there already"),
    ],
    ids=["image", "registry", "folder"],
)
def test_wrong_usage_is_refused_before_any_work(
    words: list[str], message: str, hicloom: Callable[..., Outcome]
) -> None:
    outcome = hicloom("images", *words)
    assert outcome.code == 2
    assert message in outcome.stderr


def image_that_says(folder: Path, answer: str, code: int = 0) -> Path:
    """A program that stands for an image in which `hicloom --version` gives this answer.

    Run as `env IMAGE hicloom --version`, as Apptainer would be run: `apptainer exec IMAGE …`.
    """
    image = folder / "align.simg"
    image.write_text(f'#!/bin/sh\n[ "$*" = "hicloom --version" ] && echo "{answer}"\nexit {code}\n')
    image.chmod(0o755)
    return image


def test_an_image_of_the_same_hicloom_passes(tmp_path: Path) -> None:
    check_versions({"align": image_that_says(tmp_path, f"hicloom {__version__}")}, ["env"])


def test_an_image_of_another_hicloom_stops_the_workflow(tmp_path: Path) -> None:
    image = image_that_says(tmp_path, "hicloom 0.0.9")
    with pytest.raises(InputError) as caught:
        check_versions({"align": image}, ["env"])
    said = str(caught.value)
    assert f"holds hicloom 0.0.9, the workflow is of hicloom {__version__}" in said
    # A project keeps the table of the hicloom that made it, so the table itself may be behind.
    assert f"let align in workflows/images.yaml name one of {__version__}" in said
    assert "hicloom images build align makes it" in said


def test_an_image_without_hicloom_stops_the_workflow(tmp_path: Path) -> None:
    image = image_that_says(tmp_path, "", code=127)
    with pytest.raises(InputError, match="hicloom in this image does not answer"):
        check_versions({"align": image}, ["env"])
