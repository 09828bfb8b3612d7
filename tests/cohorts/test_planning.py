"""Cohorts are planned in days and changed with care."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from elearn.cohorts import queries
from elearn.cohorts.service import deciding, planning
from elearn.cohorts.service.planning import CohortPlan
from elearn.errors import RuleBroken
from tests.cohorts.test_applying import TITLES, apply
from tests.cohorts.test_deciding import decide
from tests.factories import make_open_call, make_person

PLAN = CohortPlan(
    course="untoc",
    names={"en": "First cohort", "ar": "الدفعة الأولى", "fr": "  "},
    notes={"en": "The deadline of 2025 is ours."},
    zone="Europe/Vienna",
    first_application_day=date(2025, 9, 1),
    last_application_day=date(2025, 10, 5),
    first_study_day=date(2025, 10, 15),
    last_study_day=date(2025, 12, 1),
    grace_days=7,
    seats=120,
)


def test_a_cohort_is_stored_in_utc_and_reads_back_as_the_same_plan(session: Session) -> None:
    cohort = planning.create_cohort(session, plan=PLAN, actor_id=make_person(session).id)
    assert cohort.study_opens == datetime(2025, 10, 14, 22, tzinfo=UTC)
    assert cohort.study_closes == datetime(2025, 12, 1, 23, tzinfo=UTC)
    assert cohort.grace_closes == datetime(2025, 12, 8, 23, tzinfo=UTC)
    assert cohort.names == {"en": "First cohort", "ar": "الدفعة الأولى"}
    expected = replace(PLAN, names=cohort.names, slug="2025-10-15")
    assert planning.plan_of(cohort) == expected
    assert planning.plan_of(queries.cohort(session, cohort.id)) == expected


def test_cohorts_that_begin_on_one_day_get_different_slugs(session: Session) -> None:
    actor = make_person(session).id
    slugs = [planning.create_cohort(session, plan=PLAN, actor_id=actor).slug for _ in range(3)]
    assert slugs == ["2025-10-15", "2025-10-15-2", "2025-10-15-3"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"names": {"en": " "}}, "name_en"),
        ({"entry": "lottery"}, "entry"),
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"zone": "../etc/passwd"}, "zone"),
        ({"first_study_day": date(1, 1, 1)}, "first_study_day"),
        ({"last_study_day": date(9999, 12, 31)}, "last_study_day"),
        ({"last_application_day": date(2025, 8, 31)}, "last_application_day"),
        ({"last_study_day": date(2025, 10, 14)}, "last_study_day"),
        ({"last_application_day": date(2025, 12, 2)}, "last_application_day"),
        ({"grace_days": 367}, "grace_days"),
        ({"seats": 0}, "seats"),
        ({"seats": 10**9}, "seats"),
    ],
)
def test_a_plan_that_breaks_a_rule_names_the_field(session: Session, change: dict[str, object], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        planning.create_cohort(session, plan=replace(PLAN, **change), actor_id=make_person(session).id)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_change_is_kept_with_before_and_after(session: Session) -> None:
    actor = make_person(session)
    cohort = planning.create_cohort(session, plan=PLAN, actor_id=actor.id)
    for plan in (replace(PLAN, seats=130), replace(PLAN, seats=130)):  # the second changes nothing
        planning.change_cohort(session, cohort_id=cohort.id, plan=plan, actor_id=actor.id, titles=TITLES)
    session.flush()
    changes = queries.changes(session, cohort.id)
    assert [(c.before, c.after) for c in changes[:-1]] == [({"seats": 120}, {"seats": 130})]
    assert changes[-1].before == {}
    assert changes[-1].after["study_opens"] == "2025-10-14T22:00:00+00:00"


def test_there_cannot_be_fewer_seats_than_are_taken(session: Session) -> None:
    cohort = make_open_call(session, entry="open", seats=2)
    apply(session, cohort), apply(session, cohort)
    plan = replace(planning.plan_of(cohort), seats=1)
    with pytest.raises(RuleBroken) as refused:
        planning.change_cohort(session, cohort_id=cohort.id, plan=plan, actor_id=make_person(session).id, titles=TITLES)
    assert (refused.value.field, refused.value.values) == ("seats", {"taken": 2})


def test_more_seats_take_in_people_who_wait(session: Session) -> None:
    cohort = make_open_call(session, entry="open", seats=1)
    _, second, third = (apply(session, cohort) for _ in range(3))
    plan = replace(planning.plan_of(cohort), seats=2)
    planning.change_cohort(session, cohort_id=cohort.id, plan=plan, actor_id=make_person(session).id, titles=TITLES)
    assert (second.state, third.state) == ("accepted", "waitlisted")


@pytest.mark.parametrize(
    ("seats", "change"),
    [
        (5, {"names": {"en": "Renamed"}}),
        (5, {"seats": 4}),
        (None, {"grace_days": 9}),
        (5, {"seats": None}),
        (None, {"seats": 5}),
    ],
)
def test_a_change_that_adds_no_seats_leaves_the_waiting_list_alone(
    session: Session, seats: int | None, change: dict[str, object]
) -> None:
    cohort = make_open_call(session, seats=seats)
    waiting = apply(session, cohort)
    decide(session, waiting, "waitlisted")
    plan = replace(planning.plan_of(cohort), **change)  # type: ignore[arg-type]
    planning.change_cohort(session, cohort_id=cohort.id, plan=plan, actor_id=make_person(session).id, titles=TITLES)
    assert waiting.state == "waitlisted"


def test_added_seats_take_in_no_more_people_than_there_are_of_them(session: Session) -> None:
    cohort = make_open_call(session, seats=5)
    waiting = [apply(session, cohort) for _ in range(3)]
    for application in waiting:
        decide(session, application, "waitlisted")
    plan = replace(planning.plan_of(cohort), seats=7)
    planning.change_cohort(session, cohort_id=cohort.id, plan=plan, actor_id=make_person(session).id, titles=TITLES)
    assert [application.state for application in waiting] == ["accepted", "accepted", "waitlisted"]


def test_study_time_is_not_taken_from_enrolled_people_without_a_word(session: Session) -> None:
    cohort, actor = make_open_call(session), make_person(session).id
    plan = planning.plan_of(cohort)
    shorter = replace(plan, last_study_day=plan.last_study_day - timedelta(days=1))
    planning.change_cohort(session, cohort_id=cohort.id, plan=shorter, actor_id=actor, titles=TITLES)  # nobody is in
    deciding.enrol(session, cohort_id=cohort.id, person_id=make_person(session).id)
    shorter = replace(shorter, last_study_day=shorter.last_study_day - timedelta(days=1))
    with pytest.raises(RuleBroken) as refused:
        planning.change_cohort(session, cohort_id=cohort.id, plan=shorter, actor_id=actor, titles=TITLES)
    assert (refused.value.field, refused.value.values) == ("confirm", {"number": 1})
    changed = planning.change_cohort(
        session, cohort_id=cohort.id, plan=shorter, actor_id=actor, titles=TITLES, is_confirmed=True
    )
    assert planning.plan_of(changed).last_study_day == shorter.last_study_day
