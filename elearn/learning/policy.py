"""Rules of learning: what is missing for completion, where to go on, when an attempt may begin, which answers count.

Everything is keyed by stable ids, so that a revised course never takes away what was done.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from elearn.content.marking import Answers, Form, FormItem, mark
from elearn.content.model import Assessment, Course, Lesson, Question
from elearn.i18n.bidi import western_digits

MAX_VALUES = 60
"""Values of one form field that are looked at; no question has so many options."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What an enrolment has reached. `done` holds when a lesson ("<module>/<lesson>") was marked done, `passed` the
    keys of assessments; `completed_at` stays for ever once it is set."""

    done: Mapping[str, datetime]
    passed: frozenset[str]
    completed_at: datetime | None

    def lessons_done(self, course: Course) -> int:
        """How many lessons of the course as it is today are done."""
        return sum(lesson.id in self.done for lesson in course.lessons())


NO_PROGRESS = Progress({}, frozenset(), None)


@dataclass(frozen=True, slots=True)
class Missing:
    """What completion still asks for, in the order of the course."""

    lessons: tuple[Lesson, ...]
    assessments: tuple[Assessment, ...]

    def __bool__(self) -> bool:
        return bool(self.lessons or self.assessments)


def missing(course: Course, progress: Progress) -> Missing:
    """What is missing by the rule in `course.toml`: every lesson done, and its assessments passed."""
    rule = course.completion
    lessons = tuple(lesson for lesson in course.lessons() if lesson.id not in progress.done)
    keys = (key for key in rule.assessments if key not in progress.passed)
    return Missing(lessons if rule.every_lesson else (), tuple(course.assessment(key) for key in keys))


def is_complete(course: Course, progress: Progress) -> bool:
    """True when the rule is met."""
    return not missing(course, progress)


def resume_lesson(course: Course, done: Mapping[str, datetime]) -> Lesson | None:
    """Where to go on: the first lesson not done after the one done last, else the first not done; None at the end."""
    lessons = course.lessons()
    places = [place for place, lesson in enumerate(lessons) if lesson.id in done]
    last = max(places, key=lambda place: (done[lessons[place].id], place), default=-1)
    ahead = (*lessons[last + 1 :], *lessons[: last + 1])
    return next((lesson for lesson in ahead if lesson.id not in done), None)


def neighbours(course: Course, lesson: Lesson) -> tuple[Lesson | None, Lesson | None]:
    """The lessons before and after in the order of the course."""
    lessons = course.lessons()
    place = lessons.index(lesson)
    before = lessons[place - 1] if place else None
    after = lessons[place + 1] if place + 1 < len(lessons) else None
    return before, after


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One attempt of an enrolment at an assessment. `share` is the part of all points reached, 0 to 1."""

    id: int
    assessment: str
    number: int
    started_at: datetime
    submitted_at: datetime | None
    points: float | None
    share: float | None
    is_passed: bool | None

    @property
    def percent(self) -> int | None:
        """The result in whole per cent; see `whole_percent`."""
        return None if self.share is None else whole_percent(self.share)


