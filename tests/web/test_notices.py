"""Notices across a redirect."""

import pytest
from flask import Response, redirect, request
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse

from elearn.web.access import Cache, public
from elearn.web.notices import COOKIE, notify
from tests.conftest import Installation
from tests.pages import examine

MESSAGE = "Your profile is saved."


def leave() -> AnyResponse:
    """Leave a notice as the address says (`name` fills a placeholder), then go on to a page, or refuse with `status`."""
    asked = request.args
    values = {"name": asked["name"]} if "name" in asked else {}
    notify(asked.get("message", MESSAGE), asked.get("category", "good"), **values)
    return Response("no", int(asked["status"])) if "status" in asked else redirect("/fr/about", 303)


@pytest.fixture
def browser(installation: Installation, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser at an application in which /en/accessibility answers with `leave`."""
    view = public(cache=Cache.PERSONAL)(leave)
    monkeypatch.setitem(installation.app.view_functions, "pages.accessibility", view)
    return client


def shown(client: FlaskClient, path: str = "/fr/about") -> list[str]:
    """The texts of the notices on a page."""
    page = examine(client.get(path).get_data(as_text=True), path)
    return [
        e.text.strip()
        for e in page.elements
        if e.text.strip() and any("flashes" in p.attributes.get("class", "") for p in e.parents)
    ]


def words(installation: Installation, message: str = MESSAGE, locale: str = "fr") -> str:
    return installation.platform.catalogues.current().messages(locale).gettext(message)


def test_a_notice_is_shown_once_in_the_language_of_the_next_page(
    browser: FlaskClient, installation: Installation
) -> None:
    assert browser.get("/en/accessibility?x=1").status_code == 303
    assert words(installation) != MESSAGE
    assert shown(browser) == [words(installation)]
    assert shown(browser) == []


def test_a_page_with_a_notice_is_kept_nowhere(browser: FlaskClient) -> None:
    browser.get("/en/accessibility?x=1")
    answer = browser.get("/fr/about")
    assert answer.headers["Cache-Control"] == "no-store"
    assert f"{COOKIE}=;" in answer.headers["Set-Cookie"]


def test_an_answer_that_refuses_leaves_no_notice(browser: FlaskClient) -> None:
    browser.get("/en/accessibility?status=409")
    assert browser.get_cookie(COOKIE) is None


def test_values_are_escaped(browser: FlaskClient) -> None:
    browser.get("/en/accessibility", query_string={"message": "Hello %(name)s", "name": "<script>x()</script>"})
    html = browser.get("/fr/about").get_data(as_text=True)
    assert "Hello &lt;script&gt;x()&lt;/script&gt;" in html


@pytest.mark.parametrize(("category", "role"), [("bad", "alert"), ("good", "status")])
def test_a_bad_notice_interrupts_and_others_wait(category: str, role: str, browser: FlaskClient) -> None:
    browser.get(f"/en/accessibility?category={category}")
    page = examine(browser.get("/fr/about").get_data(as_text=True), "/fr/about")
    roles = [
        e.attributes.get("role")
        for e in page.elements
        if any("flashes" in p.attributes.get("class", "") for p in e.parents)
    ]
    assert role in roles


@pytest.mark.parametrize("how", ["forged", "nonsense", "of another shape", "under another salt", "long"])
def test_a_cookie_that_is_not_ours_shows_nothing(how: str, browser: FlaskClient, installation: Installation) -> None:
    key = installation.settings.secret_key
    real = URLSafeSerializer(key, salt="notice").dumps([["good", MESSAGE, {}]])
    assert isinstance(real, str)
    cookie = {
        "forged": real[:-3] + "abc",
        "nonsense": "%%%",
        "of another shape": URLSafeSerializer(key, salt="notice").dumps([["good"]]),
        "under another salt": URLSafeSerializer(key, salt="csrf").dumps([["good", MESSAGE, {}]]),
        "long": "x" * 4_000,
    }[how]
    browser.set_cookie(COOKIE, str(cookie))
    assert shown(browser) == []
    browser.set_cookie(COOKIE, real)
    assert shown(browser) == [words(installation)], "guards the line above"


def test_the_cookie_holds_no_text_that_scripts_could_read(browser: FlaskClient) -> None:
    cookie = browser.get("/en/accessibility?x=1").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=300"} <= set(cookie.split("; "))
