"""Reads about cohorts, applications and enrolments: prebuilt statements into frozen records."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from elearn import clock
from elearn.accounts.models import Person
from elearn.cohorts import policy
from elearn.cohorts.models import Application, Cohort, CohortChange, Decision, Enrolment, Extension
from elearn.cohorts.policy import StudyState
from elearn.cohorts.records import (
    PAGE_SIZE,
    ApplicationFilter,
    ApplicationPage,
    ApplicationRecord,
    ChangeRecord,
    CohortRecord,
    DecisionRecord,
    Enrolled,
    ExtensionRecord,
    LearnerRecord,
)
from elearn.db import fetch
from elearn.errors import NotFound

# An address can carry a number beyond the column's range, which PostgreSQL refuses to compare with it.
_ID = bindparam("id", type_=BigInteger)

_TAKEN = (
    select(func.count())
    .where(Application.cohort_id == Cohort.id, Application.state.in_(policy.TAKING_A_SEAT))
    .correlate(Cohort)
    .scalar_subquery()
)
_COHORT: Select[*tuple[Any, ...]] = select(
    Cohort.id, Cohort.course, Cohort.slug, Cohort.names, Cohort.notes, Cohort.entry, Cohort.zone,
    Cohort.applications_open, Cohort.applications_close, Cohort.study_opens, Cohort.study_closes, Cohort.grace_closes,
    Cohort.seats, _TAKEN.label("taken"),
).where(Cohort.archived_at.is_(None))  # fmt: skip
_COHORT_BY_ID = _COHORT.where(Cohort.id == _ID)
_COHORTS = _COHORT.order_by(Cohort.study_opens.desc(), Cohort.id.desc())
_COHORTS_OF_COURSE = _COHORT.where(Cohort.course == bindparam("course")).order_by(
    Cohort.applications_close, Cohort.study_opens, Cohort.id
)
_OPEN_CALLS = _COHORT.where(
    Cohort.applications_open <= bindparam("now", type_=Cohort.applications_open.type),
    Cohort.applications_close > bindparam("now", type_=Cohort.applications_close.type),
).order_by(Cohort.applications_close, Cohort.id)

_EXTENDED = (
    select(Extension.until)
    .where(Extension.enrolment_id == Enrolment.id)
    .order_by(Extension.id.desc())
    .limit(1)
    .correlate(Enrolment)
    .scalar_subquery()
)
_ENROLLED: Select[*tuple[Any, ...]] = select(
    Enrolment.id, Enrolment.cohort_id, Enrolment.person_id, Enrolment.enrolled_at, Enrolment.withdrawn_at,
    Cohort.course, Cohort.names, Cohort.zone, Cohort.study_opens, Cohort.study_closes, Cohort.grace_closes,
    _EXTENDED.label("extended_until"),
).join(Cohort, Cohort.id == Enrolment.cohort_id)  # fmt: skip
_ENROLMENT_BY_ID = _ENROLLED.where(Enrolment.id == _ID)
_ENROLMENTS_OF = _ENROLLED.where(Enrolment.person_id == bindparam("person"), Enrolment.withdrawn_at.is_(None)).order_by(
    Cohort.study_opens.desc(), Enrolment.id.desc()
)
_ENROLMENTS_IN_COURSE = _ENROLMENTS_OF.where(Cohort.course == bindparam("course"))
_RANKS = {StudyState.OPEN: 0, StudyState.GRACE: 0, StudyState.BEFORE: 1, StudyState.CLOSED: 2}
_LEARNERS = (
    _ENROLLED.add_columns(Person.full_name, Person.email, Person.locale)
    .join(Person, Person.id == Enrolment.person_id)
    .where(Enrolment.cohort_id == bindparam("cohort"), Enrolment.withdrawn_at.is_(None))
    .order_by(Person.full_name, Enrolment.id)
)

_APPLICATION: Select[*tuple[Any, ...]] = (
    select(
        Application.id, Application.cohort_id, Cohort.course, Application.person_id, Person.full_name, Person.email,
        Application.state, Application.stakeholder_group, Application.organisation, Application.organisation_type,
        Application.country, Application.motivation, Application.locale, Application.submitted_at,
        Application.updated_at,
    )
    .join(Person, Person.id == Application.person_id)
    .join(Cohort, Cohort.id == Application.cohort_id)
)  # fmt: skip
# A draft is its writer's alone, also one that was begun or given up after a withdrawal.
_SENT = and_(Application.state != "draft", Application.submitted_at.is_not(None))
_APPLICATION_BY_ID = _APPLICATION.where(Application.id == _ID, _SENT)
_OWN_APPLICATION = _APPLICATION.where(
    Application.cohort_id == bindparam("cohort"), Application.person_id == bindparam("person")
)


def _equal_or_any(column: Any, name: str) -> Any:
    return or_(bindparam(name) == "", column == bindparam(name))


def _like(column: Any) -> Any:
    return func.lower(column).like(bindparam("pattern"), escape="\\")


_MATCHING = and_(
    Application.cohort_id == bindparam("cohort"),
    _SENT,
    _equal_or_any(Application.state, "state"),
    _equal_or_any(Application.stakeholder_group, "group"),
    _equal_or_any(Application.locale, "locale"),
    or_(_like(Person.full_name), _like(Person.email), _like(Application.organisation)),
)
_APPLICATIONS = (
    _APPLICATION.where(_MATCHING)
    .order_by(Application.submitted_at, Application.id)
    .limit(PAGE_SIZE)
    .offset(bindparam("skipped"))
)
_APPLICATION_COUNT = (
    select(func.count()).select_from(Application).join(Person, Person.id == Application.person_id).where(_MATCHING)
)
_STATE_COUNTS = (
    select(Application.cohort_id, Application.state, func.count().label("number"))
    .where(_SENT)
    .group_by(Application.cohort_id, Application.state)
)
_STATE_COUNTS_OF = _STATE_COUNTS.where(Application.cohort_id == bindparam("cohort"))

_ACTOR = aliased(Person)
_TRAIL = (
    select(
        Decision.at, _ACTOR.full_name.label("actor"), Decision.from_state, Decision.to_state, Decision.reason,
        Decision.message,
    )
    .outerjoin(_ACTOR, _ACTOR.id == Decision.actor_id)
    .where(Decision.application_id == bindparam("application"))
    .order_by(Decision.id)
)  # fmt: skip
_CHANGES = (
    select(CohortChange.at, _ACTOR.full_name.label("actor"), CohortChange.before, CohortChange.after)
    .join(_ACTOR, _ACTOR.id == CohortChange.actor_id)
    .where(CohortChange.cohort_id == bindparam("cohort"))
    .order_by(CohortChange.id.desc())
    .limit(50)
)
_EXTENSIONS = (
    select(Extension.at, _ACTOR.full_name.label("actor"), Extension.until, Extension.reason)
    .join(_ACTOR, _ACTOR.id == Extension.actor_id)
    .where(Extension.enrolment_id == bindparam("enrolment"))
    .order_by(Extension.id.desc())
)


def cohort(session: Session, cohort: int) -> CohortRecord:
    """The cohort with this id. Raises NotFound."""
    row = fetch(session, _COHORT_BY_ID, {"id": cohort}).first()
    if row is None:
        raise NotFound
    return CohortRecord(*row)


def cohorts_of_course(session: Session, course: str) -> list[CohortRecord]:
    """All cohorts of a course, the one that closes first first."""
    return [CohortRecord(*row) for row in fetch(session, _COHORTS_OF_COURSE, {"course": course})]


def open_calls(session: Session, now: datetime) -> list[CohortRecord]:
    """Cohorts of all courses whose window for applications is open, the one that closes first first."""
    return [CohortRecord(*row) for row in fetch(session, _OPEN_CALLS, {"now": now})]


def cohorts_in_scopes(session: Session, scopes: frozenset[str] | None) -> list[CohortRecord]:
    """Cohorts of these courses (None: of all), the latest study first; agrees with `Viewer.may(…, cohort.scope)`."""
    records = (CohortRecord(*row) for row in session.execute(_COHORTS))
    return [record for record in records if scopes is None or record.course in scopes]


def enrolment(session: Session, enrolment: int) -> Enrolled:
    """The enrolment with this id, a withdrawn one too. Raises NotFound."""
    row = fetch(session, _ENROLMENT_BY_ID, {"id": enrolment}).first()
    if row is None:
        raise NotFound
    return Enrolled(*row)


def enrolments_of(session: Session, person_id: int) -> list[Enrolled]:
    """All enrolments of a person that are not withdrawn, the latest study first."""
    return [Enrolled(*row) for row in fetch(session, _ENROLMENTS_OF, {"person": person_id})]


def active_enrolment(session: Session, person_id: int, course_id: str) -> Enrolled | None:
    """The enrolment in which a person studies a course now: one that is open, else one that begins later, else one that
    is over; of several the latest study. Withdrawn ones do not count."""
    now = clock.now()
    rows = fetch(session, _ENROLMENTS_IN_COURSE, {"person": person_id, "course": course_id})
    return min((Enrolled(*row) for row in rows), key=lambda one: _RANKS[one.state(now)], default=None)


def learners(session: Session, cohort_id: int) -> list[LearnerRecord]:
    """Who studies in a cohort, by name."""
    rows = fetch(session, _LEARNERS, {"cohort": cohort_id})
    return [LearnerRecord(Enrolled(*row[:-3]), *row[-3:]) for row in rows]


def extensions(session: Session, enrolment_id: int) -> list[ExtensionRecord]:
    """The extensions of an enrolment, the newest, which counts, first."""
    return [ExtensionRecord(*row) for row in fetch(session, _EXTENSIONS, {"enrolment": enrolment_id})]


def application(session: Session, application: int) -> ApplicationRecord:
    """The application with this id, for staff. Raises NotFound, also for drafts."""
    row = fetch(session, _APPLICATION_BY_ID, {"id": application}).first()
    if row is None:
        raise NotFound
    return ApplicationRecord(*row)


def own_application(session: Session, cohort_id: int, person_id: int) -> ApplicationRecord | None:
    """A person's application to a cohort, a draft too."""
    row = fetch(session, _OWN_APPLICATION, {"cohort": cohort_id, "person": person_id}).first()
    return None if row is None else ApplicationRecord(*row)


