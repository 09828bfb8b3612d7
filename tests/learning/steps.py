"""Steps of a student, through the services."""

import random
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.content.model import Course
from elearn.learning.queries import AttemptSheet, attempt_sheet
from elearn.learning.service.attempts import save_answers, start_attempt, submit_attempt
from elearn.learning.service.lessons import mark_lesson_done
from elearn.learning.service.study import Student
from tests.learning.answers import right_answers


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def finish_lessons(session: Session, student: Student, course: Course, *, leave: int = 0, **options: Any) -> bool:
    lessons = course.lessons()
    return any(
        mark_lesson_done(session, student=student, course=course, lesson=lesson, **options)
        for lesson in lessons[: len(lessons) - leave]
    )


def start(session: Session, student: Student, course: Course, seed: int = 1) -> AttemptSheet:
    final = course.assessment("final")
    number = start_attempt(session, student=student, course=course, assessment=final, rng=random.Random(seed))
    return attempt_sheet(session, attempt_id=number, person_id=student.enrolled.person_id)


def submit(session: Session, student: Student, course: Course, *, right_ones: int, **options: Any) -> AttemptSheet:
    sheet = start(session, student, course)
    posted = right_answers(course.assessment("final"), sheet.form, right_ones)
    submit_attempt(session, student=student, course=course, sheet=sheet, posted=posted, **options)
    return attempt_sheet(session, attempt_id=sheet.id, person_id=student.enrolled.person_id)


def save(session: Session, student: Student, course: Course, sheet: AttemptSheet, posted: Any) -> AttemptSheet:
    final = course.assessment("final")
    save_answers(session, student=student, assessment=final, sheet=sheet, posted=posted)
    return attempt_sheet(session, attempt_id=sheet.id, person_id=student.enrolled.person_id)
