"""Signing in and out, and the list of browsers."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from elearn.accounts import views
from elearn.accounts.models import LoginSession, Person
from elearn.accounts.service import hashing, people
from tests.accounts.browser import errors, open_page, seen, send
from tests.conftest import Installation
from tests.factories import PASSWORD, make_account, sign_in

PATH = "/en/account/login"
EMAIL = "learner@example.org"


@pytest.fixture
def person(installation: Installation) -> int:
    with installation.platform.database.transaction() as session:
        return make_account(session, installation.settings)


def stored_sessions(installation: Installation) -> list[LoginSession]:
    with installation.platform.database.read_session() as session:
        return list(session.scalars(select(LoginSession).order_by(LoginSession.id)))


def test_signing_in_gives_a_cookie_that_scripts_cannot_read(person: int, client: FlaskClient) -> None:
    answer = send(client, PATH, {"email": " Learner@Example.ORG ", "password": PASSWORD})
    assert answer.status_code == 303
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("elearn="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Max-Age" not in cookie
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_remembered_session_outlives_the_browser(
    person: int, client: FlaskClient, installation: Installation
) -> None:
    answer = send(client, PATH, {"email": EMAIL, "password": PASSWORD, "remember": "y"})
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("elearn="))
    assert f"Max-Age={30 * 86400}" in cookie
    (stored,) = stored_sessions(installation)
    assert stored.is_remembered
    assert client.get_cookie("elearn") is not None
    assert stored.token_hash not in cookie


@pytest.mark.parametrize(
    "fields",
    [
        {"email": EMAIL, "password": "wrong but long enough"},
        {"email": "nobody@example.org", "password": PASSWORD},
        {"email": "no address", "password": PASSWORD},
        {"email": "off@example.org", "password": PASSWORD},
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(
    fields: dict[str, str], person: int, client: FlaskClient, installation: Installation
) -> None:
    with installation.platform.database.transaction() as session:
        people.disable_person(session, person_id=make_account(session, installation.settings, "off@example.org"))
    answer = send(client, PATH, fields)
    page = seen(answer)
    assert answer.status_code == 422
    assert page.one("div", id="notice").attributes["role"] == "alert"
    assert "The e-mail address or the password is not right" in page.text
    assert (page.value("email"), page.value("password")) == (fields["email"], "")
    assert stored_sessions(installation) == []


def test_an_address_that_no_database_can_hold_is_simply_wrong(both: Installation) -> None:
    answer = send(both.app.test_client(), PATH, {"email": "a\x00b", "password": PASSWORD})
    assert answer.status_code == 422


def test_an_unknown_address_costs_a_hash_too(person: int, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []
    real = hashing.is_right_password

    def counting(password: str, stored: str | None, *, settings: object) -> bool:
        asked.append(stored)
        return real(password, stored, settings=settings)  # type: ignore[arg-type]

    monkeypatch.setattr(hashing, "is_right_password", counting)
    send(client, PATH, {"email": "nobody@example.org", "password": PASSWORD})
    assert asked == [None]


@pytest.mark.parametrize("field", ["email", "password"])
@pytest.mark.parametrize("how", ["missing", "empty", "twice"])
def test_each_field_is_needed_once(field: str, how: str, person: int, client: FlaskClient) -> None:
    fields: dict[str, object] = {"email": EMAIL, "password": PASSWORD}
    if how == "missing":
        del fields[field]
    else:
        fields[field] = "" if how == "empty" else [fields[field]] * 2
    answer = send(client, PATH, fields)
    assert answer.status_code == 422
    assert len(errors(seen(answer))) == 1


def test_a_stale_token_signs_nobody_in_and_keeps_the_address(
    person: int, client: FlaskClient, installation: Installation
) -> None:
    open_page(client, PATH)
    answer = client.post(PATH, data={"email": EMAIL, "password": PASSWORD, "csrf_token": "old"})
    assert (answer.status_code, seen(answer).value("email")) == (400, EMAIL)
    assert stored_sessions(installation) == []


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/en/account/sessions", "/en/account/sessions"),
        ("//evil.example", None),
        ("https://evil.example/", None),
        ("/\\evil.example", None),
        ("/en/\r\nSet-Cookie:x=y", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_next_leads_to_this_site_only(target: str, leads_to: str | None, person: int, client: FlaskClient) -> None:
    token = open_page(client, PATH).value("csrf_token")
    fields = {"email": EMAIL, "password": PASSWORD, "csrf_token": token}
    answer = client.post(PATH, query_string={"next": target}, data=fields)
    assert answer.status_code == 303
    if leads_to:
        assert answer.location == leads_to
    else:
        assert answer.location.startswith("/en/")
        assert "evil" not in answer.location


def test_a_page_for_people_sends_visitors_to_sign_in_and_back(person: int, client: FlaskClient) -> None:
    answer = client.get("/en/account/profile")
    assert answer.status_code == 302
    page = open_page(client, answer.location)
    fields = {"email": EMAIL, "password": PASSWORD, "csrf_token": page.value("csrf_token")}
    assert client.post(answer.location, data=fields).location == "/en/account/profile"


def test_each_sign_in_has_a_token_of_its_own_and_ends_the_one_before(
    person: int, client: FlaskClient, installation: Installation
) -> None:
    client.set_cookie("elearn", "planted")
    tokens = []
    for _ in range(2):
        send(client, PATH, {"email": EMAIL, "password": PASSWORD})
        cookie = client.get_cookie("elearn")
        assert cookie is not None
        tokens.append(cookie.value)
    assert "planted" not in tokens
    assert tokens[0] != tokens[1]
    assert [s.ended_at is None for s in stored_sessions(installation)] == [False, True]


def test_an_outdated_hash_is_renewed_when_its_owner_signs_in(
    person: int, client: FlaskClient, installation: Installation
) -> None:
    costlier = replace(installation.settings, argon2_time_cost=2)
    with installation.platform.database.transaction() as session:
        people.set_password(session, person_id=person, password_hash=hashing.hash_password(PASSWORD, settings=costlier))
    assert send(client, PATH, {"email": EMAIL, "password": PASSWORD}).status_code == 303
    with installation.platform.database.read_session() as session:
        stored = session.scalars(select(Person.password_hash)).one()
    assert not hashing.is_outdated(stored, settings=installation.settings)
    assert hashing.is_right_password(PASSWORD, stored, settings=installation.settings)


def test_registering_an_address_and_trying_its_password_does_not_tell_whether_it_is_known(
    person: int, client: FlaskClient, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str | None] = []
    real = hashing.is_right_password
    chosen = "nine patient tortoises crossed"
    told = []
    for email in (EMAIL, "unknown@example.org"):
        fields = {"email": email, "password": chosen, "full_name": "Amal Haddad", "locale": "en", "consent": "y"}
        assert send(client, "/en/account/register", fields).status_code == 303
        with monkeypatch.context() as patch:
            patch.setattr(hashing, "is_right_password", lambda p, s, **kw: (compared.append(s), real(p, s, **kw))[1])
            answer = send(client, PATH, {"email": email, "password": chosen})
        page = seen(answer)
        told.append((answer.status_code, page.one("div", id="notice").attributes, page.text))
        assert page.all("a", href="/en/account/look-at-mail")
    assert told[0] == told[1]
    assert told[0][0] == 422
    assert "has not been confirmed yet" in told[0][2]
    assert len(compared) == 2
    assert compared[1] is None, "an unconfirmed address costs what an unknown one does"
    assert stored_sessions(installation) == []


def test_guessing_is_slowed_down_for_one_address_and_does_not_lock_its_owner_out_elsewhere(
    person: int, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(10):
        send(client, PATH, {"email": EMAIL, "password": "wrong but long enough"})
    answer = send(client, PATH, {"email": EMAIL.upper(), "password": PASSWORD})
    assert answer.status_code == 429
    assert seen(answer).value("email") == EMAIL.upper()
    assert int(answer.headers["Retry-After"]) > 0
    monkeypatch.setattr(views, "client_network", lambda: "192.0.2.0/24")
    assert send(client, PATH, {"email": EMAIL, "password": PASSWORD}).status_code == 303


def test_a_change_of_language_keeps_the_address_and_the_next_page(person: int, client: FlaskClient) -> None:
    fields = {"email": EMAIL, "password": PASSWORD, "switch_locale": "ar"}
    answer = send(client, "/ar/account/login?next=/ar/learn/", fields, page=PATH + "?next=/ar/learn/")
    page = seen(answer)
    assert (answer.status_code, page.value("email"), page.value("password")) == (200, EMAIL, "")
    assert page.all("button", formaction="/fr/account/login?next=/ar/learn/")


# --- signing out


def test_signing_out_makes_the_cookie_useless(person: int, client: FlaskClient) -> None:
    token = sign_in(client, person)
    answer = send(client, "/en/account/logout", {}, page="/en/account/profile")
    assert (answer.status_code, answer.location) == (303, "/en/")
    assert client.get_cookie("elearn") is None
    client.set_cookie("elearn", token)
    assert client.get("/en/account/profile").status_code == 302


def test_no_other_site_can_sign_anybody_out(person: int, client: FlaskClient) -> None:
    sign_in(client, person)
    assert client.post("/en/account/logout", data={"csrf_token": "foreign"}).status_code == 400
    assert client.get("/en/account/logout").status_code == 405
    assert client.get("/en/account/profile").status_code == 200


def test_signing_out_twice_does_no_harm(client: FlaskClient) -> None:
    assert client.post("/en/account/logout").status_code == 303


# --- the list of browsers


def test_the_list_shows_each_browser_and_marks_this_one(person: int, client: FlaskClient) -> None:
    agent = {"User-Agent": "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"}
    other = client.application.test_client()
    token = open_page(other, PATH).value("csrf_token")
    other.post(PATH, data={"email": EMAIL, "password": PASSWORD, "csrf_token": token}, headers=agent)
    sign_in(client, person)
    page = open_page(client, "/en/account/sessions")
    assert "Firefox on Android" in page.text
    assert "140" not in page.text
    assert len(page.all("button", name="session")) == 1


def test_one_browser_or_all_others_can_be_signed_out(person: int, client: FlaskClient) -> None:
    browsers = [client.application.test_client() for _ in range(3)]
    for browser in (*browsers, client):
        sign_in(browser, person)
    path = "/en/account/sessions"
    listed = [b.attributes["value"] for b in open_page(client, path).all("button", name="session")]
    assert send(client, path, {"action": "end", "session": listed[-1]}).status_code == 303
    assert browsers[0].get("/en/account/profile").status_code == 302
    assert send(client, path, {"action": "end_others"}).status_code == 303
    assert [b.get("/en/account/profile").status_code for b in (*browsers, client)] == [302, 302, 302, 200]


def test_ending_the_session_in_use_leads_to_sign_in(
    person: int, client: FlaskClient, installation: Installation
) -> None:
    sign_in(client, person)
    (mine,) = stored_sessions(installation)
    answer = send(client, "/en/account/sessions", {"action": "end", "session": str(mine.id)})
    assert answer.location == "/en/account/login"
    assert client.get("/en/account/profile").status_code == 302


@pytest.mark.parametrize("typed", ["", "0", "999", "٣", "-1", "1e3", "9" * 30, "x"])
def test_sessions_of_nobody_and_of_others_are_not_found(
    typed: str, person: int, client: FlaskClient, installation: Installation
) -> None:
    with installation.platform.database.transaction() as session:
        stranger = make_account(session, installation.settings, "other@example.org")
    sign_in(client.application.test_client(), stranger)
    sign_in(client, person)
    theirs = stored_sessions(installation)[0].id
    for session_id in (typed, str(theirs)):
        answer = send(client, "/en/account/sessions", {"action": "end", "session": session_id})
        assert answer.status_code == 404
    assert all(s.ended_at is None for s in stored_sessions(installation))


@pytest.mark.parametrize("typed", ["9" * 9, "9" * 10, "9" * 18])
def test_a_session_number_of_any_length_is_not_found_on_each_database(typed: str, both: Installation) -> None:
    client = both.app.test_client()
    with both.platform.database.transaction() as session:
        person = make_account(session, both.settings)
    sign_in(client, person)
    answer = send(client, "/en/account/sessions", {"action": "end", "session": typed})
    assert answer.status_code == 404


def test_a_disabled_person_is_out_with_the_next_request(
    person: int, client: FlaskClient, installation: Installation
) -> None:
    sign_in(client, person)
    with installation.platform.database.transaction() as session:
        people.disable_person(session, person_id=person)
    assert client.get("/en/account/profile").status_code == 302
