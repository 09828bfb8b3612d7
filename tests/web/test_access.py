"""Who is sent to sign in, with which target; how a thing is loaded for a view that asks for a permission."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Response
from flask.testing import FlaskClient
from sqlalchemy import update

from elearn import clock
from elearn.accounts.models import LoginSession
from elearn.errors import ConfigurationError, NotFound
from elearn.permissions import Permission
from elearn.web.access import Access, Cache, access_of, public, requires, signed_in
from tests.conftest import Installation
from tests.world import World, plant

ENDPOINT = "pages.about"
PATH = "/fr/about"


@pytest.fixture
def world(installation: Installation) -> World:
    return plant(installation)


def test_a_declaration_says_what_was_asked_for() -> None:
    def view() -> None: ...

    def load(_session: Any) -> None: ...

    assert public()(view).access == Access("public", Cache.PUBLIC)  # type: ignore[attr-defined]
    assert signed_in(keeps_form=True)(view).access == Access("signed_in", Cache.PERSONAL, keeps_form=True)  # type: ignore[attr-defined]
    loaded = requires(Permission.LEARNER_SEE, load=load)(view)
    assert loaded.access == Access("permission", Cache.PERSONAL, Permission.LEARNER_SEE, load)  # type: ignore[attr-defined]


def test_every_endpoint_is_declared_and_an_undeclared_one_is_found(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(access_of(installation.app, endpoint) for endpoint in installation.app.view_functions)
    monkeypatch.setitem(installation.app.view_functions, ENDPOINT, lambda: "")
    with pytest.raises(ConfigurationError, match=ENDPOINT):
        access_of(installation.app, ENDPOINT)


@pytest.mark.parametrize(
    ("method", "path", "target"),
    [
        ("GET", "/ar/account/profile", "/ar/account/profile"),
        ("GET", "/ar/courses/untoc/apply?cohort=1&x=a%26b", "/ar/courses/untoc/apply?cohort=1&x=a%26b"),
        ("HEAD", "/ar/account/profile", "/ar/account/profile"),
        ("POST", "/ar/account/profile?x=1", "/ar/account/profile"),
    ],
)
def test_a_visitor_is_sent_to_sign_in_and_then_on(method: str, path: str, target: str, client: FlaskClient) -> None:
    answer = client.open(path, method=method)
    place = urlsplit(answer.location or "")
    assert (answer.status_code, place.path, parse_qs(place.query)) == (302, "/ar/account/login", {"next": [target]})
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("state", ["ended", "expired", "unknown", "empty", "nonsense"])
def test_a_session_that_does_not_hold_any_more_is_none(state: str, world: World) -> None:
    browser, past = world.browser("learner"), clock.now() - timedelta(seconds=1)
    assert browser.get("/en/account/profile").status_code == 200
    changes = {"ended": {"ended_at": past}, "expired": {"expires_at": past}}.get(state)
    if changes:
        with world.installation.platform.database.transaction() as session:
            session.execute(update(LoginSession).values(**changes))
    else:
        browser.set_cookie("elearn", {"unknown": "x" * 43, "empty": "", "nonsense": "\xff%00'\"\x7f"}[state])
    assert browser.get("/en/account/profile").status_code == 302


def show(loaded: Any) -> Response:
    return Response(loaded.word)


def loader(scope: str) -> Any:
    def load(_session: Any, **_address: Any) -> Any:
        if scope == "nothing":
            raise NotFound
        return SimpleNamespace(scope=scope, word="the loaded thing")

    return load


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [
        ("visitor", "untoc", 302), ("visitor", "nothing", 302), ("learner", "untoc", 403), ("learner", "nothing", 403),
        ("translator", "untoc", 403), ("admin", "untoc", 200), ("admin", "other", 404), ("admin", "nothing", 404),
        ("foreign_admin", "untoc", 404), ("foreign_admin", "other", 200), ("owner", "untoc", 200), ("owner", "other", 200),
        ("owner", "nothing", 404),
    ],
)  # fmt: skip
def test_the_scope_of_the_loaded_thing_decides(
    role: str, scope: str, status: int, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = requires(Permission.LEARNER_SEE, load=loader(scope))(show)
    monkeypatch.setitem(world.installation.app.view_functions, ENDPOINT, view)
    answer = world.browser(role).get(PATH, query_string={"fresh": "1"})
    assert answer.status_code == status
    assert (answer.get_data(as_text=True) == "the loaded thing") is (status == 200)
