"""Tokens: nothing happens without the right one, and nothing that was typed is lost."""

from urllib.parse import quote_plus

import pytest
from flask.testing import FlaskClient

from tests.conftest import Installation
from tests.factories import make_account, sign_in
from tests.pages import DIRECTIONS, examine
from tests.web.conftest import signed_in, token

ACT = "/en/probe/act"


def count(client: FlaskClient, word: str = "w") -> str:
    return client.get(f"/en/probe/counted/{word}").get_data(as_text=True)


def test_with_its_token_a_form_is_taken(visitor: FlaskClient) -> None:
    assert visitor.post(ACT, data={"csrf_token": token(visitor), "word": "w"}).status_code == 303
    assert count(visitor) == "1"


@pytest.mark.parametrize("given", [None, "", "x", "0" * 40, "é", "x" * 5_000])
def test_another_token_is_refused_and_nothing_is_written(given: str | None, visitor: FlaskClient) -> None:
    data = {"word": "w"} if given is None else {"word": "w", "csrf_token": given}
    assert visitor.post(ACT, data=data).status_code == 400
    assert count(visitor) == "0"


def test_a_token_belongs_to_one_visitor(visitor: FlaskClient, probe: Installation) -> None:
    stranger = probe.app.test_client()
    stranger.get("/en/account/login")
    assert stranger.post(ACT, data={"csrf_token": token(visitor), "word": "w"}).status_code == 400
    bare = probe.app.test_client()
    assert bare.post(ACT, data={"csrf_token": token(visitor), "word": "w"}).status_code == 400


def test_a_token_belongs_to_one_sign_in(probe: Installation, visitor: FlaskClient) -> None:
    one, other = signed_in(probe), signed_in(probe, "two@example.org")
    own = token(one, "/en/about")
    assert own not in (token(other, "/en/about"), token(visitor))
    assert other.post(ACT, data={"csrf_token": own, "word": "w"}).status_code == 400
    assert one.post(ACT, data={"csrf_token": own, "word": "w"}).status_code == 303


def test_the_token_of_a_visitor_ends_with_the_sign_in(probe: Installation) -> None:
    client = probe.app.test_client()
    before = token(client)
    with probe.platform.database.transaction() as session:
        sign_in_as = make_account(session, probe.settings)
    sign_in(client, sign_in_as)
    assert client.post(ACT, data={"csrf_token": before, "word": "w"}).status_code == 400


def test_a_token_stays_the_same_so_that_pages_keep_their_tag(visitor: FlaskClient, probe: Installation) -> None:
    assert token(visitor) == token(visitor)
    one = signed_in(probe)
    assert token(one, "/en/about") == token(one, "/fr/about")


def test_the_cookie_of_a_visitor_is_given_once_and_out_of_reach_of_scripts(probe: Installation) -> None:
    client = probe.app.test_client()
    (cookie,) = client.get("/en/account/login").headers.getlist("Set-Cookie")
    assert cookie.startswith("elearn-form=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert client.get("/en/account/login").headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("locale", DIRECTIONS)
def test_where_a_view_cannot_show_its_form_again_a_page_keeps_the_values(locale: str, visitor: FlaskClient) -> None:
    values = [
        ("word", "w"),
        ("word", '"><b>&amp;'),
        ("متن", "سطر\nثان"),
        ("csrf_token", "old"),
        ("idempotency_key", "k" * 20),
    ]
    path = f"/{locale}/probe/act"
    answer = visitor.post(
        path, data=b"&".join(_pair(*pair) for pair in values), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400
    page = examine(answer.get_data(as_text=True), path)
    form = page.one("form", action=path)
    inside = [(e.attributes["name"], e.attributes["value"]) for e in page.all("input") if form in e.parents]
    assert [pair for pair in inside if pair[0] not in ("csrf_token", "idempotency_key")] == values[:3]
    sent_again = visitor.post(path, data=dict(inside) | {"word": "w"})
    assert sent_again.status_code == 303
    assert count(visitor) == "1"


def _pair(name: str, value: str) -> bytes:
    return f"{quote_plus(name)}={quote_plus(value)}".encode()


def test_a_view_that_keeps_its_form_shows_it_again_with_400_and_a_fresh_token(visitor: FlaskClient) -> None:
    answer = visitor.post("/en/probe/form", data={"csrf_token": "old", "email": "typed <b>"})
    assert answer.status_code == 400
    page = examine(answer.get_data(as_text=True), "/en/probe/form")
    assert page.value("email") == "typed <b>"
    assert "Nothing is lost" in page.text
    again = {"csrf_token": page.value("csrf_token"), "email": "typed"}
    assert visitor.post("/en/probe/form", data=again).status_code == 201


def test_the_page_that_offers_to_send_again_leads_to_this_site_only(visitor: FlaskClient) -> None:
    answer = visitor.post("/en/probe/act?next=//evil.example", data={"word": "w"})
    page = examine(answer.get_data(as_text=True), ACT)
    assert [f.attributes["action"] for f in page.all("form", method="post") if "probe" in f.attributes["action"]] == [
        ACT
    ]
