"""An application with views of our own under /<locale>/probe/…, to see the frame at work without any room."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Response, redirect, request
from flask.testing import FlaskClient
from sqlalchemy import func, select
from wtforms import StringField

from elearn import clock, errors
from elearn.ledger.models import RateCounter
from elearn.web.access import Cache, public
from elearn.web.addresses import Addresses
from elearn.web.current import frame
from elearn.web.forms import Form, Length, Required, clean
from elearn.web.idempotency import once
from elearn.web.links import url
from elearn.web.notices import notify
from elearn.web.pages import render
from elearn.web.platform import localized_endpoints
from tests.conftest import Installation, make_settings
from tests.factories import make_account, sign_in
from tests.pages import parse

WAIT = "Please wait a moment"
RAISED: dict[str, Callable[[], Exception]] = {
    "403": errors.Forbidden,
    "404": errors.NotFound,
    "409": lambda: errors.Conflict(WAIT),
    "422": lambda: errors.RuleBroken(WAIT),
    "429": lambda: errors.TooMany(WAIT, retry_after=7),
    "500": lambda: ZeroDivisionError("a secret detail"),
    "503": lambda: errors.NotReady(WAIT, retry_after=5),
}


class ProbeForm(Form):
    """One field of text, on the page of a form that is there anyway."""

    retry_after = 0
    email = StringField("E-mail address", [Required(), Length(minimum=3, maximum=20)], filters=[clean])


def _raise(kind: str) -> Any:
    if kind == "400":
        return request.form["a field that is not there"]
    raise RAISED[kind]()


def _act() -> Any:
    """Writes a row, then answers as it is told."""
    frame().writing().add(RateCounter(key=request.form["word"], window_ends=clock.now(), hits=1))
    if "status" in request.form:
        return Response("refused", int(request.form["status"]))
    notify("You are signed out.", "good")
    return redirect(url("probe.counted", word=request.form["word"]), 303)


def _counted(word: str) -> Response:
    """How many rows there are of a word."""
    statement = select(func.count()).select_from(RateCounter).where(RateCounter.key == word)
    return Response(str(frame().reading().scalar(statement)))


def _write() -> Response:
    frame().writing()
    return Response("written")


def _form() -> Any:
    asked = ProbeForm.from_request()
    return Response(asked.email.data, 201) if asked.accepted() else asked.page("accounts/reset_request.html")


def _page() -> Response:
    return render("pages/about.html", issuer="Example", contact="a@example.org")


def _short() -> Response:
    return Response("short", content_type="text/plain; charset=utf-8")


def _blueprint() -> Blueprint:
    views = Blueprint("probe", __name__, url_prefix="/<locale:locale>/probe")
    personal = public(cache=Cache.PERSONAL)
    both = ["GET", "POST"]
    views.add_url_rule("/raise/<kind>", "raise", personal(_raise), methods=both)
    views.add_url_rule("/act", "act", personal(once(_act)), methods=["POST"])
    views.add_url_rule("/counted/<word>", "counted", personal(_counted))
    views.add_url_rule("/write", "write", personal(_write))
    views.add_url_rule("/form", "form", public(cache=Cache.PERSONAL, keeps_form=True)(_form), methods=both)
    views.add_url_rule("/short", "short", personal(_short))
    for cache in Cache:
        views.add_url_rule(f"/cache/{cache}", f"cache_{cache}", public(cache=cache)(lambda: _page()), methods=both)
    return views


@pytest.fixture(scope="session")
def _probe(seed: Path, _sqlite: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("probe")
    shutil.copyfile(seed / "elearn.db", folder / "elearn.db")
    made = Installation(folder, make_settings(folder), seed / "elearn.db")
    made.app.register_blueprint(_blueprint())
    made.platform.addresses = Addresses(made.app)
    made.platform.localized = localized_endpoints(made.app)
    yield made
    made.platform.database.close()


@pytest.fixture
def probe(_probe: Installation) -> Installation:
    """The application with the views of this file."""
    _probe.reset()
    return _probe


@pytest.fixture
def visitor(probe: Installation) -> FlaskClient:
    """A browser without JavaScript at that application; it has been given its cookie."""
    client = probe.app.test_client()
    client.get("/en/account/login")
    return client


def token(client: FlaskClient, path: str = "/en/account/login") -> str:
    """The token of the first form on a page, as this browser gets it."""
    page = parse(client.get(path).get_data(as_text=True), path)
    return next(e.attributes["value"] for e in page.elements if e.attributes.get("name") == "csrf_token")


def signed_in(installation: Installation, email: str = "one@example.org", **person: str) -> FlaskClient:
    """A browser in which somebody with this account is signed in."""
    with installation.platform.database.transaction() as session:
        made = make_account(session, installation.settings, email, **person)
    client = installation.app.test_client()
    sign_in(client, made)
    return client
