"""What the public pages show: calls with their days, courses in a language, translated shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.cohorts import queries as cohorts
from elearn.cohorts.models import Cohort
from elearn.cohorts.policy import WindowState
from elearn.cohorts.records import CohortRecord
from elearn.content.model import Course
from elearn.courses.library import Reading


@dataclass(frozen=True, slots=True)
class Call:
    """A cohort as a visitor sees it: its state, and the days of its window before today and from today on."""

    cohort: CohortRecord
    state: WindowState
    days_past: int
    days_left: int


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a course is there in one language, by words, between 0 and 1."""

    locale: str
    endonym: str
    share: float


def call(cohort: CohortRecord, now: datetime) -> Call:
    """The cohort with its days counted in its own zone; today counts as a day left."""
    zone = ZoneInfo(cohort.zone)
    today = now.astimezone(zone).date()
    first = cohort.applications_open.astimezone(zone).date()
    last = cohort.last_minute.astimezone(zone).date()
    return Call(cohort, cohort.state(now), max(0, (today - first).days), max(0, (last - today).days + 1))


def open_calls(session: Session) -> list[Call]:
    """Calls that take applications now, the one that closes first first."""
    now = clock.now()
    return [call(cohort, now) for cohort in cohorts.open_calls(session, now)]


def calls_of_course(session: Session, course: str) -> list[Call]:
    """All calls of a course: open ones, coming ones, closed ones."""
    now = clock.now()
    order = [WindowState.OPEN, WindowState.BEFORE, WindowState.CLOSED]
    calls = [call(cohort, now) for cohort in cohorts.cohorts_of_course(session, course)]
    return sorted(calls, key=lambda found: order.index(found.state))


@dataclass(frozen=True, slots=True)
class PublicState:
    """What makes public pages stale: changes of cohorts, and when the next window opens or closes."""

    cohorts: tuple[object, ...]
    next_edge: datetime | None


def public_state(session: Session) -> PublicState:
    """Read once a second by each process for the pages that it keeps."""
    changed = session.execute(select(func.count(), func.max(Cohort.updated_at)).select_from(Cohort)).one()
    return PublicState(tuple(changed), next_edge(session.execute(_EDGES), clock.now()))


def next_edge(rows: object, now: datetime) -> datetime | None:
    """The first moment after `now` among the edges of windows."""
    return min((edge for row in rows for edge in row if edge > now), default=None)  # type: ignore[attr-defined]


_EDGES = select(Cohort.applications_open, Cohort.applications_close, Cohort.study_opens, Cohort.study_closes)


def shares(course: Course, readings: Sequence[Reading]) -> list[Share]:
    """The translated share of a course in each language."""
    return [Share(r.locale.code, r.locale.endonym, _share(_Keyed(course, r))) for r in readings]


class _Keyed:
    """A reading that is equal to another when nothing changed."""

    def __init__(self, course: Course, reading: Reading) -> None:
        self.course = course
        self.reading = reading

    def __hash__(self) -> int:
        return hash(self.reading.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and other.reading.key == self.reading.key


@lru_cache(maxsize=64)
def _share(keyed: _Keyed) -> float:
    if keyed.reading.edition.is_source:
        return 1.0
    total = done = 0
    for unit in keyed.course.units():
        total += unit.words
        text = keyed.reading.texts.get(unit.context)
        done += unit.words if text is not None and not text.outdated else 0
    return done / total if total else 1.0
