"""Plain functions that make rows for tests."""

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.accounts.models import Person
from elearn.accounts.service.hashing import hash_password
from elearn.accounts.service.registration import Registration, create_confirmed_person
from elearn.accounts.service.sessions import start_session
from elearn.cohorts.models import Cohort, Enrolment
from elearn.cohorts.queries import enrolment
from elearn.learning.service.study import Student
from elearn.settings import Settings

# --- learning: people who study ---------------------------------------------------------------------------------------


def make_person(session: Session, **values: Any) -> Person:
    """A person whose address is confirmed."""
    number = session.scalar(select(func.count()).select_from(Person)) or 0
    now = clock.now()
    fields = {
        "email": f"person{number + 1}@example.org", "email_confirmed_at": now, "password_hash": "-",
        "full_name": f"Example Person {number + 1}", "locale": "en", "time_zone": "Europe/Vienna", "created_at": now,
        "disabled_at": None, **values,
    }  # fmt: skip
    return _added(session, Person(**fields))


def make_cohort(session: Session, **values: Any) -> Cohort:
    """A cohort of the course on the Convention whose study is open from yesterday for a month, with a week of grace."""
    now = clock.now()
    number = session.scalar(select(func.count()).select_from(Cohort)) or 0
    fields = {
        "course": "untoc", "slug": f"cohort-{number + 1}", "names": {"en": f"Cohort {number + 1}", "ar": "الفوج"},
        "notes": {}, "entry": "application", "zone": "Europe/Vienna", "seats": None,
        "applications_open": now - timedelta(days=30), "applications_close": now - timedelta(days=10),
        "study_opens": now - timedelta(days=1), "study_closes": now + timedelta(days=30),
        "grace_closes": now + timedelta(days=37), "created_at": now, "updated_at": now, "archived_at": None, **values,
    }  # fmt: skip
    return _added(session, Cohort(**fields))


def make_student(session: Session, person: Person | None = None, cohort: Cohort | None = None) -> Student:
    """Somebody enrolled in a cohort."""
    person = person or make_person(session)
    cohort = cohort or make_cohort(session)
    row = Enrolment(cohort_id=cohort.id, person_id=person.id, enrolled_at=clock.now(), withdrawn_at=None)
    enrolled = enrolment(session, _added(session, row).id)
    return Student(enrolled, person.locale, person.time_zone)


def _added(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


# --- accounts


PASSWORD = "four quiet blue herons"


def make_account(
    session: Session,
    settings: Settings,
    email: str = "learner@example.org",
    *,
    full_name: str = "Amal Haddad",
    locale: str = "en",
    time_zone: str = "Europe/Vienna",
) -> int:
    """Somebody whose address is confirmed and whose password is PASSWORD; the id."""
    hashed = hash_password(PASSWORD, settings=settings)
    registration = Registration(email, hashed, full_name, locale, time_zone)
    return create_confirmed_person(session, registration=registration)


def sign_in(client: FlaskClient, person_id: int) -> str:
    """Sign this browser in without the form; the session's token."""
    platform = client.application.extensions["elearn"]
    with platform.database.transaction() as session:
        started = start_session(session, person_id=person_id, settings=platform.settings)
    client.set_cookie("elearn", started.token)
    return started.token


# --- cohorts


def make_open_call(session: Session, **values: Any) -> Cohort:
    """A cohort whose window for applications is open now; its study begins in two weeks, from midnight to midnight."""
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    windows = {
        "zone": "UTC", "applications_open": midnight - timedelta(days=5),
        "applications_close": midnight + timedelta(days=5), "study_opens": midnight + timedelta(days=14),
        "study_closes": midnight + timedelta(days=44), "grace_closes": midnight + timedelta(days=51),
    }  # fmt: skip
    return make_cohort(session, **{**windows, **values})
