"""A demonstration of its own: web processes, a worker, data and mail in one folder, a port that the system chose."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from elearn.content.model import Course
from elearn.courses.library import Library
from elearn.settings import bundle_path
from tests.pages import Examined, parse

PASSWORD = "four quiet blue herons"
START_SECONDS = 60
PATIENCE = 20.0  # seconds for what the worker does


@dataclass(frozen=True)
class Site:
    """A running server."""

    url: str
    course: Course
    clients: ExitStack

    def browser(self) -> "Caller":
        """A program that reads and posts pages, with cookies of its own."""
        return Caller(self.clients.enter_context(httpx.Client(base_url=self.url, timeout=30)))

    def letter_to(self, email: str, holding: str) -> str:
        """The text of the newest letter to this address that contains `holding`, waited for."""
        caller = self.browser()

        def find() -> str:
            page = caller.page("/-/outbox")
            texts = [letter_text(page, i) for i, e in enumerate(page.elements) if e.testid == "" and e.tag == "details"]
            return next((text for to, text in texts if to == email and holding in text), "")

        return eventually(find, f"a letter to {email} with {holding!r}")


def letter_text(page: Examined, index: int) -> tuple[str, str]:
    """Receiver and text of the letter in the <details> at this index."""
    inside = [e for e in page.elements[index:] if page.elements[index] in e.parents]
    to = next(e.text for e in inside if e.attributes.get("dir") == "ltr")
    text = next(e for e in inside if e.tag == "pre")
    links = [e.attributes["href"] for e in inside if e.tag == "a" and text in e.parents]
    return to, " ".join([text.text, *links])


@dataclass
class Caller:
    """Reads pages and posts their forms, without a browser."""

    client: httpx.Client

    def page(self, path: str) -> Examined:
        answer = self.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return parse(answer.text, path)

    def post(self, path: str, values: dict[str, str], *, form_at: str = "") -> httpx.Response:
        """Post with the token of the page at `form_at`, or at the address itself."""
        token = self.page(form_at or path).value("csrf_token")
        answer = self.client.post(path, data={"csrf_token": token, **values})
        assert answer.status_code in (200, 303), f"{path}: {answer.status_code}"
        return answer

    def sign_in(self, email: str, locale: str = "en") -> "Caller":
        self.post(f"/{locale}/account/login", {"email": email, "password": PASSWORD})
        return self


def eventually(find: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """What `find` answers as soon as it is something."""
    end = time.monotonic() + patience
    while not (found := find()):
        assert time.monotonic() < end, f"not within {patience:.0f} s: {what}"
        time.sleep(0.1)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_site(folder: Path, **settings: str) -> Iterator[Site]:
    """Start the demonstration in `folder`; stop all its processes at the end."""
    port = free_port()
    environ = {k: v for k, v in os.environ.items() if not k.startswith("ELEARN_")} | {
        "ELEARN_ENVIRONMENT": "test", "ELEARN_INSTANCE": str(folder), "ELEARN_PORT": str(port), "ELEARN_WORKERS": "2",
        "ELEARN_DEMO_PASSWORD": PASSWORD, "ELEARN_RATE_LIMITS": "0", "ELEARN_ARGON2_MEMORY_KIB": "8",
        "ELEARN_ARGON2_TIME_COST": "1", "ELEARN_LOG_LEVEL": "ERROR", **settings,
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "elearn", "demo"], env=environ, stdout=output, stderr=output, start_new_session=True
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(url, server, log)
        with ExitStack() as clients:
            yield Site(url, Library(bundle_path("modules")).course("untoc"), clients)
    finally:
        _stop(server)
    assert not re.search(r"Traceback|\"level\": ?\"error\"", log.read_text()), log.read_text()[-4000:]


def _wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    def is_ready() -> bool:
        assert server.poll() is None, log.read_text()
        with suppress(httpx.TransportError):
            return httpx.get(f"{url}/readyz").status_code == 200
        return False

    eventually(is_ready, "the server is ready", START_SECONDS)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Ask first, so that jobs at hand are finished; then end the whole group."""
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(timeout=20)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
