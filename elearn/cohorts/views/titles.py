"""Titles of courses for pages and letters, from the library of the running application."""

from elearn.cohorts.service.letters import Titles, course_titles
from elearn.courses.library import Library
from elearn.web.current import frame
from elearn.web.platform import platform


def library() -> Library:
    """The courses of this installation."""
    found: Library = platform().rooms["library"]
    return found


def titles(course_id: str) -> Titles:
    """The title of a course by language. Raises NotFound."""
    return course_titles(library(), course_id, frame().catalogues)


def title(course_id: str) -> str:
    """The title of a course in the reader's language."""
    return titles(course_id)[frame().locale.code]
