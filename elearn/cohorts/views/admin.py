"""The console: cohorts in the scope of a staff member, planned and changed."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect

from elearn import clock
from elearn.cohorts import policy, queries
from elearn.cohorts.forms import ENTRY_NAMES, CohortForm
from elearn.cohorts.models import Cohort
from elearn.cohorts.policy import StudyState
from elearn.cohorts.records import ChangeRecord, CohortRecord
from elearn.cohorts.service import planning
from elearn.cohorts.service.planning import CohortPlan
from elearn.cohorts.views.titles import library, title, titles
from elearn.errors import NotFound, RuleBroken
from elearn.i18n.locales import LOCALES
from elearn.i18n.markers import N_
from elearn.permissions import Permission, Viewer, allowed_scopes
from elearn.web.access import requires
from elearn.web.current import frame
from elearn.web.idempotency import once
from elearn.web.links import url
from elearn.web.notices import notify
from elearn.web.pages import render
from elearn.web.platform import platform
from elearn.web.text import text

blueprint = Blueprint("admin", __name__, url_prefix="/<locale:locale>/admin")

CREATED = N_("The cohort is created. Its dates stand on the page of the course now.")
CHANGED = N_("The cohort is changed.")
MOVED = N_(
    "In the chosen time zone a day begins without midnight, because the clocks go forward then. "
    "That end of the window moved to the first moment of the day."
)


@blueprint.get("/")
@requires(Permission.CONSOLE_SEE)
def home() -> Any:
    """Cohorts that are coming or under way, with what waits in them."""
    now = clock.now()
    present = [c for c in _cohorts_in_scope() if c.study_state(now) is not StudyState.CLOSED]
    return _list("admin/home.html", present)


@blueprint.get("/cohorts")
@requires(Permission.CONSOLE_SEE)
def cohorts() -> Any:
    """All cohorts, past ones too."""
    return _list("admin/cohorts.html", _cohorts_in_scope())


@blueprint.route("/cohorts/new", methods=["GET", "POST"])
@requires(Permission.COHORT_MANAGE, keeps_form=True)
@once
def new_cohort() -> Any:
    """Plan a cohort."""
    form = _form(data={"zone": platform().settings.default_time_zone, "entry": "application", "grace_days": 0})
    if not form.accepted():
        return form.page("admin/cohort.html", nav="admin", cohort=None, changes=[])
    try:
        made = planning.create_cohort(frame().writing(), plan=_plan(form, form.course.data), actor_id=_viewer().id)
    except RuleBroken as error:
        form.refuse(error)
        return form.page("admin/cohort.html", nav="admin", cohort=None, changes=[])
    _tell(CREATED, form)
    return redirect(url("admin.applications", cohort=made.id), 303)


@blueprint.route("/cohorts/<number:cohort>", methods=["GET", "POST"])
@requires(Permission.COHORT_MANAGE, load=queries.cohort, keeps_form=True)
@once
def edit_cohort(record: CohortRecord, cohort: int) -> Any:
    """Change a cohort."""
    form = _form(data=_written(record))
    del form.course  # a cohort stays with its course
    if form.accepted():
        try:
            _change(form, record)
        except RuleBroken as error:
            form.refuse(error)
        else:
            _tell(CHANGED, form)
            return redirect(url("admin.edit_cohort", cohort=cohort), 303)
    return form.page("admin/cohort.html", nav="admin", cohort=record, changes=_changes(cohort))


def _changes(cohort: int) -> list[ChangeRecord]:
    """Changes so far, with moments as people read them: the last minute of a window, not the moment after it."""
    return [
        replace(change, before=_readable(change.before), after=_readable(change.after))
        for change in queries.changes(frame().reading(), cohort)
    ]


def _readable(values: dict[str, Any]) -> dict[str, Any]:
    ends = {name: datetime.fromisoformat(values[name]) for name in (*_OPENINGS, *_CLOSINGS) if name in values}
    entry = {"entry": text(ENTRY_NAMES[values["entry"]])} if "entry" in values else {}
    return {**values, **entry, **{n: policy.last_minute(at) if n in _CLOSINGS else at for n, at in ends.items()}}


_OPENINGS = ("applications_open", "study_opens")
_CLOSINGS = ("applications_close", "study_closes", "grace_closes")


def _viewer() -> Viewer:
    viewer = frame().viewer
    assert viewer is not None
    return viewer


def _cohorts_in_scope() -> list[CohortRecord]:
    return queries.cohorts_in_scopes(frame().reading(), allowed_scopes(_viewer().grants, Permission.CONSOLE_SEE))


def _list(template: str, cohorts: list[CohortRecord]) -> Any:
    session, now = frame().reading(), clock.now()
    return render(
        template,
        nav="admin",
        cohorts=cohorts,
        counts=queries.state_counts(session),
        titles={course: title(course) for course in {c.course for c in cohorts}},
        dates=_next_dates(cohorts, now),
        now=now,
    )


def _next_dates(cohorts: list[CohortRecord], now: datetime) -> list[tuple[datetime, str, CohortRecord]]:
    """The coming ends of windows as (moment, what it is, cohort), the next first."""
    coming = [
        (moment, name, cohort)
        for cohort in cohorts
        for name, moment in (
            ("applications_open", cohort.applications_open),
            ("applications_close", cohort.last_minute),
            ("study_opens", cohort.study_opens),
            ("study_closes", cohort.last_study_minute),
        )
        if moment > now
    ]
    return sorted(coming, key=lambda item: (item[0], item[2].id))[:8]


def _form(data: dict[str, Any]) -> CohortForm:
    scopes = allowed_scopes(_viewer().grants, Permission.COHORT_MANAGE)
    courses = {c.id: title(c.id) for c in library() if scopes is None or c.id in scopes}
    return CohortForm.from_request(courses=courses, locale=frame().locale.code, data=data)


def _written(record: CohortRecord) -> dict[str, Any]:
    """The form's values for a cohort."""
    plan = planning.plan_of(record)
    texts = {f"name_{x.code}": plan.names.get(x.code, "") for x in LOCALES}
    texts |= {f"note_{x.code}": plan.notes.get(x.code, "") for x in LOCALES}
    names = ("entry", "zone", "grace_days", "seats", *_DAYS)
    return {**texts, **{name: getattr(plan, name) for name in names}}


_DAYS = ("first_application_day", "last_application_day", "first_study_day", "last_study_day")


def _plan(form: CohortForm, course: str) -> CohortPlan:
    """Raises NotFound for a course out of scope."""
    if not _viewer().may(Permission.COHORT_MANAGE, course):
        raise NotFound
    return CohortPlan(
        course=course,
        names=form.texts("name"),
        notes=form.texts("note"),
        entry=form.entry.data,
        zone=form.zone.data,
        grace_days=form.grace_days.data or 0,
        seats=form.seats.data,
        first_application_day=form.day("first_application_day"),
        last_application_day=form.day("last_application_day"),
        first_study_day=form.day("first_study_day"),
        last_study_day=form.day("last_study_day"),
    )


def _change(form: CohortForm, record: CohortRecord) -> Cohort:
    return planning.change_cohort(
        frame().writing(),
        cohort_id=record.id,
        plan=_plan(form, record.course),
        actor_id=_viewer().id,
        titles=titles(record.course),
        is_confirmed=bool(form.confirm.data),
    )


def _tell(message: str, form: CohortForm) -> None:
    notify(message)
    windows = (("first_application_day", "last_application_day"), ("first_study_day", "last_study_day"))
    if any(policy.days_without_midnight(form.day(a), form.day(b), form.zone.data) for a, b in windows):
        notify(MOVED, "warn")
