"""Staff decide on applications, enrol people themselves and give single learners more time."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.accounts.models import Person
from elearn.cohorts import policy
from elearn.cohorts.models import Application, Cohort, Enrolment, Extension
from elearn.cohorts.service.letters import Titles, letter_values, write_about
from elearn.cohorts.service.seats import has_free_seat, lock_cohort, move, promote_waiting, seat, unseat
from elearn.errors import Conflict, NotFound, RuleBroken
from elearn.i18n import dates
from elearn.i18n.markers import N_
from elearn.mail.letters import post

FULL = N_("All seats of this cohort are taken (%(seats)s). Raise the number of seats, or use the waiting list.")
CHANGED = N_("This application has changed since you opened it. Look at it again, then decide.")
NO_DECISION = N_("Please choose one of the decisions that are possible now.")
NO_REASON = N_("Please choose the kind of reason; the applicant reads it in the letter.")
NOT_LATER = N_("Please give a day after the days of grace of the cohort; before that the learner can study anyway.")
WITHDRAWN = N_("This person has withdrawn from the cohort.")
ALREADY_IN = N_("This person has already applied for this cohort or is enrolled in it.")
WHY = N_("Please write down why; colleagues will ask.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a staff member decided. `seen_state` is the state that the application had on their screen.

    `reason` is one of `policy.DECLINE_REASONS` where somebody is declined; `message` goes into the letter as it is.
    """

    seen_state: str
    to_state: str
    reason: str = ""
    message: str = ""


def decide(session: Session, *, application_id: int, ruling: Ruling, actor_id: int, titles: Titles) -> Application:
    """Accept, put on the waiting list or decline; a letter goes out in the applicant's language.

    Accepting enrols; declining somebody who was accepted ends the enrolment, and the seat goes to who waits longest.
    Raises NotFound, Conflict (changed meanwhile, no seat free) and RuleBroken (not a possible decision, no reason).
    """
    application, cohort = _locked(session, application_id)
    _check(session, application, cohort, ruling)
    had_a_seat = application.state in policy.TAKING_A_SEAT
    told = {"reason": ruling.reason if ruling.to_state == "declined" else "", "message": ruling.message}
    step = move(session, application, ruling.to_state, actor_id=actor_id, **told)
    write_about(session, application, cohort, kind=ruling.to_state, step=step, titles=titles, **told)
    if ruling.to_state == "accepted":
        seat(session, application)
    elif had_a_seat:
        unseat(session, application)
        promote_waiting(session, cohort, seats=1, titles=titles)
    return application


def _check(session: Session, application: Application, cohort: Cohort, ruling: Ruling) -> None:
    if application.state != ruling.seen_state:
        raise Conflict(CHANGED)
    if ruling.to_state not in policy.DECISIONS.get(application.state, ()):
        raise RuleBroken(NO_DECISION, field="decision")
    if ruling.to_state == "declined" and ruling.reason not in policy.DECLINE_REASONS:
        raise RuleBroken(NO_REASON, field="reason")
    takes_a_seat = ruling.to_state in policy.TAKING_A_SEAT and application.state not in policy.TAKING_A_SEAT
    if takes_a_seat and not has_free_seat(session, cohort):
        raise Conflict(FULL, seats=cohort.seats)


def enrol(session: Session, *, cohort_id: int, person_id: int, actor_id: int | None = None) -> Enrolment:
    """Enrol a person by staff, whatever the window says; seats still count. No letter goes out.

    Raises Conflict where no seat is free, or where the person has applied already.
    """
    cohort = lock_cohort(session, cohort_id)
    person = session.get_one(Person, person_id)
    statement = select(Application.id).where(Application.cohort_id == cohort_id, Application.person_id == person_id)
    if session.execute(statement).first() is not None:
        raise Conflict(ALREADY_IN)
    if not has_free_seat(session, cohort):
        raise Conflict(FULL, seats=cohort.seats)
    now = clock.now()
    application = Application(
        cohort_id=cohort_id, person_id=person_id, state="draft", locale=person.locale, submitted_at=now, updated_at=now
    )
    session.add(application)
    session.flush()
    move(session, application, "accepted", actor_id=actor_id)
    return seat(session, application)


def extend(
    session: Session, *, enrolment_id: int, last_day: date, reason: str, actor_id: int, titles: Titles
) -> Extension:
    """Give one learner time until the end of `last_day` in the cohort's zone; a letter tells them. The latest counts.

    Raises NotFound, Conflict after a withdrawal, RuleBroken (fields "until", "reason") without a reason or when the
    day gives no more time than the learner has.
    """
    enrolment = session.get(Enrolment, enrolment_id, populate_existing=True)
    if enrolment is None:
        raise NotFound
    cohort = lock_cohort(session, enrolment.cohort_id)
    if enrolment.withdrawn_at is not None:
        raise Conflict(WITHDRAWN)
    if not reason.strip():
        raise RuleBroken(WHY, field="reason")
    until = _until(cohort, last_day)
    extension = Extension(
        enrolment_id=enrolment_id, until=until, actor_id=actor_id, at=clock.now(), reason=reason.strip()
    )
    session.add(extension)
    session.flush()
    _tell(session, enrolment, cohort, extension, titles)
    return extension


def _until(cohort: Cohort, last_day: date) -> datetime:
    """The end of the day: later than the cohort's own end, maybe earlier than an earlier extension."""
    in_range = policy.FIRST_YEAR <= last_day.year <= policy.LAST_YEAR
    until = policy.day_end(last_day, cohort.zone) if in_range else cohort.grace_closes
    if until <= cohort.grace_closes:
        raise RuleBroken(NOT_LATER, field="until")
    return until


def _locked(session: Session, application_id: int) -> tuple[Application, Cohort]:
    statement = select(Application.cohort_id).where(Application.id == application_id, Application.state != "draft")
    cohort_id = session.execute(statement).scalar()
    if cohort_id is None:
        raise NotFound
    cohort = lock_cohort(session, cohort_id)
    return session.get_one(Application, application_id, populate_existing=True), cohort


def _tell(session: Session, enrolment: Enrolment, cohort: Cohort, extension: Extension, titles: Titles) -> None:
    person = session.get_one(Person, enrolment.person_id)
    locale = person.locale
    until = dates.datetime_(policy.last_minute(extension.until), locale, cohort.zone)
    values = letter_values(cohort, person.full_name, locale=locale, titles=titles)
    post(
        session,
        kind="extended",
        to=person.email,
        locale=locale,
        occasion=f"extension:{extension.id}",
        values={**values, "until": until},
    )
