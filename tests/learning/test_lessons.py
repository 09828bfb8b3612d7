"""My courses, the course map and lessons, as pages."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from elearn import clock
from elearn.content.model import Course
from elearn.learning.models import LessonDone
from elearn.learning.service.lessons import mark_lesson_done
from elearn.learning.views.lessons import COMPLETED
from tests.factories import make_cohort, make_person, make_student, sign_in
from tests.learning.answers import right, right_answers, wrong
from tests.learning.browser import COURSE, FINAL, Browser, open_browser
from tests.pages import examine

LESSON = f"{COURSE}/convention/serious-crime"
OPEN_LESSON = f"{COURSE}/welcome/how-this-course-works"


def _done(browser: Browser) -> list[LessonDone]:
    with browser.platform.database.read_session() as session:
        return list(session.scalars(select(LessonDone)))


def _mark(browser: Browser, course: Course, *numbers: int) -> None:
    with browser.platform.database.transaction() as session:
        for number in numbers:
            mark_lesson_done(session, student=browser.student, course=course, lesson=course.lessons()[number])


@pytest.mark.parametrize("locale", ["ar", "en", "fr", "es"])
@pytest.mark.parametrize("path", ["/", "/untoc/", "/untoc/convention/serious-crime", "/untoc/assessments/final"])
def test_every_page_stands_in_every_language(browser: Browser, locale: str, path: str):
    browser.page(f"/{locale}/learn{path}")


@pytest.mark.parametrize("path", [f"{COURSE}/", LESSON, "/en/learn/", FINAL, f"{COURSE}/attempts/1"])
def test_a_visitor_is_sent_to_sign_in_and_comes_back(client: FlaskClient, path: str):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.location.startswith("/en/account/login?next=/en/learn/")


@pytest.mark.parametrize("path", [f"{COURSE}/", LESSON, FINAL])
def test_who_is_not_enrolled_finds_nothing(client: FlaskClient, browser: Browser, path: str):
    with browser.platform.database.transaction() as session:
        stranger = make_person(session)
    sign_in(client, stranger.id)
    browser.page(path, status=404)


@pytest.mark.parametrize("path", ["/nothing/", "/untoc/convention/nothing", "/untoc/assessments/nothing"])
def test_what_the_course_does_not_have_is_not_there(browser: Browser, path: str):
    browser.page(f"/en/learn{path}", status=404)


def test_my_courses_begins_with_the_first_lesson_and_goes_on_after_the_last(browser: Browser, course: Course):
    first, sixth = course.lessons()[0], course.lessons()[5]
    page = browser.page("/en/learn/")
    assert [e.text for e in page.all("span") if e.parents[-1].attributes.get("class") == "btn hot"] == ["Begin"]
    assert page.one("a", class_="btn hot").attributes["href"] == f"{COURSE}/{first.id}"
    _mark(browser, course, 0, 4)
    page = browser.page("/en/learn/")
    assert page.one("a", class_="btn hot").attributes["href"] == f"{COURSE}/{sixth.id}"
    progress = page.one("progress", data_testid="course-progress")
    assert (progress.attributes["value"], progress.attributes["max"]) == ("2", str(len(course.lessons())))


def test_my_courses_shows_dates_in_both_zones(client: FlaskClient):
    now = clock.now()
    browser = open_browser(client, zone="Asia/Beirut", study_closes=now + timedelta(days=3))
    text = browser.page("/en/learn/").text
    assert "Vienna time" in text
    assert "Beirut time" in text


def test_without_an_enrolment_my_courses_leads_to_the_open_calls(client: FlaskClient, browser: Browser):
    with browser.platform.database.transaction() as session:
        stranger = make_person(session)
    sign_in(client, stranger.id)
    page = browser.page("/en/learn/")
    assert [e for e in page.all("a", href="/en/courses/") if e.attributes.get("class") == "btn"]


def test_the_course_map_lists_what_is_missing_with_links(browser: Browser, course: Course):
    _mark(browser, course, 0, 1)
    page = browser.page(f"{COURSE}/")
    missing = page.one("ul", data_testid="missing-list")
    links = [e.attributes["href"] for e in page.all("a") if missing in e.parents]
    assert links == [f"{COURSE}/{lesson.id}" for lesson in course.lessons()[2:]] + [FINAL]
    assert "at least 75" in page.text


def test_a_lesson_shows_its_text_its_sources_and_its_neighbours(browser: Browser, course: Course):
    lesson = course.lesson("convention", "serious-crime")
    page = browser.page(LESSON)
    assert page.one("article", data_testid="lesson")
    assert [e.text for e in page.all("h1")] == ["What is a serious crime?"]
    assert len(page.all("fieldset", data_testid="question")) == len(lesson.questions)
    assert lesson.sources[0].place in page.text
    assert lesson.sources[0].facts not in page.html
    assert page.one("a", rel="prev").attributes["href"] == f"{COURSE}/convention/organized-criminal-group"
    assert page.one(data_testid="next").attributes["href"] == f"{COURSE}/convention/transnational-offence"
    current = [
        e for e in page.all("a") if e.attributes.get("aria-current") == "page" and e.attributes["href"] == LESSON
    ]
    assert len(current) == 1


def test_no_feedback_and_no_right_answer_is_in_a_lesson_before_a_check(browser: Browser, course: Course):
    html = browser.page(LESSON).html
    for question in course.lesson("convention", "serious-crime").questions:
        for choice in question.choices:
            assert choice.feedback is not None
            assert choice.feedback.text[-40:] not in html


def test_done_goes_to_the_next_lesson_and_is_recorded_with_its_language(browser: Browser, course: Course):
    path = LESSON.replace("/en/", "/ar/")
    answer = browser.post(path)
    assert (answer.status_code, answer.location) == (303, "/ar/learn/untoc/convention/transnational-offence")
    (row,) = _done(browser)
    assert (row.lesson, row.locale) == ("serious-crime", "ar")
    assert browser.post(LESSON).status_code == 303
    assert len(_done(browser)) == 1
    assert "You have done this lesson." in browser.page(LESSON).text


def test_after_the_last_lesson_comes_the_course_map(browser: Browser, course: Course):
    answer = browser.post(f"{COURSE}/{course.lessons()[-1].id}")
    assert answer.location == f"{COURSE}/"


def test_completion_is_said_once_and_stays_on_the_map(browser: Browser, course: Course):
    address = browser.begin()
    form = browser.sheet(address).form
    browser.post(address, {"action": "submit", **right_answers(course.assessment("final"), form)})
    _mark(browser, course, *range(1, len(course.lessons())))
    answer = browser.post(f"{COURSE}/{course.lessons()[0].id}")
    assert answer.location == f"{COURSE}/"
    page = browser.page(f"{COURSE}/")
    assert COMPLETED in page.text
    assert page.one(data_testid="certificate-link").attributes["href"] == "/en/certificates/"
    assert COMPLETED not in browser.page(f"{COURSE}/").text
    assert page.one("p", data_testid="missing-list")
    assert browser.page("/en/learn/").one("a", data_testid="certificate-link")


def test_a_stale_token_records_nothing_and_offers_to_send_again(browser: Browser):
    answer = browser.client.post(LESSON, data={"csrf_token": "old", "action": "done"})
    assert answer.status_code == 400
    assert examine(answer.get_data(as_text=True), LESSON).value("action") == "done"
    assert _done(browser) == []


def test_before_study_opens_a_lesson_says_when_and_nothing_is_recorded(client: FlaskClient):
    browser = open_browser(client, study_opens=clock.now() + timedelta(days=2))
    page = browser.page(LESSON)
    assert "Study in your cohort begins on" in page.text
    assert not page.all("article")
    answer = browser.post(LESSON)
    assert answer.status_code == 409
    assert "Study in your cohort begins on" in answer.get_data(as_text=True)
    assert browser.post(LESSON, {"action": "check", "question": "q1", "q1": "a"}).status_code == 404
    assert "Study in your cohort begins on" in browser.page(f"{COURSE}/").text


def test_after_study_closes_everything_can_be_read_and_nothing_recorded(client: FlaskClient):
    past = clock.now() - timedelta(days=3)
    browser = open_browser(
        client, study_opens=past - timedelta(days=9), study_closes=past, grace_closes=past + timedelta(days=1)
    )
    page = browser.page(LESSON)
    assert page.one("article")
    assert "Study in your cohort ended on" in page.text
    assert not page.all(data_testid="lesson-done")
    assert browser.post(LESSON).status_code == 409
    assert browser.post(LESSON, {"action": "check", "question": "q1", "q1": "a"}).status_code == 200
    assert _done(browser) == []


def test_an_open_lesson_is_read_and_checked_by_everybody(client: FlaskClient, course: Course):
    lesson = course.lessons()[0]
    page = examine(client.get(OPEN_LESSON).get_data(as_text=True), OPEN_LESSON)
    assert not page.all(data_testid="lesson-done")
    question = lesson.questions[0]
    values = {"csrf_token": page.value("csrf_token"), "action": "check", "question": question.id, **right(question)}
    answer = client.post(OPEN_LESSON, data=values)
    assert answer.status_code == 200
    assert "data-feedback" in answer.get_data(as_text=True)
    del values["action"]
    assert client.post(OPEN_LESSON, data=values).location.startswith("/en/account/login")


def test_an_open_lesson_cannot_be_done_without_an_enrolment(client: FlaskClient, browser: Browser):
    with browser.platform.database.transaction() as session:
        stranger = make_person(session)
    sign_in(client, stranger.id)
    token = examine(client.get(OPEN_LESSON).get_data(as_text=True), OPEN_LESSON).value("csrf_token")
    assert client.post(OPEN_LESSON, data={"csrf_token": token}).status_code == 404


@pytest.mark.parametrize("answers", [right, wrong])
def test_a_check_gives_its_reason_at_once_and_stores_nothing(browser: Browser, course: Course, answers):
    lesson = course.lesson("convention", "serious-crime")
    question = next(one for one in lesson.questions if one.kind == "single")
    fields = answers(question)
    answer = browser.post(LESSON, {"action": "check", "question": question.id, **fields})
    page = examine(answer.get_data(as_text=True), LESSON)
    chosen = next(option for option in question.options if option.id in fields[question.id])
    assert answer.status_code == 200
    assert chosen.feedback is not None
    assert chosen.feedback.text[-40:] in page.text
    assert [
        e.attributes["value"] for e in page.all("input", checked="") if e.attributes.get("name") == question.id
    ] == [chosen.id]
    assert page.one("form", id=f"check-{question.id}")
    assert _done(browser) == []


def test_every_question_of_the_course_can_be_checked(browser: Browser, course: Course):
    for lesson in course.lessons():
        for question in lesson.questions:
            values = {"action": "check", "question": question.id, **right(question)}
            answer = browser.post(f"{COURSE}/{lesson.id}", values)
            page = examine(answer.get_data(as_text=True), lesson.id)
            feedback = [e for e in page.elements if "data-feedback" in e.attributes]
            assert feedback, f"{lesson.id}#{question.id}"
            assert not [e for e in feedback if "bad" in e.attributes["class"]], f"{lesson.id}#{question.id}"


@pytest.mark.parametrize("values", [{}, {"q1": ""}, {"q1": ["<b>", "zz"]}, {"q2": "a"}])
def test_a_check_without_a_usable_answer_asks_for_one(browser: Browser, values: dict):
    answer = browser.post(LESSON, {"action": "check", "question": "q1", **values})
    assert answer.status_code == 200
    assert "Please choose an answer first." in answer.get_data(as_text=True)


@pytest.mark.parametrize("question", ["", "q99", "../q1", "<script>"])
def test_a_check_of_an_unknown_question_is_not_there(browser: Browser, question: str):
    assert browser.post(LESSON, {"action": "check", "question": question}).status_code == 404


def test_a_lesson_comes_again_only_when_something_changed(browser: Browser, course: Course):
    first = browser.client.get(LESSON)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = browser.client.get(LESSON, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    _mark(browser, course, 0)
    assert browser.client.get(LESSON, headers={"If-None-Match": tag}).status_code == 200
    assert browser.client.get(LESSON.replace("/en/", "/fr/"), headers={"If-None-Match": tag}).status_code == 200


def test_the_bytes_of_a_lesson_are_those_that_its_tag_stands_for(browser: Browser):
    one, two = browser.client.get(LESSON), browser.client.get(LESSON)
    assert (one.data, one.headers["ETag"]) == (two.data, two.headers["ETag"])


def test_a_visitor_without_the_cookie_of_the_token_gets_the_page_anew(client: FlaskClient):
    client.get(OPEN_LESSON)
    tag = client.get(OPEN_LESSON).headers["ETag"]
    assert client.get(OPEN_LESSON, headers={"If-None-Match": tag}).status_code == 304
    client.delete_cookie("elearn-form")
    assert client.get(OPEN_LESSON, headers={"If-None-Match": tag}).status_code == 200


def test_another_person_never_gets_a_kept_token(client: FlaskClient, browser: Browser):
    mine = browser.page(LESSON)
    with browser.platform.database.transaction() as session:
        other = make_student(session)
    sign_in(client, other.enrolled.person_id)
    theirs = browser.page(LESSON)
    assert mine.value("csrf_token") != theirs.value("csrf_token")
    assert mine.value("csrf_token") not in theirs.html


def test_pages_read_little_and_the_same_whatever_was_done(browser: Browser, course: Course, statements: list[str]):
    counts: dict[str, list[int]] = {}
    for _round in range(2):
        for path in ("/en/learn/", f"{COURSE}/", LESSON, FINAL):
            before = len(statements)
            browser.page(path)
            counts.setdefault(path, []).append(len(statements) - before)
        _mark(browser, course, *range(6))
    assert counts[LESSON] == [3, 3]
    assert all(one == two <= 5 for one, two in counts.values()), counts


def test_my_courses_reads_the_same_for_many_enrolments(client: FlaskClient, browser: Browser, statements: list[str]):
    browser.page("/en/learn/")
    few = len(statements)
    with browser.platform.database.transaction() as session:
        person = browser.student.enrolled.person_id
        for _number in range(4):
            make_student(session, session.get_one(type(make_person(session)), person), make_cohort(session))
    before = len(statements)
    browser.page("/en/learn/")
    assert len(statements) - before == few
