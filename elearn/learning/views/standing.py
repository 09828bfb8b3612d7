"""A course in the reader's language, and where the reader stands in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from elearn.cohorts.queries import active_enrolment
from elearn.cohorts.records import Enrolled
from elearn.content.model import Course
from elearn.courses.library import Library, Reading
from elearn.errors import NotFound
from elearn.learning.policy import NO_PROGRESS, Progress
from elearn.learning.queries import progress_of
from elearn.learning.service.completion import OnCompletion
from elearn.learning.service.study import Student, closed_sentence
from elearn.permissions import Viewer
from elearn.web.current import frame
from elearn.web.platform import platform
from elearn.web.text import text


def library() -> Library:
    """The courses of this installation."""
    found: Library = platform().rooms["library"]
    return found


def reading_of(course: Course) -> Reading:
    """The course in the language of this request."""
    current = frame()
    return library().reading(course, current.locale, current.catalogues)


def viewer() -> Viewer:
    """The signed-in person of a page that asks for one."""
    found = frame().viewer
    assert found is not None
    return found


def student_of(enrolled: Enrolled) -> Student:
    """The signed-in person as a student, in the language of this request."""
    return Student(enrolled, frame().locale.code, viewer().time_zone)


def on_completion() -> OnCompletion | None:
    """What else happens in the transaction of a completion, as the application has handed it in."""
    found: OnCompletion | None = platform().rooms.get("on_completion")
    return found


def closed_text(enrolled: Enrolled, now: datetime) -> str:
    """Why nothing is recorded now, in the reader's language; "" while study is open or in grace."""
    error = closed_sentence(student_of(enrolled), now)
    return text(error.message, **error.values) if error else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A course as one person finds it; without an enrolment only its open lessons can be read."""

    course: Course
    reading: Reading
    enrolled: Enrolled | None
    progress: Progress

    @property
    def enrolment(self) -> Enrolled:
        """The enrolment of a page that asks for one. Raises NotFound."""
        if self.enrolled is None:
            raise NotFound
        return self.enrolled

    @property
    def mark(self) -> tuple[Any, ...]:
        """Changes with everything in it that a page can show; the same in every process."""
        progress = self.progress
        done, passed = tuple(sorted(progress.done)), tuple(sorted(progress.passed))
        return self.reading.key, self.enrolled, done, passed, progress.completed_at


def standing_in(course_id: str) -> Standing:
    """Where the viewer, or a visitor, stands in a course. Raises NotFound where there is no such course."""
    course = library().course(course_id)
    person = frame().viewer
    session = frame().reading()
    enrolled = active_enrolment(session, person.id, course_id) if person else None
    progress = progress_of(session, enrolled.id) if enrolled else NO_PROGRESS
    return Standing(course, reading_of(course), enrolled, progress)
