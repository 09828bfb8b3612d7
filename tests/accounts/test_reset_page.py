"""A new password by mail."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from elearn import clock
from tests.accounts.browser import errors, open_page, seen, send
from tests.accounts.test_register_page import link_in, outbox
from tests.conftest import Installation
from tests.factories import PASSWORD, make_account, sign_in

PATH = "/en/account/reset"
NEW = "seven slow purple trains"


@pytest.fixture
def person(installation: Installation) -> int:
    with installation.platform.database.transaction() as session:
        return make_account(session, installation.settings, locale="fr")


@pytest.fixture
def link(person: int, client: FlaskClient, installation: Installation) -> str:
    send(client, PATH, {"email": "learner@example.org"})
    return link_in(outbox(installation)[0])


def test_asking_has_one_answer_for_known_and_unknown_addresses(
    person: int, client: FlaskClient, installation: Installation
) -> None:
    answers = [send(client, PATH, {"email": f"{n}@example.org"}) for n in ("learner", "nobody")]
    assert [(a.status_code, a.location) for a in answers] == [(303, "/en/account/look-at-mail?about=reset")] * 2
    assert [m["To"] for m in outbox(installation)] == ["learner@example.org"]


def test_the_link_sets_a_new_password_and_ends_every_session(
    link: str, person: int, client: FlaskClient, installation: Installation
) -> None:
    elsewhere = client.application.test_client()
    sign_in(elsewhere, person)
    assert link.startswith("/fr/account/reset/")
    answer = send(client, link, {"password": NEW})
    assert (answer.status_code, answer.location) == (303, "/fr/account/login")
    assert elsewhere.get("/en/account/profile").status_code == 302
    assert not client.get_cookie("elearn")
    email = {"email": "learner@example.org"}
    assert send(client, "/en/account/login", {**email, "password": PASSWORD}).status_code == 422
    assert send(client, "/en/account/login", {**email, "password": NEW}).status_code == 303
    kinds = [m["Subject"] for m in outbox(installation)]
    assert len(kinds) == 2


@pytest.mark.parametrize("typed", ["", "   ", "short", "password123", "Amal Haddad", "x" * 1025, [NEW, NEW]])
def test_a_poor_password_is_refused_and_the_link_still_works(typed: Any, link: str, client: FlaskClient) -> None:
    answer = send(client, link, {"password": typed})
    page = seen(answer)
    assert answer.status_code == 422
    assert len(errors(page)) == 1
    assert page.value("password") == ""
    assert send(client, link, {"password": NEW}).status_code == 303


def test_a_used_an_old_and_an_unknown_link_lead_to_a_new_one(link: str, client: FlaskClient) -> None:
    with time_machine.travel(clock.now() + timedelta(hours=1, seconds=5)):
        assert open_page(client, link).all("a", href="/fr/account/reset")
    token = open_page(client, link).value("csrf_token")
    assert client.post(link, data={"csrf_token": token, "password": NEW}).status_code == 303
    assert client.post(link, data={"csrf_token": token, "password": NEW}).status_code == 409
    assert open_page(client, link).all("a", href="/fr/account/reset")
    assert client.get("/en/account/reset/never-was").status_code == 404


def test_a_stale_token_keeps_the_link_and_shows_no_password(link: str, client: FlaskClient) -> None:
    answer = client.post(link, data={"csrf_token": "old", "password": NEW})
    assert answer.status_code == 400
    assert NEW not in answer.text
    assert send(client, link, {"password": NEW}).status_code == 303


@pytest.mark.parametrize(
    "typed", ["", "no address", "a@" + "b" * 260 + ".org", "<b>@example.org", ["a@b.org", "c@d.org"]]
)
def test_what_is_no_address_is_refused_and_kept(typed: Any, client: FlaskClient) -> None:
    answer = send(client, PATH, {"email": typed})
    page = seen(answer)
    assert answer.status_code == 422
    assert len(errors(page)) == 1
    assert page.value("email") == (typed if isinstance(typed, str) else typed[0])


def test_asking_too_often_is_slowed_down_and_keeps_the_address(person: int, client: FlaskClient) -> None:
    for _ in range(5):
        assert send(client, PATH, {"email": "learner@example.org"}).status_code == 303
    answer = send(client, PATH, {"email": "learner@example.org"})
    assert (answer.status_code, seen(answer).value("email")) == (429, "learner@example.org")
