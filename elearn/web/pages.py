"""Rendering a page in the language of the request, and what every template gets."""

import secrets
from collections.abc import Hashable, Mapping, Sequence
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
from elearn.web.composed import Answer, Composed, Kept
from elearn.web.current import Frame, frame
from elearn.web.idempotency import posted_key
from elearn.web.shell import Blocks, Reader, blocks, shell

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
        theme = self._frame.given_cookies.get("theme", "")
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


@dataclass(frozen=True, slots=True)
class KeptParts:
    """Parts of a page that are the same for many readers: by the names that the template uses, kept compressed.

    With `key` the blocks themselves are kept: the template then uses nothing that the key does not change with.
    """

    parts: Mapping[str, Kept]
    key: Hashable = None


def render(
    template: str, *, status: int = 200, nav: str = "", kept: KeptParts | None = None, **values: Any
) -> Response:
    """A page as an answer. `values` are what the template names; it gets `page` besides."""
    page, current = Page(frame(), nav), environment()
    found = _blocks(current, template, kept, {"page": page, **values})
    reader = _reader(page)
    origin = str(frame().platform.settings.base_url)
    around, slots = shell(current, found, reader, origin), _slots(page, found, reader, origin)
    if kept is None:
        return Answer(around.fill(slots), status=status, content_type=HTML)
    return Composed(around.pieces(slots), kept.parts.values(), page.csrf_token, status=status, content_type=HTML)


def _blocks(current: LocaleEnvironment, template: str, kept: KeptParts | None, values: dict[str, Any]) -> Blocks:
    if kept is None:
        return blocks(current, template, values)
    marks = {name: part.mark for name, part in kept.parts.items()}
    if kept.key is None:
        return blocks(current, template, {**values, **marks})
    key = (template, kept.key, *marks.values())
    return current.keep(key, lambda: blocks(current, template, {**values, **marks}))


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


def _slots(page: Page, blocks: Blocks, reader: Reader, origin: str) -> dict[str, str]:
    found = blocks._asdict()
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
