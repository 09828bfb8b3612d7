"""Registering and confirming, as a browser without JavaScript sees it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from elearn import clock
from elearn.accounts import policy, views
from elearn.accounts.models import Person
from elearn.ledger.meter import Limit
from elearn.web import limits
from tests.accounts.browser import errors, open_page, seen, send
from tests.conftest import Installation
from tests.factories import PASSWORD, make_account

PATH = "/en/account/register"
GOOD = {
    "email": "Amal@Example.org", "password": PASSWORD, "full_name": "Amal Haddad", "locale": "ar", "consent": "y",
}  # fmt: skip


def people(installation: Installation) -> list[Person]:
    with installation.platform.database.read_session() as session:
        return list(session.scalars(select(Person)))


def outbox(installation: Installation) -> list[Any]:
    installation.run_jobs()
    return [message for _name, message in installation.platform.rooms["outbox"]()]


def link_in(message: Any) -> str:
    text = message.get_body(("plain",)).get_content()
    return str(next(line for line in text.splitlines() if line.startswith("http")).partition("8000")[2])


@pytest.mark.parametrize("locale", ["ar", "en", "fr", "es"])
@pytest.mark.parametrize("name", ["register", "login", "reset", "look-at-mail", "look-at-mail?about=reset"])
def test_every_form_opens_in_every_language(name: str, locale: str, client: FlaskClient) -> None:
    page = open_page(client, f"/{locale}/account/{name}")
    assert page.one("html").attributes["lang"] == locale


def test_registering_confirming_and_signing_in_is_one_way(client: FlaskClient, installation: Installation) -> None:
    answer = send(client, PATH, GOOD)
    assert (answer.status_code, answer.location) == (303, "/en/account/look-at-mail")
    (message,) = outbox(installation)
    assert message["To"] == "amal@example.org"
    link = link_in(message)
    assert link.startswith("/ar/account/confirm/")
    open_page(client, link)
    assert people(installation)[0].email_confirmed_at is None, "opening a link must change nothing"
    confirmed = send(client, link, {})
    assert (confirmed.status_code, confirmed.location) == (303, "/ar/account/login")
    assert not client.get_cookie("elearn"), "a link signs nobody in"
    welcome = send(client, "/ar/account/login", {"email": "amal@example.org", "password": PASSWORD})
    assert welcome.status_code == 303
    assert client.get("/ar/account/profile").status_code == 200


def test_the_answer_is_the_same_for_known_and_unknown_addresses(
    client: FlaskClient, installation: Installation
) -> None:
    with installation.platform.database.transaction() as session:
        make_account(session, installation.settings, "known@example.org")
    answers = [send(client, PATH, {**GOOD, "email": f"{name}@example.org"}) for name in ("known", "unknown")]
    told = [(a.status_code, a.location, a.get_data(), sorted(k for k, _ in a.headers)) for a in answers]
    assert told[0] == told[1]
    assert sorted(m["To"] for m in outbox(installation)) == ["known@example.org", "unknown@example.org"]


@pytest.mark.parametrize("field", ["email", "password", "full_name", "locale", "consent"])
@pytest.mark.parametrize("how", ["missing", "empty", "twice"])
def test_each_field_is_needed_once(field: str, how: str, client: FlaskClient, installation: Installation) -> None:
    fields: dict[str, Any] = dict(GOOD)
    if how == "missing":
        del fields[field]
    else:
        fields[field] = "" if how == "empty" else [fields[field]] * 2
    answer = send(client, PATH, fields)
    assert answer.status_code == 422
    page = seen(answer)
    assert len(errors(page)) == 1
    for name in ("email", "full_name"):
        if name != field:
            assert page.value(name) == GOOD[name]
    assert people(installation) == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", "no address"),
        ("email", "a@" + "b" * 260 + ".org"),
        ("full_name", "a" * 121),
        ("full_name", "<img src=x onerror=alert(1)>"),
        ("full_name", "李明"),
        ("full_name", "Amal\x00"),
        ("password", "password123"),
        ("password", "x" * 1025),
        ("locale", "de"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_kept(
    field: str, typed: str, client: FlaskClient, installation: Installation
) -> None:
    answer = send(client, PATH, {**GOOD, field: typed})
    page = seen(answer)
    assert answer.status_code == 422
    assert len(errors(page)) == 1
    assert page.all("a", href=f"#{field}"), "the summary leads to the field"
    if field in ("email", "full_name"):
        assert page.value(field) == typed
    assert "<img" not in page.html
    assert typed not in page.html or field != "password"
    assert people(installation) == []


def test_the_sentence_stands_in_the_language_of_the_page(client: FlaskClient) -> None:
    answer = send(client, "/ar/account/register", {**GOOD, "password": "password123"})
    assert "zxcvbn" not in answer.text
    assert "common password" not in answer.text.lower()
    assert seen(answer).one("html").attributes["dir"] == "rtl"


def test_overrides_in_a_name_and_arabic_digits_in_an_address_are_stored_plainly(
    client: FlaskClient, installation: Installation
) -> None:
    assert send(client, PATH, {**GOOD, "full_name": "\u202eAmal Haddad", "email": "a٣@example.org"}).status_code == 303
    (made,) = people(installation)
    assert (made.full_name, made.email) == ("Amal Haddad", "a3@example.org")


def test_a_stale_token_gives_the_form_back_with_everything_but_the_password(
    client: FlaskClient, installation: Installation
) -> None:
    open_page(client, PATH)
    answer = client.post(PATH, data={**GOOD, "csrf_token": "old"})
    page = seen(answer)
    assert answer.status_code == 400
    assert (page.value("full_name"), page.value("email"), page.value("password")) == (
        "Amal Haddad", "Amal@Example.org", "",
    )  # fmt: skip
    assert people(installation) == []


def test_a_change_of_language_keeps_what_was_typed_but_no_password(
    client: FlaskClient, installation: Installation
) -> None:
    answer = send(client, "/fr/account/register", {**GOOD, "email": "half", "switch_locale": "fr"}, page=PATH)
    page = seen(answer)
    assert (answer.status_code, page.one("html").attributes["lang"]) == (200, "fr")
    assert (page.value("full_name"), page.value("email"), page.value("password")) == ("Amal Haddad", "half", "")
    assert page.one("option", selected="").attributes["value"] == "ar"
    assert errors(page) == []
    assert PASSWORD not in page.html
    assert people(installation) == []


def test_too_many_letters_to_one_address_are_refused_for_a_while(client: FlaskClient) -> None:
    for _ in range(5):
        assert send(client, PATH, GOOD).status_code == 303
    answer = send(client, PATH, GOOD)
    page = seen(answer)
    assert (answer.status_code, page.value("email")) == (429, "Amal@Example.org")
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert send(client, PATH, {**GOOD, "email": "other@example.org"}).status_code == 303


def test_the_form_can_be_used_by_password_managers(client: FlaskClient) -> None:
    page = open_page(client, PATH)
    kinds = {
        e.attributes["name"]: e.attributes.get("autocomplete") for e in page.all("input") if "name" in e.attributes
    }
    assert (kinds["email"], kinds["full_name"], kinds["password"]) == ("email", "name", "new-password")


def test_a_link_that_was_used_says_so_and_leads_to_a_new_one(client: FlaskClient, installation: Installation) -> None:
    send(client, PATH, GOOD)
    link = link_in(outbox(installation)[0])
    token = open_page(client, link).value("csrf_token")
    assert client.post(link, data={"csrf_token": token}).status_code == 303
    again = client.post(link, data={"csrf_token": token})
    assert again.status_code == 409
    assert seen(again).all("a", href="/ar/account/look-at-mail")
    assert open_page(client, link).all("a", href="/ar/account/login")


def test_an_old_link_and_an_unknown_one_say_so(client: FlaskClient, installation: Installation) -> None:
    send(client, PATH, GOOD)
    link = link_in(outbox(installation)[0])
    with time_machine.travel(clock.now() + timedelta(days=4)):
        assert open_page(client, link).all("a", href="/ar/account/look-at-mail")
    unknown = client.get("/en/account/confirm/never-was")
    assert unknown.status_code == 404
    assert seen(unknown).all("a", href="/en/account/look-at-mail")


def test_confirming_with_a_stale_token_changes_nothing(client: FlaskClient, installation: Installation) -> None:
    send(client, PATH, GOOD)
    link = link_in(outbox(installation)[0])
    answer = client.post(link, data={"csrf_token": "old"})
    assert answer.status_code == 400
    assert seen(answer).all("button")
    assert people(installation)[0].email_confirmed_at is None


def test_the_letter_can_be_asked_for_again_with_one_answer_for_all(
    client: FlaskClient, installation: Installation
) -> None:
    send(client, PATH, GOOD)
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        path = "/en/account/look-at-mail"
        answers = [send(client, path, {"email": f"{n}@example.org"}) for n in ("amal", "nobody")]
        assert [(a.status_code, a.location) for a in answers] == [(303, path)] * 2
        assert [m["To"] for m in outbox(installation)] == ["amal@example.org"] * 2


def test_a_network_is_counted_before_a_password_is_judged(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []
    monkeypatch.setattr(views, "PASSWORDS_NETWORK", Limit(2, 3600))
    monkeypatch.setattr(policy, "check_new_password", lambda password, **_: judged.append(password))
    bad = {**GOOD, "email": "no address"}
    assert [send(client, PATH, bad).status_code for _ in range(3)] == [422, 422, 429]
    assert len(judged) == 2
    assert send(client, PATH, {**bad, "switch_locale": "en"}).status_code == 200


def test_limits_are_kept_in_the_database_and_not_in_the_process(
    client: FlaskClient, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(60):
        send(client, PATH, {**GOOD, "email": f"p{n}@example.org"})
    assert send(client, PATH, {**GOOD, "email": "one-more@example.org"}).status_code == 429
    monkeypatch.setattr(limits, "client_network", lambda: "192.0.2.0/24")
    assert send(client, PATH, {**GOOD, "email": "elsewhere@example.org"}).status_code == 303


@pytest.mark.parametrize(
    ("reported", "kept"),
    [
        ("Africa/Cairo", "Africa/Cairo"),
        ("Asia/Calcutta", "Asia/Calcutta"),  # as browsers still call Asia/Kolkata
        ("", "default"),
        ("Mars/Olympus", "default"),
        ("localtime", "default"),
        ("../../etc/passwd", "default"),
        ("\0", "default"),
        (None, "default"),
    ],
)
def test_the_zone_is_the_one_the_browser_reports(
    reported: str | None, kept: str, client: FlaskClient, installation: Installation
) -> None:
    assert open_page(client, PATH).one("input", name="time_zone").attributes["type"] == "hidden"
    send(client, PATH, GOOD if reported is None else {**GOOD, "time_zone": reported})
    (message,) = outbox(installation)
    send(client, link_in(message), {})
    default = installation.settings.default_time_zone
    assert people(installation)[0].time_zone == (default if kept == "default" else kept)
