"""One server and one browser for all journeys of a test process."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.site import Site, running_site
from tests.journeys.window import CHROMIUM_ARGUMENTS, Window, Windows
from tools.browser import find


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site") / "instance") as started:
        yield started


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find()
    assert path, "no Chromium: run tools/browser.py"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def windows(chromium: Browser, site: Site) -> Iterator[Windows]:
    """Opens windows that know nothing of each other; at the end none of them may have complained."""
    opened = Windows(chromium, site)
    yield opened
    opened.close()


@pytest.fixture
def window(windows: Windows) -> Window:
    return windows.open()
