"""The frame around each request: access, token, one commit, headers, log line."""

from typing import Any

from flask import Flask, Response, current_app, g, redirect, request
from flask.sessions import SecureCookieSession, SessionInterface

from elearn.errors import Forbidden, NotFound
from elearn.permissions import Viewer
from elearn.web import csrf, headers, logs, notices, pages
from elearn.web.access import access_of
from elearn.web.addresses import within_the_site
from elearn.web.current import READ_METHODS, Frame, enter, frame, frame_or_none, leave
from elearn.web.links import login_url
from elearn.web.platform import platform


def register(app: Flask) -> None:
    """Put the frame around every request of `app`."""
    app.before_request(_open)
    app.after_request(_close)
    app.teardown_request(_release)


def _open() -> Any:
    current = Frame(platform())
    enter(current)
    if request.endpoint is None:
        return None
    current.access = access_of(current_app, request.endpoint)
    return _refuse(current) or _check_token(current)


def _check_token(current: Frame) -> Any:
    """A stale token: the view shows its own form again, or this page keeps the values and offers to send them."""
    if request.method in READ_METHODS or csrf.is_valid(current):
        return None
    current.csrf_failed = True
    if current.access is not None and current.access.keeps_form:
        return None
    values = [(name, value) for name, value in request.form.items(multi=True) if name not in csrf.RESERVED]
    return pages.render("errors/resend.html", status=400, values=values)


def _refuse(current: Frame) -> Any:
    access = current.access
    assert access is not None
    if access.audience == "public":
        return None
    viewer = current.viewer
    if viewer is None:
        return redirect(login_url(), 302)
    if access.permission is not None:
        if not viewer.may(access.permission):
            raise Forbidden
        if access.load is not None:
            g.loaded = access.load(current.reading(), **(request.view_args or {}))
            if not viewer.may(access.permission, g.loaded.scope):
                raise NotFound
    return None


def _close(response: Response) -> Response:
    current = frame_or_none()
    if current is None:
        return response
    current.settle(keep=response.status_code < 400)
    if response.status_code == 308:  # routing mends an address: a missing slash, a doubled one
        response.location = within_the_site(response.location or "/")
    notices.store(current, response)
    for name, cookie in current.cookies.items():
        response.set_cookie(
            name, httponly=True, secure=current.platform.settings.is_https, samesite="Lax", path="/", **cookie
        )
    headers.finish(current, response)
    logs.write_line(current, response)
    return response


def _release(_error: BaseException | None) -> None:
    current = frame_or_none()
    if current is not None:
        leave(current)


class NoSession(SessionInterface):
    """Flask's own session cookie is not used: sign-in lives in the database, nothing else is kept."""

    def open_session(self, _app: Flask, _request: Any) -> SecureCookieSession:
        return SecureCookieSession()

    def save_session(self, _app: Flask, _session: Any, _response: Response) -> None:
        """Nothing to save."""


def current_viewer() -> Viewer | None:
    """For Flask-Login: the signed-in person of this request."""
    return frame().viewer


def current_locale() -> str:
    """For Flask-Babel: the language of this request."""
    return frame().locale.code


def current_zone() -> str:
    """For Flask-Babel: the zone in which this person reads times."""
    current = frame()
    return current.viewer.time_zone if current.viewer else current.platform.settings.default_time_zone
