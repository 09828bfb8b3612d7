"""What one request knows: language, viewer, sessions on the database. The hooks around it are in `frame.py`."""

import secrets
import time
from contextvars import ContextVar, Token
from typing import Any, NamedTuple

from flask import g, request
from sqlalchemy.orm import Session

from elearn.catalogues.store import Catalogues
from elearn.i18n.locales import SOURCE, Locale, matching, negotiate
from elearn.jobs.service import PENDING
from elearn.permissions import Viewer
from elearn.web.access import Access
from elearn.web.platform import Platform

READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOCALE_COOKIE = "locale"


class Notice(NamedTuple):
    """A one-time notice. `message` is a msgid marked with N_; `values` are JSON values for its placeholders."""

    category: str
    message: str
    values: dict[str, Any]


class Frame:
    """What one request knows. `etag` is set by views of class COURSE."""

    __slots__ = (
        "_place", "_reader", "_viewer", "_viewer_known", "_writer", "access", "catalogues", "cookies", "csrf_failed", "etag",
        "given_cookies", "has_token", "locale", "new_notices", "platform", "request_id", "started",
    )  # fmt: skip

    def __init__(self, owner: Platform) -> None:
        self.platform = owner
        self.given_cookies = read_cookies(request.headers.get("Cookie", ""))
        self.started = time.perf_counter()
        self.request_id = secrets.token_hex(8)
        self.catalogues: Catalogues = owner.catalogues.current()
        self.locale: Locale = choose_locale(self)
        self.access: Access | None = None
        self.csrf_failed = False
        self.etag = ""
        self.has_token = False  # a page with a token belongs to one visitor
        self.cookies: dict[str, dict[str, Any]] = {}
        self.new_notices: list[Notice] = []
        self._place: Token[Frame] | None = None
        self._reader: Session | None = None
        self._writer: Session | None = None
        self._viewer: Viewer | None = None
        self._viewer_known = False

    @property
    def viewer(self) -> Viewer | None:
        """The signed-in person, read once."""
        if not self._viewer_known:
            self._viewer_known = True  # where the question fails, the page of the error does not ask it again
            token = self.given_cookies.get(session_cookie(self.platform))
            self._viewer = self.platform.load_viewer(self.reading(), token) if token else None
        return self._viewer

    @property
    def known_viewer(self) -> Viewer | None:
        """The viewer as far as this request asked; for the log, which must ask nothing."""
        return self._viewer

    def reading(self) -> Session:
        """The session for reading; the database refuses to write through it."""
        if self._reader is None:
            self._reader = self.platform.database.read_session()
        return self._reader

    def writing(self) -> Session:
        """The session of this request's one write transaction. Raises RuntimeError in a GET."""
        if request.method in READ_METHODS:
            raise RuntimeError("a GET cannot write")
        if self._writer is None:
            self._writer = self.platform.database.write_session()
        return self._writer

    def settle(self, *, keep: bool) -> None:
        """The one place of a request that commits: `keep` for answers below 400, else everything is rolled back."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        try:
            jobs = writer.info.get(PENDING, [])
            if keep:
                writer.commit()
                if jobs:
                    self.platform.engine.submit(jobs)
        finally:
            writer.close()

    def close(self) -> None:
        """Give connections back."""
        self.settle(keep=False)
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def set_cookie(self, name: str, value: str, **options: Any) -> None:
        """Have a cookie set on the answer."""
        self.cookies[name] = {"value": value, **options}


def session_cookie(owner: Platform) -> str:
    """Name of the session cookie: the __Host- prefix (RFC 6265bis) needs https."""
    return "__Host-elearn" if owner.settings.is_https else "elearn"


def read_cookies(header: str) -> dict[str, str]:
    """The cookies of a request by name (RFC 6265, section 5.4). Ours are tokens, so nothing in them is encoded."""
    pairs = (pair.partition("=") for pair in header.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def choose_locale(current: Frame, viewer: Viewer | None = None) -> Locale:
    """Language without one in the path: the viewer's, then the cookie's, then Accept-Language, then English."""
    wanted = getattr(g, "locale", None) or (viewer.locale if viewer else current.given_cookies.get(LOCALE_COOKIE, ""))
    found = matching(wanted) or matching(negotiate(request.headers.get("Accept-Language")))
    fallback = matching(SOURCE)
    assert fallback is not None
    return found or fallback


_FRAME: ContextVar[Frame] = ContextVar("frame")


def enter(current: Frame) -> None:
    """Make this the frame of the request at hand."""
    current._place = _FRAME.set(current)


def leave(current: Frame) -> None:
    """The request is over: give everything back."""
    current.close()
    if current._place is not None:
        _FRAME.reset(current._place)


def frame() -> Frame:
    """The frame of the current request. Raises LookupError outside of one."""
    return _FRAME.get()


def frame_or_none() -> Frame | None:
    """The frame of the current request, if there is one."""
    return _FRAME.get(None)