class Step(StrEnum):
    """What a learner can do about an assessment now."""

    START = "start"
    RESUME = "resume"
    WAIT = "wait"
    PASSED = "passed"
    USED_UP = "used_up"


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step; `attempt_id` of the attempt to resume, `opens` when the waiting is over, `left` attempts not begun."""

    step: Step
    left: int
    attempt_id: int = 0
    opens: datetime | None = None


def next_step(assessment: Assessment, attempts: Sequence[AttemptRecord], now: datetime) -> NextStep:
    """What can be done: resume an open attempt; nothing after a pass or the last attempt; else wait `wait_hours` from
    the last submission, then start."""
    left = max(0, assessment.attempts - len(attempts))
    running = next((attempt for attempt in attempts if attempt.submitted_at is None), None)
    if running:
        return NextStep(Step.RESUME, left, attempt_id=running.id)
    if any(attempt.is_passed for attempt in attempts):
        return NextStep(Step.PASSED, left)
    if not left:
        return NextStep(Step.USED_UP, 0)
    ends = [attempt.submitted_at for attempt in attempts if attempt.submitted_at]
    opens = max(ends) + timedelta(hours=assessment.wait_hours) if ends else None
    if opens is not None and now < opens:
        return NextStep(Step.WAIT, left, opens=opens)
    return NextStep(Step.START, left)


def whole_percent(share: float) -> int:
    """A share (0 to 1) in whole per cent, rounded down, so that 74.9 never reads as a passed 75.

    The share comes from the database as a float; a millionth makes good for 0.29 * 100 being 28.999….
    """
    return int(share * 100 + 1e-6)


@dataclass(frozen=True, slots=True)
class Result:
    """An attempt as marked: points of `items` (one each), the share of them, and whether that is enough."""

    points: Fraction
    items: int
    share: Fraction
    is_passed: bool


def result(assessment: Assessment, questions: Sequence[Question], answers: Answers) -> Result:
    """Marks an attempt; what was not answered is worth nothing."""
    points = sum((mark(question, answers).points for question in questions), Fraction(0))
    share = points / max(1, len(questions))
    return Result(points, len(questions), share, share >= Fraction(assessment.pass_percent, 100))


@dataclass(frozen=True, slots=True)
class OutcomeResult:
    """The points of one outcome ("CO2") of `items` drawn for it."""

    code: str
    points: Fraction
    items: int

    @property
    def share(self) -> float:
        return float(self.points / self.items)


def results_by_outcome(questions: Sequence[Question], answers: Answers) -> tuple[OutcomeResult, ...]:
    """The points by the first outcome of each question, in the order of the codes."""
    found: dict[str, tuple[Fraction, int]] = {}
    for question in questions:
        code = question.objectives[0] if question.objectives else ""
        points, items = found.get(code, (Fraction(0), 0))
        found[code] = (points + mark(question, answers).points, items + 1)
    return tuple(OutcomeResult(code, *found[code]) for code in sorted(found))


def form_questions(assessment: Assessment, form: Form | Mapping[str, Any]) -> list[tuple[Question, FormItem]]:
    """The questions of a form in its order. One that the course has dropped since then is left out, for everybody."""
    known = {item.id: item for item in assessment.items}
    return [(known[item["id"]], item) for item in form["items"] if item["id"] in known]


def field_names(question: Question) -> tuple[str, ...]:
    """The form fields of a question: its id; `<id>.<line>` for matching and ordering; of a case those of its parts."""
    if question.parts:
        return tuple(name for part in question.parts for name in field_names(part))
    if question.lines:
        return tuple(f"{question.id}.{line.field}" for line in question.lines)
    return (question.id,)


def read_answers(question: Question, posted: Answers) -> dict[str, list[str]]:
    """What was sent for a question, by field: known ids only, places in ASCII digits, repeats dropped.

    A field that was not sent is not there: it stays as it was. One that was sent with nothing usable is empty: that
    takes an answer back.
    """
    if question.parts:
        return {name: values for part in question.parts for name, values in read_answers(part, posted).items()}
    if question.lines:
        return _read_lines(question, posted)
    if question.id not in posted:
        return {}
    known = {option.id for option in question.options}
    chosen = _known(posted[question.id], known)
    return {question.id: chosen if question.kind == "multiple" or len(chosen) == 1 else []}


def _read_lines(question: Question, posted: Answers) -> dict[str, list[str]]:
    known = {target.id for target in question.targets} or {str(n + 1) for n in range(len(question.lines))}
    read: dict[str, list[str]] = {}
    for line in question.lines:
        name = f"{question.id}.{line.field}"
        if name in posted:
            values = _known([_place(value) for value in posted[name][:MAX_VALUES]], known)
            read[name] = values if len(values) == 1 else []
    return read


def _place(value: str) -> str:
    return western_digits(value.strip())


def _known(values: Sequence[str], known: Collection[str]) -> list[str]:
    return sorted({value for value in values[:MAX_VALUES] if value in known})


def is_answered(question: Question, answers: Answers) -> bool:
    """True when every field of the question holds something."""
    return all(answers.get(name) for name in field_names(question))


def is_begun(question: Question, answers: Answers) -> bool:
    """True when some field of the question holds something."""
    return any(answers.get(name) for name in field_names(question))
