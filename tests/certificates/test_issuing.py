"""One certificate per completed enrolment, whatever happens at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.certificates import queries
from elearn.certificates.models import Certificate
from elearn.certificates.service.issuing import choose_visibility
from elearn.errors import NotFound, RuleBroken
from elearn.jobs.models import OutboxJob
from tests.certificates import rows
from tests.conftest import Installation


@pytest.fixture
def office(both: Installation):
    return both.platform.rooms["on_completion"]


def _count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_completion_issues_one_certificate_and_one_job(office, session: Session) -> None:
    enrolment = rows.enrolment(session)
    number = office(session, enrolment_id=enrolment.id, locale="en")
    assert office(session, enrolment_id=enrolment.id, locale="en") == number
    assert _count(session, Certificate) == 1
    job = session.scalars(select(OutboxJob)).one()
    certificate = session.scalars(select(Certificate)).one()
    assert (job.task, job.args) == ("certificates.draw", {"certificate_id": certificate.id})
    assert job.key == f"certificate:{certificate.id}"


def test_parallel_completions_issue_one_certificate(both: Installation, office) -> None:
    database = both.platform.database
    with database.transaction() as session:
        enrolment_id = rows.enrolment(session).id

    def complete(_: int) -> str:
        with database.transaction() as session:
            return office(session, enrolment_id=enrolment_id, locale="en")

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(complete, range(24)))
    with database.read_session() as session:
        assert set(numbers) == set(session.scalars(select(Certificate.number)))
        assert len(set(numbers)) == _count(session, Certificate) == _count(session, OutboxJob) == 1


def test_the_loser_of_a_race_is_told_the_winners_number(both: Installation, office, monkeypatch) -> None:
    """Both looked before either wrote: the unique index decides."""
    database = both.platform.database
    with database.transaction() as session:
        enrolment_id = rows.enrolment(session).id
        first = office(session, enrolment_id=enrolment_id, locale="en")
    look, answers = queries.number_of_enrolment, [None]
    monkeypatch.setattr(queries, "number_of_enrolment", lambda *args: answers.pop() if answers else look(*args))
    with database.transaction() as session:
        assert office(session, enrolment_id=enrolment_id, locale="en") == first
        assert _count(session, Certificate) == _count(session, OutboxJob) == 1


def test_without_a_completion_nothing_is_issued(office, session: Session) -> None:
    enrolment = rows.enrolment(session, done=False)
    with pytest.raises(NotFound):
        office(session, enrolment_id=enrolment.id, locale="en")
    with pytest.raises(NotFound):
        office(session, enrolment_id=enrolment.id + 1, locale="en")
    assert _count(session, Certificate) == 0


def test_a_revoked_certificate_is_not_issued_again(office, session: Session) -> None:
    enrolment = rows.enrolment(session)
    number = office(session, enrolment_id=enrolment.id, locale="en")
    session.scalars(select(Certificate)).one().revoked_at = clock.now()
    assert office(session, enrolment_id=enrolment.id, locale="en") == number
    assert queries.numbers_by_enrolment(session, enrolment.person_id) == {}


def test_later_changes_of_names_change_no_certificate(office, session: Session) -> None:
    enrolment = rows.enrolment(session)
    number = office(session, enrolment_id=enrolment.id, locale="en")
    session.get_one(rows.Person, enrolment.person_id).full_name = "Somebody Else"
    session.get_one(rows.Cohort, enrolment.cohort_id).names = {"en": "Another"}
    session.flush()
    certificate = queries.certificate_by_number(session, number)
    assert certificate is not None
    assert certificate.holder == rows.HOLDER
    assert certificate.printed.cohort["en"] == "First cohort, 2025"


def test_everything_printed_is_stored_in_every_language(both: Installation, office, session: Session) -> None:
    enrolment = rows.enrolment(session)
    number = office(session, enrolment_id=enrolment.id, locale="en")
    certificate = queries.certificate_by_number(session, number)
    assert certificate is not None
    printed = certificate.printed
    assert set(printed.course) == set(printed.cohort) == {"ar", "en", "fr", "es"}
    assert printed.course["en"] == both.platform.rooms["library"].course("untoc").title.text
    assert printed.cohort["ar"] == rows.COHORT_NAMES["ar"]
    assert printed.cohort["fr"] == rows.COHORT_NAMES["en"]  # not written: English
    assert (printed.issuer, printed.signatory) == (both.settings.issuer_name, both.settings.signatory_name)
    assert printed.zone == "Europe/Vienna"
    assert printed.effort_hours >= 1
    assert certificate.completed_at == rows.COMPLETED_AT
    assert abs(certificate.issued_at - clock.now()) < timedelta(minutes=1)


@pytest.mark.parametrize(("names", "expected"), [({"ar": "الفوج"}, "الفوج"), ({"en": "", "fr": ""}, None), ({}, None)])
def test_a_cohort_without_an_english_name_has_its_other_name_or_its_slug(office, session, names, expected) -> None:
    enrolment = rows.enrolment(session, names=names)
    certificate = queries.certificate_by_number(session, office(session, enrolment_id=enrolment.id, locale="en"))
    assert certificate is not None
    slug = session.get_one(rows.Cohort, enrolment.cohort_id).slug
    assert certificate.printed.cohort["es"] == (expected or slug)


@pytest.mark.parametrize(
    ("studied", "expected"), [("ar ar en", "ar"), ("fr ar ar fr es", "fr"), ("en ar", "ar"), ("", "es")]
)
def test_the_language_of_study_is_the_one_of_most_lessons(office, session: Session, studied, expected) -> None:
    enrolment = rows.enrolment(session, studied=studied)
    certificate = queries.certificate_by_number(session, office(session, enrolment_id=enrolment.id, locale="es"))
    assert certificate is not None
    assert certificate.study_locale == expected


def test_the_learning_room_is_told_the_numbers_of_a_person(both: Installation, office, session: Session) -> None:
    mine, other = rows.enrolment(session), rows.enrolment(session)
    number = office(session, enrolment_id=mine.id, locale="en")
    office(session, enrolment_id=other.id, locale="en")
    assert both.platform.rooms["certificates_of"](session, mine.person_id) == {mine.id: number}


def test_only_the_holder_chooses_what_is_shown(office, session: Session) -> None:
    enrolment = rows.enrolment(session)
    number = office(session, enrolment_id=enrolment.id, locale="en")
    with pytest.raises(NotFound):
        choose_visibility(session, person_id=rows.person(session), number=number, visibility="code")
    with pytest.raises(RuleBroken):
        choose_visibility(session, person_id=enrolment.person_id, number=number, visibility="secret")
    certificate = queries.certificate_by_number(session, number)
    assert certificate is not None
    assert certificate.visibility == "public"
    choose_visibility(session, person_id=enrolment.person_id, number=number, visibility="code")
    certificate = queries.certificate_by_number(session, number)
    assert certificate is not None
    assert certificate.visibility == "code"
