"""Errors as pages: a kind of DomainError is a status, the sentence is the rule's own; everything else is a bug."""

from contextlib import suppress
from typing import Any

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.exceptions import NotFound as RouteNotFound

from elearn.errors import Closed, Conflict, DomainError, Forbidden, NotFound, NotReady, RuleBroken, TooMany
from elearn.i18n.locales import matching
from elearn.web.current import choose_locale, frame
from elearn.web.pages import render
from elearn.web.text import text

log = structlog.get_logger("elearn.error")
STATUS: dict[type[DomainError], int] = {
    NotFound: 404, Forbidden: 403, RuleBroken: 422, Conflict: 409, Closed: 409, TooMany: 429, NotReady: 503,
}  # fmt: skip
PAGES = (400, 403, 404, 409, 413, 422, 429, 500, 503)


def register(app: Flask) -> None:
    """One handler for each family."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _bug)


def _prepare_locale() -> None:
    """An address that matched no route still has its language in front."""
    first = request.path.lstrip("/").split("/", 1)[0]
    frame().locale = matching(first) or choose_locale(frame())


def _domain(error: DomainError) -> Response:
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    sentence = text(error.message, **error.values) if error.message else ""
    response = page(status, sentence=sentence, retry_after=getattr(error, "retry_after", 0))
    if isinstance(error, TooMany | NotReady):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, RouteNotFound | MethodNotAllowed):
        _prepare_locale()
    response = page(error.code)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def _bug(error: Exception) -> Response:
    log.error("unhandled", id=frame().request_id, route=str(request.url_rule or "-"), exc_info=error)
    frame().settle(keep=False)
    with suppress(Exception):  # without a database the reader is a visitor
        _ = frame().viewer
    return page(500)


def page(status: int, *, sentence: str = "", retry_after: int = 0) -> Response:
    """The error page of a status in the reader's language; works without the database."""
    known = status if status in PAGES else 400
    return render(
        "errors/error.html", status=status, kind=known, code=status, sentence=sentence, retry_after=retry_after
    )
