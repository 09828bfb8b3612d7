"""Reads about progress and attempts: prebuilt statements into frozen dataclasses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from elearn.accounts.models import Person
from elearn.cohorts.models import Cohort, Enrolment, Extension
from elearn.cohorts.records import Enrolled
from elearn.content.marking import Form
from elearn.db import fetch
from elearn.errors import NotFound
from elearn.learning.models import Answer, Attempt, Completion, LessonDone
from elearn.learning.policy import NO_PROGRESS, AttemptRecord, Progress

_NONE = literal("")
# An address can carry a number beyond the column's range, which PostgreSQL refuses to compare with it.
_ATTEMPT_ID = bindparam("attempt", type_=BigInteger)


def _progress(condition: Any) -> Any:
    """Lessons done, assessments passed and the completion of some enrolments, as rows of one kind."""
    return union_all(
        select(LessonDone.enrolment_id, literal("done"), LessonDone.module, LessonDone.lesson, LessonDone.done_at)
        .where(condition(LessonDone.enrolment_id)),
        select(Attempt.enrolment_id, literal("passed"), Attempt.assessment, _NONE, Attempt.submitted_at)
        .where(condition(Attempt.enrolment_id), Attempt.is_passed.is_(True)),
        select(Completion.enrolment_id, literal("completed"), _NONE, _NONE, Completion.completed_at)
        .where(condition(Completion.enrolment_id)),
    )  # fmt: skip


_PROGRESS_OF = _progress(lambda column: column == bindparam("enrolment"))
_PROGRESS_OF_ALL = _progress(lambda column: column.in_(bindparam("enrolments", expanding=True)))

_ATTEMPT: tuple[Any, ...] = (
    Attempt.id, Attempt.assessment, Attempt.number, Attempt.started_at, Attempt.submitted_at, Attempt.points,
    Attempt.share, Attempt.is_passed,
)  # fmt: skip
_ATTEMPTS: Select[Any] = (
    select(*_ATTEMPT).where(Attempt.enrolment_id == bindparam("enrolment")).order_by(Attempt.assessment, Attempt.number)
)
_ATTEMPTS_AT = _ATTEMPTS.where(Attempt.assessment == bindparam("assessment"))

_LESSONS_DONE = (
    select(LessonDone.module, LessonDone.lesson, LessonDone.done_at, LessonDone.locale)
    .where(LessonDone.enrolment_id == bindparam("enrolment"))
    .order_by(LessonDone.done_at, LessonDone.module, LessonDone.lesson)
)
_LEARNER = select(Person.full_name, Person.email, Person.locale).where(Person.id == bindparam("person"))
_RESULTS = (
    select(
        Attempt.enrolment_id, Attempt.assessment, func.max(Attempt.share), func.max(Attempt.started_at),
        func.max(Attempt.submitted_at),
    )
    .where(Attempt.enrolment_id.in_(bindparam("enrolments", expanding=True)))
    .group_by(Attempt.enrolment_id, Attempt.assessment)
    .order_by(Attempt.enrolment_id, Attempt.assessment)
)  # fmt: skip
_EXTENDED = (
    select(Extension.until)
    .where(Extension.enrolment_id == Enrolment.id)
    .order_by(Extension.id.desc())
    .limit(1)
    .correlate(Enrolment)
    .scalar_subquery()
)
# What only the attempt has, not its answers: first of its own, then the fields of Enrolled in their order.
_OF_ATTEMPT: tuple[Any, ...] = (
    Attempt.number, Attempt.started_at, Attempt.submitted_at, Attempt.points, Attempt.share, Attempt.is_passed,
    Enrolment.id.label("enrolment_id"), Enrolment.cohort_id, Enrolment.person_id, Enrolment.enrolled_at,
    Enrolment.withdrawn_at, Cohort.course, Cohort.names, Cohort.zone, Cohort.study_opens, Cohort.study_closes,
    Cohort.grace_closes, _EXTENDED.label("extended_until"),
)  # fmt: skip
_LATEST = select(func.max(Answer.id)).where(Answer.attempt_id == _ATTEMPT_ID).group_by(Answer.field).scalar_subquery()
# One read for a saved answer: the attempt (place 0) with its windows, then the latest answer in each field.
_SHEET = union_all(
    select(literal(0).label("place"), Attempt.assessment.label("name"), Attempt.form.label("content"), *_OF_ATTEMPT)
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .where(Attempt.id == _ATTEMPT_ID, Enrolment.person_id == bindparam("person"), Enrolment.withdrawn_at.is_(None)),
    select(Answer.id, Answer.field, Answer.values, *(cast(null(), column.type) for column in _OF_ATTEMPT)).where(
        Answer.id.in_(_LATEST)
    ),
).order_by("place")

_ANSWERS = select(Answer.field, Answer.values.label("content")).where(Answer.id.in_(_LATEST))


def _by_enrolment(rows: Iterable[Any]) -> dict[int, Progress]:
    done: dict[int, dict[str, datetime]] = {}
    passed: dict[int, set[str]] = {}
    completed: dict[int, datetime] = {}
    for enrolment_id, kind, first, second, at in rows:
        if kind == "done":
            done.setdefault(enrolment_id, {})[f"{first}/{second}"] = at
        elif kind == "passed":
            passed.setdefault(enrolment_id, set()).add(first)
        else:
            completed[enrolment_id] = at
    return {
        key: Progress(done.get(key, {}), frozenset(passed.get(key, ())), completed.get(key))
        for key in done.keys() | passed.keys() | completed.keys()
    }


def progress_of(session: Session, enrolment_id: int) -> Progress:
    """What one enrolment has reached, in one read."""
    rows = fetch(session, _PROGRESS_OF, {"enrolment": enrolment_id})
    return _by_enrolment(rows).get(enrolment_id, NO_PROGRESS)


def progress_of_all(session: Session, enrolment_ids: Sequence[int]) -> dict[int, Progress]:
    """What several enrolments have reached, in one read; every id is a key."""
    rows = fetch(session, _PROGRESS_OF_ALL, {"enrolments": list(enrolment_ids)}) if enrolment_ids else ()
    found = _by_enrolment(rows)
    return {key: found.get(key, NO_PROGRESS) for key in enrolment_ids}


def attempts(session: Session, enrolment_id: int, assessment: str | None = None) -> list[AttemptRecord]:
    """The attempts of an enrolment by number, at one assessment or at all."""
    if assessment is None:
        rows = fetch(session, _ATTEMPTS, {"enrolment": enrolment_id})
    else:
        rows = fetch(session, _ATTEMPTS_AT, {"enrolment": enrolment_id, "assessment": assessment})
    return [AttemptRecord(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class LessonRecord:
    """A lesson marked done: its id, when, and in which language it was studied."""

    id: str
    done_at: datetime
    locale: str


def lessons_done(session: Session, enrolment_id: int) -> list[LessonRecord]:
    """The lessons that an enrolment marked done, in the order in which they were."""
    rows = fetch(session, _LESSONS_DONE, {"enrolment": enrolment_id})
    return [LessonRecord(f"{row.module}/{row.lesson}", row.done_at, row.locale) for row in rows]


@dataclass(frozen=True, slots=True)
class Learner:
    """A person as staff see them."""

    full_name: str
    email: str
    locale: str


def learner(session: Session, person_id: int) -> Learner:
    """The person with this id; raises NoResultFound."""
    return Learner(*fetch(session, _LEARNER, {"person": person_id}).one())


@dataclass(frozen=True, slots=True)
class AssessmentResult:
    """The attempts of one enrolment at one assessment in short: best share of all points, and the last activity."""

    assessment: str
    best: float | None
    last: datetime


def results_of_all(session: Session, enrolment_ids: Sequence[int]) -> dict[int, list[AssessmentResult]]:
    """The results of several enrolments, in one read; an enrolment without attempts is no key."""
    found: dict[int, list[AssessmentResult]] = {}
    rows: Iterable[Any] = fetch(session, _RESULTS, {"enrolments": list(enrolment_ids)}) if enrolment_ids else ()
    for enrolment_id, assessment, best, started, submitted in rows:
        result = AssessmentResult(assessment, best, max(started, submitted or started))
        found.setdefault(enrolment_id, []).append(result)
    return found


@dataclass(frozen=True, slots=True)
class AttemptSheet:
    """An attempt of the person who asks: its fixed form, the answers as last saved by form field, and the enrolment."""

    id: int
    assessment: str
    form: Form
    number: int
    started_at: datetime
    submitted_at: datetime | None
    points: float | None
    share: float | None
    is_passed: bool | None
    enrolled: Enrolled
    answers: Mapping[str, list[str]]


def attempt_sheet(session: Session, *, attempt_id: int, person_id: int) -> AttemptSheet:
    """An attempt with its answers, in one read. Raises NotFound, also when it belongs to somebody else."""
    rows: Sequence[Any] = fetch(session, _SHEET, {"attempt": attempt_id, "person": person_id}).all()
    if not rows or rows[0].place != 0:
        raise NotFound
    _place, assessment, form, number, started_at, submitted_at, points, share, is_passed, *enrolled = rows[0]
    return AttemptSheet(
        attempt_id, assessment, form, number, started_at, submitted_at, points, share, is_passed,
        Enrolled(*enrolled), {row.name: row.content for row in rows[1:]},
    )  # fmt: skip


def saved_answers(session: Session, attempt_id: int) -> dict[str, list[str]]:
    """The answers of an attempt as last saved, by form field."""
    return {row.field: row.content for row in fetch(session, _ANSWERS, {"attempt": attempt_id})}
