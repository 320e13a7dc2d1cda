"""The entities of a run's record: what is told of files, images and settings."""

import hashlib
import os
from pathlib import Path

import pytest

from hicloom.workflow.checksums import Stamp, moment, stamp, stamped
from hicloom.workflow.crate_graph import Graph, flat, kind, public

DIGEST = "0" * 63 + "1"


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    """An empty crate whose root is `results`."""
    return Graph(tmp_path / "results", {}, None)


def test_an_image_is_told_by_the_digest_in_its_address(graph: Graph) -> None:
    image = graph.image(f"docker://ghcr.io/lab/hicloom-align@sha256:{DIGEST}", None)
    assert image["registry"] == "ghcr.io"
    assert image["name"] == "lab/hicloom-align"
    assert image["sha256"] == DIGEST
    assert image["additionalType"].endswith("DockerImage")


def test_an_image_without_one_is_told_by_the_file_that_it_was_pulled_to(graph: Graph) -> None:
    image = graph.image("docker-daemon:hicloom-align:0.1.0", Stamp(5, moment(0), DIGEST))
    assert image["sha256"] == DIGEST
    assert image["additionalType"].endswith("SIFImage")


def test_a_file_inside_is_named_from_the_root_and_one_outside_by_its_address(
    tmp_path: Path,
) -> None:
    inside, outside = tmp_path / "results/a b%.tsv", tmp_path / "x.fq.gz"
    inside.parent.mkdir()
    for path in (inside, outside):
        path.write_text("text")
    graph = Graph(tmp_path / "results", stamped([inside, outside], {}), None)
    assert graph.file(str(inside)).id == "a%20b%25.tsv"
    assert graph.file(str(outside)).id == outside.as_uri()
    assert graph.file(str(inside))["sha256"] == hashlib.sha256(b"text").hexdigest()


def test_a_file_that_is_gone_is_no_data_of_the_crate(graph: Graph) -> None:
    entity = graph.file("results/lanes/A/L1.bam")
    assert entity.type == "CreativeWork"
    assert "hasPart" not in graph.crate.root_dataset


def test_passwords_and_signatures_stay_out() -> None:
    address = "https://me:secret@host/x.fq.gz?X-Amz-Signature=abc&X-Amz-Date=1&part=2"
    assert public(address) == "https://host/x.fq.gz?X-Amz-Signature=...&X-Amz-Date=...&part=2"
    assert public("a@b, https://host/x@y") == "a@b, https://host/x@y"


def test_remote_inputs_keep_their_address(graph: Graph) -> None:
    assert graph.file("s3://bucket/x.fq.gz").id == "s3://bucket/x.fq.gz"
    assert graph.file("https://me:secret@host/x.fq.gz").id == "https://host/x.fq.gz"


def test_settings_have_dotted_names_and_filters_stay_together() -> None:
    settings = {"bin": {"balance": {"mad_max": 5}}, "filter": {"maps": {"all": "", "a": "b"}}}
    assert list(flat(settings)) == [
        ("bin.balance.mad_max", 5),
        ("filter.maps", {"all": "", "a": "b"}),
    ]


def test_a_changed_file_is_read_again_and_an_unchanged_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("one")
    now = stamp(path)
    known = {path: Stamp(now.size, now.modified, DIGEST)}
    assert stamped([path], known)[path].sha256 == DIGEST
    os.utime(path, (0, 0))
    assert stamped([path], known)[path].sha256 == hashlib.sha256(b"one").hexdigest()


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("A.toy.pairs.gz", "pairs"),
        ("a.fastq.gz", "reads"),
        ("Snakefile", "file"),
        ("x.hic", "hic-map"),
    ],
)
def test_kinds_are_told_by_names(name: str, word: str) -> None:
    assert kind(name)[0] == word
