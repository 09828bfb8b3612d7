"""Assessments and attempts, as pages."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from elearn import clock
from elearn.cohorts.models import Cohort
from elearn.content.model import Course, Question
from elearn.learning.models import Answer, Attempt
from elearn.learning.policy import form_questions
from tests.factories import make_student, sign_in
from tests.learning.answers import right, right_answers
from tests.learning.browser import COURSE, FINAL, Browser
from tests.pages import Examined, examine


@pytest.fixture
def attempt(browser: Browser) -> str:
    """The address of an attempt that has just begun."""
    return browser.begin()


def _questions(browser: Browser, course: Course, address: str) -> list[Question]:
    form = browser.sheet(address).form
    return [question for question, _item in form_questions(course.assessment("final"), form)]


def _right(browser: Browser, course: Course, address: str, number: int | None = None) -> dict[str, list[str]]:
    return right_answers(course.assessment("final"), browser.sheet(address).form, number)


def _shown(page: Examined) -> dict[str, list[str]]:
    """The answers that a page shows as chosen."""
    shown: dict[str, list[str]] = {}
    for element in page.elements:
        if "checked" in element.attributes:
            shown.setdefault(element.attributes["name"], []).append(element.attributes["value"])
        if element.tag == "option" and "selected" in element.attributes:
            shown[element.parents[-1].attributes["name"]] = [element.attributes["value"]]
    return {name: sorted(values) for name, values in shown.items()}


def _close(browser: Browser) -> None:
    past = clock.now() - timedelta(days=1)
    with browser.platform.database.transaction() as session:
        session.execute(
            update(Cohort).values(study_opens=past - timedelta(days=9), study_closes=past, grace_closes=past)
        )


def test_the_rules_are_said_before_the_start(browser: Browser):
    page = browser.page(FINAL)
    for words in ("15 questions", "75", "3 attempts", "24 hours", "20 minutes"):
        assert words in page.text
    assert page.one(data_testid="attempt-start")


def test_starting_twice_is_one_attempt(browser: Browser):
    assert browser.begin() == browser.begin() == f"{COURSE}/attempts/1"
    assert "Go on with the attempt" in browser.page(FINAL).text


@pytest.mark.parametrize("locale", ["ar", "en", "fr", "es"])
def test_an_attempt_stands_in_every_language_with_the_same_fields(browser: Browser, attempt: str, locale: str):
    def fields(page: Examined) -> list[str]:
        form = page.one("form", id="attempt")
        return [e.attributes["name"] for e in page.elements if form in e.parents and "name" in e.attributes]

    page = browser.page(attempt.replace("/en/", f"/{locale}/"))
    assert len(page.all("fieldset", data_testid="question")) == 15
    assert fields(page) == fields(browser.page(attempt))


def test_no_right_answer_leaves_the_server_before_the_submission(browser: Browser, course: Course, attempt: str):
    html = browser.page(attempt).html
    for question in _questions(browser, course, attempt):
        for one in (question, *question.parts):
            for choice in one.choices:
                assert choice.feedback is None or choice.feedback.text[-40:] not in html
        if question.kind == "ordering":
            assert not any(f'"{question.id}.{line.id}"' in html for line in question.lines)


def test_saved_answers_are_shown_again(browser: Browser, course: Course, attempt: str):
    answers = _right(browser, course, attempt)
    answer = browser.post(attempt, {"action": "save", **answers})
    assert (answer.status_code, answer.location) == (303, attempt)
    page = browser.page(attempt)
    assert _shown(page) == {name: sorted(values) for name, values in answers.items()}
    assert len([e for e in page.all("a", class_="ans") if e.attributes["href"].startswith("#q-")]) == 15


def test_a_page_that_is_sent_as_it_stands_changes_nothing(browser: Browser, course: Course, attempt: str):
    browser.post(attempt, {"action": "save", **_right(browser, course, attempt, 9)})
    kept = browser.sheet(attempt)
    browser.post(attempt, {"action": "save", **_shown(browser.page(attempt))})
    assert browser.sheet(attempt) == kept


def test_a_multiple_choice_can_be_taken_back_by_the_form(browser: Browser, course: Course, attempt: str):
    question = next(one for one in _questions(browser, course, attempt) if one.kind == "multiple")
    browser.post(attempt, {"action": "save", **right(question)})
    page = browser.page(attempt)
    hidden = [e.attributes["name"] for e in page.all("input", type="hidden")]
    assert question.id in hidden
    browser.post(attempt, {"action": "save", question.id: ""})
    assert browser.sheet(attempt).answers == {question.id: []}


def test_a_script_gets_an_empty_answer_after_three_statements(
    browser: Browser, course: Course, attempt: str, statements: list[str]
):
    question = next(one for one in _questions(browser, course, attempt) if one.kind == "single")
    statements.clear()
    values = {"action": "save", **right(question)}
    answer = browser.post(attempt, values, headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, answer.data) == (204, b"")
    assert len(statements) == 3, statements


@pytest.mark.parametrize("target", ["ar", "fr"])
def test_a_change_of_language_saves_and_shows_every_answer(browser: Browser, course: Course, attempt: str, target: str):
    answers = _right(browser, course, attempt)
    path = attempt.replace("/en/", f"/{target}/")
    answer = browser.post(path, {"switch_locale": target, **answers})
    assert answer.status_code == 200
    page = examine(answer.get_data(as_text=True), path)
    assert page.one("html").attributes["lang"] == target
    assert _shown(page) == browser.sheet(attempt).answers == {k: sorted(v) for k, v in answers.items()}


def test_the_languages_are_buttons_of_the_form(browser: Browser, attempt: str):
    page = browser.page(attempt)
    buttons = page.all("button", name="switch_locale")
    assert {e.attributes["form"] for e in buttons} == {"attempt"}
    assert {e.attributes["formaction"] for e in buttons} == {
        attempt.replace("/en/", f"/{code}/") for code in ("ar", "en", "fr", "es")
    }


def test_a_stale_token_saves_nothing_and_keeps_what_was_chosen(browser: Browser, course: Course, attempt: str):
    answers = _right(browser, course, attempt, 5)
    for action in ("save", "submit"):
        answer = browser.client.post(attempt, data={"csrf_token": "old", "action": action, **answers})
        assert answer.status_code == 400
        page = examine(answer.get_data(as_text=True), attempt)
        assert _shown(page) == {name: sorted(values) for name, values in answers.items()}
        assert page.value("csrf_token") == browser.token
    assert browser.sheet(attempt).answers == {}


@pytest.mark.parametrize(
    "garbage",
    [{}, {"f99": "a"}, {"action": "nothing"}, {"f01": "\u202e"}, {"f01": "x" * 9000}, {"f01": ["a"] * 200}, {"": ""}],
)
def test_garbage_is_passed_over(browser: Browser, attempt: str, garbage: dict[str, Any]):
    assert browser.post(attempt, {"action": "save", **garbage}).status_code == 303
    assert not [values for values in browser.sheet(attempt).answers.values() if values not in ([], ["a"])]
    browser.page(attempt)


def test_places_in_digits_of_other_scripts_are_kept_as_places(browser: Browser, course: Course, attempt: str):
    question = next(one for one in _questions(browser, course, attempt) if one.kind == "ordering")
    typed = {name: [chr(0x0660 + int(value))] for name, (value,) in right(question).items()}
    browser.post(attempt, {"action": "save", **typed})
    assert _shown(browser.page(attempt)) == right(question)


def test_the_page_says_how_many_answers_are_missing_and_lets_them_be(browser: Browser, course: Course, attempt: str):
    browser.post(attempt, {"action": "save", **_right(browser, course, attempt, 12)})
    assert "3 questions have no full answer yet." in browser.page(attempt).text
    assert browser.post(attempt, {"action": "submit"}).status_code == 303
    assert browser.page(attempt).one(data_testid="attempt-result").attributes["data-score"] == "80"


@pytest.mark.parametrize(("number", "score", "passed"), [(12, "80", "true"), (11, "73", "false"), (0, "0", "false")])
def test_the_result_says_score_and_reasons(
    browser: Browser, course: Course, attempt: str, number: int, score: str, passed: str
):
    answer = browser.post(attempt, {"action": "submit", **_right(browser, course, attempt, number)})
    assert (answer.status_code, answer.location) == (303, attempt)
    for locale in ("en", "ar", "fr", "es"):
        page = browser.page(attempt.replace("/en/", f"/{locale}/"))
        result = page.one(data_testid="attempt-result").attributes
        assert (result["data-score"], result["data-passed"]) == (score, passed)
    page = browser.page(attempt)
    first = _questions(browser, course, attempt)[0]
    shown = [choice.feedback for one in (first, *first.parts) for choice in one.choices if choice.feedback]
    assert shown
    assert len(page.all("article", class_="ans1 ui")) == 15


def test_a_second_submission_changes_nothing(browser: Browser, course: Course, attempt: str):
    browser.post(attempt, {"action": "submit", **_right(browser, course, attempt, 4)})
    kept = browser.sheet(attempt)
    assert browser.post(attempt, {"action": "submit", **_right(browser, course, attempt)}).status_code == 303
    assert browser.sheet(attempt) == kept


def test_an_attempt_that_is_over_takes_no_answers(browser: Browser, course: Course, attempt: str):
    browser.post(attempt, {"action": "submit"})
    answer = browser.post(attempt, {"action": "save", **_right(browser, course, attempt)})
    assert answer.status_code == 409
    assert "has been submitted" in answer.get_data(as_text=True)
    assert browser.sheet(attempt).answers == {}


def test_a_closed_window_keeps_what_was_saved_and_shows_what_is_posted(browser: Browser, course: Course, attempt: str):
    saved, posted = _right(browser, course, attempt, 3), _right(browser, course, attempt, 6)
    browser.post(attempt, {"action": "save", **saved})
    _close(browser)
    for action in ("save", "submit"):
        answer = browser.post(attempt, {"action": action, **posted})
        assert answer.status_code == 409
        page = examine(answer.get_data(as_text=True), attempt)
        assert "Study in your cohort ended on" in page.text
        assert _shown(page) == {name: sorted(values) for name, values in posted.items()}
    page = browser.page(attempt)
    assert "Study in your cohort ended on" in page.text
    assert not page.all(data_testid="attempt-submit")
    assert browser.sheet(attempt).answers == {name: sorted(values) for name, values in saved.items()}
    answer = browser.post(FINAL)
    assert (answer.status_code, "ended on" in answer.get_data(as_text=True)) == (409, True)


def test_the_next_attempt_has_to_wait_and_the_page_says_until_when(browser: Browser, attempt: str):
    browser.post(attempt, {"action": "submit"})
    answer = browser.post(FINAL)
    assert answer.status_code == 409
    page = examine(answer.get_data(as_text=True), FINAL)
    assert "You can begin the next attempt on" in page.text
    assert not page.all(data_testid="attempt-start")
    assert "You can begin the next attempt on" in browser.page(FINAL).text
    with browser.platform.database.read_session() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_attempt_of_somebody_else_is_not_there(client: FlaskClient, browser: Browser, attempt: str, method: str):
    with browser.platform.database.transaction() as session:
        other = make_student(session)
    sign_in(client, other.enrolled.person_id)
    token = browser.page("/en/learn/").value("csrf_token")
    answer = getattr(client, method)(attempt, data={"csrf_token": token, "action": "submit"})
    assert answer.status_code == 404
    assert browser.sheet(attempt).submitted_at is None


@pytest.mark.parametrize("path", ["/attempts/0", "/attempts/99", "/attempts/1e3", "/attempts/" + "9" * 40])
def test_attempts_that_do_not_exist_are_not_there(browser: Browser, path: str):
    assert browser.client.get(COURSE + path).status_code == 404


def test_an_attempt_is_never_kept_by_the_browser(browser: Browser, attempt: str):
    assert browser.client.get(attempt).headers["Cache-Control"] == "no-store"


def test_pages_of_an_attempt_read_little(browser: Browser, course: Course, attempt: str, statements: list[str]):
    browser.page(attempt)
    assert len(statements) == 2
    answers = _right(browser, course, attempt)
    browser.post(attempt, {"action": "submit", **answers})
    statements.clear()
    browser.page(attempt)
    assert len(statements) == 4
    with browser.platform.database.read_session() as session:
        assert session.scalar(select(func.count()).select_from(Answer)) == len(answers)
