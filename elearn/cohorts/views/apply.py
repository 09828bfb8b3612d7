"""Applying for a cohort: one page with the form, its draft, and what became of it."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, request

from elearn import clock
from elearn.cohorts import policy, queries
from elearn.cohorts.forms import ApplicationForm
from elearn.cohorts.policy import WindowState
from elearn.cohorts.records import ApplicationRecord, CohortRecord
from elearn.cohorts.service import applying
from elearn.cohorts.service.applying import Answers
from elearn.cohorts.views.titles import library, title, titles
from elearn.errors import Closed, Conflict, DomainError, NotFound, RuleBroken, TooMany
from elearn.i18n.markers import N_
from elearn.ledger.meter import Limit
from elearn.web.access import signed_in
from elearn.web.current import frame
from elearn.web.forms import SWITCH
from elearn.web.idempotency import once
from elearn.web.limits import enforce
from elearn.web.links import url
from elearn.web.notices import notify
from elearn.web.pages import render
from elearn.web.text import text

blueprint = Blueprint("cohorts", __name__, url_prefix="/<locale:locale>")

SAVED = N_("Your draft is saved. You can finish it until the window closes; nobody else reads it before you send it.")
ARRIVED = {
    "submitted": N_("Your application has arrived. A letter on its way to you says so too."),
    "accepted": N_("You are enrolled. A letter on its way to you says when study begins."),
    "waitlisted": N_("All seats are taken. You are on the waiting list, and a letter on its way to you says so too."),
}
TAKEN_BACK = N_("Your application is withdrawn.")
SENT = Limit(10, 3600)  # sent or withdrawn by one person; each has a letter written
_TEXTS = ("locale", "stakeholder_group", "organisation", "organisation_type", "country", "motivation")
_RANK = {WindowState.OPEN: 0, WindowState.BEFORE: 1, WindowState.CLOSED: 2}


@blueprint.route("/courses/<slug:course>/apply", methods=["GET", "POST"])
@signed_in(keeps_form=True)
def apply(course: str) -> Any:
    """The form; POST keeps a draft or sends it."""
    library().course(course)
    cohort = _cohort(course)
    own = _own(cohort)
    form = _form(cohort, own)
    action = "save" if request.form.get("action") == "save" else "submit"
    if cohort is None or not form.accepted_as(action):
        return _page(course, cohort, own, form)
    try:
        if action == "submit":
            _count()
    except TooMany as refusal:
        return _page(course, cohort, own, form, refusal=refusal)
    return _apply(course, action, cohort, form)


@once
def _apply(course: str, action: str, cohort: CohortRecord, form: ApplicationForm) -> Any:
    try:
        state = _carry_out(action, cohort, form)
    except RuleBroken as error:
        form.refuse(error)
        return _page(course, cohort, _own(cohort), form)
    except (Closed, Conflict) as refusal:
        return _page(course, cohort, _own(cohort), form, refusal=refusal)
    notify(ARRIVED.get(state, SAVED))
    return redirect(url("cohorts.apply", course=course, cohort=cohort.id), 303)


@blueprint.route("/courses/<slug:course>/apply/withdraw", methods=["POST"])
@signed_in()
def withdraw(course: str) -> Any:
    """Take the application, or the seat, back."""
    _count()
    return _withdraw(course)


@once
def _withdraw(course: str) -> Any:
    cohort = _cohort(course)
    viewer = frame().viewer
    assert viewer is not None
    if cohort is None:
        raise NotFound
    applying.withdraw(frame().writing(), cohort_id=cohort.id, person_id=viewer.id, titles=titles(course))
    notify(TAKEN_BACK)
    return redirect(url("cohorts.apply", course=course, cohort=cohort.id), 303)


def _count() -> None:
    """Count one more application that is sent or taken back; the meter writes, so before `once` does. Raises TooMany."""
    viewer = frame().viewer
    assert viewer is not None
    enforce("apply", subject=str(viewer.id), per_subject=SENT)


def _cohort(course: str) -> CohortRecord | None:
    """The cohort that is asked for, else the open one that closes first, else the next, else the last one."""
    wanted = request.form.get("cohort") or request.args.get("cohort") or ""
    cohorts = queries.cohorts_of_course(frame().reading(), course)
    if wanted:
        found = next((c for c in cohorts if str(c.id) == wanted), None)
        if found is None:
            raise NotFound
        return found
    now = clock.now()
    return min(cohorts, key=lambda c: (_RANK[c.state(now)], _nearness(c, now)), default=None)


def _nearness(cohort: CohortRecord, now: datetime) -> float:
    return abs((cohort.applications_close - now).total_seconds())


def _own(cohort: CohortRecord | None) -> ApplicationRecord | None:
    viewer = frame().viewer
    assert viewer is not None
    return None if cohort is None else queries.own_application(frame().reading(), cohort.id, viewer.id)


def _is_writable(own: ApplicationRecord | None) -> bool:
    return own is None or policy.may_apply(own.state)


def _form(cohort: CohortRecord | None, own: ApplicationRecord | None) -> ApplicationForm:
    """What was posted, else the draft, else an empty form."""
    here = frame().locale.code
    first_view: dict[str, Any] = {"obj": own} if own and _is_writable(own) else {"data": {"locale": here}}
    is_open_entry = cohort is not None and cohort.is_open_entry
    return ApplicationForm.from_request(country_locale=here, is_open_entry=is_open_entry, **first_view)


def _carry_out(action: str, cohort: CohortRecord, form: ApplicationForm) -> str:
    """Keep or send; the state that the application then has."""
    current = frame()
    assert current.viewer is not None
    answers = Answers(**{name: form.data[name] or "" for name in _TEXTS}, consent=bool(form.consent.data))
    session, person_id = current.writing(), current.viewer.id
    if action == "save":
        return applying.save_draft(session, cohort_id=cohort.id, person_id=person_id, answers=answers).state
    return applying.submit_application(
        session, cohort_id=cohort.id, person_id=person_id, answers=answers, titles=titles(cohort.course)
    ).state


def _status(form: ApplicationForm, window: WindowState, refusal: DomainError | None) -> int:
    """429 after too many; 409 where the window or an earlier application refused the POST, whatever else is wrong with it."""
    if isinstance(refusal, TooMany):
        return 429
    is_sent = request.method == "POST" and SWITCH not in request.form and form.status != 400
    return 409 if refusal or (is_sent and window is not WindowState.OPEN) else form.status


def _page(
    course: str,
    cohort: CohortRecord | None,
    own: ApplicationRecord | None,
    form: ApplicationForm,
    *,
    refusal: DomainError | None = None,
) -> Any:
    """The page in its present state."""
    now = clock.now()
    cohorts = queries.cohorts_of_course(frame().reading(), course)
    window = cohort.state(now) if cohort else WindowState.CLOSED
    answer = render(
        "cohorts/apply.html",
        status=_status(form, window, refusal),
        nav="courses",
        form=form,
        course=course,
        title=title(course),
        cohort=cohort,
        window=window,
        others=[c for c in cohorts if c != cohort and c.state(now) is WindowState.OPEN],
        application=own,
        shows_form=_is_writable(own) and (window is WindowState.OPEN or form.is_posted),
        may_withdraw=own is not None and cohort is not None and policy.may_withdraw(own.state, cohort, now),
        refusal=text(refusal.message, **refusal.values) if refusal else "",
        decisions=queries.decision_trail(frame().reading(), own.id) if own else [],
    )
    if isinstance(refusal, TooMany):
        answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer
