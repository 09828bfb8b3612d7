"""The demo's people and cohorts, made through the services; nobody here exists."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.accounts.models import Person
from elearn.accounts.service import people
from elearn.accounts.service.hashing import hash_password
from elearn.accounts.service.registration import Registration, create_confirmed_person
from elearn.catalogues.store import CatalogueStore
from elearn.cohorts.models import Cohort
from elearn.cohorts.service.applying import Answers, submit_application
from elearn.cohorts.service.deciding import Ruling, decide
from elearn.cohorts.service.letters import course_titles
from elearn.cohorts.service.planning import CohortPlan, create_cohort
from elearn.courses.library import Library
from elearn.db import Database
from elearn.permissions import ANY_SCOPE, Role
from elearn.settings import Settings

COURSE = "untoc"
VIENNA = "Europe/Vienna"

# The real run: 15 October to 1 December 2025, both days included. No deadline for applications was published.
REAL_RUN = CohortPlan(
    course=COURSE,
    slug="2025",
    names={
        "en": "First cohort, 2025",
        "ar": "الفوج الأول لعام 2025",
        "fr": "Première cohorte, 2025",
        "es": "Primera cohorte, 2025",
    },
    notes={
        "en": "No deadline for applications was published for this run; the one shown here was set by us.",
        "ar": "لم يُعلن موعد نهائي لطلبات الالتحاق بهذا الفوج، والموعد المبيَّن هنا من وضعنا.",
        "fr": "Aucune date limite de candidature n'a été publiée pour cette session ; celle qui figure ici est de nous.",
        "es": "No se publicó ningún plazo de solicitud para esta edición; el que figura aquí lo hemos puesto nosotros.",
    },
    zone=VIENNA,
    first_application_day=date(2025, 9, 15),
    last_application_day=date(2025, 10, 14),
    first_study_day=date(2025, 10, 15),
    last_study_day=date(2025, 12, 1),
)
NAMES = {"en": "Open cohort", "ar": "الفوج المفتوح", "fr": "Cohorte ouverte", "es": "Cohorte abierta"}
NOTES = {
    "en": "This cohort is part of the demonstration; its dates move with the day on which the demonstration was set up.",
    "ar": "هذا الفوج جزء من العرض التجريبي، وتتبع مواعيده اليوم الذي أُعدّ فيه العرض.",
    "fr": "Cette cohorte fait partie de la démonstration ; ses dates suivent le jour où celle-ci a été installée.",
    "es": "Esta cohorte forma parte de la demostración; sus fechas dependen del día en que se instaló.",
}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An account of the demo."""

    account: str
    name: str
    locale: str
    roles: tuple[tuple[Role, str], ...] = ()

    @property
    def email(self) -> str:
        return f"{self.account}@example.org"


PEOPLE = (
    DemoPerson("learner", "Example Learner", "en"),
    DemoPerson("newcomer", "Example Newcomer", "en"),
    DemoPerson("admin", "Example Admin", "en", ((Role.COURSE_ADMIN, COURSE),)),
    DemoPerson("translator-ar", "مترجم المثال", "ar", ((Role.TRANSLATOR, "ar"),)),
    DemoPerson("translator-fr", "Traducteur Exemple", "fr", ((Role.TRANSLATOR, "fr"),)),
    DemoPerson("translator-es", "Traductora Ejemplo", "es", ((Role.TRANSLATOR, "es"),)),
    DemoPerson("reviewer", "Example Reviewer", "en", tuple((Role.REVIEWER, x) for x in ("ar", "fr", "es"))),
    DemoPerson("owner", "Example Owner", "en", ((Role.OWNER, ANY_SCOPE),)),
)


def plant(database: Database, settings: Settings, library: Library, catalogues: CatalogueStore) -> str:
    """Make what is missing of the demo; the password of all its accounts."""
    password = settings.demo_password or secrets.token_urlsafe(9)
    hashed = hash_password(password, settings=settings)
    with database.transaction() as session:
        ids = {person.account: _account(session, person, hashed) for person in PEOPLE}
        if session.scalar(select(Cohort.id).limit(1)) is None:
            _cohorts(session, ids, course_titles(library, COURSE, catalogues.current()))
    return password


def _account(session: Session, person: DemoPerson, hashed: str) -> int:
    known = session.scalar(select(Person.id).where(Person.email == person.email))
    if known is not None:
        people.set_password(session, person_id=known, password_hash=hashed)
        return known
    registration = Registration(
        email=person.email, password_hash=hashed, full_name=person.name, locale=person.locale, time_zone=VIENNA
    )
    created = create_confirmed_person(session, registration=registration)
    for role, scope in person.roles:
        people.grant_role(session, person_id=created, role=role, scope=scope)
    return created


def open_plan(today: date) -> CohortPlan:
    """A cohort that takes applications and can be studied in today."""
    return CohortPlan(
        course=COURSE,
        slug="open",
        names=NAMES,
        notes=NOTES,
        zone=VIENNA,
        first_application_day=today - timedelta(days=14),
        last_application_day=today + timedelta(days=18),
        first_study_day=today - timedelta(days=7),
        last_study_day=today + timedelta(days=60),
        grace_days=7,
        seats=120,
    )


def _cohorts(session: Session, ids: dict[str, int], titles: dict[str, str]) -> None:
    admin = ids["admin"]
    create_cohort(session, plan=REAL_RUN, actor_id=admin)
    cohort = create_cohort(session, plan=open_plan(clock.now().date()), actor_id=admin)
    answers = Answers(
        locale="en",
        stakeholder_group="civil_society",
        organisation="Example Legal Aid Network",
        country="AT",
        motivation="We assist people whose cases touch the Convention and would like to say so in the right words.",
        consent=True,
    )
    application = submit_application(
        session, cohort_id=cohort.id, person_id=ids["learner"], answers=answers, titles=titles
    )
    ruling = Ruling(seen_state="submitted", to_state="accepted")
    decide(session, application_id=application.id, ruling=ruling, actor_id=admin, titles=titles)
