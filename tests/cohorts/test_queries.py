"""Reads: what is listed, to whom, in which order."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from elearn import clock
from elearn.cohorts import queries
from elearn.cohorts.records import PAGE_SIZE, ApplicationFilter
from elearn.cohorts.service import applying, deciding
from elearn.cohorts.service.applying import Answers
from elearn.db import Database
from elearn.errors import NotFound
from tests.cohorts.test_applying import apply
from tests.factories import make_open_call, make_person


def test_open_calls_are_those_whose_window_is_open_the_next_to_close_first(session: Session) -> None:
    now = clock.now()
    later = make_open_call(session, applications_close=now + timedelta(days=9))
    sooner = make_open_call(session, applications_close=now + timedelta(days=2))
    make_open_call(session, applications_close=now - timedelta(days=1))
    make_open_call(session, applications_open=now + timedelta(days=1))
    make_open_call(session, archived_at=now)
    assert [c.id for c in queries.open_calls(session, now)] == [sooner.id, later.id]


def test_a_cohort_says_how_many_seats_are_left(session: Session) -> None:
    cohort = make_open_call(session, entry="open", seats=3)
    apply(session, cohort)
    found = queries.cohort(session, cohort.id)
    assert (found.taken, found.seats_left, found.scope) == (1, 2, "untoc")
    with pytest.raises(NotFound):
        queries.cohort(session, 10**17)


def test_the_list_of_cohorts_agrees_with_the_scopes(session: Session) -> None:
    own, other = make_open_call(session), make_open_call(session, course="other")
    assert {c.id for c in queries.cohorts_in_scopes(session, None)} == {own.id, other.id}
    assert [c.id for c in queries.cohorts_in_scopes(session, frozenset({"untoc"}))] == [own.id]
    assert queries.cohorts_in_scopes(session, frozenset()) == []


def test_drafts_are_shown_to_their_writer_alone(session: Session) -> None:
    cohort, person = make_open_call(session), make_person(session)
    draft = applying.save_draft(session, cohort_id=cohort.id, person_id=person.id, answers=Answers(locale="en"))
    assert queries.own_application(session, cohort.id, person.id) is not None
    assert queries.own_application(session, cohort.id, make_person(session).id) is None
    assert queries.applications(session, cohort.id, ApplicationFilter()).total == 0
    assert queries.state_counts(session) == {}
    with pytest.raises(NotFound):
        queries.application(session, draft.id)


def test_applications_are_narrowed_by_state_group_language_and_text(session: Session) -> None:
    cohort = make_open_call(session)
    wanted = apply(
        session,
        cohort,
        make_person(session, full_name="Nguyễn Thị Ví Dụ").id,
        Answers(locale="fr", stakeholder_group="government", organisation="100% Société_A", consent=True),
    )
    apply(session, cohort)
    for narrow in (
        ApplicationFilter(group="government"),
        ApplicationFilter(locale="fr"),
        ApplicationFilter(text="thị VÍ".lower()),
        ApplicationFilter(text="100% société_a"),
        ApplicationFilter(state="submitted", text="société"),
    ):
        assert [row.id for row in queries.applications(session, cohort.id, narrow).rows] == [wanted.id], narrow
    for empty in (
        ApplicationFilter(state="declined"),
        ApplicationFilter(text="1__% "),
        ApplicationFilter(text="'; --"),
    ):
        assert queries.applications(session, cohort.id, empty).total == 0


@pytest.mark.parametrize("text", ["مثال", "école", "ÉCOLE", "łódź"])
def test_text_is_found_in_capitals_of_every_script(session: Session, text: str) -> None:
    cohort = make_open_call(session)
    answers = Answers(locale="fr", organisation="ÉCOLE DE ŁÓDŹ – مثال", consent=True)
    found = apply(session, cohort, make_person(session).id, answers)
    rows = queries.applications(session, cohort.id, ApplicationFilter(text=text)).rows
    assert [row.id for row in rows] == [found.id]


def test_applications_come_in_pages_the_oldest_first(session: Session) -> None:
    cohort = make_open_call(session)
    ids = [apply(session, cohort).id for _ in range(PAGE_SIZE + 2)]
    first = queries.applications(session, cohort.id, ApplicationFilter())
    second = queries.applications(session, cohort.id, ApplicationFilter(page=2))
    assert [row.id for row in (*first.rows, *second.rows)] == ids
    assert (first.first, first.last, first.has_next) == (1, PAGE_SIZE, True)
    assert (second.first, second.last, second.has_next) == (PAGE_SIZE + 1, PAGE_SIZE + 2, False)
    beyond = queries.applications(session, cohort.id, ApplicationFilter(page=10**6))
    assert beyond == second


def test_of_two_open_enrolments_in_a_course_the_newest_is_the_active_one(session: Session) -> None:
    person, now = make_person(session), clock.now()
    for days in (-90, -10):
        cohort = make_open_call(session, study_opens=now + timedelta(days=days))
        newest = deciding.enrol(session, cohort_id=cohort.id, person_id=person.id)
    active = queries.active_enrolment(session, person.id, "untoc")
    assert active is not None
    assert active.id == newest.id
    assert queries.enrolments_of(session, person.id)[0].id == newest.id
    assert queries.active_enrolment(session, person.id, "other") is None
    assert [x.email for x in queries.learners(session, active.cohort_id)] == [person.email]
    with pytest.raises(NotFound):
        queries.enrolment(session, 10**17)


@pytest.mark.parametrize(
    ("windows", "active"),
    [
        ([(-20, 10, 17), (30, 60, 67)], 0),  # open before one that begins later
        ([(-40, -2, 5), (30, 60, 67)], 0),  # so is one in its days of grace
        ([(-90, -60, -53), (30, 60, 67)], 1),  # one that begins later before one that is over
        ([(-20, 10, 17), (-90, -60, -53)], 0),
        ([(-20, 10, 17), (-10, 20, 27)], 1),  # of two that are open the latest
    ],
)
def test_the_enrolment_in_which_one_can_study_now_is_the_active_one(
    session: Session, windows: list[tuple[int, int, int]], active: int
) -> None:
    person, now, made = make_person(session), clock.now(), []
    for days in windows:
        opens, closes, ends = (now + timedelta(days=number) for number in days)
        cohort = make_open_call(session, study_opens=opens, study_closes=closes, grace_closes=ends)
        made.append(deciding.enrol(session, cohort_id=cohort.id, person_id=person.id))
    found = queries.active_enrolment(session, person.id, "untoc")
    assert found is not None
    assert found.id == made[active].id


def test_an_enrolment_is_read_in_one_statement(database: Database) -> None:
    with database.transaction() as session:
        cohort, person = make_open_call(session), make_person(session)
        deciding.enrol(session, cohort_id=cohort.id, person_id=person.id)
        person_id = person.id
    statements: list[str] = []
    with database.read_session() as reading:
        event.listen(reading.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2]))
        assert queries.active_enrolment(reading, person_id, "untoc") is not None
    assert len([s for s in statements if s.lower().startswith("select")]) == 1
