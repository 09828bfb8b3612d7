"""Windows in zones, states by the clock, seats."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from elearn.cohorts import policy
from elearn.cohorts.policy import StudyState, WindowState


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Run:
    applications_open: datetime
    applications_close: datetime
    study_opens: datetime
    study_closes: datetime
    grace_closes: datetime


RUN = Run(*(utc(f"2026-{day}T00:00") for day in ("01-01", "02-01", "03-01", "04-01", "04-08")))


def test_a_window_holds_its_first_and_its_last_day_whole() -> None:
    opens, closes = policy.day_window(date(2025, 10, 15), date(2025, 12, 1), "Europe/Vienna")
    assert opens == utc("2025-10-14T22:00")  # still summer time
    assert closes == utc("2025-12-01T23:00")  # winter time


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-23T22:00"),
        ("Asia/Beirut", date(2026, 3, 29), "2026-03-28T22:00"),
        ("America/Havana", date(2026, 3, 8), "2026-03-08T05:00"),
        ("America/Santiago", date(2026, 9, 6), "2026-09-06T04:00"),
    ],
)
def test_a_midnight_that_does_not_exist_moves_forward_with_a_warning(zone: str, day: date, begins: str) -> None:
    assert policy.day_start(day, zone) == utc(begins)
    assert policy.day_end(day - timedelta(days=1), zone) == utc(begins)
    assert policy.is_midnight_missing(day, zone)
    assert policy.days_without_midnight(day, day + timedelta(days=9), zone) == (day,)
    assert policy.days_without_midnight(day - timedelta(days=9), day - timedelta(days=1), zone) == (day,)
    assert policy.last_day(utc(begins), zone) == day - timedelta(days=1)


def test_a_day_that_never_was_is_skipped_whole() -> None:
    assert policy.day_start(date(2011, 12, 30), "Pacific/Apia") == utc("2011-12-30T10:00")  # 31 December there
    assert policy.is_midnight_missing(date(2011, 12, 30), "Pacific/Apia")


def test_of_a_repeated_midnight_the_first_opens_and_the_later_closes() -> None:
    day = date(2026, 11, 1)  # at 01:00 the clocks of Havana go back to 00:00
    assert policy.day_start(day, "America/Havana") == utc("2026-11-01T04:00")
    assert policy.day_end(date(2026, 10, 31), "America/Havana") == utc("2026-11-01T05:00")
    assert not policy.is_midnight_missing(day, "America/Havana")


@pytest.mark.parametrize(
    "zone",
    [
        "UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Europe/Vienna", "Africa/Cairo", "Asia/Beirut", "America/Havana",
        "America/Santiago", "America/Nuuk", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Casablanca",
    ],
)  # fmt: skip
def test_the_days_of_a_window_come_back_as_they_were_typed(zone: str) -> None:
    for offset in range(800):
        day = date(2025, 6, 1) + timedelta(days=offset)
        opens, closes = policy.day_window(day, day, zone)
        assert opens < closes
        assert policy.first_day(opens, zone) == day
        assert policy.last_day(closes, zone) == day


def test_days_begin_a_day_apart_at_the_two_ends_of_the_world() -> None:
    day = date(2026, 6, 1)
    assert policy.day_start(day, "Pacific/Kiritimati") == utc("2026-05-31T10:00")  # UTC+14
    assert policy.day_start(day, "Etc/GMT+12") == utc("2026-06-01T12:00")  # UTC-12


def test_a_window_that_was_not_made_of_days_still_has_a_last_day() -> None:
    assert policy.last_day(utc("2026-06-01T12:30"), "Europe/Vienna") == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2025-12-31T23:59:59", WindowState.BEFORE),
        ("2026-01-01T00:00:00", WindowState.OPEN),
        ("2026-01-31T23:59:59", WindowState.OPEN),
        ("2026-02-01T00:00:00", WindowState.CLOSED),
    ],
)
def test_applications_are_taken_from_the_opening_until_just_before_the_closing(moment: str, state: WindowState) -> None:
    assert policy.application_state(RUN, utc(moment)) is state


@pytest.mark.parametrize(
    ("moment", "until", "state"),
    [
        ("2026-02-28T23:59:59", None, StudyState.BEFORE),
        ("2026-03-01T00:00:00", None, StudyState.OPEN),
        ("2026-04-01T00:00:00", None, StudyState.GRACE),
        ("2026-04-07T23:59:59", None, StudyState.GRACE),
        ("2026-04-08T00:00:00", None, StudyState.CLOSED),
        ("2026-04-08T00:00:00", "2026-05-01T00:00", StudyState.OPEN),
        ("2026-05-01T00:00:00", "2026-05-01T00:00", StudyState.CLOSED),
        ("2026-04-07T00:00:00", "2026-04-03T00:00", StudyState.GRACE),
        ("2026-02-01T00:00:00", "2026-05-01T00:00", StudyState.BEFORE),
    ],
)
def test_study_goes_from_before_to_open_to_grace_to_closed(moment: str, until: str | None, state: StudyState) -> None:
    assert policy.study_state(RUN, utc(moment), utc(until) if until else None) is state


def test_an_extension_never_takes_time_away() -> None:
    assert policy.study_ends(RUN, utc("2026-01-01T00:00")) == RUN.grace_closes
    assert policy.study_ends(RUN, utc("2026-05-01T00:00")) == utc("2026-05-01T00:00")


def test_seats_run_out_and_never_below_none() -> None:
    assert policy.is_seat_free(2, 1)
    assert not policy.is_seat_free(2, 2)
    assert policy.is_seat_free(None, 10_000)
    assert policy.free_seats(2, 3) == 0
    assert policy.free_seats(None, 3) is None


def test_seats_are_added_only_between_two_limits() -> None:
    assert [policy.added_seats(*change) for change in ((1, 3), (3, 1), (2, 2), (None, 3), (3, None))] == [2, 0, 0, 0, 0]


def test_names_fall_back_to_english_then_to_any_language() -> None:
    assert policy.in_language({"en": "Cohort", "ar": "الدفعة"}, "ar") == ("الدفعة", "ar")
    assert policy.in_language({"en": "Cohort", "ar": "الدفعة"}, "fr") == ("Cohort", "en")
    assert policy.in_language({"es": "Cohorte"}, "fr") == ("Cohorte", "es")
    assert policy.in_language({}, "fr") == ("", "fr")


def test_every_decision_leads_to_a_state_that_can_be_corrected() -> None:
    for state in ("accepted", "declined", "waitlisted"):
        assert policy.DECISIONS[state]
    assert "withdrawn" not in policy.DECISIONS  # who went away is not brought back by staff
