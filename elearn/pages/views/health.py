"""Is it alive, is it ready? For balancers and operators; no details for strangers."""

from datetime import timedelta

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from elearn import clock
from elearn.i18n.locales import LOCALES, SOURCE
from elearn.ledger.queries import WORKER, age_of_heartbeat
from elearn.web.access import Cache, public
from elearn.web.current import frame
from elearn.web.platform import platform

blueprint = Blueprint("health", __name__)
WORKER_SILENCE = timedelta(seconds=90)


@blueprint.get("/healthz")
@public(cache=Cache.PERSONAL)
def healthz() -> Response:
    """The process answers; no database is asked."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public(cache=Cache.PERSONAL)
def readyz() -> Response:
    """Database reachable, catalogues loaded, worker seen within 90 seconds; 503 with the names of what is not."""
    missing = [name for name, ok in (("database", _database()), ("catalogues", _catalogues())) if not ok]
    if not missing and not _worker():
        missing.append("worker")
    answer = jsonify(status="not ready" if missing else "ready", missing=missing)
    answer.status_code = 503 if missing else 200
    return answer


def _database() -> bool:
    try:
        frame().reading().execute(text("select 1 from heartbeats"))  # there, and with its tables
    except SQLAlchemyError:
        return False
    return True


def _catalogues() -> bool:
    catalogues = platform().catalogues.current()
    return all(catalogues.revision(locale.code, "messages") for locale in LOCALES if locale.code != SOURCE)


def _worker() -> bool:
    age = age_of_heartbeat(frame().reading(), WORKER, clock.now())
    return age is not None and age < WORKER_SILENCE