def applications(session: Session, cohort_id: int, wanted: ApplicationFilter) -> ApplicationPage:
    """Sent applications to a cohort, the oldest first. Text is looked for in name, e-mail and organisation."""
    literal = wanted.text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {
        "cohort": cohort_id,
        "state": wanted.state,
        "group": wanted.group,
        "locale": wanted.locale,
        "pattern": f"%{literal}%",
    }
    total = session.execute(_APPLICATION_COUNT, values).scalar_one()
    number = max(1, min(wanted.page, -(-total // PAGE_SIZE)))
    rows = fetch(session, _APPLICATIONS, {**values, "skipped": (number - 1) * PAGE_SIZE})
    return ApplicationPage([ApplicationRecord(*row) for row in rows], total, number)


def state_counts(session: Session, cohort_id: int | None = None) -> dict[int, dict[str, int]]:
    """Per cohort, how many applications are in which state; drafts are not counted."""
    counts: dict[int, dict[str, int]] = {}
    statement = _STATE_COUNTS if cohort_id is None else _STATE_COUNTS_OF
    for cohort, state, number in session.execute(statement, {} if cohort_id is None else {"cohort": cohort_id}):
        counts.setdefault(cohort, {})[state] = number
    return counts


def decision_trail(session: Session, application_id: int) -> list[DecisionRecord]:
    """All steps of an application, the first first."""
    return [DecisionRecord(*row) for row in fetch(session, _TRAIL, {"application": application_id})]


def changes(session: Session, cohort_id: int) -> list[ChangeRecord]:
    """The latest changes of a cohort, the newest first."""
    return [ChangeRecord(*row) for row in fetch(session, _CHANGES, {"cohort": cohort_id})]
