"""The courses of an installation, and their pages kept until something changes."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from elearn.catalogues.store import Catalogues
from elearn.content.faults import ContentError
from elearn.content.model import Translation
from elearn.content.render import RenderedLesson
from elearn.courses.library import Library
from elearn.errors import NotFound
from elearn.i18n.locales import LOCALES, Locale
from elearn.i18n.messages import NullMessages
from tests.conftest import Installation
from tests.content.course_files import COURSE, write_course

ARABIC = next(locale for locale in LOCALES if locale.code == "ar")
MISSING = "This paragraph is in English. It has not been translated yet."
OUTDATED = "The English text has changed since this was translated. The translation is being updated."


@pytest.fixture
def library(installation: Installation) -> Library:
    """A library that has kept nothing yet."""
    return Library(installation.settings.modules, installation.platform.environments)


@pytest.fixture
def catalogues(installation: Installation) -> Catalogues:
    return installation.platform.catalogues.current()


def with_texts(catalogues: Catalogues, texts: Mapping[str, Any], revision: int = 999) -> Catalogues:
    """The catalogues with another Arabic of the course."""
    return replace(
        catalogues,
        heads={**catalogues.heads, ("ar", "untoc"): revision},
        courses={**catalogues.courses, ("ar", "untoc"): texts},
    )


def first_page(library: Library, catalogues: Catalogues, locale: Locale = ARABIC) -> RenderedLesson:
    course = library.course("untoc")
    return library.page(course.lessons()[0], library.reading(course, locale, catalogues))


def html(page: RenderedLesson) -> str:
    return "".join(str(part) for part in page.parts)


def test_courses_lessons_and_assessments_are_found_by_id(library: Library):
    course = library.course("untoc")
    assert library.ids() == ("untoc",)
    assert list(library) == [course]
    lesson = course.lessons()[-1]
    assert library.lesson("untoc", lesson.module, lesson.slug) is lesson
    assert library.assessment("untoc", "final") is course.assessment("final")


@pytest.mark.parametrize(
    ("ask", "names"),
    [
        ("course", ["nothing"]),
        ("lesson", ["nothing", "welcome", "how-this-course-works"]),
        ("lesson", ["untoc", "nothing", "how-this-course-works"]),
        ("lesson", ["untoc", "welcome", "nothing"]),
        ("lesson", ["untoc", "convention", "how-this-course-works"]),
        ("assessment", ["untoc", "nothing"]),
        ("course", ["../untoc"]),
    ],
)
def test_what_is_not_there_is_not_found(ask: str, names: list[str], library: Library):
    with pytest.raises(NotFound):
        getattr(library, ask)(*names)


def test_sources_hold_every_unit_of_today(library: Library):
    course = library.course("untoc")
    assert library.sources()["untoc"] == {unit.context: unit.text for unit in course.units()}


def test_each_language_is_whole_and_differs_from_the_others(library: Library, catalogues: Catalogues):
    pages = {locale.code: first_page(library, catalogues, locale) for locale in LOCALES}
    assert {(page.missing, page.outdated) for page in pages.values()} == {(0, 0)}
    assert len({page.title.plain for page in pages.values()}) == 4
    assert len({html(page) for page in pages.values()}) == 4
    assert all('data-fallback="' not in html(page) for page in pages.values())


def test_a_page_is_made_once_while_nothing_changes(library: Library, catalogues: Catalogues):
    page = first_page(library, catalogues)
    assert first_page(library, catalogues) is page
    assert first_page(library, replace(catalogues)) is page, "equal catalogues are the same catalogues"


def test_another_revision_of_the_texts_is_another_page(library: Library, catalogues: Catalogues):
    title = library.course("untoc").lessons()[0].title
    texts = dict(catalogues.course("untoc", "ar"))
    before = first_page(library, catalogues)
    changed = with_texts(catalogues, {**texts, title.context: Translation("عنوان آخر", outdated=False)})
    assert first_page(library, changed).title.plain == "عنوان آخر"
    assert first_page(library, catalogues) is before, "a request that began before keeps what it began with"


def test_another_revision_of_the_interface_changes_the_notices(library: Library, catalogues: Catalogues):
    empty = with_texts(catalogues, {})
    other = replace(
        empty,
        heads={**empty.heads, ("ar", "messages"): 998},
        interface={**empty.interface, "ar": NullMessages(ARABIC)},
    )
    assert catalogues.messages("ar").gettext(MISSING) in html(first_page(library, empty))
    assert MISSING in html(first_page(library, other))


def test_what_is_missing_is_english_and_says_so_in_the_language_of_the_page(library: Library, catalogues: Catalogues):
    page = first_page(library, with_texts(catalogues, {}))
    lesson = library.course("untoc").lessons()[0]
    assert page.missing == page.units == len(list(lesson.units()))
    assert (page.title.plain, page.title.lang, page.title.direction) == (lesson.title.text, "en", "ltr")
    shown = html(page)
    assert catalogues.messages("ar").gettext(MISSING) in shown
    assert ' lang="en" dir="ltr" data-fallback="missing"' in shown


def test_an_outdated_text_is_shown_with_a_notice(library: Library, catalogues: Catalogues):
    texts = {key: Translation(text.text, outdated=True) for key, text in catalogues.course("untoc", "ar").items()}
    page = first_page(library, with_texts(catalogues, texts))
    assert page.outdated > 0
    assert page.title.lang == ""
    assert catalogues.messages("ar").gettext(OUTDATED) in html(page)


def test_glossary_links_stay_in_the_language(library: Library, catalogues: Catalogues):
    course = library.course("untoc")
    for locale in LOCALES:
        reading = library.reading(course, locale, catalogues)
        assert reading.edition.glossary_href == f"/{locale.code}/courses/untoc/glossary/"
        assert reading.edition.direction == locale.direction


def test_several_courses_stand_in_the_order_of_their_folders(tmp_path: Path):
    for name in ("second", "first"):
        write_course(tmp_path / name, {"course.toml": COURSE.replace('"small"', f'"{name}"')})
    (tmp_path / "not-a-course").mkdir()
    assert Library(tmp_path).ids() == ("first", "second")
    assert Library(tmp_path / "nowhere").ids() == ()


def test_a_course_with_faults_is_not_served(tmp_path: Path):
    write_course(tmp_path / "small", {"glossary.toml": "nonsense ="})
    with pytest.raises(ContentError, match=r"glossary\.toml:1: "):
        Library(tmp_path)
