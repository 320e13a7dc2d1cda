"""`hicloom view` in a real browser, with the real HiGlass, without a network."""

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser

from hicloom.steps.hic import hic
from tests.browser.conftest import tab
from tests.higlass import HIGLASS, WITHOUT_HIGLASS, toy_files, viewing
from tests.unit.matrices import CHROMSIZES

pytestmark = pytest.mark.skipif(not HIGLASS.is_file(), reason=WITHOUT_HIGLASS)

# HiGlass moves maps by frames, of which a busy machine without a graphics card draws few.
STILL = """async () => {
  const places = () => JSON.stringify(page.views.map((view) => page.hg.getLocation(view.uid)));
  let known = places();
  for (let frames = 0; frames < 5; frames += 1) {
    await new Promise(requestAnimationFrame);
    if (places() !== known) frames = 0;
    known = places();
  }
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A balanced map, a raw one, a .hic file, and depth."""
    path = toy_files(tmp_path_factory.mktemp("files"))
    hic(str(path / "toy.mcool"), output=path / "toy.hic")
    return path


class Seen:
    """HiGlass on a page: the tiles it asks for, and what it complains of."""

    def __init__(self, browser: Browser, stack: ExitStack, *words: object):
        self.tiles: list[str] = []
        self.problems: list[str] = []
        self.url = stack.enter_context(viewing(*words)).url
        self.page = stack.enter_context(tab(browser, self.problems))
        self.page.on("request", lambda request: self.tiles.extend(tiles_in(request.url)))
        with self.page.expect_response(lambda response: bool(tiles_in(response.url))):
            self.page.goto(self.url)
        self.settle()

    def settle(self) -> None:
        """Wait until all stands still, and nothing has been asked for a while."""
        self.page.evaluate(STILL)
        known = -1
        while known < len(self.tiles):
            known = len(self.tiles)
            self.page.wait_for_timeout(1500)

    def go(self, region: str) -> None:
        """Type a position."""
        self.page.fill("#position", region)
        self.page.click("text=Go")
        self.settle()

    def zoom_in(self, x: float, y: float) -> None:
        """Turn the wheel at a place of the page (pixels): about 5 times closer."""
        self.page.mouse.move(x, y)
        for _ in range(3):
            self.page.mouse.wheel(0, -400)
        self.settle()

    def zooms(self, uid: str) -> set[int]:
        """Zooms of the tiles asked for of a tileset."""
        parts = (tile.split(".") for tile in self.tiles)
        return {int(part[1]) for part in parts if part[0] == uid}

    def domain(self, number: int = 0) -> tuple[list[float], list[float]]:
        """What is in view: x and y (bp on the genome)."""
        place = self.page.evaluate(
            "n => window.page.hg.getLocation(window.page.views[n].uid)", number
        )
        return place["xDomain"], place["yDomain"]

    def picture(self) -> Callable[[float, float, float, float], NDArray[np.uint8]]:
        """The page as it is drawn.

        Gives a function of left, top, right and bottom, as shares of the page, to the colours
        there: (height, width, 3).
        """
        image = np.asarray(Image.open(io.BytesIO(self.page.screenshot())).convert("RGB"))
        height, width = image.shape[:2]

        def part(left: float, top: float, right: float, bottom: float) -> NDArray[np.uint8]:
            rows = slice(int(top * height), int(bottom * height))
            return image[rows, int(left * width) : int(right * width)]

        return part


def tiles_in(url: str) -> list[str]:
    query = url.partition("/tiles/?")[2]
    return [part[2:] for part in query.split("&") if part.startswith("d=")]


def colours(part: NDArray[np.uint8]) -> int:
    return len(np.unique(part.reshape(-1, 3), axis=0))


@pytest.fixture(scope="module")
def seen(browser: Browser, folder: Path) -> Iterator[Seen]:
    """A map below two tracks of depth; HiGlass takes long to start, so tests share it."""
    names = ("toy.mcool", "toy.depth.bw", "toy.d4")
    with ExitStack() as stack:
        yield Seen(browser, stack, *(folder / name for name in names))


def test_map_and_depth_are_drawn_without_a_complaint(seen: Seen) -> None:
    part = seen.picture()
    heatmap = part(0.3, 0.4, 0.7, 0.9)
    assert colours(heatmap) > 50
    red = (heatmap[..., 0] > 200) & (heatmap[..., 2] < 120)
    assert red.any(), "the map's own colours"
    above = part(0.1, 0.05, 0.9, 0.15).astype(int)
    blue = np.abs(above - (0x21, 0x66, 0xAC)).sum(axis=-1) < 30
    assert blue.mean() > 0.005, "bars of depth"
    assert seen.page.title() == "toy.mcool, toy.depth.bw, toy.d4"
    assert "token" not in seen.page.url
    assert seen.problems == []


def test_zooming_asks_for_finer_tiles_and_the_link_follows(seen: Seen) -> None:
    seen.go("")
    assert "#" not in seen.page.url
    seen.tiles.clear()
    seen.zoom_in(500, 450)
    assert max(seen.zooms("toy-depth-bw")) >= 2, "0 is enough for the genome"
    (low, high), _ = seen.domain()
    assert 50_000 < high - low < 300_000
    chrom = seen.page.locator("#position").input_value().partition(":")[0]
    assert chrom in CHROMSIZES
    assert f"#{chrom}:" in seen.page.url
    assert seen.problems == []


def test_dragging_moves_the_map(seen: Seen) -> None:
    seen.go("chr1:100,001-200,000")
    (before, _), _ = seen.domain()
    seen.page.mouse.move(600, 450)
    seen.page.mouse.down()
    seen.page.mouse.move(350, 450, steps=3)
    seen.page.mouse.up()
    seen.settle()
    (after, _), _ = seen.domain()
    assert after - before == pytest.approx(25_000, abs=4000), "a quarter of the width"


def test_a_position_is_gone_to_and_linked_to(seen: Seen) -> None:
    seen.go("chr1:100001-150000|chr2:1-50000")
    x, y = seen.domain()
    # chr2 begins at 400,000 on the genome.
    assert np.mean(x) == pytest.approx(125_000, abs=500)
    assert np.mean(y) == pytest.approx(425_000, abs=500)
    assert "#chr1:100,001-150,000%7Cchr2:" in seen.page.url
    seen.go("chrX:1-5")
    assert seen.page.locator("#problem").inner_text() == "No such region: chrX:1-5"
    assert seen.domain() == (x, y)


def test_maps_side_by_side_start_where_the_link_says_and_move_together(
    browser: Browser, folder: Path
) -> None:
    words = (folder / "raw.mcool", folder / "toy.hic", "--region", "chr2:100,001-200,000")
    with ExitStack() as stack:
        seen = Seen(browser, stack, *words)
        for number in (0, 1):
            # chr2 begins at 400,000 on the genome.
            np.testing.assert_allclose(seen.domain(number)[0], (500_000, 600_000), atol=1000)
        part = seen.picture()
        assert colours(part(0.1, 0.4, 0.4, 0.8)) > 20
        assert colours(part(0.6, 0.4, 0.9, 0.8)) > 20
        seen.go("chr1:1-50,000")
        np.testing.assert_allclose(seen.domain(0)[0], (0, 50_000), atol=500)
        np.testing.assert_allclose(seen.domain(0), seen.domain(1), atol=500)
        seen.zoom_in(250, 450)
        (low, high), _ = seen.domain(0)
        assert high - low < 25_000
        np.testing.assert_allclose(seen.domain(0), seen.domain(1), atol=500)
        assert seen.problems == []
