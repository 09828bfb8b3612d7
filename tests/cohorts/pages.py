"""Browsers and people for the page tests of this room."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from elearn import clock
from elearn.accounts.models import Grant, Person
from tests.conftest import Installation
from tests.factories import make_open_call, make_person, sign_in
from tests.pages import Examined, examine

APPLY = "/en/courses/untoc/apply"
FILLED = {
    "action": "submit", "stakeholder_group": "civil_society", "organisation": "Example Association",
    "organisation_type": "", "country": "LB", "motivation": "We support families, and want to learn how to speak up.",
    "locale": "en", "consent": "y",
}  # fmt: skip


def someone(
    installation: Installation, *, role: str = "", scope: str = "untoc", **values: Any
) -> tuple[Person, FlaskClient]:
    """A person, perhaps with a role, and a browser in which they are signed in."""
    with installation.platform.database.transaction() as session:
        person = make_person(session, **values)
        if role:
            session.add(Grant(person_id=person.id, role=role, scope=scope, granted_at=clock.now()))
    client = installation.app.test_client()
    sign_in(client, person.id)
    return person, client


def call(installation: Installation, **values: Any) -> int:
    """A cohort that takes applications now; its id."""
    with installation.platform.database.transaction() as session:
        return int(make_open_call(session, **values).id)


def look(client: FlaskClient, path: str, status: int = 200) -> Examined:
    """The examined page at an address."""
    return examined(client.get(path), path, status)


def examined(answer: TestResponse, path: str, status: int) -> Examined:
    """The examined page of an answer."""
    assert answer.status_code == status, f"{path}: {answer.status_code}, expected {status}"
    return examine(answer.get_data(as_text=True), path)


def send(
    client: FlaskClient, path: str, values: dict[str, Any], *, fresh: bool = True, form_at: str = ""
) -> TestResponse:
    """Post a form with the token of the page at `form_at` (the address itself without it)."""
    page = look(client, form_at or path)
    token = page.value("csrf_token") if fresh else "stale"
    return client.post(path, data={"csrf_token": token, **values})
