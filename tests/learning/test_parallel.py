"""What several requests do at the same moment, on both databases: exactly one result."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy.orm import Session

from elearn.content.model import Course
from elearn.db import Database
from elearn.errors import Closed
from elearn.learning import queries
from elearn.learning.models import Answer, Completion
from elearn.learning.policy import form_questions
from elearn.learning.service.attempts import start_attempt, submit_attempt
from elearn.learning.service.study import Student
from tests.factories import make_student
from tests.learning.answers import right, right_answers
from tests.learning.steps import count, finish_lessons, save, start


def _committed_student(database: Database) -> Student:
    with database.transaction() as session:
        return make_student(session)


def _in_parallel(database: Database, act: Any, number: int = 12) -> list[Any]:
    def one(_n: int) -> Any:
        with database.transaction() as session:
            return act(session)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_parallel_starts_make_one_attempt(database: Database, course: Course):
    student = _committed_student(database)
    final = course.assessment("final")
    ids = _in_parallel(
        database, lambda session: start_attempt(session, student=student, course=course, assessment=final)
    )
    assert len(set(ids)) == 1


def test_parallel_submissions_have_one_result_and_one_completion(database: Database, course: Course):
    student = _committed_student(database)
    with database.transaction() as session:
        finish_lessons(session, student, course)
        sheet = start(session, student, course)
    posted = right_answers(course.assessment("final"), sheet.form)
    told: list[Any] = []

    def submit(session: Session) -> bool:
        return submit_attempt(
            session, student=student, course=course, sheet=sheet, posted=posted,
            on_completion=lambda _session, **values: told.append(values),
        )  # fmt: skip

    assert sum(_in_parallel(database, submit)) == 1
    assert len(told) == 1
    with database.read_session() as session:
        assert count(session, Completion) == 1
        assert count(session, Answer) == len(posted)


def test_the_last_lesson_and_the_assessment_at_the_same_moment_complete_the_course(database: Database, course: Course):
    student = _committed_student(database)
    with database.transaction() as session:
        finish_lessons(session, student, course, leave=1)
        sheet = start(session, student, course)
    posted = right_answers(course.assessment("final"), sheet.form)
    acts = [
        lambda session: submit_attempt(session, student=student, course=course, sheet=sheet, posted=posted),
        lambda session: finish_lessons(session, student, course),
    ]
    _in_parallel(database, lambda session: acts.pop()(session), number=2)
    with database.read_session() as session:
        assert count(session, Completion) == 1


def test_an_answer_saved_beside_a_submission_is_counted_or_refused(database: Database, course: Course):
    student = _committed_student(database)
    with database.transaction() as session:
        sheet = start(session, student, course)
    question = form_questions(course.assessment("final"), sheet.form)[0][0]

    def keep(session: Session) -> bool:
        try:
            save(session, student, course, sheet, right(question))
        except Closed:
            return False
        return True

    acts = [keep, lambda session: submit_attempt(session, student=student, course=course, sheet=sheet, posted={})]
    results = _in_parallel(database, lambda session: acts.pop()(session), number=2)
    with database.read_session() as session:
        (record,) = queries.attempts(session, student.enrolled.id)
        assert record.points == float(bool(queries.saved_answers(session, sheet.id)))
    assert (record.points == 1.0) == any(results)
