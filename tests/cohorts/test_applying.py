"""Drafts, applications, withdrawals; seats and the waiting list."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.cohorts import queries
from elearn.cohorts.models import Application, Cohort, Enrolment
from elearn.cohorts.records import ApplicationFilter
from elearn.cohorts.service import applying
from elearn.cohorts.service.applying import Answers
from elearn.db import Database
from elearn.errors import Closed, Conflict, NotFound, RuleBroken
from elearn.jobs.models import OutboxJob
from tests.factories import make_open_call, make_person

TITLES = {"en": "The course", "ar": "الدورة"}
ANSWERS = Answers(
    locale="ar", stakeholder_group="academia", organisation="Example", country="LB", motivation="x" * 30, consent=True
)


def apply(session: Session, cohort: Cohort, person_id: int | None = None, answers: Answers = ANSWERS) -> Application:
    person_id = person_id or make_person(session).id
    return applying.submit_application(
        session, cohort_id=cohort.id, person_id=person_id, answers=answers, titles=TITLES
    )


def letters(session: Session) -> list[tuple[str, Any]]:
    jobs = session.scalars(select(OutboxJob).where(OutboxJob.task == "mail.send").order_by(OutboxJob.id))
    return [(job.args["kind"], job.args) for job in jobs]


def enrolments(session: Session) -> int:
    return len(session.scalars(select(Enrolment).where(Enrolment.withdrawn_at.is_(None))).all())


def test_an_application_waits_for_a_decision_and_a_letter_says_that_it_came(session: Session) -> None:
    application = apply(session, make_open_call(session))
    assert application.state == "submitted"
    assert application.submitted_at is not None
    assert application.consented_at is not None
    assert enrolments(session) == 0
    kind, args = letters(session)[0]
    assert (kind, args["locale"]) == ("application_received", "ar")
    assert args["occasion"] == f"application:{application.id}:decision:1"
    assert args["values"]["course"] == "الدورة"


def test_where_entry_is_open_to_apply_is_to_be_enrolled(session: Session) -> None:
    application = apply(session, make_open_call(session, entry="open"))
    assert application.state == "accepted"
    assert enrolments(session) == 1
    assert [kind for kind, _ in letters(session)] == ["enrolled"]


def test_where_entry_is_open_and_seats_are_taken_people_wait(session: Session) -> None:
    cohort = make_open_call(session, entry="open", seats=1)
    assert [apply(session, cohort).state for _ in range(3)] == ["accepted", "waitlisted", "waitlisted"]
    assert enrolments(session) == 1
    assert [kind for kind, _ in letters(session)] == ["enrolled", "waitlisted", "waitlisted"]


def test_a_seat_that_is_given_back_goes_to_who_waits_longest(session: Session) -> None:
    cohort = make_open_call(session, entry="open", seats=1)
    first, second, third = (apply(session, cohort) for _ in range(3))
    applying.withdraw(session, cohort_id=cohort.id, person_id=first.person_id, titles=TITLES)
    assert [a.state for a in (first, second, third)] == ["withdrawn", "accepted", "waitlisted"]
    assert queries.active_enrolment(session, second.person_id, "untoc") is not None
    assert queries.active_enrolment(session, first.person_id, "untoc") is None
    assert [kind for kind, _ in letters(session)][3:] == ["application_withdrawn", "enrolled"]
    trail = queries.decision_trail(session, second.id)
    assert [(step.from_state, step.to_state, step.actor is None) for step in trail] == [
        ("draft", "waitlisted", False),
        ("waitlisted", "accepted", True),
    ]


def test_nobody_is_taken_in_from_the_waiting_list_when_study_is_over(session: Session) -> None:
    now = clock.now()
    cohort = make_open_call(session, entry="open", seats=1)
    first, second = (apply(session, cohort) for _ in range(2))
    cohort.study_closes, cohort.grace_closes = now - timedelta(hours=1), now + timedelta(days=1)
    cohort.study_opens = now - timedelta(days=9)
    applying.withdraw(session, cohort_id=cohort.id, person_id=first.person_id, titles=TITLES)
    assert second.state == "waitlisted"


def test_a_second_application_of_the_same_person_is_refused_and_the_first_stands(session: Session) -> None:
    cohort = make_open_call(session)
    first = apply(session, cohort)
    with pytest.raises(Conflict):
        apply(session, cohort, first.person_id, Answers(locale="en", organisation="Other", consent=True))
    with pytest.raises(Conflict):
        applying.save_draft(session, cohort_id=cohort.id, person_id=first.person_id, answers=ANSWERS)
    assert first.organisation == "Example"


def test_who_withdrew_can_apply_again_and_finds_the_same_enrolment(session: Session) -> None:
    cohort = make_open_call(session, entry="open")
    application = apply(session, cohort)
    before = queries.active_enrolment(session, application.person_id, "untoc")
    applying.withdraw(session, cohort_id=cohort.id, person_id=application.person_id, titles=TITLES)
    assert apply(session, cohort, application.person_id).id == application.id
    after = queries.active_enrolment(session, application.person_id, "untoc")
    assert before is not None
    assert after is not None
    assert before.id == after.id
    assert [kind for kind, _ in letters(session)] == ["enrolled", "application_withdrawn", "enrolled"]


def test_a_draft_is_kept_and_can_be_sent_later(session: Session) -> None:
    cohort, person = make_open_call(session), make_person(session)
    draft = applying.save_draft(
        session, cohort_id=cohort.id, person_id=person.id, answers=Answers(locale="fr", country="SN")
    )
    assert (draft.state, draft.submitted_at) == ("draft", None)
    assert letters(session) == []
    assert apply(session, cohort, person.id).id == draft.id
    assert draft.state == "submitted"


def test_a_draft_that_is_taken_back_is_gone(session: Session) -> None:
    cohort, person = make_open_call(session), make_person(session)
    applying.save_draft(session, cohort_id=cohort.id, person_id=person.id, answers=ANSWERS)
    applying.withdraw(session, cohort_id=cohort.id, person_id=person.id, titles=TITLES)
    assert queries.own_application(session, cohort.id, person.id) is None
    assert queries.state_counts(session) == {}
    assert letters(session) == []


@pytest.mark.parametrize("is_taken_back", [False, True])
def test_a_draft_after_a_withdrawal_is_its_writers_alone_too(session: Session, is_taken_back: bool) -> None:
    cohort = make_open_call(session)
    application = apply(session, cohort)
    own = {"cohort_id": cohort.id, "person_id": application.person_id}
    applying.withdraw(session, **own, titles=TITLES)
    assert queries.application(session, application.id).state == "withdrawn"
    draft = applying.save_draft(session, **own, answers=Answers(locale="en", motivation="for nobody's eyes"))
    assert draft.state == "draft"
    if is_taken_back:
        applying.withdraw(session, **own, titles=TITLES)
        assert (draft.state, draft.motivation) == ("withdrawn", "")
    with pytest.raises(NotFound):
        queries.application(session, application.id)
    assert queries.applications(session, cohort.id, ApplicationFilter()).total == 0
    assert queries.state_counts(session) == {}
    assert apply(session, cohort, application.person_id).state == "submitted"
    assert queries.application(session, application.id).motivation == "x" * 30


@pytest.mark.parametrize("days", [(-9, -1), (1, 9)])
def test_outside_of_the_window_nothing_is_taken(session: Session, days: tuple[int, int]) -> None:
    opens, closes = (clock.now() + timedelta(days=d) for d in days)
    cohort = make_open_call(session, applications_open=opens, applications_close=closes)
    person = make_person(session)
    with pytest.raises(Closed):
        apply(session, cohort, person.id)
    with pytest.raises(Closed):
        applying.save_draft(session, cohort_id=cohort.id, person_id=person.id, answers=ANSWERS)
    assert queries.own_application(session, cohort.id, person.id) is None


def test_without_consent_nothing_is_sent(session: Session) -> None:
    with pytest.raises(RuleBroken) as refused:
        apply(session, make_open_call(session), answers=Answers(locale="en"))
    assert refused.value.field == "consent"


def test_nothing_can_be_withdrawn_that_is_not_there_or_is_over(session: Session) -> None:
    cohort = make_open_call(session)
    with pytest.raises(NotFound):
        applying.withdraw(session, cohort_id=cohort.id, person_id=make_person(session).id, titles=TITLES)
    application = apply(session, cohort)
    application.state = "declined"
    session.flush()
    with pytest.raises(Closed):
        applying.withdraw(session, cohort_id=cohort.id, person_id=application.person_id, titles=TITLES)


def test_an_unknown_cohort_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        applying.submit_application(session, cohort_id=999, person_id=1, answers=ANSWERS, titles=TITLES)


def test_parallel_applications_never_take_more_seats_than_there_are(database: Database) -> None:
    with database.transaction() as session:
        cohort_id = make_open_call(session, entry="open", seats=4).id
        people = [make_person(session).id for _ in range(16)]

    def one(person_id: int) -> str:
        with database.transaction() as session:
            return applying.submit_application(
                session, cohort_id=cohort_id, person_id=person_id, answers=ANSWERS, titles=TITLES
            ).state

    with ThreadPoolExecutor(8) as pool:
        states = list(pool.map(one, people))
    assert states.count("accepted") == 4
    assert states.count("waitlisted") == 12
    with database.read_session() as session:
        assert queries.cohort(session, cohort_id).taken == enrolments(session) == 4
