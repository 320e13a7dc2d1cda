"""What HiGlass is told to show."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from hicloom.higlass.files import open_tilesets, uid_of
from hicloom.higlass.viewconf import tileset_uids
from tests.conftest import Outcome
from tests.higlass import HIGLASS, WITHOUT_HIGLASS, toy_files
from tests.unit.d4s import LAYOUTS, write_tracks
from tests.unit.matrices import CHROMSIZES, made_by_cooler

LENGTH = sum(CHROMSIZES.values())


@cache
def published_schema() -> Any:
    """The JSON schema of viewconfs, from HiGlass itself."""
    text = HIGLASS.read_text()
    start = text.index(
        '{"$schema":"http://json-schema.org/draft-07/schema#","$id":"https://higlass.io'
    )
    return json.JSONDecoder().raw_decode(text, start)[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A map, another of the same genome, and depth as bigWig and D4."""
    return toy_files(tmp_path_factory.mktemp("files"))


@pytest.fixture
def composed(hicloom: Callable[..., Outcome], folder: Path, tmp_path: Path) -> Callable[..., Any]:
    """The viewconf that `hicloom viewconf` writes of files in `folder`."""

    def compose(*words: object) -> Any:
        files = [folder / str(word) if "." in str(word) else word for word in words]
        outcome = hicloom("viewconf", *files, "--output", tmp_path / "x.viewconf.json")
        assert outcome == (0, "", "")
        return json.loads((tmp_path / "x.viewconf.json").read_text())

    return compose


def types(tracks: list[Any]) -> list[str]:
    return [track["type"] for track in tracks]


@pytest.mark.skipif(not HIGLASS.is_file(), reason=WITHOUT_HIGLASS)
@pytest.mark.parametrize(
    "files",
    [["toy.mcool"], ["toy.mcool", "raw.mcool", "toy.depth.bw"], ["toy.d4"]],
    ids=["a map", "two maps and depth", "depth"],
)
def test_a_viewconf_fits_the_published_schema(files: list[str], composed: Any) -> None:
    conf = composed(*files)
    jsonschema.validate(conf, published_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**conf, "views": [{"layout": 1}]}, published_schema())


def test_a_map_has_its_depth_above_and_the_chromosomes_beside(composed: Any) -> None:
    (view,) = composed("toy.mcool", "toy.depth.bw")["views"]
    tracks = view["tracks"]
    assert types(tracks["top"]) == ["horizontal-bar", "horizontal-chromosome-labels"]
    assert types(tracks["left"]) == ["vertical-chromosome-labels"]
    assert types(tracks["center"][0]["contents"]) == ["heatmap", "2d-chromosome-grid"]
    assert view["initialXDomain"] == view["initialYDomain"] == [0, LENGTH]


def test_tilesets_bear_the_names_of_files_and_no_path_and_no_dot(composed: Any) -> None:
    conf = composed("toy.mcool", "toy.depth.bw")
    assert set(tileset_uids(conf)) == {"toy-mcool", "toy-depth-bw"}
    assert conf["trackSourceServers"] == ["/api/v1"]
    assert "/tmp" not in json.dumps(conf)


def test_maps_of_one_genome_stand_side_by_side_and_move_together(composed: Any) -> None:
    conf = composed("toy.mcool", "raw.mcool", "toy.depth.bw")
    places = [(view["layout"]["x"], view["layout"]["w"]) for view in conf["views"]]
    assert places == [(0, 6), (6, 6)]
    for locks in (conf["zoomLocks"], conf["locationLocks"]):
        (lock,) = locks["locksDict"].values()
        assert lock["view-1"] == lock["view-2"], "no offset"
        assert locks["locksByViewUid"] == {"view-1": lock["uid"], "view-2": lock["uid"]}
    above = [tileset_uids(view["tracks"]["top"])[0] for view in conf["views"]]
    assert above == ["toy-depth-bw", "toy-depth-bw"]


