"""Rows that a certificate stands on: a person, a cohort, an enrolment whose course was completed."""

import secrets
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from elearn import clock
from elearn.accounts.models import LoginSession, Person
from elearn.accounts.queries import token_digest
from elearn.certificates.service.numbers import new_number
from elearn.cohorts.models import Cohort, Enrolment
from elearn.db import Database
from elearn.learning.models import Completion, LessonDone
from tests.conftest import Installation

HOLDER = "Nguyễn Thị Ví Dụ"
COHORT_NAMES = {"en": "First cohort, 2025", "ar": "الفوج الأول لعام 2025"}
# In Vienna the next day has begun.
COMPLETED_AT = datetime(2025, 11, 25, 23, 30, tzinfo=UTC)


def person(session: Session, *, name: str = HOLDER) -> int:
    """A confirmed person; returns the id."""
    row = Person(
        email=f"{secrets.token_hex(6)}@example.org", email_confirmed_at=clock.now(), password_hash="-",
        full_name=name, locale="en", time_zone="Asia/Ho_Chi_Minh", created_at=clock.now(), disabled_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def cohort(session: Session, *, names: dict[str, str] | None = None) -> int:
    """A cohort of the course in Vienna's zone; returns the id."""
    start = datetime(2025, 10, 1, tzinfo=UTC)
    row = Cohort(
        course="untoc", slug=f"run-{secrets.token_hex(4)}", names=COHORT_NAMES if names is None else names, notes={},
        entry="open", zone="Europe/Vienna", applications_open=start, applications_close=start + timedelta(days=10),
        study_opens=start, study_closes=start + timedelta(days=90), grace_closes=start + timedelta(days=97),
        seats=None, created_at=start, updated_at=start, archived_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def enrolment(
    session: Session, *, name: str = HOLDER, names: dict[str, str] | None = None, studied: str = "en", done: bool = True
) -> Enrolment:
    """An enrolment; `studied` holds a language per lesson ("ar ar en"), `done` says whether the course was completed."""
    row = Enrolment(
        cohort_id=cohort(session, names=names), person_id=person(session, name=name), enrolled_at=COMPLETED_AT,
        withdrawn_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for number, locale in enumerate(studied.split()):
        session.add(
            LessonDone(
                enrolment_id=row.id, module="welcome", lesson=f"lesson-{number}",
                done_at=COMPLETED_AT + timedelta(minutes=number), locale=locale, content_digest="-",
            )
        )  # fmt: skip
    if done:
        session.add(
            Completion(enrolment_id=row.id, completed_at=COMPLETED_AT, rule_version=1, content_digest="-", locale="en")
        )
    session.flush()
    return row


def issued(installation: Installation, *, draw: bool = False, **values: str) -> tuple[str, int]:
    """Number and holder's id of a certificate that was issued; `draw` runs its job too."""
    with installation.platform.database.transaction() as session:
        row = enrolment(session, **values)  # type: ignore[arg-type]
        number = installation.platform.rooms["on_completion"](session, enrolment_id=row.id, locale="en")
        holder = row.person_id
    if draw:
        assert installation.run_jobs() == 1
    return number, holder


def sign_in(client: FlaskClient, database: Database, person_id: int) -> None:
    """Have this browser signed in."""
    token = secrets.token_urlsafe(16)
    with database.transaction() as session:
        session.add(
            LoginSession(
                token_hash=token_digest(token), person_id=person_id, created_at=clock.now(), last_seen_at=clock.now(),
                expires_at=clock.now() + timedelta(hours=1), is_remembered=False, ended_at=None,
            )
        )  # fmt: skip
    client.set_cookie("elearn", token)


def unknown_number() -> str:
    """A well-formed number that nobody has."""
    return new_number()
