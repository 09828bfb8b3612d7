"""Tokens against cross-site request forgery: an HMAC of the sign-in session, or of a cookie for visitors.

Stable within a session, so that pages keep their ETag. A stale token never loses what was typed: the view's own form
comes back with status 400, or a page that holds the values and a button to send them again.
"""

import hashlib
import hmac
import secrets

from flask import request

from elearn.web.current import Frame

VISITOR_COOKIE = "elearn-form"
FIELD = "csrf_token"
RESERVED = frozenset({FIELD, "idempotency_key"})


def _sign(current: Frame, subject: str) -> str:
    key = current.platform.settings.secret_key.encode()
    return hmac.new(key, f"csrf:{subject}".encode(), hashlib.sha256).hexdigest()[:40]


def token(current: Frame) -> str:
    """The token for forms of this request; gives visitors their cookie."""
    current.has_token = True
    if current.viewer is not None:
        return _sign(current, f"session:{current.viewer.session_id}")
    value = _visitor(current)
    if value is None:
        value = secrets.token_urlsafe(16)
        current.set_cookie(VISITOR_COOKIE, value)
    return _sign(current, f"visitor:{value}")


def _visitor(current: Frame) -> str | None:
    fresh = current.cookies.get(VISITOR_COOKIE)
    return str(fresh["value"]) if fresh else current.given_cookies.get(VISITOR_COOKIE)


def is_valid(current: Frame) -> bool:
    """Whether the posted token belongs to this session or visitor."""
    given = request.form.get(FIELD, "")
    if current.viewer is not None:
        return hmac.compare_digest(given.encode(), _sign(current, f"session:{current.viewer.session_id}").encode())
    value = current.given_cookies.get(VISITOR_COOKIE)
    return value is not None and hmac.compare_digest(given.encode(), _sign(current, f"visitor:{value}").encode())
