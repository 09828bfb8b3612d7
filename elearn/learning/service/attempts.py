"""Attempts: started with a form that never changes, answered in as many steps as one likes, submitted once."""

import random
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from elearn import clock
from elearn.content.marking import Answers, draw
from elearn.content.model import Assessment, Course
from elearn.db import fetch
from elearn.errors import Closed, Conflict
from elearn.i18n.markers import N_
from elearn.learning import policy
from elearn.learning.models import Answer, Attempt
from elearn.learning.policy import Step
from elearn.learning.queries import AttemptSheet, attempts, saved_answers
from elearn.learning.service.completion import OnCompletion, record_completion
from elearn.learning.service.study import Student, lock_enrolment, require_study
from elearn.ledger.service import insert_or_ignore

SUBMITTED = N_("This attempt has been submitted, so its answers cannot be changed any more.")
WAIT = N_("You can begin the next attempt on %(moment)s.")
USED_UP = N_("You have used all attempts of this assessment.")
PASSED = N_("You have passed this assessment, so no further attempt is needed.")

# Saves only while the attempt is open: the row is held (FOR SHARE), so that no answer slips in behind a submission.
_ANSWERS: Table = Answer.__table__  # type: ignore[assignment]
_SAVE = (
    insert(_ANSWERS)
    .from_select(
        ["attempt_id", "field", "values", "at"],
        select(
            Attempt.id,
            bindparam("field", type_=Answer.field.type),
            bindparam("values", type_=Answer.values.type),
            bindparam("at", type_=Answer.at.type),
        )
        .where(Attempt.id == bindparam("attempt"), Attempt.submitted_at.is_(None))
        .with_for_update(read=True),
    )
    .returning(_ANSWERS.c.id)
)
_HOLD_OPEN = (
    select(Attempt.id).where(Attempt.id == bindparam("attempt"), Attempt.submitted_at.is_(None)).with_for_update()
)


def start_attempt(
    session: Session, *, student: Student, course: Course, assessment: Assessment, rng: random.Random | None = None
) -> int:
    """Begin an attempt, or resume the one that is open; its id.

    The form is drawn with `rng`, by default one with an unguessable seed. Raises Closed outside of the time for study,
    while there is time to wait and after the last attempt, Conflict after a pass, NotFound after a withdrawal.
    """
    now = clock.now()
    require_study(student, now)
    enrolment_id = student.enrolled.id
    lock_enrolment(session, enrolment_id)
    made = attempts(session, enrolment_id, assessment.key)
    step = policy.next_step(assessment, made, now)
    if step.step is Step.RESUME:
        return step.attempt_id
    if error := refusal(step, student):
        raise error
    insert_or_ignore(
        session,
        Attempt,
        enrolment_id=enrolment_id,
        assessment=assessment.key,
        number=len(made) + 1,
        form=draw(assessment, rng or random.Random(secrets.randbits(128))),
        content_digest=assessment.digest,
        rule_version=course.completion.version,
        started_at=now,
        locale=student.locale,
    )
    return attempts(session, enrolment_id, assessment.key)[-1].id


def refusal(step: policy.NextStep, student: Student) -> Closed | Conflict | None:
    """Why no attempt can begin or go on, as an error that can be raised or shown; None when one can."""
    if step.step is Step.PASSED:
        return Conflict(PASSED)
    if step.step is Step.USED_UP:
        return Closed(USED_UP)
    return Closed(WAIT, moment=student.moment(step.opens)) if step.opens is not None else None


def save_answers(
    session: Session, *, student: Student, assessment: Assessment, sheet: AttemptSheet, posted: Answers
) -> bool:
    """Keep what was changed in an attempt; True when something was. Fields that are not of its form are passed over.

    Raises Closed after the submission and outside of the time for study; what was saved before stays.
    """
    now = clock.now()
    if sheet.submitted_at is not None:
        raise Closed(SUBMITTED)
    require_study(student, now)
    changes = _changes(assessment, sheet, posted)
    if changes:
        _save(session, sheet.id, changes, now)
    return bool(changes)


def _changes(assessment: Assessment, sheet: AttemptSheet, posted: Answers) -> dict[str, list[str]]:
    """The fields that say something else than what was saved last."""
    saved = sheet.answers
    return {
        field: values
        for question, _item in policy.form_questions(assessment, sheet.form)
        for field, values in policy.read_answers(question, posted).items()
        if saved.get(field, []) != values
    }


def _save(session: Session, attempt_id: int, changes: Mapping[str, list[str]], now: datetime) -> None:
    for field, values in changes.items():
        row = {"attempt": attempt_id, "field": field, "values": values, "at": now}
        if fetch(session, _SAVE, row).first() is None:
            raise Closed(SUBMITTED)


def submit_attempt(
    session: Session,
    *,
    student: Student,
    course: Course,
    sheet: AttemptSheet,
    posted: Answers,
    on_completion: OnCompletion | None = None,
) -> bool:
    """Save what was posted, mark the attempt and close it, exactly once; True when this call completed the course.

    A repetition changes nothing, and what it posts is passed over. Raises Closed outside of the time for study,
    NotFound after a withdrawal.
    """
    lock_enrolment(session, student.enrolled.id)
    if session.execute(_HOLD_OPEN, {"attempt": sheet.id}).first() is None:
        return False
    assessment = course.assessment(sheet.assessment)
    current = replace(sheet, answers=saved_answers(session, sheet.id))  # the sheet was read before the attempt was held
    save_answers(session, student=student, assessment=assessment, sheet=current, posted=posted)
    questions = [question for question, _item in policy.form_questions(assessment, sheet.form)]
    result = policy.result(assessment, questions, saved_answers(session, sheet.id))
    session.execute(
        update(Attempt)
        .where(Attempt.id == sheet.id, Attempt.submitted_at.is_(None))
        .values(
            submitted_at=clock.now(), points=float(result.points), share=float(result.share), is_passed=result.is_passed
        )
    )
    return record_completion(session, student=student, course=course, on_completion=on_completion)
