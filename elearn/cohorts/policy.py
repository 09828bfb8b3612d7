"""Rules of cohorts: windows of whole days in a zone, states by the clock, seats, and which decision may follow which.

Windows are half-open, [opens, closes) in UTC. People type and read the last day *included*.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo, available_timezones

from elearn.i18n.locales import LOCALES, SOURCE

FIRST_YEAR, LAST_YEAR = 2000, 2100
MAX_GRACE_DAYS = 366
MAX_SEATS = 1_000_000
ENTRIES = ("application", "open")
GROUPS = ("civil_society", "academia", "private_sector", "government", "international_organization", "other")
DECLINE_REASONS = ("seats", "profile", "incomplete", "duplicate", "other")

TAKING_A_SEAT = ("offered", "accepted")
ACTIVE = ("submitted", "waitlisted", "offered", "accepted")
# What staff may decide, by the state that an application has. A correction is a decision like any other.
DECISIONS: Mapping[str, tuple[str, ...]] = {
    "submitted": ("accepted", "waitlisted", "declined"),
    "waitlisted": ("accepted", "declined"),
    "offered": ("accepted", "declined"),
    "accepted": ("declined",),
    "declined": ("accepted",),
}


class WindowState(StrEnum):
    """Of the window for applications."""

    BEFORE = "before"
    OPEN = "open"
    CLOSED = "closed"


class StudyState(StrEnum):
    """Of the time for study; in `grace` who has begun may finish."""

    BEFORE = "before"
    OPEN = "open"
    GRACE = "grace"
    CLOSED = "closed"


class Window(NamedTuple):
    """Half-open, in UTC."""

    opens: datetime
    closes: datetime


class HasApplicationWindow(Protocol):
    """A cohort, as far as applications go."""

    @property
    def applications_open(self) -> datetime: ...

    @property
    def applications_close(self) -> datetime: ...


class HasStudyWindow(Protocol):
    """A cohort, as far as study goes."""

    @property
    def study_opens(self) -> datetime: ...

    @property
    def study_closes(self) -> datetime: ...

    @property
    def grace_closes(self) -> datetime: ...


def is_zone(name: str) -> bool:
    """True for a name of the IANA time zone database."""
    return name in available_timezones()


def _midnights(day: date, zone: str) -> tuple[datetime, datetime]:
    """First and last moment, in UTC, at which the clocks of `zone` begin `day`.

    Two moments where midnight is repeated. Where midnight does not exist (clocks go forward at midnight), both are the
    first moment that does: PEP 495 maps the missing time with fold=0 onto the moment after the jump.
    """
    wall = datetime.combine(day, time(), tzinfo=ZoneInfo(zone))
    first, last = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    return (first, first) if last < first else (first, last)


def day_start(day: date, zone: str) -> datetime:
    """The moment at which `day` begins in `zone`, in UTC; of a repeated midnight the first.

    Raises OverflowError for days at the ends of the calendar.
    """
    return _midnights(day, zone)[0]


def day_end(day: date, zone: str) -> datetime:
    """The moment at which `day` is over in `zone`: the next midnight, in UTC; of a repeated midnight the later one, so
    that nobody loses the hour that the clock shows twice."""
    return _midnights(day + timedelta(days=1), zone)[1]


def day_window(first_day: date, last_day: date, zone: str) -> Window:
    """The window that holds both days whole, as the clocks of `zone` (IANA name) show them."""
    return Window(day_start(first_day, zone), day_end(last_day, zone))


def is_midnight_missing(day: date, zone: str) -> bool:
    """True when `day` has no midnight in `zone`, so that it begins later (Cairo 2026-04-24 begins at 01:00)."""
    local = day_start(day, zone).astimezone(ZoneInfo(zone))
    return (local.date(), local.time()) != (day, time())


def days_without_midnight(first_day: date, last_day: date, zone: str) -> tuple[date, ...]:
    """The ends of a window that had to move forward, for a warning: its first day, or the day after its last."""
    return tuple(d for d in (first_day, last_day + timedelta(days=1)) if is_midnight_missing(d, zone))


def first_day(opens: datetime, zone: str) -> date:
    """The day that `day_window` was given as its first."""
    return opens.astimezone(ZoneInfo(zone)).date()


def last_day(closes: datetime, zone: str) -> date:
    """The last day included in a window; the inverse of `day_window`."""
    day = (closes - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    before = day - timedelta(days=1)
    return before if day_end(before, zone) == closes else day  # after a repeated midnight


def last_minute(closes: datetime) -> datetime:
    """The last full minute of a window, which is what people read: until 23:59."""
    return closes - timedelta(minutes=1)


def application_state(cohort: HasApplicationWindow, now: datetime) -> WindowState:
    """Whether applications are not yet, now, or no longer taken."""
    if now < cohort.applications_open:
        return WindowState.BEFORE
    return WindowState.OPEN if now < cohort.applications_close else WindowState.CLOSED


def study_ends(cohort: HasStudyWindow, extended_until: datetime | None = None) -> datetime:
    """When the last possibility to study is over; an extension never takes time away."""
    return cohort.grace_closes if extended_until is None else max(extended_until, cohort.grace_closes)


def study_state(cohort: HasStudyWindow, now: datetime, extended_until: datetime | None = None) -> StudyState:
    """Where the learner stands in the time for study; extended time is study time like any other."""
    if now < cohort.study_opens:
        return StudyState.BEFORE
    if now < max(cohort.study_closes, extended_until or cohort.study_closes):
        return StudyState.OPEN
    return StudyState.GRACE if now < study_ends(cohort, extended_until) else StudyState.CLOSED


def free_seats(seats: int | None, taken: int) -> int | None:
    """Seats left, never below 0; None where seats are not limited."""
    return None if seats is None else max(0, seats - taken)


def added_seats(before: int | None, after: int | None) -> int:
    """Seats that a change adds; 0 where seats are not limited before it or after it."""
    return 0 if before is None or after is None else max(0, after - before)


def is_seat_free(seats: int | None, taken: int) -> bool:
    """True when one more person may be taken in."""
    return seats is None or taken < seats


def may_withdraw(state: str, cohort: HasStudyWindow, now: datetime) -> bool:
    """True while there is something to give back: until the study is over."""
    return state in (*ACTIVE, "draft") and now < cohort.grace_closes


def may_apply(state: str) -> bool:
    """True when a person with an application in this state ("" for none) may write or send one."""
    return state in ("", "draft", "withdrawn")


def in_language(texts: Mapping[str, str], locale: str) -> tuple[str, str]:
    """The text for a reader of `locale` and the language it is in: own, English, else the first there is."""
    for code in (locale, SOURCE, *(known.code for known in LOCALES)):
        if texts.get(code):
            return texts[code], code
    return "", locale
