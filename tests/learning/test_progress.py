"""The console's pages about learners."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.accounts.models import Grant
from elearn.cohorts.models import Cohort, Extension
from elearn.cohorts.service.deciding import NOT_LATER
from elearn.content.model import Course
from elearn.learning.service.lessons import mark_lesson_done
from elearn.web.platform import Platform
from tests.factories import make_cohort, make_person, make_student, sign_in
from tests.learning.browser import Browser
from tests.pages import Examined, examine

LATER = NOT_LATER.partition("%")[0].strip()


@pytest.fixture
def admin(browser: Browser) -> Browser:
    """The same browser, with a course admin signed in; its student is the one of the first cohort."""
    with browser.platform.database.transaction() as session:
        person = make_person(session, full_name="Example Admin")
        session.add(Grant(person_id=person.id, role="course_admin", scope="untoc", granted_at=clock.now()))
        session.flush()
        number = person.id
    sign_in(browser.client, number)
    browser.token = browser.page("/en/learn/").value("csrf_token")
    return browser


@pytest.fixture
def learners(admin: Browser) -> str:
    return f"/en/admin/cohorts/{admin.student.enrolled.cohort_id}/learners"


@pytest.fixture
def learner(admin: Browser) -> str:
    return f"/en/admin/learners/{admin.student.enrolled.id}"


def _write(platform: Platform, act: Callable[[Session], Any]) -> Any:
    with platform.database.transaction() as session:
        return act(session)


def _extensions(browser: Browser) -> list[Extension]:
    with browser.platform.database.read_session() as session:
        return list(session.scalars(select(Extension)))


def _day(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize("locale", ["ar", "en", "fr", "es"])
def test_the_console_shows_learners_in_every_language(admin: Browser, learners: str, learner: str, locale: str):
    for path in (learners, learner):
        admin.page(path.replace("/en/", f"/{locale}/"))


def test_the_list_says_how_each_learner_gets_on(admin: Browser, learners: str, course: Course):
    def study(session: Session) -> None:
        for lesson in course.lessons()[:4]:
            mark_lesson_done(session, student=admin.student, course=course, lesson=lesson)

    _write(admin.platform, study)
    page = admin.page(learners)
    meter = page.one("meter")
    assert (meter.attributes["value"], meter.attributes["max"]) == ("4", "10")
    assert "1 learner" in page.text
    assert page.one("a", href=f"/en/admin/learners/{admin.student.enrolled.id}")


def test_an_empty_cohort_says_so(admin: Browser):
    number = _write(admin.platform, lambda session: make_cohort(session).id)
    assert "No learners yet" in admin.page(f"/en/admin/cohorts/{number}/learners").text


def test_the_list_reads_the_same_for_many_learners(admin: Browser, learners: str, statements: list[str]):
    admin.page(learners)
    few = len(statements)

    def more(session: Session) -> None:
        cohort = session.get_one(Cohort, admin.student.enrolled.cohort_id)
        for _number in range(9):
            make_student(session, cohort=cohort)

    _write(admin.platform, more)
    statements.clear()
    assert len(admin.page(learners).all("meter")) == 10
    assert len(statements) == few <= 12


def test_names_are_shown_as_they_are_and_never_as_markup(admin: Browser, learners: str):
    def hostile(session: Session) -> int:
        cohort = session.get_one(Cohort, admin.student.enrolled.cohort_id)
        return make_student(session, make_person(session, full_name="<script>x</script>"), cohort).enrolled.id

    number = _write(admin.platform, hostile)
    for path in (learners, f"/en/admin/learners/{number}"):
        page = admin.page(path)
        assert "<script>x" not in page.html
        assert "<script>x</script>" in [e.text for e in page.all("bdi")]


def test_an_extension_is_recorded_with_its_reason_and_repeated_once(admin: Browser, learner: str):
    values = {"until": _day(60), "reason": "Illness", "idempotency_key": "one-and-the-same"}
    for _time in range(2):
        answer = admin.post(f"{learner}/extend", values)
        assert (answer.status_code, answer.location) == (303, learner)
    (extension,) = _extensions(admin)
    assert extension.reason == "Illness"
    page = admin.page(learner)
    assert "Illness" in page.text
    assert "Extended" in page.text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Please fill in this field."),
        ({"until": "31.12.2026", "reason": "x"}, "Please give a day of the calendar"),
        ({"until": "2026-02-30", "reason": "x"}, "Please give a day of the calendar"),
        ({"until": "2026-01-01", "reason": "Kept reason"}, LATER),
        ({"until": "9999-12-31", "reason": "x"}, LATER),
        ({"until": "0001-01-01", "reason": "x"}, LATER),
        ({"until": _day(60), "reason": "   "}, "Please fill in this field."),
        ({"until": _day(60), "reason": "x" * 1001}, "Please shorten this text"),
        ({"until": [_day(60), _day(61)], "reason": "x"}, "more than once"),
    ],
)
def test_an_extension_that_cannot_be_says_why_and_keeps_the_entries(
    admin: Browser, learner: str, values: dict[str, Any], words: str
):
    answer = admin.post(f"{learner}/extend", values)
    page = examine(answer.get_data(as_text=True), learner)
    assert answer.status_code == 422
    assert words in page.text
    if str(values.get("reason", "")).strip():
        assert page.one("textarea").text.strip() == values["reason"]
    assert _extensions(admin) == []


def test_a_day_may_be_typed_in_digits_of_another_script(admin: Browser, learner: str):
    arabic = _day(60).translate({ord(str(n)): chr(0x0660 + n) for n in range(10)})
    assert admin.post(f"{learner}/extend", {"until": arabic, "reason": "x"}).status_code == 303


def test_a_stale_token_or_another_language_keeps_the_entries(admin: Browser, learner: str):
    values = {"until": _day(60), "reason": "Illness"}
    stale = admin.client.post(f"{learner}/extend", data={"csrf_token": "old", **values})
    switched = admin.post(learner.replace("/en/", "/ar/"), {"switch_locale": "ar", **values})
    for answer, status in ((stale, 400), (switched, 200)):
        assert answer.status_code == status
        page: Examined = examine(answer.get_data(as_text=True), learner)
        assert page.value("until") == _day(60)
        assert page.one("textarea").text.strip() == "Illness"
    assert _extensions(admin) == []


def test_learners_are_seen_by_staff_of_their_course_alone(client: FlaskClient, admin: Browser, learner: str):
    def others(session: Session) -> tuple[int, int]:
        nobody, elsewhere = make_person(session), make_person(session)
        session.add(Grant(person_id=elsewhere.id, role="course_admin", scope="other", granted_at=clock.now()))
        session.flush()
        return nobody.id, elsewhere.id

    paths = (learner, f"/en/admin/cohorts/{admin.student.enrolled.cohort_id}/learners")
    for person, status in zip(_write(admin.platform, others), (403, 404), strict=True):
        sign_in(client, person)
        for path in paths:
            admin.page(path, status=status)
        token = admin.page("/en/learn/").value("csrf_token")
        values = {"csrf_token": token, "until": _day(60), "reason": "x"}
        assert client.post(f"{learner}/extend", data=values).status_code == status
    assert _extensions(admin) == []


@pytest.mark.parametrize("path", ["/en/admin/cohorts/99/learners", "/en/admin/learners/99"])
def test_what_does_not_exist_is_not_there(admin: Browser, path: str):
    admin.page(path, status=404)
