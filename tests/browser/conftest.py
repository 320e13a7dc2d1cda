"""Pages in a real headless Chromium that reaches nothing but this machine."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
# WebGL without a graphics card takes a while on a busy machine.
TIMEOUT = 180_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: what CHROMIUM names, else that of the system."""
    if not Path(CHROMIUM).is_file():
        pytest.skip("no Chromium: apt-get install chromium, or let CHROMIUM name one")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, timeout=TIMEOUT
        )
        yield chromium
        chromium.close()


@contextmanager
def tab(browser: Browser, problems: list[str]) -> Iterator[Page]:
    """A new page; errors of its console and requests to elsewhere go into `problems`."""
    context = browser.new_context(viewport={"width": 1000, "height": 760})
    context.set_default_timeout(TIMEOUT)

    def allow(route: Route) -> None:
        if urlsplit(route.request.url).hostname in (None, "127.0.0.1"):
            route.continue_()
        else:
            problems.append(f"asked for {route.request.url}")
            route.abort()

    context.route("**/*", allow)
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
