"""An assessment: its rules, the attempts so far, the way into one."""

from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, request
from markupsafe import Markup

from elearn import clock
from elearn.content.model import Assessment
from elearn.content.render import render_blocks
from elearn.errors import Closed, Conflict
from elearn.learning import policy
from elearn.learning.policy import AttemptRecord, NextStep, Step
from elearn.learning.queries import attempts
from elearn.learning.service.attempts import refusal, start_attempt
from elearn.learning.service.study import closed_sentence
from elearn.learning.views.outline import outline_of
from elearn.learning.views.standing import Standing, library, standing_in, student_of
from elearn.web.access import signed_in
from elearn.web.current import READ_METHODS, frame
from elearn.web.links import url
from elearn.web.pages import render
from elearn.web.text import text


@dataclass(frozen=True, slots=True)
class AssessmentPage:
    """An assessment as one person finds it. `sentence` says why no attempt can begin or go on now, "" when one can."""

    assessment: Assessment
    standing: Standing
    attempts: tuple[AttemptRecord, ...]
    step: NextStep
    sentence: str

    @property
    def introduction(self) -> Markup:
        """What the course says before the questions."""
        reading = self.standing.reading
        return render_blocks(self.assessment.intro, reading.texts, reading.edition)

    @property
    def lessons_missing(self) -> int:
        """Lessons that are not marked as done yet."""
        return len(policy.missing(self.standing.course, self.standing.progress).lessons)

    @property
    def may_start(self) -> bool:
        return self.step.step in (Step.START, Step.RESUME) and not self.sentence

    @property
    def best(self) -> int | None:
        """The best result in per cent."""
        return max((one.percent for one in self.attempts if one.percent is not None), default=None)


@signed_in()
def assessment(course: str, key: str) -> Any:
    """The rules and past attempts; POST begins an attempt or goes on with the open one."""
    found = library().assessment(course, key)
    standing = standing_in(course)
    student = student_of(standing.enrolment)
    if request.method in READ_METHODS:
        return _page(found, standing)
    try:
        number = start_attempt(frame().writing(), student=student, course=standing.course, assessment=found)
    except (Closed, Conflict):
        return _page(found, standing, status=409)
    return redirect(url("learning.attempt", course=course, attempt=number), 303)


def _page(assessment: Assessment, standing: Standing, *, status: int = 200) -> Response:
    now, student = clock.now(), student_of(standing.enrolment)
    made = tuple(attempts(frame().reading(), standing.enrolment.id, assessment.key))
    step = policy.next_step(assessment, made, now)
    error = closed_sentence(student, now) or refusal(step, student)
    sentence = text(error.message, **error.values) if error else ""
    return render(
        "learning/assessment.html",
        status=status,
        nav="learn",
        it=AssessmentPage(assessment, standing, made, step, sentence),
        outline=outline_of(standing.reading),
    )
