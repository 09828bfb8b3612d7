"""Completion: looked for after every step, in the same transaction; it comes once and never goes away."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from elearn import clock
from elearn.content.model import Course
from elearn.learning.models import Completion
from elearn.learning.policy import is_complete
from elearn.learning.queries import progress_of
from elearn.learning.service.study import Student
from elearn.ledger.service import insert_or_ignore

OnCompletion = Callable[..., object]
"""`on_completion(session, enrolment_id=…, locale=…)`: what else happens in the transaction of a completion."""


def record_completion(
    session: Session, *, student: Student, course: Course, on_completion: OnCompletion | None = None
) -> bool:
    """Record that the course is completed when its rule is met now; True when this call did it.

    The enrolment must be locked, or two last steps at once would each see the other one missing.
    """
    enrolment_id = student.enrolled.id
    progress = progress_of(session, enrolment_id)
    if progress.completed_at is not None or not is_complete(course, progress):
        return False
    is_new = insert_or_ignore(
        session,
        Completion,
        enrolment_id=enrolment_id,
        completed_at=clock.now(),
        rule_version=course.completion.version,
        content_digest=course.digest,
        locale=student.locale,
    )
    if is_new and on_completion is not None:
        on_completion(session, enrolment_id=enrolment_id, locale=student.locale)
    return is_new
