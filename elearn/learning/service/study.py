"""Who studies, and whether the time for it is now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from elearn.cohorts.models import Enrolment
from elearn.cohorts.policy import StudyState
from elearn.cohorts.records import Enrolled
from elearn.errors import Closed, NotFound
from elearn.i18n import dates
from elearn.i18n.markers import N_

NOT_YET = N_("Study in your cohort begins on %(moment)s.")
OVER = N_("Study in your cohort ended on %(moment)s. What you did is kept, and you can still read everything.")

_LOCK = (
    select(Enrolment.id)
    .where(Enrolment.id == bindparam("enrolment"), Enrolment.withdrawn_at.is_(None))
    .with_for_update()
)


@dataclass(frozen=True, slots=True)
class Student:
    """An enrolment, the language in which its person studies now, and the zone (IANA) in which they read times."""

    enrolled: Enrolled
    locale: str
    zone: str

    def moment(self, moment: datetime) -> str:
        """A moment as this person reads it."""
        return dates.datetime_(moment, self.locale, self.zone)


def closed_sentence(student: Student, now: datetime) -> Closed | None:
    """Why nothing is recorded now, as an error that can be raised or shown; None while study is open or in grace."""
    enrolled = student.enrolled
    match enrolled.state(now):
        case StudyState.BEFORE:
            return Closed(NOT_YET, moment=student.moment(enrolled.study_opens))
        case StudyState.CLOSED:
            return Closed(OVER, moment=student.moment(enrolled.last_minute))
    return None


def require_study(student: Student, now: datetime) -> None:
    """Raises Closed outside of the time for study."""
    error = closed_sentence(student, now)
    if error is not None:
        raise error


def lock_enrolment(session: Session, enrolment_id: int) -> None:
    """Hold the enrolment until the commit, so that what one learner does in two windows of a browser happens one after
    the other (PostgreSQL; on SQLite the transaction is the lock). Raises NotFound after a withdrawal."""
    if session.execute(_LOCK, {"enrolment": enrolment_id}).first() is None:
        raise NotFound
