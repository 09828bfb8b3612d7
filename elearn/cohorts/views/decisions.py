"""The console: applications of a cohort, read and decided on."""

from typing import Any

from flask import redirect, request

from elearn.cohorts import policy, queries
from elearn.cohorts.forms import (
    COUNTRY_UNSAID,
    GROUP_NAMES,
    ORGANISATION_TYPE_NAMES,
    OTHER_COUNTRY,
    REASON_NAMES,
    DecisionForm,
)
from elearn.cohorts.records import ApplicationFilter, ApplicationRecord, CohortRecord
from elearn.cohorts.service import deciding
from elearn.cohorts.service.deciding import Ruling
from elearn.cohorts.views.admin import blueprint
from elearn.cohorts.views.preview import letter_text
from elearn.cohorts.views.titles import titles
from elearn.errors import Conflict, RuleBroken
from elearn.i18n.bidi import isolate
from elearn.i18n.countries import OTHER, UNSAID, country_names
from elearn.i18n.locales import LOCALES, matching
from elearn.i18n.markers import N_
from elearn.permissions import Permission
from elearn.web.access import requires
from elearn.web.current import frame
from elearn.web.idempotency import once
from elearn.web.links import url
from elearn.web.notices import notify
from elearn.web.pages import render
from elearn.web.text import text

DECIDED = N_("The decision on %(name)s is recorded, and the letter is on its way in the applicant’s language.")
LISTED_STATES = ("submitted", "waitlisted", "offered", "accepted", "declined", "withdrawn", "expired")


@blueprint.get("/cohorts/<number:cohort>/applications")
@requires(Permission.COHORT_DECIDE, load=queries.cohort)
def applications(record: CohortRecord, cohort: int) -> Any:
    """The list, oldest first; the pane stays empty until one is chosen."""
    return _page(record, None, None)


@blueprint.get("/applications/<number:application>")
@requires(Permission.COHORT_DECIDE, load=queries.application)
def application(record: ApplicationRecord, application: int) -> Any:
    """One application beside the list."""
    cohort = queries.cohort(frame().reading(), record.cohort_id)
    return _page(cohort, record, DecisionForm.from_request(state=record.state))


@blueprint.post("/applications/<number:application>")
@requires(Permission.COHORT_DECIDE, load=queries.application, keeps_form=True)
@once
def decide(record: ApplicationRecord, application: int) -> Any:
    """Record a decision; the list then says on whom."""
    cohort = queries.cohort(frame().reading(), record.cohort_id)
    form = DecisionForm.from_request(state=request.form.get("seen_state", record.state))
    if not form.accepted():
        return _page(cohort, record, form)
    try:
        _carry_out(form, record)
    except RuleBroken as error:
        form.refuse(error)
        return _page(cohort, record, form)
    except Conflict as refusal:
        return _page(cohort, record, form, refusal=text(refusal.message, **refusal.values))
    notify(DECIDED, name=isolate(record.full_name))
    return redirect(url("admin.applications", cohort=record.cohort_id), 303)


def _carry_out(form: DecisionForm, record: ApplicationRecord) -> None:
    current = frame()
    assert current.viewer is not None
    ruling = Ruling(
        seen_state=request.form.get("seen_state", record.state),
        to_state=form.decision.data,
        reason=form.reason.data or "",
        message=form.message.data or "",
    )
    deciding.decide(
        current.writing(),
        application_id=record.id,
        ruling=ruling,
        actor_id=current.viewer.id,
        titles=titles(record.course),
    )


def _filter() -> ApplicationFilter:
    """What the address narrows the list to; what is no choice there is passed over."""
    asked = request.args
    page = asked.get("page", "1")
    return ApplicationFilter(
        state=_choice(asked.get("state", ""), LISTED_STATES),
        group=_choice(asked.get("group", ""), policy.GROUPS),
        locale=_choice(asked.get("language", ""), tuple(x.code for x in LOCALES)),
        text=asked.get("text", "").replace("\0", "").strip()[:200],
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


def _choice(value: str, choices: tuple[str, ...]) -> str:
    return value if value in choices else ""


def _page(
    cohort: CohortRecord, application: ApplicationRecord | None, form: DecisionForm | None, *, refusal: str = ""
) -> Any:
    session, wanted = frame().reading(), _filter()
    if application and form:
        form.offer(application.state)  # what was posted may come from a page with an older state
    return render(
        "admin/applications.html",
        status=409 if refusal else form.status if form else 200,
        nav="admin",
        cohort=cohort,
        wanted=wanted,
        found=queries.applications(session, cohort.id, wanted),
        counts=queries.state_counts(session, cohort.id).get(cohort.id, {}),
        states=LISTED_STATES,
        names=_names(),
        application=application,
        form=form,
        refusal=refusal,
        trail=queries.decision_trail(session, application.id) if application else [],
        letters=_letters(cohort, application, form) if application and form else [],
        language=matching(application.locale) if application else None,
        languages=LOCALES,
    )


def _names() -> dict[str, dict[str, str]]:
    """Words for the stored choices, in the reader's language."""
    countries = {**country_names(frame().locale.code), OTHER: text(OTHER_COUNTRY), UNSAID: text(COUNTRY_UNSAID)}
    return {
        "groups": {value: text(label) for value, label in GROUP_NAMES.items()},
        "types": {value: text(label) for value, label in ORGANISATION_TYPE_NAMES.items()},
        "reasons": {value: text(label) for value, label in REASON_NAMES.items()},
        "countries": countries,
    }


def _letters(cohort: CohortRecord, application: ApplicationRecord, form: DecisionForm) -> list[tuple[str, str]]:
    """(decision, text of its letter) for each decision that is possible."""
    message, reason = form.message.data or "", form.reason.data or "other"
    return [
        (kind, letter_text(kind, cohort, application, message=message, reason=reason))
        for kind in policy.DECISIONS.get(application.state, ())
    ]
