"""A browser window that keeps what it complained about."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.journeys.site import Site

CHROMIUM_ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]
EXPECTED = ("status of 404", "status of 422")  # the browser reports the status of a page as an error of its own
AXE = Axe()


@dataclass
class Window:
    """A context of its own with one page."""

    context: BrowserContext
    page: Page
    site: Site
    complaints: list[str] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)
    """Rules of axe that a person must look at: listed, never counted."""

    def watch(self) -> None:
        """Keep errors of the console, of scripts and of the policy, and requests to other sites."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(known in message.text for known in EXPECTED):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _request(self, request: Request) -> None:
        own = urlsplit(self.site.url).netloc
        if urlsplit(request.url).scheme not in ("data", "blob") and urlsplit(request.url).netloc != own:
            self.complaints.append(f"{self.page.url}: asks {request.url}")

    def go(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def check_accessibility(self) -> None:
        """No violation of any rule of axe on the page as it is now."""
        options = {"resultTypes": ["violations", "incomplete"]}
        found: dict[str, Any] = AXE.run(self.page, options=options).response
        self.unsure |= {f"{rule['id']}: {urlsplit(self.page.url).path}" for rule in found["incomplete"]}
        problems = [
            f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
        assert not problems, f"{self.page.url}\n" + "\n".join(problems)


class Windows:
    """Opens windows and closes them all."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser = browser
        self._site = site
        self._opened: list[Window] = []

    def open(self, *, width: int = 1280, height: int = 900, **options: Any) -> Window:
        """A new window with no cookies. `options` are those of a browser context."""
        context = self._browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(15_000)
        window = Window(context, context.new_page(), self._site)
        window.watch()
        self._opened.append(window)
        return window

    def close(self) -> None:
        for window in self._opened:
            window.context.close()
        for rule in sorted({rule for window in self._opened for rule in window.unsure}):
            print("axe leaves to a person:", rule)
        complaints = [complaint for window in self._opened for complaint in window.complaints]
        assert not complaints, "\n".join(complaints)
