"""`elearn demo`: never on a real installation; otherwise everything that one wants to look at."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from elearn import clock
from elearn.accounts.models import Grant, Person
from elearn.accounts.service.hashing import is_right_password
from elearn.app import create_app
from elearn.cohorts.models import Application, Cohort, Enrolment
from elearn.commands.demo import seed as plant
from elearn.db import Database
from elearn.demo import PEOPLE
from elearn.settings import Settings
from tests.commands.conftest import Operator

VIENNA = ZoneInfo("Europe/Vienna")


@pytest.mark.parametrize(
    "variables",
    [
        {"ENVIRONMENT": "production"},
        {"ENVIRONMENT": "production", "BASE_URL": "https://courses.example.org"},
        {"ENVIRONMENT": "demo", "BASE_URL": "https://courses.example.org"},
    ],
)
def test_production_is_refused_before_anything_is_written(variables: dict[str, str], operator: Operator):
    operator.set(**variables)
    result = operator.run("demo")
    assert (result.code, result.out) == (2, "")
    assert "the demo does not run with production settings" in result.err
    assert not (operator.folder / "instance").exists()


@pytest.fixture
def planted(installed: Operator, data: Database) -> Database:
    """An installation with the demo's data."""
    installed.set(DEMO_PASSWORD="four quiet blue herons", ENVIRONMENT="demo")
    assert plant(installed.settings) == "four quiet blue herons"
    return data


def rows(data: Database, model: type[Any]) -> list[Any]:
    with data.read_session() as session:
        return list(session.scalars(select(model).order_by(*model.__table__.primary_key)))


def test_there_is_somebody_of_every_role(planted: Database):
    people = {person.id: person.email.partition("@")[0] for person in rows(planted, Person)}
    assert set(people.values()) == {person.account for person in PEOPLE}
    assert {(people[g.person_id], g.role, g.scope) for g in rows(planted, Grant)} == {
        ("admin", "course_admin", "untoc"), ("owner", "owner", "*"),
        ("translator-ar", "translator", "ar"), ("translator-fr", "translator", "fr"), ("translator-es", "translator", "es"),
        ("reviewer", "reviewer", "ar"), ("reviewer", "reviewer", "fr"), ("reviewer", "reviewer", "es"),
    }  # fmt: skip
    assert all(person.email.endswith("@example.org") for person in rows(planted, Person))


def test_the_real_run_is_there_with_its_days_and_closed(planted: Database):
    run = next(cohort for cohort in rows(planted, Cohort) if cohort.slug == "2025")
    assert run.study_opens.astimezone(VIENNA).isoformat() == "2025-10-15T00:00:00+02:00"
    assert run.study_closes.astimezone(VIENNA).isoformat() == "2025-12-02T00:00:00+01:00", "1 December is included"
    assert run.applications_close.astimezone(VIENNA).isoformat() == "2025-10-15T00:00:00+02:00"
    assert set(run.names) == set(run.notes) == {"ar", "en", "fr", "es"}
    assert "set by us" in run.notes["en"]


def test_a_cohort_is_open_today_and_the_learner_studies_in_it(planted: Database):
    cohort = next(cohort for cohort in rows(planted, Cohort) if cohort.slug == "open")
    now = clock.now()
    assert cohort.applications_open < now < cohort.applications_close - timedelta(days=14)
    assert cohort.study_opens < now < cohort.study_closes
    (enrolled,) = rows(planted, Enrolment)
    assert enrolled.cohort_id == cohort.id
    assert rows(planted, Person)[enrolled.person_id - 1].email == "learner@example.org"
    assert [application.state for application in rows(planted, Application)] == ["accepted"]


def test_a_second_start_adds_nothing_and_makes_a_new_password(planted: Database, installed: Operator):
    before = {model: len(rows(planted, model)) for model in (Person, Grant, Cohort, Application, Enrolment)}
    installed.set(DEMO_PASSWORD="")
    first, made = plant(installed.settings), plant(installed.settings)
    assert first != made
    assert len(made) >= 12
    assert {model: len(rows(planted, model)) for model in before} == before
    assert all(is_right_password(made, p.password_hash, settings=installed.settings) for p in rows(planted, Person))


@pytest.fixture
def visited(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[FlaskClient]]:
    """Instead of serving, a browser at the application that would be served, while a worker would run beside it."""
    found: list[FlaskClient] = []
    workers: list[int] = []

    @contextmanager
    def kept_worker(**_options: object) -> Iterator[None]:
        workers.append(1)
        yield
        workers.pop()

    def run_web(settings: Settings) -> None:
        assert workers == [1], "a worker runs beside the web processes"
        found.append(create_app(settings).test_client())

    monkeypatch.setattr("elearn.commands.demo.kept_worker", kept_worker)
    monkeypatch.setattr("elearn.commands.demo.run_web", run_web)
    yield found
    for client in found:
        client.application.extensions["elearn"].database.close()


def test_what_is_printed_opens_the_door(
    visited: list[FlaskClient], installed: Operator, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("ELEARN_ENVIRONMENT")
    installed.set(PORT=8123)
    result = installed.run("demo")
    assert result.code == 0
    assert "elearn is at http://127.0.0.1:8123\n" in result.out
    assert re.findall(r"^  (\S+)@example\.org$", result.out, re.M) == [person.account for person in PEOPLE]
    password = re.search(r"password (\S+)$", result.out, re.M)
    assert password is not None
    client = visited[0]
    form = client.get("/en/account/login").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token is not None
    values = {"csrf_token": token[1], "email": "admin@example.org", "password": password[1]}
    assert client.post("/en/account/login", data=values).status_code == 303
    assert client.get("/en/admin/").status_code == 200
    assert client.get("/-/outbox").status_code == 200
