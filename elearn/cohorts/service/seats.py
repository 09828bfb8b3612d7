"""Seats, exact under parallel requests: whoever changes who has a seat holds the cohort's row until the commit.

PostgreSQL locks the row (FOR UPDATE); on SQLite the write transaction itself is the lock (BEGIN IMMEDIATE).
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.cohorts import policy
from elearn.cohorts.models import Application, Cohort, Decision, Enrolment
from elearn.cohorts.service.letters import Titles, write_about
from elearn.errors import NotFound

SEAT_FREED = "seat_freed"


def lock_cohort(session: Session, cohort_id: int) -> Cohort:
    """The cohort as it is now, held until the end of the transaction. Raises NotFound."""
    statement = (
        select(Cohort)
        .where(Cohort.id == cohort_id, Cohort.archived_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    cohort = session.scalars(statement).first()
    if cohort is None:
        raise NotFound
    return cohort


def taken_seats(session: Session, cohort_id: int) -> int:
    """How many have a seat. Exact only while the cohort is locked."""
    statement = select(func.count()).where(
        Application.cohort_id == cohort_id, Application.state.in_(policy.TAKING_A_SEAT)
    )
    return session.execute(statement).scalar_one()


def has_free_seat(session: Session, cohort: Cohort) -> bool:
    """Whether one more can be taken in. The cohort must be locked."""
    return policy.is_seat_free(cohort.seats, taken_seats(session, cohort.id))


def move(
    session: Session,
    application: Application,
    to_state: str,
    *,
    actor_id: int | None,
    reason: str = "",
    message: str = "",
) -> int:
    """Put an application into another state and write down who did it and why; the number of this step, from 1."""
    now = clock.now()
    session.add(
        Decision(
            application_id=application.id,
            actor_id=actor_id,
            at=now,
            from_state=application.state,
            to_state=to_state,
            reason=reason,
            message=message,
        )
    )
    application.state = to_state
    application.updated_at = now
    session.flush()
    statement = select(func.count()).where(Decision.application_id == application.id)
    return session.execute(statement).scalar_one()


def seat(session: Session, application: Application) -> Enrolment:
    """Enrol the applicant; who comes back after a withdrawal gets the same enrolment again, with its progress."""
    enrolment = _enrolment(session, application)
    if enrolment is None:
        enrolment = Enrolment(
            cohort_id=application.cohort_id, person_id=application.person_id, enrolled_at=clock.now(), withdrawn_at=None
        )
        session.add(enrolment)
    enrolment.withdrawn_at = None
    session.flush()
    return enrolment


def unseat(session: Session, application: Application) -> None:
    """End the enrolment; what was learnt stays."""
    enrolment = _enrolment(session, application)
    if enrolment is not None and enrolment.withdrawn_at is None:
        enrolment.withdrawn_at = clock.now()


def promote_waiting(session: Session, cohort: Cohort, *, seats: int, titles: Titles) -> int:
    """Give `seats` that were freed or added just now to people on the waiting list, who waited longest first.

    Other free seats stay free: staff may have people wait beside them. So nobody comes in by this where seats are not
    limited, nor when study is over. Each is enrolled and gets a letter. The cohort must be locked. Returns how many
    came in.
    """
    free = policy.free_seats(cohort.seats, taken_seats(session, cohort.id))
    if free is None or clock.now() >= cohort.study_closes:
        return 0
    statement = (
        select(Application)
        .where(Application.cohort_id == cohort.id, Application.state == "waitlisted")
        .order_by(Application.submitted_at, Application.id)
        .limit(min(seats, free))
    )
    waiting = list(session.scalars(statement))
    for application in waiting:
        step = move(session, application, "accepted", actor_id=None, reason=SEAT_FREED)
        seat(session, application)
        write_about(session, application, cohort, kind=_promotion_letter(cohort), step=step, titles=titles)
    return len(waiting)


def _promotion_letter(cohort: Cohort) -> str:
    return "enrolled" if cohort.entry == "open" else "accepted"


def _enrolment(session: Session, application: Application) -> Enrolment | None:
    statement = select(Enrolment).where(
        Enrolment.cohort_id == application.cohort_id, Enrolment.person_id == application.person_id
    )
    return session.scalars(statement).first()
