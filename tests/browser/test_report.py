"""The report in a real browser: it draws everything, needs nothing else, and can be handled."""

import json
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from hicloom.steps.report import report
from tests.reports import make_run

pytest.importorskip("jinja2")
pytest.importorskip("plotly")

# The second is not to be bold, the third has no numbers.
NAMES = ["A", "<b>B &amp; <i>", "failed"]
GROUPS = ["pool", "pool", "lost"]
# Plots with curves of libraries, and how many curves each library has in them.
CURVES = {"scaling": 2, "complexity": 2, "depth": 1}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of two libraries, one of them oddly named, and of a third that failed."""
    folder = tmp_path_factory.mktemp("run")
    run = make_run(folder, {"A": "pool", "B": "pool"})
    document = json.loads(run["qc"][1].read_text()) | {"name": NAMES[1]}
    run["qc"][1].write_text(json.dumps(document))
    for name in ("mcool", "hic"):
        other = folder / f"pool.toy.mapq_30.{name}"
        shutil.copy(run[name][0], other)
        run[name].append(other)
    del run["pairs"]
    report(output=folder / "report.html", libraries=NAMES, groups=GROUPS, **run)
    return folder / "report.html"


class Tab:
    """A page of the browser, with what it asked the network for and complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(120_000)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def open(self, path: Path) -> Page:
        """Open a file and wait until it has drawn itself."""
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("[data-plot]:not([data-ready])", state="detached")
        return self.page


@pytest.fixture
def tab(browser: Browser) -> Iterator[Callable[..., Tab]]:
    contexts: list[BrowserContext] = []

    def new(**options: Any) -> Tab:
        contexts.append(browser.new_context(**options))
        return Tab(contexts[-1].new_page())

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def page(tab: Callable[..., Tab], made: Path) -> Page:
    return tab().open(made)


def visible(page: Page, plot: str) -> list[bool]:
    """For each curve of a plot, whether it is drawn."""
    return page.evaluate(
        "name => document.querySelector(`[data-plot=${name}]`)"
        ".data.map((one) => one.visible === true)",
        plot,
    )  # type: ignore[no-any-return]


def ground(page: Page) -> int:
    """How bright the page is, 0 to 255."""
    text = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return int(text.removeprefix("rgb(").split(",")[0])


def test_it_opens_without_a_complaint_and_asks_for_nothing(
    tab: Callable[..., Tab], made: Path
) -> None:
    one = tab()
    one.open(made)
    assert one.complaints == []
    assert [url for url in one.requests if not url.startswith("data:")] == [made.as_uri()]


def test_every_picture_and_plot_is_drawn(page: Page) -> None:
    sizes = page.evaluate("[...document.images].map((one) => [one.naturalWidth, one.alt.length])")
    assert len(sizes) == 4, "two maps, each of the genome and of a chromosome"
    assert all(width > 50 and alt > 50 for width, alt in sizes)
    plots = page.evaluate(
        "[...document.querySelectorAll('[data-plot]')].map((one) => "
        "[one.dataset.plot, one.data.length, one.getAttribute('aria-label').length])"
    )
    names = ["scaling", "orientations", "fates", "types", "complexity", "depth"]
    assert [name for name, _, _ in plots] == names
    assert all(traces and label > 30 for _, traces, label in plots)


def test_a_library_disappears_from_all_plots_at_once(page: Page) -> None:
    page.click("[data-toggle='0']")
    assert page.get_attribute("[data-toggle='0']", "aria-pressed") == "false"
    for plot, curves in CURVES.items():
        assert visible(page, plot) == [False] * curves + [True] * curves
    assert page.evaluate("document.querySelector('[data-plot=fates]').data[0].y.length") == 1
    page.click("#all")
    assert all(all(visible(page, plot)) for plot in CURVES)


def test_a_click_in_one_legend_acts_on_all_plots(page: Page) -> None:
    page.click("[data-plot=scaling] .legendtoggle >> nth=0")
    page.wait_for_selector("[data-toggle='0'][aria-pressed=false]")
    assert visible(page, "depth") == [False, True]


