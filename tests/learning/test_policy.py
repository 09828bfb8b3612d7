"""Rules of learning, without a database."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from elearn.content.marking import draw
from elearn.content.model import Assessment, Course, Question
from elearn.learning import policy
from elearn.learning.policy import AttemptRecord, Progress, Step
from tests.learning.answers import right, right_answers, wrong

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def final(course: Course) -> Assessment:
    return course.assessment("final")


def _of_kind(final: Assessment, kind: str) -> Question:
    return next(item for item in final.items if item.kind == kind)


def _attempt(number: int, hours_ago: float | None = None, *, passed: bool = False) -> AttemptRecord:
    submitted = None if hours_ago is None else NOW - timedelta(hours=hours_ago)
    share = None if submitted is None else float(passed)
    return AttemptRecord(number, "final", number, NOW - timedelta(days=9), submitted, share, share, passed)


def _done(course: Course, places: list[int]) -> dict[str, datetime]:
    """Lessons done in this order, a minute apart."""
    lessons = course.lessons()
    return {lessons[place].id: NOW + timedelta(minutes=n) for n, place in enumerate(places)}


def test_everything_is_missing_at_first(course: Course):
    missing = policy.missing(course, policy.NO_PROGRESS)
    assert missing.lessons == course.lessons()
    assert [assessment.key for assessment in missing.assessments] == ["final"]


def test_completion_asks_for_all_lessons_and_the_final(course: Course):
    every = _done(course, list(range(len(course.lessons()))))
    assert not policy.is_complete(course, Progress(every, frozenset(), None))
    assert policy.is_complete(course, Progress(every, frozenset({"final"}), None))
    del every[course.lessons()[3].id]
    assert policy.missing(course, Progress(every, frozenset({"final"}), None)).lessons == (course.lessons()[3],)


def test_a_lesson_that_was_removed_counts_neither_as_done_nor_as_missing(course: Course):
    progress = Progress({"gone/lesson": NOW, course.lessons()[0].id: NOW}, frozenset(), None)
    assert progress.lessons_done(course) == 1
    assert len(policy.missing(course, progress).lessons) == len(course.lessons()) - 1


@pytest.mark.parametrize(
    ("done", "expected"),
    [([], 0), ([0], 1), ([0, 1, 4], 5), ([4, 0], 1), ([9], 0), ([0, 1, 2, 9], 3), (list(range(10)), None)],
)
def test_resume_goes_on_after_the_lesson_done_last(course: Course, done: list[int], expected: int | None):
    lesson = policy.resume_lesson(course, _done(course, done))
    assert lesson == (None if expected is None else course.lessons()[expected])


def test_neighbours_cross_the_border_of_modules(course: Course):
    lessons = course.lessons()
    assert policy.neighbours(course, lessons[0]) == (None, lessons[1])
    assert policy.neighbours(course, lessons[3]) == (lessons[2], lessons[4])
    assert policy.neighbours(course, lessons[-1]) == (lessons[-2], None)


def test_an_open_attempt_is_resumed_whatever_else_there_is(final: Assessment):
    step = policy.next_step(final, [_attempt(1, 1), _attempt(2)], NOW)
    assert (step.step, step.attempt_id, step.left) == (Step.RESUME, 2, 1)


def test_the_next_attempt_opens_a_day_after_the_last_submission(final: Assessment):
    step = policy.next_step(final, [_attempt(1, 23)], NOW)
    assert (step.step, step.opens) == (Step.WAIT, NOW + timedelta(hours=1))
    assert policy.next_step(final, [_attempt(1, 24)], NOW).step is Step.START


def test_nothing_follows_a_pass_or_the_last_attempt(final: Assessment):
    assert policy.next_step(final, [_attempt(1, 99, passed=True)], NOW).step is Step.PASSED
    assert policy.next_step(final, [_attempt(n, 99) for n in (1, 2, 3)], NOW).step is Step.USED_UP


@pytest.mark.parametrize(("share", "percent"), [(0, 0), (0.7499, 74), (0.75, 75), (0.29, 29), (1, 100), (2 / 3, 66)])
def test_per_cents_are_rounded_down(share: float, percent: int):
    assert policy.whole_percent(share) == percent


def test_right_answers_to_three_quarters_of_the_questions_pass(final: Assessment):
    form = draw(final, random.Random(3))
    questions = [question for question, _item in policy.form_questions(final, form)]
    enough = policy.result(final, questions, right_answers(final, form, 12))
    short = policy.result(final, questions, right_answers(final, form, 11))
    assert (enough.is_passed, short.is_passed) == (True, False)
    assert (enough.points, enough.items) == (12, 15)


def test_results_by_outcome_add_up_to_the_whole(final: Assessment):
    form = draw(final, random.Random(4))
    questions = [question for question, _item in policy.form_questions(final, form)]
    answers = right_answers(final, form, 9)
    rows = policy.results_by_outcome(questions, answers)
    assert [row.code for row in rows] == sorted({question.objectives[0] for question in questions})
    assert sum(row.items for row in rows) == 15
    assert sum(row.points for row in rows) == policy.result(final, questions, answers).points


def test_a_question_that_the_course_dropped_is_left_out_of_a_form(final: Assessment):
    form = draw(final, random.Random(5))
    form["items"].append({"id": "gone", "order": [], "parts": []})
    assert len(policy.form_questions(final, form)) == 15


@pytest.mark.parametrize("kind", ["single", "multiple", "matching", "ordering", "case"])
def test_right_answers_of_every_kind_are_read_as_they_were_sent(final: Assessment, kind: str):
    question = _of_kind(final, kind)
    sent = right(question)
    assert policy.read_answers(question, sent) == {name: sorted(values) for name, values in sent.items()}
    assert set(policy.field_names(question)) == set(sent)
    assert policy.is_answered(question, sent)
    assert not policy.is_begun(question, {})


def test_garbage_takes_an_answer_back_and_silence_leaves_it(final: Assessment):
    question = _of_kind(final, "single")
    assert policy.read_answers(question, {question.id: ["<script>", "zz"]}) == {question.id: []}
    assert policy.read_answers(question, {"other": ["a"]}) == {}


def test_two_values_for_one_choice_are_none(final: Assessment):
    question = _of_kind(final, "single")
    assert policy.read_answers(question, {question.id: ["a", "b"]}) == {question.id: []}
    assert policy.read_answers(question, {question.id: ["a", "a"]}) == {question.id: ["a"]}


@pytest.mark.parametrize("digits", ["2", " 2 ", "٢", "۲"])
def test_places_may_be_typed_in_digits_of_other_scripts(final: Assessment, digits: str):
    question = _of_kind(final, "ordering")
    name = policy.field_names(question)[0]
    assert policy.read_answers(question, {name: [digits]}) == {name: ["2"]}


@pytest.mark.parametrize("place", ["0", "-1", "99", "1.0", "²", "一", "", "1" * 5000])
def test_places_that_do_not_exist_are_no_answer(final: Assessment, place: str):
    question = _of_kind(final, "ordering")
    name = policy.field_names(question)[0]
    assert policy.read_answers(question, {name: [place]}) == {name: []}


def test_a_half_filled_question_is_begun_and_not_answered(final: Assessment):
    question = _of_kind(final, "matching")
    first, *_rest = right(question).items()
    assert policy.is_begun(question, dict([first]))
    assert not policy.is_answered(question, dict([first]))
    assert not policy.is_begun(question, wrong(question))
