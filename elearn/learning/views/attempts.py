"""An attempt: its questions and answers until it is submitted, then the result with every reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, request

from elearn import clock
from elearn.content.feedback import RenderedFeedback, render_solution
from elearn.content.marking import FormItem
from elearn.content.model import Assessment, Course, Question
from elearn.content.reading import RenderedText
from elearn.content.render import RenderedQuestion, render_question
from elearn.courses.library import Reading
from elearn.errors import Closed, NotFound
from elearn.learning import policy
from elearn.learning.policy import OutcomeResult
from elearn.learning.queries import AttemptSheet, attempt_sheet, attempts, progress_of
from elearn.learning.service.attempts import refusal, save_answers, submit_attempt
from elearn.learning.views.lessons import COMPLETED
from elearn.learning.views.outline import Outline, outline_of
from elearn.learning.views.standing import closed_text, library, on_completion, reading_of, student_of, viewer
from elearn.web.access import signed_in
from elearn.web.current import READ_METHODS, frame
from elearn.web.forms import STALE, SWITCH
from elearn.web.links import url
from elearn.web.notices import notify
from elearn.web.pages import render
from elearn.web.text import text


@dataclass(frozen=True, slots=True)
class AttemptPage:
    """An attempt of the person who asks, in their language. `answers` are those to show, by form field."""

    sheet: AttemptSheet
    course: Course
    assessment: Assessment
    reading: Reading
    answers: Mapping[str, list[str]]

    @property
    def items(self) -> list[tuple[Question, FormItem]]:
        return policy.form_questions(self.assessment, self.sheet.form)

    @property
    def questions(self) -> list[Question]:
        return [question for question, _item in self.items]

    @property
    def outline(self) -> Outline:
        return outline_of(self.reading)

    @property
    def address(self) -> str:
        return url("learning.attempt", course=self.course.id, attempt=self.sheet.id)


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A question in the index of an attempt. `cleared` are the fields that a browser sends only when something is
    chosen: beside them the form says that they were shown."""

    number: int
    id: str
    state: str
    question: RenderedQuestion
    cleared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """The result in one outcome, with its text."""

    text: RenderedText
    result: OutcomeResult


@signed_in(keeps_form=True)
def attempt(course: str, attempt: int) -> Any:
    """The questions; POST saves, submits or changes the language. After submission the result."""
    page = _load(course, attempt)
    if request.method in READ_METHODS:
        return _form(page) if page.sheet.submitted_at is None else _result(page)
    if frame().csrf_failed:
        return _form(_with_posted(page), sentence=text(STALE), status=400)
    try:
        return _submit(page) if request.form.get("action") == "submit" else _save(page)
    except Closed as error:
        if page.sheet.submitted_at is not None:
            raise
        return _form(_with_posted(page), sentence=text(error.message, **error.values), status=409)


def _load(course_id: str, attempt_id: int) -> AttemptPage:
    sheet = attempt_sheet(frame().reading(), attempt_id=attempt_id, person_id=viewer().id)
    if sheet.enrolled.course != course_id:
        raise NotFound
    course = library().course(course_id)
    assessment = library().assessment(course_id, sheet.assessment)
    return AttemptPage(sheet, course, assessment, reading_of(course), sheet.answers)


def _posted() -> dict[str, list[str]]:
    return request.form.to_dict(flat=False)


def _with_posted(page: AttemptPage) -> AttemptPage:
    """The page with what was posted over what was saved."""
    answers = dict(page.answers)
    for question in page.questions:
        answers |= policy.read_answers(question, _posted())
    return AttemptPage(page.sheet, page.course, page.assessment, page.reading, answers)


def _save(page: AttemptPage) -> Any:
    """Keep the answers; a script gets an empty answer, a change of language the page itself."""
    save_answers(
        frame().writing(),
        student=student_of(page.sheet.enrolled),
        assessment=page.assessment,
        sheet=page.sheet,
        posted=_posted(),
    )
    if SWITCH in request.form:
        return _form(_with_posted(page))
    if request.headers.get("X-Requested-With") == "fetch":
        return Response(status=204)
    return redirect(page.address, 303)


def _submit(page: AttemptPage) -> Any:
    is_completed = submit_attempt(
        frame().writing(),
        student=student_of(page.sheet.enrolled),
        course=page.course,
        sheet=page.sheet,
        posted=_posted(),
        on_completion=on_completion(),
    )
    if is_completed:
        notify(COMPLETED)
    return redirect(page.address, 303)


def _form(page: AttemptPage, *, sentence: str = "", status: int = 200) -> Response:
    closed = closed_text(page.sheet.enrolled, clock.now())
    entries = [_entry(number, *item, page) for number, item in enumerate(page.items, 1)]
    return render(
        "learning/attempt.html",
        status=status,
        nav="learn",
        it=page,
        entries=entries,
        answered=sum(entry.state == "answered" for entry in entries),
        locked=bool(closed) or page.sheet.submitted_at is not None,
        sentence=sentence or closed,
    )


def _entry(number: int, question: Question, item: FormItem, page: AttemptPage) -> IndexEntry:
    answers = page.answers
    begun = "begun" if policy.is_begun(question, answers) else "open"
    state = "answered" if policy.is_answered(question, answers) else begun
    rendered = render_question(question, page.reading.texts, page.reading.edition, item)
    cleared = tuple(one.id for one in (question, *question.parts) if one.kind == "multiple")
    return IndexEntry(number, question.id, state, rendered, cleared)


def _result(page: AttemptPage) -> Response:
    session, enrolled, now = frame().reading(), page.sheet.enrolled, clock.now()
    progress = progress_of(session, enrolled.id)
    step = policy.next_step(page.assessment, attempts(session, enrolled.id, page.assessment.key), now)
    error = refusal(step, student_of(enrolled))
    return render(
        "learning/result.html",
        nav="learn",
        it=page,
        percent=policy.whole_percent(page.sheet.share or 0),
        total=len(page.questions),
        outcomes=_outcomes(page),
        solutions=_solutions(page),
        is_completed=progress.completed_at is not None,
        missing=policy.missing(page.course, progress),
        sentence=closed_text(enrolled, now) or (text(error.message, **error.values) if error else ""),
    )


def _outcomes(page: AttemptPage) -> list[OutcomeRow]:
    texts = {outcome.code: page.reading.text(outcome.text) for outcome in page.course.outcomes}
    rows = policy.results_by_outcome(page.questions, page.answers)
    return [OutcomeRow(texts[row.code], row) for row in rows if row.code in texts]


def _solutions(page: AttemptPage) -> list[RenderedFeedback]:
    reading = page.reading
    return [render_solution(one, page.answers, reading.texts, reading.edition) for one in page.questions]
