"""The courses of this installation, read from files once per process; content needs no table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from elearn.catalogues.environment import Environments
from elearn.catalogues.store import Catalogues
from elearn.content.course import COURSE_FILE, load_course
from elearn.content.model import Assessment, Course, Lesson, Unit
from elearn.content.reading import Edition, RenderedText
from elearn.content.render import RenderedLesson, render_lesson, render_text
from elearn.errors import NotFound
from elearn.i18n.locales import Locale


@dataclass(frozen=True, slots=True)
class Reading:
    """A course in one language at one moment: its texts, and the frame in which they are rendered.

    `key` changes with everything that can change the HTML.
    """

    course: Course
    locale: Locale
    texts: Mapping[str, Any]
    edition: Edition
    key: tuple[Any, ...]

    def text(self, unit: Unit) -> RenderedText:
        """One unit: .html and .plain, with its own language where it fell back."""
        return render_text(unit, self.texts, self.edition)


class Library:
    """Courses by id, and their lessons as HTML: cached by lesson, locale and revisions of the catalogues."""

    def __init__(self, modules: Path, environments: Environments | None = None) -> None:
        folders = sorted(p.parent for p in modules.glob(f"*/{COURSE_FILE}"))
        self._courses: dict[str, Course] = {c.id: c for c in map(load_course, folders)}
        self._environments = environments
        self._pages: dict[tuple[Any, ...], RenderedLesson] = {}
        self._editions = lru_cache(maxsize=64)(self._edition)

    def __iter__(self) -> Iterator[Course]:
        return iter(self._courses.values())

    def ids(self) -> tuple[str, ...]:
        """Ids of all courses, which are also the domains of their catalogues."""
        return tuple(self._courses)

    def sources(self) -> dict[str, dict[str, str]]:
        """Today's English of each course by unit, with which translations are compared."""
        return {course.id: {unit.context: unit.text for unit in course.units()} for course in self}

    def course(self, course_id: str) -> Course:
        """The course, or NotFound."""
        try:
            return self._courses[course_id]
        except KeyError:
            raise NotFound from None

    def lesson(self, course_id: str, module: str, lesson: str) -> Lesson:
        """The lesson, or NotFound."""
        try:
            return self.course(course_id).lesson(module, lesson)
        except KeyError:
            raise NotFound from None

    def assessment(self, course_id: str, key: str) -> Assessment:
        """The assessment, or NotFound."""
        try:
            return self.course(course_id).assessment(key)
        except KeyError:
            raise NotFound from None

    def reading(self, course: Course, locale: Locale, catalogues: Catalogues) -> Reading:
        """The course in a language, by the catalogues of this request."""
        interface = catalogues.revision(locale.code, "messages")
        texts = catalogues.course(course.id, locale.code)
        edition = self._editions(course.id, locale, _Carried(catalogues), interface)
        key = (course.digest, locale.code, catalogues.revision(locale.code, course.id), interface)
        return Reading(course, locale, texts, edition, key)

    def page(self, lesson: Lesson, reading: Reading) -> RenderedLesson:
        """The lesson in a language, from the cache where nothing changed."""
        key = (lesson.module, lesson.slug, lesson.digest, *reading.key)
        page = self._pages.get(key)
        if page is None:
            if len(self._pages) > 2_000:
                self._pages.clear()
            page = self._pages[key] = render_lesson(lesson, reading.texts, reading.edition)
        return page

    def _edition(self, course_id: str, locale: Locale, carried: "_Carried", interface: int) -> Edition:
        assert self._environments is not None
        environment = self._environments.get(carried.catalogues.messages(locale.code), interface)
        module = environment.get_template("components/fallback_notice.html").module
        return Edition(
            locale=locale.code,
            direction=locale.direction,
            missing_notice=Markup(module.fallback_notice("missing")),  # type: ignore[attr-defined]  # noqa: S704
            outdated_notice=Markup(module.fallback_notice("outdated")),  # type: ignore[attr-defined]  # noqa: S704
            glossary_href=f"/{locale.code}/courses/{course_id}/glossary/",
        )


class _Carried:
    """Carries the catalogues past the cache: equal to every other, since the revision is in the key."""

    __slots__ = ("catalogues",)

    def __init__(self, catalogues: Catalogues) -> None:
        self.catalogues = catalogues

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Carried)
