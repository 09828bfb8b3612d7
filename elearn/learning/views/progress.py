"""The console: how the learners of a cohort get on, and more time for one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect

from elearn import clock
from elearn.cohorts import queries as cohorts
from elearn.cohorts.policy import StudyState, last_minute
from elearn.cohorts.records import CohortRecord, Enrolled, LearnerRecord
from elearn.cohorts.service import deciding
from elearn.cohorts.service.letters import course_titles
from elearn.content.model import Course
from elearn.errors import Conflict, RuleBroken
from elearn.i18n.markers import N_
from elearn.learning import queries
from elearn.learning.forms import ExtensionForm
from elearn.learning.policy import Progress, whole_percent
from elearn.learning.queries import AssessmentResult
from elearn.learning.views.outline import outline_of
from elearn.learning.views.standing import library, reading_of, viewer
from elearn.permissions import Permission
from elearn.web.access import requires
from elearn.web.current import frame
from elearn.web.idempotency import once
from elearn.web.links import url
from elearn.web.notices import notify
from elearn.web.pages import render
from elearn.web.platform import platform
from elearn.web.text import text

blueprint = Blueprint("progress", __name__, url_prefix="/<locale:locale>/admin")

EXTENDED = N_("The new day is recorded, and a letter is on its way in the learner’s language.")


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """A learner of a cohort in one line. `best` is the best result in the last assessment of the rule, in per cent."""

    learner: LearnerRecord
    state: StudyState
    done: int
    total: int
    best: int | None
    last: datetime | None
    completed_at: datetime | None


@blueprint.get("/cohorts/<number:cohort>/learners")
@requires(Permission.LEARNER_SEE, load=cohorts.cohort)
def learners(record: CohortRecord, cohort: int) -> Any:
    """Everybody who is enrolled, by name."""
    session = frame().reading()
    found = cohorts.learners(session, record.id)
    ids = [one.enrolled.id for one in found]
    course = library().course(record.course)
    progress, results = queries.progress_of_all(session, ids), queries.results_of_all(session, ids)
    rows = [_row(one, course, progress[one.enrolled.id], results.get(one.enrolled.id, ())) for one in found]
    return render("learning/learners.html", nav="admin", cohort=record, rows=rows)


def _row(learner: LearnerRecord, course: Course, progress: Progress, results: Sequence[AssessmentResult]) -> LearnerRow:
    final = course.completion.assessments[-1:]
    shares = [one.best for one in results if one.assessment in final and one.best is not None]
    moments = [*progress.done.values(), *(one.last for one in results)]
    return LearnerRow(
        learner=learner,
        state=learner.enrolled.state(clock.now()),
        done=progress.lessons_done(course),
        total=len(course.lessons()),
        best=whole_percent(max(shares)) if shares else None,
        last=max(moments, default=None),
        completed_at=progress.completed_at,
    )


@blueprint.route("/learners/<number:enrolment>", methods=["GET", "POST"])
@requires(Permission.LEARNER_SEE, load=cohorts.enrolment, keeps_form=True)
def learner(record: Enrolled, enrolment: int) -> Any:
    """One learner: lessons, attempts, extensions; POST changes the language of the page and keeps what was typed."""
    return _page(record, ExtensionForm.from_request())


@blueprint.post("/learners/<number:enrolment>/extend")
@requires(Permission.COHORT_DECIDE, load=cohorts.enrolment, keeps_form=True)
@once
def extend(record: Enrolled, enrolment: int) -> Any:
    """Give more time."""
    form = ExtensionForm.from_request()
    if not form.accepted():
        return _page(record, form)
    try:
        _extend(record, form)
    except RuleBroken as error:
        form.refuse(error)
        return _page(record, form)
    except Conflict as error:
        return _page(record, form, refusal=text(error.message, **error.values))
    notify(EXTENDED)
    return redirect(url("progress.learner", enrolment=record.id), 303)


def _extend(record: Enrolled, form: ExtensionForm) -> None:
    deciding.extend(
        frame().writing(),
        enrolment_id=record.id,
        last_day=form.until.data,
        reason=form.reason.data,
        actor_id=viewer().id,
        titles=course_titles(library(), record.course, frame().catalogues),
    )


def _page(record: Enrolled, form: ExtensionForm, *, refusal: str = "") -> Any:
    session = frame().reading()
    course = library().course(record.course)
    numbers: Mapping[int, str] = platform().rooms.get("certificates_of", lambda _session, _person: {})(
        session, record.person_id
    )
    answer = form.page(
        "learning/learner.html",
        nav="admin",
        enrolled=record,
        learner=queries.learner(session, record.person_id),
        cohort=cohorts.cohort(session, record.cohort_id),
        course=course,
        outline=outline_of(reading_of(course)),
        state=record.state(clock.now()),
        lessons=queries.lessons_done(session, record.id),
        completed_at=queries.progress_of(session, record.id).completed_at,
        attempts=queries.attempts(session, record.id),
        extensions=[(one, last_minute(one.until)) for one in cohorts.extensions(session, record.id)],
        certificate=numbers.get(record.id, ""),
        refusal=refusal,
    )
    answer.status_code = 409 if refusal else answer.status_code
    return answer
