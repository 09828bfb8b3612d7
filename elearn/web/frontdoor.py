"""The front door: public pages for visitors who are not signed in, kept whole and compressed in each process.

What Flask answered once is given again, with a fresh request id and a log line, until its stamp changes: the
catalogues, the data behind the page (asked at most once a second), or the clock passes the next edge of a window.
"""

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from elearn.web.logs import request_line

log = structlog.get_logger("elearn.frontdoor")
StartResponse = Callable[..., Any]
PERSONAL_COOKIES = ("elearn", "theme=")
POLL_SECONDS = 1.0
MAX_PAGES = 200
MAX_ENCODING = 100  # characters; browsers send about thirty


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer as it went out. `valid_until` by the monotonic clock."""

    stamp: object
    valid_until: float
    headers: tuple[tuple[str, str], ...]
    etag: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Stamp:
    """What public pages depend on: `value` compares equal while nothing changed; `seconds` until the clock changes it."""

    value: object
    seconds: float


class FrontDoor:
    """WSGI middleware. `stamp()` reads what public pages depend on; it is called at most once a second."""

    def __init__(self, application: Any, stamp: Callable[[], Stamp], is_kept: Callable[[str], object]) -> None:
        self._application = application
        self._read_stamp = stamp
        self._is_kept = is_kept
        self._pages: dict[tuple[str, str], Kept] = {}
        self._stamp = Stamp(None, 0.0)
        self._edge = 0.0
        self._next_poll = 0.0

    def forget(self) -> None:
        """Drop everything (tests put the database back under a running process)."""
        self._pages.clear()
        self._next_poll = 0.0

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer from what is kept, or pass on and keep."""
        if not self._may_keep(environ):
            return self._application(environ, start_response)  # type: ignore[no-any-return]
        key = (environ["PATH_INFO"], environ.get("HTTP_ACCEPT_ENCODING", ""))
        now = time.monotonic()
        if now >= self._next_poll:
            self._next_poll = now + POLL_SECONDS
            self._poll(now)
        kept = self._pages.get(key)
        if kept is not None and kept.stamp == self._stamp.value and now < kept.valid_until:
            return _again(kept, environ, start_response, now)
        return self._keep(key, environ, start_response)

    def _poll(self, now: float) -> None:
        try:
            self._stamp = self._read_stamp()
            self._edge = now + self._stamp.seconds
        except SQLAlchemyError:
            log.exception("what public pages depend on could not be read; the kept ones stay")

    def _may_keep(self, environ: dict[str, Any]) -> bool:
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
            return False
        if len(environ.get("HTTP_ACCEPT_ENCODING", "")) > MAX_ENCODING:
            return False
        cookies = environ.get("HTTP_COOKIE", "")
        return bool(self._is_kept(environ["PATH_INFO"])) and not any(name in cookies for name in PERSONAL_COOKIES)

    def _keep(self, key: tuple[str, str], environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        stamp, edge = self._stamp.value, self._edge  # those of now: they may change while the page is made
        answer: list[Any] = []

        def note(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            answer.extend((status, headers))
            return start_response(status, headers, *rest)

        body = self._application(environ, note)
        if not answer or not answer[0].startswith("200"):
            return body  # type: ignore[no-any-return]
        whole = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        headers = {name: value for name, value in answer[1] if name != "X-Request-ID"}
        if headers.get("Cache-Control", "").startswith("public") and "Set-Cookie" not in headers:
            if len(self._pages) >= MAX_PAGES:
                self._pages.clear()
            self._pages[key] = Kept(stamp, edge, tuple(headers.items()), headers.get("ETag", ""), whole)
        return [whole]


def _again(kept: Kept, environ: dict[str, Any], start_response: StartResponse, started: float) -> Iterable[bytes]:
    request_id = secrets.token_hex(8)
    same = bool(kept.etag) and environ.get("HTTP_IF_NONE_MATCH") == kept.etag
    headers = [*kept.headers, ("X-Request-ID", request_id)]
    if same:
        headers = [(n, v) for n, v in headers if n not in ("Content-Length", "Content-Encoding", "Content-Type")]
    start_response("304 NOT MODIFIED" if same else "200 OK", headers)
    request_line(
        request_id, "GET", "kept", 304 if same else 200,
        seconds=time.monotonic() - started, reader=(None, environ["PATH_INFO"][1:3]),
    )  # fmt: skip
    return [] if same else [kept.body]
