"""Home and the page of a course, whatever courses and calls there are."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from elearn.content.course import relock
from elearn.content.sample import write_sample
from elearn.courses.library import Library
from tests.conftest import Installation
from tests.content.course_files import write_course
from tests.factories import make_open_call
from tests.pages import Examined

LOCALES = ("ar", "en", "fr", "es")
Fetch = Callable[..., Examined]


@pytest.fixture
def with_courses(installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`with_courses("small", …)` gives the installation these courses: "small" has an assessment, "sample" has none."""
    modules = tmp_path / "modules"

    def give(*names: str) -> None:
        modules.mkdir()
        if "small" in names:
            write_course(modules / "small")
        if "sample" in names:
            write_sample(modules / "sample", modules=1, lessons=1, paragraphs=1)
            relock(modules / "sample")
        library = Library(modules, installation.platform.environments)
        monkeypatch.setitem(installation.platform.rooms, "library", library)

    return give


def open_call(installation: Installation, course: str, days: int) -> int:
    """A call of that course that closes `days` days later than others do; the id."""

    def make(session: Session) -> int:
        call = make_open_call(session, course=course)
        call.applications_close += timedelta(days=days)
        return call.id

    with installation.platform.database.transaction() as session:
        return make(session)


def apply_links(page: Examined) -> list[str]:
    return [e.attributes["href"] for e in page.all("a") if "/apply" in e.attributes.get("href", "")]


@pytest.mark.parametrize("locale", LOCALES)
def test_home_stands_without_any_course(
    locale: str, client: FlaskClient, page: Fetch, with_courses: Callable[..., None]
) -> None:
    with_courses()
    found = page(client, f"/{locale}/")
    links = [e.attributes["href"] for e in found.all("a") if any(parent.tag == "main" for parent in e.parents)]
    assert links == []
    page(client, f"/{locale}/courses/")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_course_without_assessments_has_a_page_that_asks_for_its_lessons_alone(
    locale: str, client: FlaskClient, page: Fetch, with_courses: Callable[..., None]
) -> None:
    with_courses("sample")
    found = page(client, f"/{locale}/courses/sample/")
    if locale == "en":
        assert "You complete the course when every lesson is marked as done." in found.text
        assert "final assessment" not in found.text
    page(client, f"/{locale}/")


def test_a_course_with_an_assessment_says_what_must_be_reached(
    client: FlaskClient, page: Fetch, with_courses: Callable[..., None]
) -> None:
    with_courses("small")
    text = page(client, "/en/courses/small/").text
    assert "passed the final assessment with at least 75" in text
    assert "You have 3 attempts." in text


@pytest.mark.parametrize("locale", LOCALES)
def test_home_shows_every_open_call_the_one_that_closes_first_first(
    locale: str, installation: Installation, client: FlaskClient, page: Fetch, with_courses: Callable[..., None]
) -> None:
    with_courses("small", "sample")
    late, gone = open_call(installation, "small", 4), open_call(installation, "gone", 1)
    first, second = open_call(installation, "small", 0), open_call(installation, "sample", 2)
    found = page(client, f"/{locale}/")
    ids = [link.rpartition("cohort=")[2] for link in apply_links(found)]
    assert ids == [str(first), str(second), str(late)], "and none of a course that is not there"
    assert str(gone) not in ids
    if locale == "en":
        assert found.text.count("Applications until") == 3
        assert [found.text.count(f"{days} days left") for days in (7, 9)] == [1, 1]


def test_one_open_call_has_no_list_below(installation: Installation, client: FlaskClient, page: Fetch) -> None:
    cohort = open_call(installation, "untoc", 0)
    found = page(client, "/en/")
    assert apply_links(found) == [f"/en/courses/untoc/apply?cohort={cohort}"]
    assert "Other open calls" not in found.text
