"""The contents of a course as rows with titles and addresses, made once per course, language and revision."""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from elearn.content.model import Assessment, Lesson, Module, Unit
from elearn.courses.library import Reading
from elearn.learning.policy import Progress
from elearn.web.links import url
from elearn.web.platform import platform

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Row:
    """A lesson or an assessment: its place in its module, its title as plain text, in another language than the page
    where `lang` says so."""

    id: str
    number: int
    title: str
    lang: str
    dir: str
    url: str
    minutes: int


@dataclass(frozen=True, slots=True)
class ModuleRows:
    """A module with its lessons."""

    number: int
    title: str
    lang: str
    dir: str
    lessons: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A course in one language."""

    title: str
    lang: str
    dir: str
    url: str
    modules: tuple[ModuleRows, ...]
    assessments: tuple[Row, ...]
    lessons: dict[str, Row] = field(default_factory=dict)
    module_of: dict[str, ModuleRows] = field(default_factory=dict)

    def assessment(self, key: str) -> Row:
        """The row of an assessment; raises StopIteration."""
        return next(row for row in self.assessments if row.id == key)


@dataclass(frozen=True, slots=True)
class MapLesson:
    """A line of the course map. `state` is "none" or "done"; of the page itself, as long as it is not done, "begun"."""

    title: str
    lang: str
    dir: str
    url: str
    state: str
    current: bool


@dataclass(frozen=True, slots=True)
class MapModule:
    """A module of the course map; the assessments follow as one without a number."""

    number: int | str
    title: str
    lang: str
    dir: str
    state: str
    open: bool
    lessons: tuple[MapLesson, ...]

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(lesson.state for lesson in self.lessons)

    @property
    def done(self) -> int:
        return self.states.count("done")

    @property
    def total(self) -> int:
        return len(self.lessons)


class Parts:
    """Parts of pages that are the same for many people, kept up to a number; then all are made anew."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: dict[Hashable, Any] = {}

    def get(self, key: Hashable, make: Callable[[], Part]) -> Part:
        """The part under this key, which changes with everything in the part."""
        part: Part | None = self._parts.get(key)
        if part is None:
            if len(self._parts) >= self._limit:
                self._parts.clear()
            part = self._parts[key] = make()
        return part


def parts(name: str, limit: int = 500) -> Parts:
    """The parts of this name in the running application."""
    rooms = platform().rooms
    found: Parts | None = rooms.get(f"learning.{name}")
    if found is None:
        found = rooms.setdefault(f"learning.{name}", Parts(limit))
    return found


def outline_of(reading: Reading) -> Outline:
    """The contents of the course in this reading."""
    return parts("outlines", 100).get(reading.key, lambda: _outline(reading))


def _outline(reading: Reading) -> Outline:
    course = reading.course
    modules = tuple(_module(module, reading) for module in course.modules)
    return Outline(
        *_title(course.title, reading),
        url("learning.course_map", course=course.id),
        modules,
        tuple(_assessment(number, one, reading) for number, one in enumerate(course.assessments, 1)),
        {row.id: row for module in modules for row in module.lessons},
        {row.id: module for module in modules for row in module.lessons},
    )


def _title(unit: Unit, reading: Reading) -> tuple[str, str, str]:
    found = reading.text(unit)
    return found.plain, found.lang, found.direction


def _module(module: Module, reading: Reading) -> ModuleRows:
    rows = tuple(_lesson(number, lesson, reading) for number, lesson in enumerate(module.lessons, 1))
    return ModuleRows(module.number, *_title(module.title, reading), rows)


def _lesson(number: int, lesson: Lesson, reading: Reading) -> Row:
    address = url("learning.lesson", course=lesson.course, module=lesson.module, lesson=lesson.slug)
    return Row(lesson.id, number, *_title(lesson.title, reading), address, lesson.minutes)


def _assessment(number: int, assessment: Assessment, reading: Reading) -> Row:
    address = url("learning.assessment", course=reading.course.id, key=assessment.key)
    return Row(assessment.key, number, *_title(assessment.title, reading), address, assessment.minutes)


def map_modules(
    outline: Outline, progress: Progress, *, current: str = "", assessments_title: str = ""
) -> tuple[MapModule, ...]:
    """The rows of the course map. `current` is the id of the lesson that is shown; with a title the assessments follow
    as a last module."""
    modules = [
        MapModule(module.number, module.title, module.lang, module.dir, *_lines(module.lessons, progress.done, current))
        for module in outline.modules
    ]
    if assessments_title and outline.assessments:
        lines = _lines(outline.assessments, progress.passed, current)
        modules.append(MapModule("", assessments_title, "", "", *lines))
    return tuple(modules)


def _lines(rows: tuple[Row, ...], done: Collection[str], current: str) -> tuple[str, bool, tuple[MapLesson, ...]]:
    """State of a module, whether it is unfolded, and its lines."""
    lines = tuple(
        MapLesson(row.title, row.lang, row.dir, row.url, _state(row.id, done, current), row.id == current)
        for row in rows
    )
    states = {line.state for line in lines}
    state = "done" if states == {"done"} else "none" if states == {"none"} else "begun"
    return state, any(line.current for line in lines), lines


def _state(row_id: str, done: Collection[str], current: str) -> str:
    if row_id in done:
        return "done"
    return "begun" if row_id == current else "none"