def test_names_are_shown_as_they_are(page: Page) -> None:
    assert page.inner_text("[data-toggle='1']") == NAMES[1]
    legend = page.evaluate(
        "[...document.querySelectorAll('[data-plot=scaling] .legendtext')]"
        ".map((one) => one.textContent)"
    )
    assert legend == NAMES[:2]


def test_maps_tell_where_the_pointer_is_and_change_with_the_filter(page: Page) -> None:
    picture = page.locator(".filter:not([hidden]) img").first
    box = picture.bounding_box()
    assert box
    # The last row of pixels, and the first column.
    picture.hover(position={"x": 1, "y": box["height"] - 1})
    assert page.inner_text(".filter:not([hidden]) .where >> nth=0") == "chrM:0 × chr1:0"  # noqa: RUF001
    page.click("[data-show=mapq_30]")
    shown = page.evaluate("[...document.querySelectorAll('.filter')].map((one) => !one.hidden)")
    assert shown == [False, True]


def test_the_table_sorts_and_leaves_what_has_no_number_at_the_end(page: Page) -> None:
    def order() -> list[str]:
        return page.locator(".sortable tbody th").all_inner_texts()  # type: ignore[no-any-return]

    for _ in range(2):
        page.click(".sortable thead button >> nth=4")
        assert order()[-1] == "failed"
    assert page.get_attribute(".sortable thead th >> nth=4", "aria-sort") == "descending"


def test_dark_mode_follows_the_system_and_the_button(tab: Callable[..., Tab], made: Path) -> None:
    page = tab(color_scheme="dark").open(made)
    assert ground(page) < 50
    text = "getComputedStyle(document.querySelector('[data-plot=scaling] .xtick text')).fill"
    assert int(page.evaluate(text).removeprefix("rgb(").split(",")[0]) > 120, "plots follow"
    page.click("#theme")
    assert ground(page) > 200
    assert int(page.evaluate(text).removeprefix("rgb(").split(",")[0]) < 120
    page.emulate_media(color_scheme="light")
    page.emulate_media(color_scheme="dark")
    assert ground(page) > 200, "what was chosen stays"


def test_print_is_light_whole_and_without_controls(tab: Callable[..., Tab], made: Path) -> None:
    page = tab(color_scheme="dark").open(made)
    page.emulate_media(media="print", color_scheme="dark")
    page.wait_for_selector("html[data-print]", state="attached")
    assert ground(page) == 255
    assert not page.is_visible(".toolbar")
    assert page.locator(".filter:visible").count() == 2, "maps of all filters"
    assert page.evaluate("document.querySelector('[data-plot=scaling]').layout.width") == 660
    assert page.pdf().startswith(b"%PDF")


CONTRAST = Path(__file__).with_name("contrast.js").read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(tab: Callable[..., Tab], made: Path, scheme: str) -> None:
    """WCAG AA: 4.5 to 1."""
    page = tab(color_scheme=scheme).open(made)
    assert page.evaluate(CONTRAST) == []


def test_a_narrow_screen_scrolls_tables_and_not_the_page(
    tab: Callable[..., Tab], made: Path
) -> None:
    page = tab(viewport={"width": 400, "height": 800}).open(made)
    assert page.evaluate("document.documentElement.scrollWidth") == 400


def test_headings_and_tables_are_told_to_screen_readers(page: Page) -> None:
    levels = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4')].map((one) => +one.tagName[1])"
    )
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels)), "no level is skipped"
    assert page.evaluate("[...document.querySelectorAll('table')].every((one) => one.caption)")
    assert page.evaluate("[...document.querySelectorAll('th')].every((one) => one.scope)")
    assert page.evaluate(
        "[...document.querySelectorAll('button')]"
        ".every((one) => one.textContent.trim() || one.ariaLabel)"
    )
    assert page.evaluate("document.documentElement.lang") == "en"
