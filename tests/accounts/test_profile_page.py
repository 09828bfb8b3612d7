"""Name, language and time zone."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from elearn.accounts.models import Person
from tests.accounts.browser import errors, open_page, seen, send
from tests.conftest import Installation
from tests.factories import make_account, sign_in

PATH = "/en/account/profile"
GOOD = {"full_name": "Amal Haddad", "locale": "en", "time_zone": "Africa/Cairo"}


@pytest.fixture
def signed_in(client: FlaskClient, installation: Installation) -> FlaskClient:
    with installation.platform.database.transaction() as session:
        person = make_account(session, installation.settings)
    sign_in(client, person)
    return client


def stored(installation: Installation) -> Person:
    with installation.platform.database.read_session() as session:
        return session.scalars(select(Person)).one()


def test_the_page_shows_what_is_stored(signed_in: FlaskClient) -> None:
    page = open_page(signed_in, PATH)
    assert page.value("full_name") == "Amal Haddad"
    assert {e.attributes["value"] for e in page.all("option", selected="")} == {"en", "Europe/Vienna"}


def test_a_new_language_leads_to_the_profile_in_that_language(
    signed_in: FlaskClient, installation: Installation
) -> None:
    answer = send(signed_in, PATH, {**GOOD, "locale": "ar", "full_name": "أمل حداد"})
    assert (answer.status_code, answer.location) == (303, "/ar/account/profile")
    person = stored(installation)
    assert (person.locale, person.full_name, person.time_zone) == ("ar", "أمل حداد", "Africa/Cairo")
    page = open_page(signed_in, answer.location)
    assert page.one("html").attributes["dir"] == "rtl"
    assert page.value("full_name") == "أمل حداد"


@pytest.mark.parametrize("locale", ["ar", "en", "fr", "es"])
def test_zones_are_named_in_the_language_with_their_offset(locale: str, signed_in: FlaskClient) -> None:
    options = {e.attributes["value"]: e.text for e in open_page(signed_in, f"/{locale}/account/profile").all("option")}
    assert len(options) > 400
    assert options["Asia/Kolkata"].endswith("\u2066UTC+05:30\u2069)")
    vienna = {"ar": "فيينا", "en": "Vienna", "fr": "Vienne", "es": "Viena"}[locale]
    assert options["Europe/Vienna"].startswith(f"{vienna} (")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("full_name", ""), ("full_name", "a" * 121), ("full_name", "<b>Amal</b>"), ("full_name", "李明"),
        ("full_name", ["Amal", "Lina"]), ("full_name", None), ("locale", "de"), ("locale", None), ("locale", ["en", "ar"]),
        ("time_zone", "Mars/Olympus"), ("time_zone", "../../etc/passwd"), ("time_zone", ""), ("time_zone", None),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_changes(
    field: str, typed: Any, signed_in: FlaskClient, installation: Installation
) -> None:
    fields: dict[str, Any] = {**GOOD, "full_name": "Lina Example", field: typed}
    answer = send(signed_in, PATH, {k: v for k, v in fields.items() if v is not None})
    page = seen(answer)
    assert answer.status_code == 422
    assert len(errors(page)) == 1
    if field == "full_name" and isinstance(typed, str):
        assert page.value("full_name") == typed
    if field != "full_name":
        assert page.value("full_name") == "Lina Example"
    person = stored(installation)
    assert (person.full_name, person.time_zone) == ("Amal Haddad", "Europe/Vienna")


def test_a_stale_token_gives_the_form_back_as_it_was_typed(signed_in: FlaskClient, installation: Installation) -> None:
    answer = signed_in.post(PATH, data={**GOOD, "full_name": "Lina Example", "csrf_token": "old"})
    assert (answer.status_code, seen(answer).value("full_name")) == (400, "Lina Example")
    assert stored(installation).full_name == "Amal Haddad"


def test_a_change_of_language_keeps_what_was_typed(signed_in: FlaskClient, installation: Installation) -> None:
    fields = {**GOOD, "full_name": "Lina Example", "switch_locale": "es"}
    page = seen(send(signed_in, "/es/account/profile", fields, page=PATH))
    assert page.value("full_name") == "Lina Example"
    assert {e.attributes["value"] for e in page.all("option", selected="")} == {"en", "Africa/Cairo"}
    assert stored(installation).full_name == "Amal Haddad"


def test_overrides_are_taken_out_of_a_name(signed_in: FlaskClient, installation: Installation) -> None:
    assert send(signed_in, PATH, {**GOOD, "full_name": "\u202eAmal\u202c Haddad"}).status_code == 303
    assert stored(installation).full_name == "Amal Haddad"
