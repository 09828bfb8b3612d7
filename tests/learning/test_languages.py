"""A change of language in a lesson: nothing is recorded, and the answers of a check come along."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from elearn import clock
from elearn.content.model import Course, Question
from elearn.learning.models import LessonDone
from tests.learning.answers import right, wrong
from tests.learning.browser import COURSE, Browser, open_browser
from tests.pages import Examined, examine

LESSON = f"{COURSE}/convention/serious-crime"
IN_FRENCH = LESSON.replace("/en/", "/fr/")
OPEN_LESSON = "/fr/learn/untoc/welcome/how-this-course-works"


def _is_done(browser: Browser) -> bool:
    with browser.platform.database.read_session() as session:
        return session.scalars(select(LessonDone)).first() is not None


def _question(course: Course, kind: str) -> tuple[str, Question]:
    """A question of this kind with the address of its lesson."""
    return next(
        (f"{COURSE}/{lesson.id}", one) for lesson in course.lessons() for one in lesson.questions if one.kind == kind
    )


def _chosen(page: Examined, question: Question) -> set[str]:
    inputs = page.all("input", name=question.id, checked="")
    lines = [e for e in page.all("option", selected="") if e.attributes["value"]]
    return {e.attributes["value"] for e in (*inputs, *lines)}


def _languages(page: Examined) -> list[str]:
    """The form that each language submits; "" where it is a link."""
    menu = page.one("nav", id="langs")
    found = [e for e in page.elements if menu in e.parents and "lang" in e.attributes]
    return [e.attributes.get("form", "") for e in found]


@pytest.mark.parametrize("kind", ["single", "multiple"])
@pytest.mark.parametrize("answers", [right, wrong])
def test_an_answered_check_keeps_choices_and_reasons_in_another_language(
    browser: Browser, course: Course, kind: str, answers
):
    address, question = _question(course, kind)
    fields = answers(question)
    values = {"question": question.id, **fields}
    checked = examine(browser.post(address, {"action": "check", **values}).get_data(as_text=True), address)
    assert set(_languages(checked)) == {f"check-{question.id}"}
    answer = browser.post(address.replace("/en/", "/fr/"), {"switch_locale": "fr", **values})
    page = examine(answer.get_data(as_text=True), address)
    assert (answer.status_code, page.one("html").attributes["lang"]) == (200, "fr")
    assert _chosen(page, question) == set(fields[question.id])
    assert [e for e in page.elements if "data-feedback" in e.attributes]
    assert set(_languages(page)) == {f"check-{question.id}"}
    assert not _is_done(browser)


def test_before_a_check_the_languages_are_links(browser: Browser):
    assert set(_languages(browser.page(LESSON))) == {""}


@pytest.mark.parametrize("values", [{}, {"action": "done"}])
def test_a_change_of_language_never_marks_a_lesson_done(browser: Browser, values: dict[str, str]):
    answer = browser.post(IN_FRENCH, {"switch_locale": "fr", **values})
    page = examine(answer.get_data(as_text=True), IN_FRENCH)
    assert (answer.status_code, page.one("html").attributes["lang"]) == (200, "fr")
    assert page.one("article", data_testid="lesson")
    assert not _is_done(browser)


def test_a_change_of_language_to_an_unknown_question_is_not_there(browser: Browser):
    assert browser.post(IN_FRENCH, {"switch_locale": "fr", "question": "q99"}).status_code == 404


def test_a_change_of_language_before_study_opens_says_when_it_does(client: FlaskClient):
    browser = open_browser(client, study_opens=clock.now() + timedelta(days=2))
    answer = browser.post(IN_FRENCH, {"switch_locale": "fr"})
    assert answer.status_code == 200
    assert not examine(answer.get_data(as_text=True), IN_FRENCH).all("article")


def test_a_visitor_changes_the_language_of_an_open_lesson(client: FlaskClient):
    token = examine(client.get(OPEN_LESSON).get_data(as_text=True), OPEN_LESSON).value("csrf_token")
    answer = client.post(OPEN_LESSON, data={"csrf_token": token, "switch_locale": "fr"})
    assert answer.status_code == 200
    assert examine(answer.get_data(as_text=True), OPEN_LESSON).one("article", data_testid="lesson")
