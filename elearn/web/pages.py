"""Rendering a page in the language of the request, and what every template gets."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from flask import Response, request
from markupsafe import escape

from elearn.catalogues.environment import LocaleEnvironment
from elearn.i18n.locales import LOCALES
from elearn.permissions import Viewer
from elearn.web import csrf, notices
from elearn.web.addresses import LOCALE_CODES, in_locale
from elearn.web.composed import Composed, Kept
from elearn.web.current import Frame, frame
from elearn.web.idempotency import posted_key
from elearn.web.shell import Reader, blocks, shell

HTML = "text/html; charset=utf-8"
_UNRESERVED = "/:@!$&'()*+,;=-._~"  # RFC 3986: what a path may hold as it is


@dataclass(frozen=True, slots=True)
class Alternate:
    """This page in another language."""

    locale: str
    endonym: str
    url: str
    direction: str
    current: bool


class Page:
    """The `page` of every template: who looks at it, where, and the ways to its other languages."""

    def __init__(self, frame: Frame, nav: str = "") -> None:
        self._frame = frame
        self.nav = nav
        self.path = quote(request.path, safe=_UNRESERVED)
        self.development: bool = frame.platform.settings.is_development
        self.site_name: str = frame.platform.settings.site_name
        self.contact: str = frame.platform.settings.contact_email
        self.request_id: str = frame.request_id

    @property
    def user(self) -> Viewer | None:
        """The signed-in person."""
        return self._frame.viewer

    @cached_property
    def csrf_token(self) -> str:
        """The token for the forms of this page."""
        return csrf.token(self._frame)

    @cached_property
    def idempotency_key(self) -> str:
        """A fresh key for a form whose repeat would matter; a form that comes back keeps its own."""
        return posted_key() or secrets.token_urlsafe(16)

    @cached_property
    def theme(self) -> str:
        """ "light", "dark" or "" for the system's."""
        theme = request.cookies.get("theme", "")
        return theme if theme in ("light", "dark") else ""

    @cached_property
    def zone(self) -> str:
        """IANA name of the zone in which this person reads times."""
        viewer = self.user
        return viewer.time_zone if viewer else str(self._frame.platform.settings.default_time_zone)

    @cached_property
    def flashes(self) -> Sequence[tuple[str, str]]:
        """One-time notices as (category, text)."""
        return notices.take(self._frame)

    @property
    def query(self) -> str:
        """The query as it came, with its question mark, or ""."""
        return "?" + request.query_string.decode("latin-1") if request.query_string else ""

    @cached_property
    def alternates(self) -> tuple[Alternate, ...]:
        """This page in each language, query kept."""
        here = self._frame.locale.code
        return tuple(
            Alternate(x.code, x.endonym, in_locale(self.path, x.code) + self.query, x.direction, x.code == here)
            for x in LOCALES
        )


def environment() -> LocaleEnvironment:
    """The Jinja environment of the request's language."""
    current = frame()
    code = current.locale.code
    return current.platform.environments.get(
        current.catalogues.messages(code), current.catalogues.revision(code, "messages")
    )


def render(
    template: str, *, status: int = 200, nav: str = "", kept: Mapping[str, Kept] | None = None, **values: Any
) -> Response:
    """A page as an answer. `values` are what the template names; it gets `page` besides.

    `kept` names parts that are the same for many readers; they stay compressed between requests.
    """
    page, current = Page(frame(), nav), environment()
    names = {name: part.mark for name, part in kept.items()} if kept else {}
    found = blocks(current, template, {"page": page, **names, **values})
    reader = _reader(page)
    origin = str(frame().platform.settings.base_url)
    html = shell(current, found, reader, origin).fill(_slots(page, found._asdict(), reader, origin))
    if kept:
        return Composed(html, tuple(kept.values()), page.csrf_token, status=status, content_type=HTML)
    return Response(html, status=status, content_type=HTML)


def _reader(page: Page) -> Reader:
    viewer = page.user
    return Reader(
        nav=page.nav,
        is_signed_in=viewer is not None,
        is_admin=viewer is not None and viewer.is_admin,
        theme=page.theme,
        is_development=page.development,
        is_localized=page.path[1:3] in LOCALE_CODES and page.path[3:4] in ("/", ""),
    )


def _slots(page: Page, found: dict[str, str], reader: Reader, origin: str) -> dict[str, str]:
    place = page.path[3:] if reader.is_localized else page.path
    found["place"] = str(escape(place + page.query))
    found["canonical"] = str(escape(origin + page.path))
    found["flashes"] = _flashes(page)
    if page.user is not None:
        found["name"] = str(escape(page.user.name))
        found["csrf_token"] = page.csrf_token
    return found


def _flashes(page: Page) -> str:
    flashes = page.flashes
    return environment().get_template("layouts/flashes.html").render(flashes=flashes) if flashes else ""
