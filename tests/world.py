"""A small site in full use: people of every role, and a thing behind every address."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from elearn import clock
from elearn.accounts.models import Grant, LoginSession, Person
from elearn.accounts.queries import token_digest
from elearn.accounts.service.registration import CARRIED
from elearn.accounts.service.tokens import issue_token
from elearn.certificates.models import Certificate, CertificateDocument
from elearn.cohorts.models import Application, Decision
from elearn.content.model import Course
from elearn.jobs import service as jobs
from elearn.learning.models import Completion, LessonDone
from elearn.learning.service.attempts import start_attempt
from elearn.learning.service.study import Student
from elearn.mail.letters import post
from elearn.web.access import Access, access_of
from tests.conftest import Installation
from tests.factories import make_cohort, make_open_call, make_person, make_student

ROLES: dict[str, tuple[tuple[str, str], ...]] = {
    "newcomer": (), "learner": (), "graduate": (),
    "admin": (("course_admin", "untoc"),), "foreign_admin": (("course_admin", "other"),),
    "translator": (("translator", "ar"),), "reviewer": (("reviewer", "fr"),), "owner": (("owner", "*"),),
}  # fmt: skip
EVERYBODY = ("visitor", *ROLES)


@dataclass(frozen=True, slots=True)
class Place:
    """One endpoint with an address at which something is."""

    endpoint: str
    path: str
    methods: frozenset[str]
    access: Access


@dataclass(frozen=True, slots=True)
class World:
    """The installation and what stands in it; `values` fill the arguments of addresses."""

    installation: Installation
    values: dict[str, Any]

    def browser(self, role: str) -> FlaskClient:
        """A browser in which this kind of person is signed in."""
        client = self.installation.app.test_client()
        if role != "visitor":
            client.set_cookie("elearn", _cookie(role))
        return client

    def places(self, locale: str = "en") -> list[Place]:
        """Every endpoint of the application."""
        app = self.installation.app
        rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))
        return [self._place(rule, locale) for rule in rules]

    def place(self, endpoint: str, locale: str = "en") -> Place:
        """One of them (the first, where an endpoint has several)."""
        return next(place for place in self.places(locale) if place.endpoint == endpoint)

    def _place(self, rule: Rule, locale: str) -> Place:
        values = {"locale": locale, **self.values, **self.values["of"].get(rule.endpoint, {})}
        path = self.installation.platform.addresses.path(
            rule.endpoint, **{name: values[name] for name in rule.arguments}
        )
        methods = frozenset((rule.methods or set()) - {"HEAD", "OPTIONS"})
        return Place(rule.endpoint, path, methods, access_of(self.installation.app, rule.endpoint))


def _cookie(role: str) -> str:
    return f"session-of-{role}"


def plant(installation: Installation) -> World:
    """Make the people and things; the installation was put back before."""
    platform = installation.platform
    course = platform.rooms["library"].course("untoc")
    with platform.database.transaction() as session:
        people = dict(_people(session))
        cohort = make_cohort(session)
        learner = make_student(session, people["learner"], cohort)
        graduate = make_student(session, people["graduate"], cohort)
        values = {
            "course": course.id, "module": course.lessons()[-1].module, "lesson": course.lessons()[-1].slug, "key": "final",
            "cohort": cohort.id, "enrolment": learner.enrolled.id,
            "attempt": _attempt(session, learner, course),
            "application": _application(session, people["newcomer"].id),
            "number": _certificate(session, installation, graduate, course),
            "of": {"accounts.confirm": {"token": _link(session, people["newcomer"], "confirm")},
                   "accounts.reset": {"token": _link(session, people["newcomer"], "reset")}},
        }  # fmt: skip
        post(session, kind="reset", to="newcomer@example.org", locale="ar", occasion="world",
             values={"name": "Example", "link": "https://example.org/ar/x", "minutes": 60})  # fmt: skip
    handlers = {**platform.engine.handlers, "certificates.draw": lambda _database, **_args: None}  # type: ignore[attr-defined]
    jobs.run_due_jobs(platform.database, handlers)
    values["name"] = platform.rooms["outbox"]()[0][0]
    return World(installation, values)


def _people(session: Session) -> Iterator[tuple[str, Any]]:
    now = clock.now()
    for role, grants in ROLES.items():
        person = make_person(
            session, email=f"{role}@example.org", full_name=f"Example {role.replace('_', ' ').title()}"
        )
        session.add(
            LoginSession(
                token_hash=token_digest(_cookie(role)), person_id=person.id, created_at=now, last_seen_at=now,
                expires_at=now + timedelta(hours=9), is_remembered=False, device="", ended_at=None,
            )
        )  # fmt: skip
        for granted, scope in grants:
            session.add(Grant(person_id=person.id, role=granted, scope=scope, granted_at=now))
        yield role, person


def _attempt(session: Session, student: Student, course: Course) -> int:
    return start_attempt(session, student=student, course=course, assessment=course.assessment("final"))


def _application(session: Session, person_id: int) -> int:
    now = clock.now()
    row = Application(
        cohort_id=make_open_call(session).id, person_id=person_id, state="submitted", stakeholder_group="academia",
        organisation="Example School", country="LB", motivation="To know the Convention and to teach it.", locale="ar",
        consented_at=now, submitted_at=now, updated_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(
        Decision(application_id=row.id, actor_id=person_id, at=now, from_state="draft", to_state="submitted", reason="", message="")
    )  # fmt: skip
    return row.id


def _certificate(session: Session, installation: Installation, student: Student, course: Course) -> str:
    now, enrolment = clock.now(), student.enrolled.id
    for lesson in course.lessons():
        session.add(
            LessonDone(enrolment_id=enrolment, module=lesson.module, lesson=lesson.slug, done_at=now, locale="en", content_digest="-")
        )  # fmt: skip
    session.add(Completion(enrolment_id=enrolment, completed_at=now, rule_version=1, content_digest="-", locale="en"))
    session.flush()
    number: str = installation.platform.rooms["on_completion"](session, enrolment_id=enrolment, locale="en")
    certificate = session.scalars(select(Certificate.id)).one()
    for locale in ("ar", "en", "fr", "es"):
        session.add(
            CertificateDocument(certificate_id=certificate, locale=locale, pdf=b"%PDF-" + locale.encode(), sha256=locale, drawn_at=now)
        )  # fmt: skip
    return number


def _link(session: Session, person: Person, purpose: str) -> str:
    carried = {name: getattr(person, name) for name in CARRIED} if purpose == "confirm" else None
    hour = timedelta(hours=1)
    return issue_token(session, person_id=person.id, purpose=purpose, lifetime=hour, carried=carried)[1]
