"""What is in the images, and that it runs where nearly everything is forbidden."""

import datetime
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hicloom import __version__
from hicloom.images.lock import Locked, look_at, read_lock, write_lock
from hicloom.images.plan import Image
from hicloom.images.selftest import tool_versions
from tests.conftest import body
from tests.docker.conftest import KEYS, Run, hicloom

if TYPE_CHECKING:
    from docker import DockerClient

COMPILERS = "as cargo cc clang cpp g++ gcc gfortran go ld make rustc tcc"
OCI = "org.opencontainers.image."

pytestmark = pytest.mark.usefixtures("images")


@pytest.fixture(scope="module")
def looked_at(docker: "DockerClient", images: dict[str, Image]) -> dict[str, Locked]:
    """What `hicloom images lock` finds in the images."""
    return {key: look_at(docker, image) for key, image in images.items()}


@pytest.mark.parametrize("key", KEYS)
def test_an_image_is_small(key: str, docker: "DockerClient", images: dict[str, Image]) -> None:
    size = docker.images.get(images[key].tag).attrs["Size"]
    assert size <= images[key].megabytes * 1e6


def test_the_limits_are_those_of_the_design(images: dict[str, Image]) -> None:
    # contacts with Java, report with cooltools: more would be a dependency that slipped in.
    assert {key: image.megabytes for key, image in images.items()} == {
        "align": 450,
        "contacts": 1100,
        "report": 1700,
    }


@pytest.mark.parametrize("key", KEYS)
def test_no_compiler_and_no_installer_is_left(key: str, inside: Run) -> None:
    tools = f"for tool in {COMPILERS} pip pip3; do command -v $tool; done; true"
    assert inside(key, "sh", "-c", tools) == (0, "", "")


@pytest.mark.parametrize("key", KEYS)
def test_nothing_of_the_build_is_left(key: str, inside: Run) -> None:
    """Not the way to a package index, nor its authorities; nor caches, logs, sources of sid."""
    look = (
        "ls -d /site /dist /opt/pip /opt/project /requirements.txt /root/.cache 2> /dev/null;"
        " find /var/cache /var/log /var/lib/apt/lists -type f;"
        " ls /usr/local/share/ca-certificates /etc/apt/sources.list.d /etc/apt/preferences.d"
    )
    said = inside(key, "sh", "-c", look, user="0").stdout
    assert [line for line in said.splitlines() if line and not line.endswith(":")] == []


@pytest.mark.parametrize("key", KEYS)
def test_an_image_starts_nothing_by_itself(
    key: str, docker: "DockerClient", images: dict[str, Image]
) -> None:
    config = docker.images.get(images[key].tag).attrs["Config"]
    assert not config.get("Entrypoint")
    assert not config.get("User")


@pytest.mark.parametrize("key", KEYS)
def test_an_image_says_what_it_is(
    key: str, docker: "DockerClient", images: dict[str, Image]
) -> None:
    labels = docker.images.get(images[key].tag).labels
    said = {name.removeprefix(OCI): value for name, value in labels.items()}
    assert said["title"] == f"hicloom-{key}"
    assert said["version"] == __version__
    assert "MIT" in said["licenses"]
    assert "hicloom" in said["description"]
    assert said["base.name"] in ("debian:trixie-slim", "hicloom-base:trixie")
    made = datetime.datetime.fromisoformat(said["created"])
    assert made < datetime.datetime.now(datetime.UTC)


@pytest.mark.parametrize("key", KEYS)
def test_every_tool_answers_with_its_version(
    key: str, docker: "DockerClient", images: dict[str, Image]
) -> None:
    assert tool_versions(docker, images[key])["hicloom"] == __version__


def test_a_stripped_environment_is_enough(inside: Run) -> None:
    """Without PATH and HOME; a shell then looks into its own list of folders."""
    outcome = inside("align", "env", "-i", "sh", "-c", "hicloom --version && minimap2 --version")
    assert outcome.code == 0
    assert outcome.stdout.startswith(f"hicloom {__version__}\n2.")


@pytest.mark.parametrize("key", KEYS)
def test_the_first_command_does_not_wait_for_a_compiler(key: str, inside: Run) -> None:
    """All Python is compiled in the image: nothing below /opt lacks its bytecode."""
    script = (
        "import pathlib, importlib.util as u; root = pathlib.Path('/opt/hicloom/lib');"
        "print([str(p) for p in root.rglob('hicloom/**/*.py')"
        " if not pathlib.Path(u.cache_from_source(p)).exists()])"
    )
    assert inside(key, "/opt/hicloom/bin/python", "-c", script).stdout == "[]\n"


def test_align_makes_what_this_machine_makes(inside: Run, lane: Path, tmp_path: Path) -> None:
    for name in ("genome.fa.gz", "1.fq.gz", "2.fq.gz"):
        shutil.copy(lane / name, tmp_path)
    index = "index-genome genome.fa.gz --output index --chromsizes toy.chrom.sizes"
    align = "align 1.fq.gz 2.fq.gz --index index --output lane.bam"
    for words in (index, align):
        outcome = inside("align", "hicloom", *words.split())
        assert outcome.code == 0, outcome.stderr
    assert records(tmp_path / "lane.bam") == records(lane / "lane.bam")


