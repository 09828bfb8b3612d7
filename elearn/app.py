"""The one file that knows every room and connects them."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_login import LoginManager
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix

from elearn.accounts import views as accounts_views
from elearn.accounts.service import sessions as accounts_sessions
from elearn.catalogues.environment import Environments
from elearn.catalogues.store import CatalogueStore
from elearn.certificates import tasks as certificates_tasks
from elearn.certificates import views as certificates_views
from elearn.cohorts.views import apply as cohorts_apply
from elearn.cohorts.views import decisions as cohorts_decisions
from elearn.courses.library import Library
from elearn.db import Database
from elearn.jobs.engine import Engine
from elearn.jobs.service import Handler
from elearn.learning.views import progress as learning_progress
from elearn.learning.views import routes as learning_routes
from elearn.mail.letters import TASK as MAIL_TASK
from elearn.mail.sending import Postman
from elearn.mail.transport import FolderTransport, transport
from elearn.pages.views import health, home, statements
from elearn.settings import Settings, load_settings
from elearn.web import addresses, development, errors, frame, links, logs, static
from elearn.web.access import check_declarations
from elearn.web.frontdoor import FrontDoor
from elearn.web.headers import SecurityHeaders
from elearn.web.platform import Platform, localized_endpoints
from elearn.web.shell import CUT

KEPT_PAGES = re.compile(r"/(ar|en|fr|es)/(courses/([a-z0-9-]+/(glossary/)?)?|about|privacy|accessibility)?").fullmatch
MAX_BODY = 256 * 1024  # bytes of a form; the longest field has 4,000 characters


class Application(Flask):
    """Flask without the question, at each call, whether a view is a coroutine: none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """A WSGI application. Raises ConfigurationError where it could not run safely."""
    settings = settings or load_settings(**overrides)
    settings.require_secret()
    logs.configure(settings.log_level)
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Application("elearn", static_folder=None, template_folder=str(settings.templates))
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, MAX_FORM_PARTS=500, SECRET_KEY=settings.secret_key)
    addresses.register(app)
    frame.register(app)
    errors.register(app)
    _rooms(app, settings)
    platform = _platform(app, settings)
    app.extensions["elearn"] = platform
    platform.localized = localized_endpoints(app)
    _extensions(app)
    check_declarations(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
    door = FrontDoor(app.wsgi_app, partial(home.stamp_of, platform), KEPT_PAGES)
    platform.rooms["forget"] = (door.forget,)
    app.wsgi_app = SecurityHeaders(static.serve(door, settings), is_https=settings.is_https)  # type: ignore[method-assign]
    return app


def _rooms(app: Flask, settings: Settings) -> None:
    cohorts = (cohorts_apply, cohorts_decisions)
    learning = (learning_routes, learning_progress)
    for views in (statements, home, health, accounts_views, *cohorts, *learning, certificates_views):
        app.register_blueprint(views.blueprint)
    if settings.is_development:
        app.register_blueprint(development.blueprint)


def _platform(app: Flask, settings: Settings) -> Platform:
    database = Database(settings.database_url, synchronous=settings.sqlite_synchronous)
    asset = static.urls(settings)
    environments = Environments(settings.templates, partial(_globals, asset))
    library = Library(settings.modules, environments)
    store = CatalogueStore(database, sources=library.sources(), pseudo=settings.pseudo_locale)
    carrier = transport(settings)
    postman = Postman(settings, store, environments, carrier)
    certificates_office = certificates_tasks.Office(settings, store, library)
    handlers: dict[str, Handler] = {MAIL_TASK: postman.send, **certificates_office.handlers()}
    return Platform(
        settings=settings,
        database=database,
        catalogues=store,
        environments=environments,
        engine=Engine(settings.queue_url, database, handlers),
        load_viewer=accounts_sessions.viewer_loader(database),
        static_url=asset,
        addresses=addresses.Addresses(app),
        rooms={
            "library": library,
            "outbox": carrier.messages if isinstance(carrier, FolderTransport) else list,
            **certificates_office.functions(),
        },
    )


def _globals(asset: Callable[[str], str], _locale: str) -> Mapping[str, Any]:
    return {"url": links.url, "static": asset, "cut": Markup(CUT)}  # noqa: S704 - digits and two control characters


def _extensions(app: Flask) -> None:
    """Flask-Login and Flask-Babel know the viewer and the language of the frame; their own cookies are not used."""
    manager = LoginManager(app)
    manager.session_protection = None  # type: ignore[assignment]
    manager.request_loader(lambda _request: frame.current_viewer())
    Babel(app, locale_selector=frame.current_locale, timezone_selector=frame.current_zone)
    app.session_interface = frame.NoSession()
