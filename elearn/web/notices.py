"""One-time notices across a redirect, kept in a signed cookie: category, msgid and values."""

from typing import Any

from flask import Response
from itsdangerous import BadSignature, URLSafeSerializer

from elearn.web.current import Frame, Notice, frame
from elearn.web.text import text

COOKIE = "elearn-notice"


def notify(message: str, category: str = "good", **values: Any) -> None:
    """Show `message` on the next page this browser opens; `category` is "good", "warn", "bad" or "note"."""
    frame().new_notices.append(Notice(category, message, values))


def _serializer(current: Frame) -> URLSafeSerializer:
    return URLSafeSerializer(current.platform.settings.secret_key, salt="notice")


def take(current: Frame) -> list[tuple[str, str]]:
    """The notices waiting in the cookie and those of this request, translated; the cookie is deleted."""
    waiting = list(current.new_notices)
    current.new_notices.clear()
    cookie = current.given_cookies.get(COOKIE)
    if cookie:
        current.set_cookie(COOKIE, "", max_age=0)
        waiting = [*_load(current, cookie), *waiting]
    return [(n.category, text(n.message, **n.values)) for n in waiting]


def _load(current: Frame, cookie: str) -> list[Notice]:
    try:
        return [Notice(*item) for item in _serializer(current).loads(cookie)]
    except (BadSignature, TypeError, ValueError):
        return []


def store(current: Frame, response: Response) -> None:
    """Put what was not shown in this answer into the cookie."""
    if current.new_notices and response.status_code < 400:
        value = _serializer(current).dumps(current.new_notices)
        current.set_cookie(COOKIE, value if isinstance(value, str) else value.decode(), max_age=300)
