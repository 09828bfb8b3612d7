"""Addresses: the locale in the path, fast building of links, safe targets for `next`."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g
from werkzeug.routing import BaseConverter, MapAdapter

from elearn.i18n.locales import LOCALES

LOCALE_CODES = tuple(locale.code for locale in LOCALES)


class LocaleConverter(BaseConverter):
    """Matches the languages of the platform only, so that an unknown one is a 404."""

    regex = "|".join(LOCALE_CODES)


class NumberConverter(BaseConverter):
    """A positive database id that fits into 32 bits; a longer row of digits is no address (404, not an error)."""

    regex = r"[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: Any) -> str:
        return str(int(value))


class SlugConverter(BaseConverter):
    """Ids of courses, modules and lessons."""

    regex = r"[a-z0-9][a-z0-9-]{0,79}"


class Addresses:
    """Builds paths; the result for the same values is remembered, since building costs more than a page's rest."""

    def __init__(self, app: Flask) -> None:
        self._adapter: MapAdapter = app.url_map.bind("localhost", url_scheme="http")
        self._built = lru_cache(maxsize=20_000)(self._build)

    def _build(self, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return self._adapter.build(endpoint, dict(values), force_external=False)

    def path(self, endpoint: str, **values: Any) -> str:
        """The path of an endpoint. Raises werkzeug's BuildError for unknown endpoints or missing values."""
        return self._built(endpoint, tuple(sorted(values.items())))


def register(app: Flask) -> None:
    """Converters and the locale's way through routing: popped from the arguments, put into links."""
    app.url_map.converters |= {"locale": LocaleConverter, "number": NumberConverter, "slug": SlugConverter}

    @app.url_value_preprocessor
    def _pop_locale(endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.locale = values.pop("locale", None) if values else None


def is_safe_target(target: str) -> bool:
    """True for a path on this site: no scheme, no host, no backslash tricks, no control characters (open redirects)."""
    if not target.startswith("/") or target.startswith("//") or "\\" in target or len(target) > 2000:
        return False
    if any(ord(c) < 33 or ord(c) == 127 for c in target):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc


def within_the_site(location: str) -> str:
    """The path and query of an address: werkzeug puts the request's host, which anybody can make up, before them."""
    parts = urlsplit(location)
    path = "/" + parts.path.lstrip("/")
    return f"{path}?{parts.query}" if parts.query else path


def in_locale(path: str, locale: str) -> str:
    """The same path under another language: "/ar/learn/" → "/fr/learn/"."""
    first, _, rest = path.lstrip("/").partition("/")
    return f"/{locale}/{rest}" if first in LOCALE_CODES else path
