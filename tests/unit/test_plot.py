"""Pictures of maps."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.unit.matrices import simulated_map

pytest.importorskip("matplotlib")

Cli = Callable[..., object]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A map of many resolutions of simulated pairs."""
    from hicloom.steps.zoomify import zoomify

    folder = tmp_path_factory.mktemp("maps")
    zoomify(str(simulated_map(folder, 60_000)), output=folder / "x.mcool")
    return folder / "x.mcool"


def test_a_picture_shows_more_contacts_near_the_diagonal(
    hicloom: Cli, source: Path, tmp_path: Path
) -> None:
    from matplotlib.image import imread

    outcome = hicloom("plot", source, "-o", tmp_path / "x.png", "--region", "chr1")
    assert (outcome.code, outcome.stderr) == (0, "")
    picture = imread(tmp_path / "x.png")[:, :, :3].mean(axis=2)
    height, width = picture.shape
    # The map fills most of the left part; dark is much contact.
    place = np.arange(int(0.2 * height), int(0.8 * height))
    on = picture[place, (place - 0.05 * height).astype(int)]
    assert width > 1000
    assert on.std() > 0


def test_the_same_map_gives_the_same_picture(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    for name in ("1.png", "2.png"):
        hicloom("plot", source, "-o", tmp_path / name, "--title", "A map")
    assert (tmp_path / "1.png").read_bytes() == (tmp_path / "2.png").read_bytes()


def test_without_weights_counts_are_shown(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    options = ["--resolution", 100_000]
    outcome = hicloom("plot", source, "-o", tmp_path / "x.svg", *options)
    assert outcome.code == 0
    assert outcome.stderr == "100000 bp: no weights there, counts are shown\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--region", "chrZ"], "region chrZ: Unknown sequence label"),
        (["--resolution", 7], "no map there; the file holds"),
    ],
)
def test_what_is_not_on_the_map_is_refused(
    hicloom: Cli, source: Path, tmp_path: Path, options: list[object], message: str
) -> None:
    outcome = hicloom("plot", source, "-o", tmp_path / "x.png", *options)
    assert outcome.code == 2
    assert message in outcome.stderr
    assert not (tmp_path / "x.png").exists()


def test_the_ending_gives_the_format(hicloom: Cli, source: Path, tmp_path: Path) -> None:
    outcome = hicloom("plot", source, "-o", tmp_path / "x.jpg")
    assert outcome.code == 2
    assert "expected a name that ends in .png, .pdf, .svg" in outcome.stderr
