"""Decisions, corrections, staff enrolments, extensions."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from elearn import clock
from elearn.cohorts import policy, queries
from elearn.cohorts.models import Application
from elearn.cohorts.service import applying, deciding
from elearn.cohorts.service.deciding import Ruling
from elearn.errors import Conflict, NotFound, RuleBroken
from tests.cohorts.test_applying import TITLES, apply, enrolments, letters
from tests.factories import make_open_call, make_person


def decide(session: Session, application: Application, to_state: str, *, seen: str = "", reason: str = "") -> None:
    ruling = Ruling(
        seen_state=seen or application.state, to_state=to_state, reason=reason, message="A line of our own."
    )
    deciding.decide(
        session, application_id=application.id, ruling=ruling, actor_id=make_person(session).id, titles=TITLES
    )


def test_accepting_enrols_and_writes_in_the_applicants_language(session: Session) -> None:
    application = apply(session, make_open_call(session))
    decide(session, application, "accepted")
    assert application.state == "accepted"
    assert queries.active_enrolment(session, application.person_id, "untoc") is not None
    kind, args = letters(session)[-1]
    assert (kind, args["locale"], args["values"]["message"]) == ("accepted", "ar", "A line of our own.")


def test_declining_needs_a_kind_of_reason_which_stands_in_the_letter(session: Session) -> None:
    application = apply(session, make_open_call(session))
    with pytest.raises(RuleBroken) as refused:
        decide(session, application, "declined", reason="because")
    assert refused.value.field == "reason"
    decide(session, application, "declined", reason="seats")
    assert letters(session)[-1][1]["values"]["reason"] == "seats"
    assert queries.decision_trail(session, application.id)[-1].reason == "seats"


def test_of_two_who_decide_at_once_the_second_is_told_to_look_again(session: Session) -> None:
    application = apply(session, make_open_call(session))
    decide(session, application, "accepted")
    with pytest.raises(Conflict):
        decide(session, application, "declined", seen="submitted", reason="seats")
    assert application.state == "accepted"
    assert len(letters(session)) == 2


def test_more_people_than_seats_cannot_be_accepted(session: Session) -> None:
    cohort = make_open_call(session, seats=1)
    first, second = apply(session, cohort), apply(session, cohort)
    decide(session, first, "accepted")
    with pytest.raises(Conflict) as refused:
        decide(session, second, "accepted")
    assert refused.value.values == {"seats": 1}
    decide(session, second, "waitlisted")
    assert (second.state, enrolments(session)) == ("waitlisted", 1)


def test_a_correction_is_a_decision_too_and_both_stand_in_the_ledger(session: Session) -> None:
    application = apply(session, make_open_call(session))
    decide(session, application, "accepted")
    decide(session, application, "declined", reason="duplicate")
    assert queries.active_enrolment(session, application.person_id, "untoc") is None
    decide(session, application, "accepted")
    assert queries.active_enrolment(session, application.person_id, "untoc") is not None
    steps = [step.to_state for step in queries.decision_trail(session, application.id)]
    assert steps == ["submitted", "accepted", "declined", "accepted"]
    assert len({args["occasion"] for _, args in letters(session)}) == 4


def test_a_seat_that_staff_take_back_goes_to_who_waits_longest(session: Session) -> None:
    cohort = make_open_call(session, seats=1)
    first, second = apply(session, cohort), apply(session, cohort)
    decide(session, first, "accepted")
    decide(session, second, "waitlisted")
    decide(session, first, "declined", reason="other")
    assert second.state == "accepted"
    assert letters(session)[-1][0] == "accepted"


@pytest.mark.parametrize(("seats", "taken_in"), [(5, 1), (None, 0)])
@pytest.mark.parametrize("is_withdrawal", [True, False])
def test_a_freed_seat_takes_in_one_person_however_many_seats_are_free(
    session: Session, seats: int | None, taken_in: int, is_withdrawal: bool
) -> None:
    cohort = make_open_call(session, seats=seats)
    first, *waiting = (apply(session, cohort) for _ in range(3))
    decide(session, first, "accepted")
    for application in waiting:
        decide(session, application, "waitlisted")
    if is_withdrawal:
        applying.withdraw(session, cohort_id=cohort.id, person_id=first.person_id, titles=TITLES)
    else:
        decide(session, first, "declined", reason="other")
    assert [application.state for application in waiting].count("accepted") == taken_in


@pytest.mark.parametrize("to_state", ["submitted", "withdrawn", "draft", "", "🙂"])
def test_only_the_decisions_that_are_possible_are_taken(session: Session, to_state: str) -> None:
    application = apply(session, make_open_call(session))
    with pytest.raises(RuleBroken):
        decide(session, application, to_state)


def test_who_has_withdrawn_is_not_brought_back(session: Session) -> None:
    cohort = make_open_call(session)
    application = apply(session, cohort)
    applying.withdraw(session, cohort_id=cohort.id, person_id=application.person_id, titles=TITLES)
    with pytest.raises(RuleBroken):
        decide(session, application, "accepted")


def test_a_draft_cannot_be_decided_on(session: Session) -> None:
    cohort, person = make_open_call(session), make_person(session)
    draft = applying.save_draft(
        session, cohort_id=cohort.id, person_id=person.id, answers=applying.Answers(locale="en")
    )
    with pytest.raises(NotFound):
        decide(session, draft, "accepted")


def test_staff_can_enrol_after_the_window_but_not_beyond_the_seats(session: Session) -> None:
    past = clock.now() - timedelta(days=1)
    cohort = make_open_call(session, seats=1, applications_close=past)
    person = make_person(session)
    enrolment = deciding.enrol(session, cohort_id=cohort.id, person_id=person.id)
    assert queries.enrolments_of(session, person.id)[0].id == enrolment.id
    assert letters(session) == []
    with pytest.raises(Conflict):
        deciding.enrol(session, cohort_id=cohort.id, person_id=person.id)
    with pytest.raises(Conflict):
        deciding.enrol(session, cohort_id=cohort.id, person_id=make_person(session).id)


def test_an_extension_gives_one_learner_time_to_the_end_of_a_day(session: Session) -> None:
    cohort, person, staff = make_open_call(session), make_person(session, locale="es"), make_person(session)
    enrolment = deciding.enrol(session, cohort_id=cohort.id, person_id=person.id)
    for days in (40, 20):  # the latest counts, though it ends earlier
        last_day = policy.last_day(cohort.grace_closes, cohort.zone) + timedelta(days=days)
        deciding.extend(
            session, enrolment_id=enrolment.id, last_day=last_day, reason="Illness", actor_id=staff.id, titles=TITLES
        )
    found = queries.enrolment(session, enrolment.id)
    assert found.extended_until == found.ends == policy.day_end(last_day, cohort.zone)
    assert found.may_study(found.ends - timedelta(seconds=1))
    assert not found.may_study(found.ends)
    assert [kind for kind, _ in letters(session)] == ["extended", "extended"]
    assert letters(session)[0][1]["locale"] == "es"
    assert [e.actor for e in queries.extensions(session, enrolment.id)] == [staff.full_name, staff.full_name]


@pytest.mark.parametrize(
    ("day", "reason", "field"),
    [
        (date(2020, 1, 1), "Illness", "until"),
        (date(9999, 12, 31), "Illness", "until"),
        (date(1, 1, 1), "Illness", "until"),
        (date(2090, 1, 1), "  ", "reason"),
    ],
)
def test_an_extension_needs_a_later_day_and_a_reason(session: Session, day: date, reason: str, field: str) -> None:
    cohort, person = make_open_call(session), make_person(session)
    enrolment = deciding.enrol(session, cohort_id=cohort.id, person_id=person.id)
    with pytest.raises(RuleBroken) as refused:
        deciding.extend(
            session, enrolment_id=enrolment.id, last_day=day, reason=reason, actor_id=person.id, titles=TITLES
        )
    assert refused.value.field == field


def test_who_has_withdrawn_gets_no_extension(session: Session) -> None:
    cohort = make_open_call(session, entry="open")
    application = apply(session, cohort)
    enrolment = queries.enrolments_of(session, application.person_id)[0]
    applying.withdraw(session, cohort_id=cohort.id, person_id=application.person_id, titles=TITLES)
    with pytest.raises(Conflict):
        deciding.extend(
            session, enrolment_id=enrolment.id, last_day=date(2090, 1, 1), reason="x", actor_id=application.person_id,
            titles=TITLES,
        )  # fmt: skip