def test_a_map_of_another_genome_moves_alone_and_has_no_foreign_depth(
    composed: Any, folder: Path
) -> None:
    made_by_cooler(folder / "other.cool", {"chr1": 5000}, 1000, [(0, 1, 2)])
    conf = composed("toy.mcool", "other.cool", "toy.depth.bw")
    assert conf["zoomLocks"] == {"locksByViewUid": {}, "locksDict": {}}
    assert types(conf["views"][1]["tracks"]["top"]) == ["horizontal-chromosome-labels"]


def test_depth_without_a_map_is_shown_alone(composed: Any) -> None:
    (view,) = composed("toy.d4", "toy.depth.bw")["views"]
    assert tileset_uids(view["tracks"]) == ["toy-d4", "toy-depth-bw", "toy-d4"]
    assert view["tracks"]["center"] == view["tracks"]["left"] == []


def test_every_track_of_a_d4_is_shown(tmp_path: Path) -> None:
    depth = {name: {"chr1": np.arange(3, dtype=np.int32)} for name in ("all", "mapq30")}
    path = write_tracks(tmp_path / "R1.d4", depth, LAYOUTS["16 values"])
    assert [t.uid for t in open_tilesets([path])] == ["R1-d4-all", "R1-d4-mapq30"]


def test_depth_takes_the_order_of_chromosomes_of_its_map(folder: Path) -> None:
    shown, depth = open_tilesets([folder / "toy.mcool", folder / "toy.depth.bw"])
    assert list(depth.chromsizes) == list(shown.chromsizes) == list(CHROMSIZES)


@pytest.mark.parametrize(
    ("region", "x", "y"),
    [
        # chr2 begins behind the 400,000 bp of chr1; the first base is number 1.
        ("chr2:1-20,000", [400_000, 420_000], [400_000, 420_000]),
        ("chr1:101-200|chr10", [100, 200], [650_001, 750_000]),
        ("scaf_1", [750_000, 750_900], [750_000, 750_900]),
    ],
)
def test_a_region_is_laid_on_the_chromosomes_in_a_row(
    region: str, x: list[int], y: list[int], composed: Any
) -> None:
    (view,) = composed("toy.mcool", "--region", region)["views"]
    assert [view["initialXDomain"], view["initialYDomain"]] == [x, y]


def test_uids_are_what_every_server_of_higlass_takes() -> None:
    assert uid_of("R1.sacCer3.mapq_30.mcool") == "R1-sacCer3-mapq_30-mcool"
    assert uid_of("ein Größe.bw dedup") == "ein-Gr--e-bw-dedup"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.mcool", None, "no such file"),
        ("x.mcool", b"words", "expected an .mcool, .cool, .hic, bigWig or D4 file"),
        ("x.mcool", b"\x89HDF and no more", "is not a .cool or .mcool"),
        ("x.hic", b"HIC\0 and no more", "is a damaged .hic file"),
        ("x.bw", b"\x26\xfc\x8f\x88 and no more", "is a damaged bigWig file"),
        ("x.d4", b"d4\xdd\xdd and no more", "x.d4"),
    ],
)
def test_a_file_that_cannot_be_shown_is_told_in_one_line(
    name: str, content: bytes | None, told: str, hicloom: Callable[..., Outcome], tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    outcome = hicloom("viewconf", tmp_path / name, "--output", tmp_path / "x.json")
    assert outcome.code == 2
    assert told in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    assert not (tmp_path / "x.json").exists()


def test_two_files_of_one_name_cannot_be_told_apart(
    hicloom: Callable[..., Outcome], folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "toy.mcool").write_bytes((folder / "toy.mcool").read_bytes())
    files = (folder / "toy.mcool", tmp_path / "toy.mcool")
    outcome = hicloom("viewconf", *files, "--output", tmp_path / "x.json")
    assert outcome.code == 2
    assert "has the name of" in outcome.stderr


def test_a_region_that_is_not_there_is_refused(
    hicloom: Callable[..., Outcome], folder: Path, tmp_path: Path
) -> None:
    words = ("--region", "chr9:1-5", "--output", tmp_path / "x.json")
    outcome = hicloom("viewconf", folder / "toy.mcool", *words)
    assert outcome.code == 2
    assert "no chromosome 'chr9'" in outcome.stderr
