"""Images as files: their names, and what is refused. Apptainer is a script that does as it does."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from hicloom.errors import InputError, WorkError
from hicloom.images.sif import SUMS, Sif, collect
from hicloom.workflow.containers import check_digest, pinned
from tests.conftest import Outcome

DIGEST = "sha256:" + "1" * 64
OTHER = "sha256:" + "2" * 64
NAME = f"registry.example:5000/the_lab/hicloom-align@{DIGEST}"
URL = f"docker://{NAME}"
# `build` and `pull` note the image's name in the file, `inspect` tells it.
APPTAINER = """#!/bin/sh
make() {
  test "$3" != docker://away || { echo 'FATAL: no such host' >&2; exit 255; }
  test "$1" = --disable-cache && printf '%s' "${3#docker://}" > "$2"
}
case "$1 $2" in
  "build --help") echo '--mksquashfs-args string' ;;
  "build --mksquashfs-args="*) shift 2; make "$@" ;;
  pull*) shift; make "$@" ;;
  inspect*) label=org.label-schema.usage.singularity.deffile.from
    printf '{"data": {"attributes": {"labels": {"%s": "%s"}}}}' $label "$(cat "$3")" ;;
  --version*) echo "apptainer version 1.4.5" ;;
esac
"""


@pytest.fixture
def apptainer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The script, as `apptainer` and as `singularity` on PATH."""
    (tmp_path / "bin").mkdir()
    for name in ("apptainer", "singularity"):
        (tmp_path / "bin" / name).write_text(APPTAINER)
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return str(tmp_path / "bin/apptainer")


@pytest.fixture
def collected(apptainer: str, tmp_path: Path) -> Path:
    """A folder with one image, pulled now."""
    ((_, path, is_new),) = collect([URL, URL], tmp_path / "sif", apptainer)
    assert is_new
    return path


@pytest.mark.parametrize("url", [URL, "docker-daemon:hicloom-align:0.1.0"])
def test_snakemake_looks_for_this_name(url: str, tmp_path: Path) -> None:
    from snakemake.deployment.singularity import Image

    persistence = SimpleNamespace(container_img_path=str(tmp_path))
    dag = SimpleNamespace(workflow=SimpleNamespace(persistence=persistence))
    assert Image(url, dag, False).path == str(tmp_path / Sif(url).snakemake)


@pytest.mark.parametrize("name", [NAME, "hicloom-align:0.1.0", "hicloom-align:latest"])
def test_cwltool_looks_for_this_name(name: str, apptainer: str, tmp_path: Path) -> None:
    from cwl_utils.image_puller import SingularityImagePuller

    puller = SingularityImagePuller(name, tmp_path, "singularity", False)
    assert Sif(f"docker://{name}").cwltool == puller.get_image_name()


def test_an_image_has_both_names_and_is_pulled_once(collected: Path, apptainer: str) -> None:
    folder = collected.parent
    assert {path.name for path in folder.iterdir()} == {
        Sif(URL).snakemake,
        Sif(URL).cwltool,
        SUMS,
    }
    assert (folder / str(Sif(URL).cwltool)).read_text() == NAME
    ((_, _, is_new),) = collect([URL], folder, apptainer)
    assert not is_new


def test_a_program_that_cannot_be_told_how_to_compress_pulls(tmp_path: Path) -> None:
    old = tmp_path / "singularity"
    old.write_text(APPTAINER.replace("--mksquashfs-args", "--unknown"))
    old.chmod(0o755)
    ((_, path, is_new),) = collect([URL], tmp_path / "sif", str(old))
    assert is_new
    assert path.read_text() == NAME


def test_a_file_that_was_changed_is_refused(collected: Path, apptainer: str) -> None:
    collected.write_text(f"{NAME} ")
    with pytest.raises(InputError, match="has changed since it was pulled; remove this file"):
        list(collect([URL], collected.parent, apptainer))


def test_a_file_of_another_digest_is_refused(tmp_path: Path, apptainer: str) -> None:
    path = tmp_path / Sif(URL).snakemake
    path.write_text(NAME.replace(DIGEST, OTHER))
    with pytest.raises(InputError, match=f"is made of .*@{OTHER}, but wanted is {URL}"):
        list(collect([URL], tmp_path, apptainer))


def test_a_file_that_is_no_image_is_refused(tmp_path: Path, apptainer: str) -> None:
    path = tmp_path / "x.simg"
    path.write_text('"')
    with pytest.raises(InputError, match="is no image that Apptainer can read"):
        check_digest(path, URL, apptainer)


def test_a_name_without_digest_asks_for_none(tmp_path: Path, apptainer: str) -> None:
    path = tmp_path / "x.simg"
    path.write_text("hicloom-align:0.1.0")
    check_digest(path, "docker-daemon:hicloom-align:0.1.0", apptainer)
    assert pinned("docker-daemon:hicloom-align:0.1.0") is None


def test_a_pull_that_fails_leaves_nothing(tmp_path: Path, apptainer: str) -> None:
    with pytest.raises(WorkError, match=r"docker://away: .*no such host"):
        list(collect(["docker://away"], tmp_path / "sif", apptainer))
    assert list((tmp_path / "sif").iterdir()) == []


def test_the_command_takes_the_table_of_the_project(
    hicloom: Callable[..., Outcome], apptainer: str, tmp_path: Path
) -> None:
    (tmp_path / "project/workflows").mkdir(parents=True)
    table = tmp_path / "project/workflows/images.yaml"
    table.write_text(json.dumps({"align": URL, "local": "/data/local.sif"}))
    folder = tmp_path / "sif"
    outcome = hicloom("images", "sif", folder, "--project", tmp_path / "project")
    assert outcome.code == 0, outcome.stderr
    assert outcome.stdout == f"{folder / Sif(URL).snakemake}\t{URL}\n"


def test_without_apptainer_nothing_is_done(
    hicloom: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = hicloom("images", "sif", tmp_path / "sif")
    assert outcome.code == 2
    assert "apptainer is not on PATH" in outcome.stderr
    assert not (tmp_path / "sif").exists()
