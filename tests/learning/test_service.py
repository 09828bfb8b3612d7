"""Lessons done, attempts and completion, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.cohorts.models import Enrolment, Extension
from elearn.cohorts.queries import enrolment
from elearn.content.model import Course
from elearn.errors import Closed, Conflict, NotFound
from elearn.learning import queries
from elearn.learning.models import Answer, Attempt, Completion, LessonDone
from elearn.learning.policy import form_questions
from elearn.learning.queries import attempt_sheet
from elearn.learning.service.attempts import start_attempt, submit_attempt
from elearn.learning.service.lessons import mark_lesson_done
from tests.factories import make_cohort, make_person, make_student
from tests.learning.answers import right, right_answers, wrong
from tests.learning.steps import count, finish_lessons, save, start, submit

START = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, traveller: Any) -> None:
        self._traveller = traveller

    def move(self, **time: float) -> None:
        self._traveller.shift(timedelta(**time))


@pytest.fixture
def time() -> Iterator[Clock]:
    with time_machine.travel(START, tick=False) as traveller:
        yield Clock(traveller)


def test_a_lesson_is_done_once_with_its_language_and_its_text(session: Session, course: Course, time: Clock):
    student, lesson = make_student(session), course.lessons()[0]
    mark_lesson_done(session, student=replace(student, locale="ar"), course=course, lesson=lesson)
    time.move(hours=1)
    mark_lesson_done(session, student=replace(student, locale="fr"), course=course, lesson=lesson)
    row = session.scalars(select(LessonDone)).one()
    assert (row.module, row.lesson, row.locale) == (lesson.module, lesson.slug, "ar")
    assert (row.content_digest, row.done_at) == (lesson.digest, START)
    assert queries.progress_of(session, student.enrolled.id).done == {lesson.id: START}


def test_nothing_is_recorded_before_the_study_opens_or_after_the_grace(session: Session, course: Course, time: Clock):
    cohort = make_cohort(session, study_opens=START + timedelta(hours=1))
    student, lesson = make_student(session, cohort=cohort), course.lessons()[0]
    with pytest.raises(Closed) as early:
        mark_lesson_done(session, student=student, course=course, lesson=lesson)
    assert early.value.values == {"moment": "24 November 2026, 14:00 Vienna time"}
    time.move(days=36)
    mark_lesson_done(session, student=student, course=course, lesson=lesson)
    time.move(days=1)
    with pytest.raises(Closed) as late:
        mark_lesson_done(session, student=student, course=course, lesson=course.lessons()[1])
    assert late.value.values == {"moment": "31 December 2026, 12:59 Vienna time"}
    assert count(session, LessonDone) == 1


def test_an_extension_opens_the_study_again(session: Session, course: Course, time: Clock):
    student, actor = make_student(session), make_person(session)
    time.move(days=40)
    until = clock.now() + timedelta(days=1)
    number = student.enrolled.id
    session.add(Extension(enrolment_id=number, until=until, actor_id=actor.id, at=clock.now(), reason="illness"))
    session.flush()
    extended = replace(student, enrolled=enrolment(session, number))
    mark_lesson_done(session, student=extended, course=course, lesson=course.lessons()[0])
    assert start(session, extended, course).enrolled.extended_until == until


def test_who_has_withdrawn_studies_no_more(session: Session, course: Course):
    student = make_student(session)
    sheet = start(session, student, course)
    session.get_one(Enrolment, student.enrolled.id).withdrawn_at = clock.now()
    session.flush()
    with pytest.raises(NotFound):
        mark_lesson_done(session, student=student, course=course, lesson=course.lessons()[0])
    with pytest.raises(NotFound):
        start(session, student, course)
    with pytest.raises(NotFound):
        submit_attempt(session, student=student, course=course, sheet=sheet, posted={})
    with pytest.raises(NotFound):
        attempt_sheet(session, attempt_id=sheet.id, person_id=student.enrolled.person_id)


def test_an_attempt_is_resumed_with_the_form_that_was_drawn(session: Session, course: Course):
    student = make_student(session)
    first, again = start(session, student, course, seed=1), start(session, student, course, seed=2)
    assert first == again
    assert len(first.form["items"]) == course.assessment("final").draw
    assert count(session, Attempt) == 1


def test_two_people_get_different_forms(session: Session, course: Course):
    cohort = make_cohort(session)
    final = course.assessment("final")
    ids = [
        start_attempt(session, student=make_student(session, cohort=cohort), course=course, assessment=final)
        for _person in range(3)
    ]
    forms = [session.get_one(Attempt, number).form for number in ids]
    assert forms[0] != forms[1] != forms[2]


def test_somebody_elses_attempt_is_not_there(session: Session, course: Course):
    sheet = start(session, make_student(session), course)
    stranger = make_person(session)
    with pytest.raises(NotFound):
        attempt_sheet(session, attempt_id=sheet.id, person_id=stranger.id)
    with pytest.raises(NotFound):
        attempt_sheet(session, attempt_id=sheet.id + 1, person_id=sheet.enrolled.person_id)
    with pytest.raises(NotFound):
        attempt_sheet(session, attempt_id=10**18 - 1, person_id=sheet.enrolled.person_id)


def test_answers_are_kept_and_only_changes_are_written(session: Session, course: Course):
    student = make_student(session)
    sheet = start(session, student, course)
    posted = right_answers(course.assessment("final"), sheet.form, 3)
    kept = save(session, student, course, sheet, posted)
    assert kept.answers == {name: sorted(values) for name, values in posted.items()}
    assert count(session, Answer) == len(posted)
    assert save(session, student, course, kept, posted) == kept
    assert count(session, Answer) == len(posted)


def test_the_latest_of_each_field_counts_and_the_earlier_stay(session: Session, course: Course):
    student = make_student(session)
    sheet = start(session, student, course)
    final = course.assessment("final")
    question = next(one for one, _item in form_questions(final, sheet.form) if one.kind == "single")
    kept = save(session, student, course, sheet, wrong(question))
    kept = save(session, student, course, kept, right(question))
    assert kept.answers == queries.saved_answers(session, sheet.id) == right(question)
    rows = session.execute(select(Answer.field, Answer.values).order_by(Answer.id))
    assert [tuple(row) for row in rows] == [*wrong(question).items(), *right(question).items()]


def test_two_windows_that_fill_lines_of_one_question_lose_neither(session: Session, course: Course):
    student = make_student(session)
    sheet = start(session, student, course)
    final = course.assessment("final")
    question = next(one for one, _item in form_questions(final, sheet.form) if one.kind in ("matching", "ordering"))
    first, second, *_rest = right(question).items()
    save(session, student, course, sheet, dict([first]))
    assert save(session, student, course, sheet, dict([second])).answers == dict([first, second])


def test_a_field_that_is_not_sent_keeps_its_answer_and_one_sent_empty_loses_it(session: Session, course: Course):
    student = make_student(session)
    sheet = start(session, student, course)
    final = course.assessment("final")
    first, second = (question for question, _item in form_questions(final, sheet.form)[:2])
    kept = save(session, student, course, sheet, {**right(first), **right(second)})
    kept = save(session, student, course, kept, {name: [""] for name in right(second)})
    assert all(kept.answers[name] for name in right(first))
    assert not any(kept.answers[name] for name in right(second))


def test_fields_of_no_question_and_garbage_are_not_stored(session: Session, course: Course):
    student = make_student(session)
    sheet = start(session, student, course)
    drawn = {item["id"] for item in sheet.form["items"]}
    other = next(item for item in course.assessment("final").items if item.id not in drawn)
    garbage = {**right(other), "f99": ["a"], "": [""], "csrf_token": ["x"], **{key: ["\u202e', drop"] for key in drawn}}
    assert save(session, student, course, sheet, garbage).answers == {}
    assert count(session, Answer) == 0


def test_a_submission_marks_what_was_saved_and_what_is_posted(session: Session, course: Course, time: Clock):
    student = make_student(session)
    sheet = start(session, student, course)
    final = course.assessment("final")
    kept = save(session, student, course, sheet, right_answers(final, sheet.form, 6))
    rest = right_answers(final, sheet.form, 12)
    submit_attempt(session, student=student, course=course, sheet=kept, posted=rest)
    (record,) = queries.attempts(session, student.enrolled.id)
    assert (record.points, record.share, record.percent, record.is_passed) == (12, 0.8, 80, True)
    assert record.submitted_at == START
    assert queries.progress_of(session, student.enrolled.id).passed == {"final"}


def test_a_submission_is_marked_on_what_it_posts_though_another_window_saved_meanwhile(
    session: Session, course: Course
):
    student = make_student(session)
    sheet = start(session, student, course)
    final = course.assessment("final")
    question = next(one for one, _item in form_questions(final, sheet.form) if one.kind == "single")
    before = save(session, student, course, sheet, right(question))  # as the window that submits has it
    save(session, student, course, before, wrong(question))
    submit_attempt(session, student=student, course=course, sheet=before, posted=right(question))
    assert queries.saved_answers(session, sheet.id) == right(question)
    (record,) = queries.attempts(session, student.enrolled.id)
    assert record.points == 1


def test_a_submission_counts_once_and_closes_the_attempt(session: Session, course: Course):
    student = make_student(session)
    sheet = submit(session, student, course, right_ones=2)
    better = right_answers(course.assessment("final"), sheet.form)
    assert not submit_attempt(session, student=student, course=course, sheet=sheet, posted=better)
    before = replace(sheet, submitted_at=None)  # as another window of the browser still has it
    assert not submit_attempt(session, student=student, course=course, sheet=before, posted=better)
    with pytest.raises(Closed):
        save(session, student, course, sheet, better)
    with pytest.raises(Closed):
        save(session, student, course, before, better)
    assert attempt_sheet(session, attempt_id=sheet.id, person_id=student.enrolled.person_id) == sheet


def test_an_empty_attempt_can_be_submitted(session: Session, course: Course):
    sheet = submit(session, make_student(session), course, right_ones=0)
    assert (sheet.share, sheet.answers) == (0.0, {})


def test_attempts_are_limited_and_a_day_apart(session: Session, course: Course, time: Clock):
    student = make_student(session)
    for number in (1, 2, 3):
        assert submit(session, student, course, right_ones=1).number == number
        time.move(hours=23, minutes=59)
        with pytest.raises(Closed) as refused:
            start(session, student, course)
        time.move(minutes=1)
    assert refused.value.values == {}
    assert count(session, Attempt) == 3


def test_the_sentence_says_when_the_next_attempt_opens(session: Session, course: Course, time: Clock):
    student = replace(make_student(session), locale="fr", zone="Asia/Beirut")
    submit(session, student, course, right_ones=1)
    with pytest.raises(Closed) as refused:
        start(session, student, course)
    assert refused.value.values == {"moment": "25 novembre 2026 à 14:00 (heure de Beyrouth)"}


def test_after_a_pass_there_is_no_further_attempt(session: Session, course: Course, time: Clock):
    student = make_student(session)
    submit(session, student, course, right_ones=12)
    time.move(days=2)
    with pytest.raises(Conflict):
        start(session, student, course)


def test_a_closed_window_refuses_answers_and_keeps_those_from_before(session: Session, course: Course, time: Clock):
    student = make_student(session)
    sheet = start(session, student, course)
    posted = right_answers(course.assessment("final"), sheet.form, 2)
    kept = save(session, student, course, sheet, posted)
    time.move(days=37)
    with pytest.raises(Closed):
        save(session, student, course, kept, {})
    with pytest.raises(Closed):
        submit_attempt(session, student=student, course=course, sheet=kept, posted={})
    assert attempt_sheet(session, attempt_id=sheet.id, person_id=student.enrolled.person_id) == kept


@pytest.mark.parametrize("last", ["lesson", "assessment"])
def test_completion_comes_with_the_last_step_and_once(session: Session, course: Course, last: str):
    student, told = make_student(session), []

    def on_completion(given: Session, **values: Any) -> None:
        told.append((given is session, values))

    if last == "lesson":
        submit(session, student, course, right_ones=15, on_completion=on_completion)
        assert not finish_lessons(session, student, course, leave=1, on_completion=on_completion)
        assert finish_lessons(session, student, course, on_completion=on_completion)
    else:
        assert not finish_lessons(session, student, course, on_completion=on_completion)
        submit(session, student, course, right_ones=15, on_completion=on_completion)
    finish_lessons(session, student, course, on_completion=on_completion)
    assert told == [(True, {"enrolment_id": student.enrolled.id, "locale": "en"})]
    row = session.scalars(select(Completion)).one()
    assert (row.rule_version, row.content_digest, row.locale) == (1, course.digest, "en")


def test_completion_stays_when_the_course_grows(session: Session, course: Course):
    student = make_student(session)
    submit(session, student, course, right_ones=15)
    finish_lessons(session, student, course)
    extra = replace(course.lessons()[0], slug="new-lesson")
    grown = replace(course, modules=(*course.modules, replace(course.modules[0], slug="new", lessons=(extra,))))
    assert not mark_lesson_done(session, student=student, course=grown, lesson=course.lessons()[0])
    assert queries.progress_of(session, student.enrolled.id).completed_at is not None


def test_a_failed_assessment_completes_nothing(session: Session, course: Course):
    student = make_student(session)
    finish_lessons(session, student, course)
    submit(session, student, course, right_ones=11)
    assert count(session, Completion) == 0


def test_progress_of_several_enrolments_is_one_read(session: Session, course: Course):
    cohort = make_cohort(session)
    students = [make_student(session, cohort=cohort) for _person in range(3)]
    finish_lessons(session, students[0], course)
    submit(session, students[0], course, right_ones=15)
    mark_lesson_done(session, student=students[1], course=course, lesson=course.lessons()[4])
    ids = [student.enrolled.id for student in students]
    found = queries.progress_of_all(session, ids)
    assert [found[key].lessons_done(course) for key in ids] == [len(course.lessons()), 1, 0]
    assert found == {key: queries.progress_of(session, key) for key in ids}
    assert queries.progress_of_all(session, []) == {}
