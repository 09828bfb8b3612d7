"""People apply: keep a draft, send it, take it back."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.cohorts import policy
from elearn.cohorts.models import Application, Cohort, Decision
from elearn.cohorts.policy import WindowState
from elearn.cohorts.service.letters import Titles, write_about
from elearn.cohorts.service.seats import has_free_seat, lock_cohort, move, promote_waiting, seat, unseat
from elearn.errors import Closed, Conflict, NotFound, RuleBroken
from elearn.i18n.markers import N_

NOT_YET = N_("Applications for this cohort are not open yet.")
OVER = N_("Applications for this cohort are closed.")
APPLIED = N_("You have already applied for this cohort. Your first application stands.")
NO_CONSENT = N_("Please agree that the course team reads your application; without that it cannot be decided on.")
TOO_LATE = N_("There is nothing left to withdraw: the application was decided on, or the cohort is over.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the form asks. `locale` is the language for letters."""

    locale: str
    stakeholder_group: str = ""
    organisation: str = ""
    organisation_type: str = ""
    country: str = ""
    motivation: str = ""
    consent: bool = False


def save_draft(session: Session, *, cohort_id: int, person_id: int, answers: Answers) -> Application:
    """Keep what was written so far; nobody but its writer reads it, also when another was sent and withdrawn before.

    Raises Closed outside of the window and Conflict once an application was sent.
    """
    cohort = lock_cohort(session, cohort_id)
    application = _writable(session, cohort, person_id)
    application.state, application.submitted_at, application.consented_at = "draft", None, None
    _write(application, answers)
    session.flush()
    return application


def submit_application(
    session: Session, *, cohort_id: int, person_id: int, answers: Answers, titles: Titles
) -> Application:
    """Send an application; where entry is open, be enrolled at once or stand on the waiting list.

    Raises Closed outside of the window, Conflict for a second application, RuleBroken without consent.
    """
    if not answers.consent:
        raise RuleBroken(NO_CONSENT, field="consent")
    cohort = lock_cohort(session, cohort_id)
    application = _writable(session, cohort, person_id)
    _write(application, answers)
    application.consented_at = application.submitted_at = clock.now()
    session.flush()
    state = _state_on_arrival(session, cohort)
    step = move(session, application, state, actor_id=person_id)
    if state == "accepted":
        seat(session, application)
    kind = {"submitted": "application_received", "accepted": "enrolled", "waitlisted": "waitlisted"}[state]
    write_about(session, application, cohort, kind=kind, step=step, titles=titles)
    return application


def withdraw(session: Session, *, cohort_id: int, person_id: int, titles: Titles) -> Application:
    """Take an application back; a seat goes to who waits longest. A draft is discarded, without a letter.

    Raises NotFound where there is none and Closed when there is nothing left to withdraw.
    """
    cohort = lock_cohort(session, cohort_id)
    application = _own(session, cohort_id, person_id)
    if application is None:
        raise NotFound
    if not policy.may_withdraw(application.state, cohort, clock.now()):
        raise Closed(TOO_LATE)
    was = application.state
    if was == "draft":
        _discard(session, application)
        return application
    step = move(session, application, "withdrawn", actor_id=person_id)
    unseat(session, application)
    write_about(session, application, cohort, kind="application_withdrawn", step=step, titles=titles)
    if was in policy.TAKING_A_SEAT:
        promote_waiting(session, cohort, seats=1, titles=titles)
    return application


def _discard(session: Session, draft: Application) -> None:
    """Nothing that was written stays; where an application was sent before, its trail does."""
    trail = select(Decision.id).where(Decision.application_id == draft.id).limit(1)
    if session.execute(trail).first() is None:
        session.delete(draft)
    else:
        _write(draft, Answers(locale=draft.locale))
        draft.state = "withdrawn"
    session.flush()


def _state_on_arrival(session: Session, cohort: Cohort) -> str:
    if cohort.entry == "application":
        return "submitted"
    return "accepted" if has_free_seat(session, cohort) else "waitlisted"


def _own(session: Session, cohort_id: int, person_id: int) -> Application | None:
    statement = (
        select(Application)
        .where(Application.cohort_id == cohort_id, Application.person_id == person_id)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).first()


def _writable(session: Session, cohort: Cohort, person_id: int) -> Application:
    """The person's application as long as it may be written. Raises Closed or Conflict."""
    application = _own(session, cohort.id, person_id)
    if application is not None and not policy.may_apply(application.state):
        raise Conflict(APPLIED)
    window = policy.application_state(cohort, clock.now())
    if window is not WindowState.OPEN:
        raise Closed(NOT_YET if window is WindowState.BEFORE else OVER)
    if application is None:
        application = Application(cohort_id=cohort.id, person_id=person_id, state="draft", locale="en")
        session.add(application)
    return application


def _write(application: Application, answers: Answers) -> None:
    for name in ("locale", "stakeholder_group", "organisation", "organisation_type", "country", "motivation"):
        setattr(application, name, getattr(answers, name))
    application.updated_at = clock.now()
