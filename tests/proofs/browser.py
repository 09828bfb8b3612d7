"""A browser of the standard library alone, so that a process with many of them starts at once."""

import sys
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

from tests.pages import Examined, parse

HOST = "127.0.0.1"
TIMEOUT_SECONDS = 60
# While a server is down, the system may give a caller the server's own port, and it would talk to itself.
OWN_ADDRESS = ("127.0.0.2", 0) if sys.platform == "linux" else None
NO_ANSWER = (OSError, HTTPException)
"""What `get` and `post` raise when the server went away before its answer was complete."""


@dataclass(frozen=True)
class Answer:
    """An answer that arrived whole."""

    status: int
    location: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Browser:
    """Somebody who is signed in with a session's token, or nobody; a connection of its own for each request."""

    port: int
    token: str = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, values: dict[str, Any], **headers: str) -> Answer:
        """Post a form; a value may be a list."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(values, doseq=True), **form, **headers)

    def page(self, path: str) -> Examined:
        """A page, which must be there."""
        answer = self.get(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return parse(answer.text, path)

    def _ask(self, method: str, path: str, body: str | None, **headers: str) -> Answer:
        connection = HTTPConnection(HOST, self.port, timeout=TIMEOUT_SECONDS, source_address=OWN_ADDRESS)
        try:
            if self.token:
                headers["Cookie"] = f"elearn={self.token}"
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheader("Location", ""), answer.read())
        finally:
            connection.close()
