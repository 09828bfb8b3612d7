"""A repeated form gets the first answer again."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, redirect, request
from sqlalchemy import delete, update

from elearn.ledger import service
from elearn.ledger.models import IdempotencyKey
from elearn.web.csrf import VISITOR_COOKIE
from elearn.web.current import READ_METHODS, Frame, frame

View = TypeVar("View", bound=Callable[..., Any])
FIELD = "idempotency_key"


def posted_key() -> str:
    """The key in this form, or "" when there is none or it is no key of ours."""
    key = request.form.get(FIELD, "") if request.method not in READ_METHODS else ""
    return key if 8 <= len(key) <= 64 and key.isascii() and key.isprintable() else ""


def _act(key: str) -> str:
    """The key together with what was sent: the same form with another text is another act."""
    fields = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    return hashlib.blake2b(repr((key, request.path, fields)).encode(), digest_size=24).hexdigest()


def _actor(current: Frame) -> str:
    viewer = current.viewer
    return f"person:{viewer.id}" if viewer else f"visitor:{current.given_cookies.get(VISITOR_COOKIE, '')}"


def once(view: View) -> View:
    """Decorator for views whose repeat would matter: claims the key in the transaction of the act itself.

    A repetition answers 303 to where the first one was sent. Where the first failed, nothing was claimed.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        posted, current = posted_key(), frame()
        if not posted or current.csrf_failed or "switch_locale" in request.form:
            return view(*args, **kwargs)
        actor, key, endpoint = _actor(current), _act(posted), request.endpoint or ""
        session = current.writing()
        first = service.claim_key(session, actor=actor, key=key, endpoint=endpoint, location="")
        if first is not None:
            current.settle(keep=False)
            return redirect(first or request.path, 303)
        return _settled(view(*args, **kwargs), current, actor, key)

    return cast(View, guarded)


def _settled(answer: Any, current: Frame, actor: str, key: str) -> Any:
    row = (IdempotencyKey.actor == actor, IdempotencyKey.key == key)
    if isinstance(answer, Response) and 300 <= answer.status_code < 400:
        current.writing().execute(update(IdempotencyKey).where(*row).values(location=answer.location))
    else:
        current.writing().execute(delete(IdempotencyKey).where(*row))
    return answer
