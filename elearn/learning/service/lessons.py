"""Lessons done."""

from sqlalchemy.orm import Session

from elearn import clock
from elearn.content.model import Course, Lesson
from elearn.learning.models import LessonDone
from elearn.learning.service.completion import OnCompletion, record_completion
from elearn.learning.service.study import Student, lock_enrolment, require_study
from elearn.ledger.service import insert_or_ignore


def mark_lesson_done(
    session: Session, *, student: Student, course: Course, lesson: Lesson, on_completion: OnCompletion | None = None
) -> bool:
    """Mark a lesson done, with the language of study and the text that was read; True when this completed the course.

    A repetition changes nothing: the first time stands. Raises Closed outside of the time for study, NotFound after a
    withdrawal.
    """
    now = clock.now()
    require_study(student, now)
    lock_enrolment(session, student.enrolled.id)
    insert_or_ignore(
        session,
        LessonDone,
        enrolment_id=student.enrolled.id,
        module=lesson.module,
        lesson=lesson.slug,
        done_at=now,
        locale=student.locale,
        content_digest=lesson.digest,
    )
    return record_completion(session, student=student, course=course, on_completion=on_completion)