@pytest.mark.parametrize("aligner", ["bwa", "bwa-mem2", "minimap2"])
def test_the_native_aligners_work(aligner: str, inside: Run, lane: Path, tmp_path: Path) -> None:
    for name in ("genome.fa.gz", "1.fq.gz", "2.fq.gz"):
        shutil.copy(lane / name, tmp_path)
    unpack = "import gzip; open('genome.fa', 'wb').write(gzip.open('genome.fa.gz').read())"
    assert inside("align", "/opt/hicloom/bin/python", "-c", unpack).code == 0
    if aligner != "minimap2":
        assert inside("align", aligner, "index", "genome.fa").code == 0
    words = f"align 1.fq.gz 2.fq.gz --index genome.fa --aligner {aligner} --output lane.bam"
    outcome = inside("align", "hicloom", *words.split())
    assert outcome.code == 0, outcome.stderr
    # Most simulated reads lie where the embedded bwa puts them: 92 % of minimap2's, which takes
    # another end of a chimeric read for the primary one, all of bwa's.
    here, there = (places(folder / "lane.bam") for folder in (lane, tmp_path))
    assert len(here & there) > 0.9 * len(here)


def test_contacts_makes_what_this_machine_makes(inside: Run, lane: Path, tmp_path: Path) -> None:
    """From a BAM to a .hic file: pairtools, cooler and Java, none of them with a home."""
    here = tmp_path / "here"
    here.mkdir(mode=0o777)
    for name in ("lane.bam", "toy.chrom.sizes"):
        for folder in (tmp_path, here):
            shutil.copy(lane / name, folder)
    commands = [
        "bam2pairs lane.bam --chromsizes toy.chrom.sizes --output raw.pairs.gz --tmpdir .",
        "dedup raw.pairs.gz --output a.pairs.gz --stats a.stats.tsv",
        "cload a.pairs.gz --bin-size 5000 --chromsizes toy.chrom.sizes --output a.cool --tmpdir .",
        "zoomify a.cool --resolutions 5000 --resolutions 10000 --balance --output a.mcool",
        "hic a.pairs.gz --chromsizes toy.chrom.sizes --resolutions 10000 --output a.hic --tmpdir .",
        "plot a.mcool --output a.png",
        "validate raw.pairs.gz a.mcool a.hic",
    ]
    for words in commands:
        outcome = inside("contacts", "hicloom", *words.split())
        assert outcome.code == 0, f"{words}: {outcome.stderr}"
    for words in commands[:4]:
        assert hicloom(*words.split(), cwd=here).code == 0
    assert body(tmp_path / "a.pairs.gz") == body(here / "a.pairs.gz")
    dumps = [hicloom("dump", f"{f}/a.mcool::/resolutions/5000").stdout for f in (tmp_path, here)]
    assert dumps[0] == dumps[1] != ""


def records(bam: Path) -> list[str]:
    """The alignments of a BAM as SAM lines."""
    import pysam

    with pysam.AlignmentFile(str(bam)) as file:
        return [record.to_string() for record in file]


def places(bam: Path) -> set[tuple[str | None, bool, int, int]]:
    """Name, mate and place of each primary alignment."""
    import pysam

    with pysam.AlignmentFile(str(bam)) as file:
        return {
            (record.query_name, record.is_read1, record.reference_id, record.reference_start)
            for record in file
            if not record.flag & 0x900
        }


@pytest.mark.parametrize("key", KEYS)
def test_the_lock_has_every_package(key: str, looked_at: dict[str, Locked], inside: Run) -> None:
    status = inside(key, "sh", "-c", "grep ^Package: /var/lib/dpkg/status").stdout
    assert {line.split()[1] for line in status.splitlines()} == set(looked_at[key].debian)
    folders = inside(key, "sh", "-c", "ls -d /opt/hicloom/lib/python3*/site-packages/*.dist-info")
    assert len(folders.stdout.splitlines()) == len(looked_at[key].python)
    assert looked_at[key].python["hicloom"] == __version__


def test_the_lock_says_what_is_not_published(looked_at: dict[str, Locked], tmp_path: Path) -> None:
    text = write_lock(tmp_path, looked_at).read_text()
    assert "published: false" in text
    assert "@sha256" not in text, "no digest is made up"
    assert read_lock(tmp_path).images == looked_at


def test_building_again_makes_nothing_anew(
    docker: "DockerClient", images: dict[str, Image]
) -> None:
    """Every layer comes from the cache, so that the ids stay."""
    before = {image.tag: docker.images.get(image.tag).id for image in images.values()}
    outcome = hicloom("images", "build")
    rows = [line.split("\t") for line in outcome.stdout.splitlines()]
    assert {name: identity for name, identity, _ in rows} == before


def test_kernels_are_not_compiled_in_a_job(inside: Run) -> None:
    """On another model of processor than the one that built the image, and nothing writable."""
    script = (
        "import importlib, pkgutil, hicloom.kernels as all_of;"
        "[importlib.import_module(m.name) for m in"
        " pkgutil.iter_modules(all_of.__path__, 'hicloom.kernels.') if m.name[-2:] != '__']"
    )
    environment = {"HOME": "/nonexistent", "NUMBA_CPU_NAME": "nehalem", "NUMBA_DEBUG_CACHE": "1"}
    python = "/opt/hicloom/bin/python"
    outcome = inside("contacts", python, "-c", script, environment=environment)
    assert outcome.code == 0, outcome.stderr
    assert "data loaded from" in outcome.stdout
    assert "saved" not in outcome.stdout
