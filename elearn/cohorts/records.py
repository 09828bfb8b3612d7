"""What the queries of cohorts give: frozen records, with the states that the clock gives them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from elearn.cohorts import policy
from elearn.cohorts.policy import StudyState, WindowState

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class CohortRecord:
    """A cohort with the seats that are taken. `scope` is the course, for access checks."""

    id: int
    course: str
    slug: str
    names: dict[str, str]
    notes: dict[str, str]
    entry: str
    zone: str
    applications_open: datetime
    applications_close: datetime
    study_opens: datetime
    study_closes: datetime
    grace_closes: datetime
    seats: int | None
    taken: int

    @property
    def scope(self) -> str:
        return self.course

    @property
    def is_open_entry(self) -> bool:
        """True where to apply is to be enrolled."""
        return self.entry == "open"

    @property
    def seats_left(self) -> int | None:
        """None where seats are not limited."""
        return policy.free_seats(self.seats, self.taken)

    @property
    def last_minute(self) -> datetime:
        """The last minute in which an application can be sent."""
        return policy.last_minute(self.applications_close)

    @property
    def last_study_minute(self) -> datetime:
        return policy.last_minute(self.study_closes)

    def state(self, now: datetime) -> WindowState:
        """Of the window for applications."""
        return policy.application_state(self, now)

    def study_state(self, now: datetime) -> StudyState:
        return policy.study_state(self, now)

    def name(self, locale: str) -> str:
        """For readers of `locale`; in another language where it has none there."""
        return policy.in_language(self.names, locale)[0]

    def note(self, locale: str) -> tuple[str, str]:
        """The public note and the language it is in; ("", locale) where there is none."""
        return policy.in_language(self.notes, locale)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An enrolment with the windows of its cohort. `scope` is the course, for access checks."""

    id: int
    cohort_id: int
    person_id: int
    enrolled_at: datetime
    withdrawn_at: datetime | None
    course: str
    names: dict[str, str]
    zone: str
    study_opens: datetime
    study_closes: datetime
    grace_closes: datetime
    extended_until: datetime | None

    @property
    def scope(self) -> str:
        return self.course

    @property
    def ends(self) -> datetime:
        """When the last possibility to study is over (half-open)."""
        return policy.study_ends(self, self.extended_until)

    @property
    def last_minute(self) -> datetime:
        """The last minute for study, grace and extension included."""
        return policy.last_minute(self.ends)

    @property
    def last_study_minute(self) -> datetime:
        """The last minute of the study window, or of the extension where that is later."""
        return policy.last_minute(max(self.study_closes, self.extended_until or self.study_closes))

    def state(self, now: datetime) -> StudyState:
        return policy.study_state(self, now, self.extended_until)

    def may_study(self, now: datetime) -> bool:
        """True when answers and lessons done are taken."""
        return self.withdrawn_at is None and self.state(now) in (StudyState.OPEN, StudyState.GRACE)

    def name(self, locale: str) -> str:
        """The cohort's name for readers of `locale`."""
        return policy.in_language(self.names, locale)[0]


@dataclass(frozen=True, slots=True)
class LearnerRecord:
    """An enrolment with the person it is about, for staff."""

    enrolled: Enrolled
    full_name: str
    email: str
    locale: str


@dataclass(frozen=True, slots=True)
class ApplicationRecord:
    """An application with its applicant. `scope` is the course, for access checks."""

    id: int
    cohort_id: int
    course: str
    person_id: int
    full_name: str
    email: str
    state: str
    stakeholder_group: str
    organisation: str
    organisation_type: str
    country: str
    motivation: str
    locale: str
    submitted_at: datetime | None
    updated_at: datetime

    @property
    def scope(self) -> str:
        return self.course


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """One step of an application; without an actor the platform itself took it."""

    at: datetime
    actor: str | None
    from_state: str
    to_state: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """One change of a cohort."""

    at: datetime
    actor: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ExtensionRecord:
    """More time for a learner, as it was given."""

    at: datetime
    actor: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ApplicationFilter:
    """What a list of applications is narrowed to; "" is everything. `page` counts from 1."""

    state: str = ""
    group: str = ""
    locale: str = ""
    text: str = ""
    page: int = 1

    @property
    def is_narrow(self) -> bool:
        return bool(self.state or self.group or self.locale or self.text)


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """One page of a list; `first` and `last` count from 1."""

    rows: Sequence[ApplicationRecord]
    total: int
    number: int

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def has_next(self) -> bool:
        return self.last < self.total
