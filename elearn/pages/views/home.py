"""Home and the course pages."""

from flask import Blueprint, Response

from elearn import clock
from elearn.content.model import Course
from elearn.courses.library import Library, Reading
from elearn.i18n.locales import LOCALES
from elearn.pages import queries
from elearn.pages.views.statements import blueprint as pages
from elearn.web.access import public
from elearn.web.current import frame
from elearn.web.frontdoor import Stamp
from elearn.web.pages import render
from elearn.web.platform import Platform, platform

blueprint = Blueprint("courses", __name__, url_prefix="/<locale:locale>/courses")
KEPT_SECONDS = 60.0
LANGUAGES = tuple((locale.code, locale.endonym, locale.direction) for locale in LOCALES)


def library() -> Library:
    """The courses of this process."""
    found: Library = platform().rooms["library"]
    return found


def reading(course: Course) -> Reading:
    """The course in the language of the request."""
    return library().reading(course, frame().locale, frame().catalogues)


@pages.get("/<locale:locale>/")
@public()
def home() -> Response:
    """Open calls, what the course is for, highlights: the course of the call that closes first, else the first."""
    courses = {course.id: (course, reading(course)) for course in library()}
    calls = [
        (c, *courses[c.cohort.course]) for c in queries.open_calls(frame().reading()) if c.cohort.course in courses
    ]
    call, course, text = calls[0] if calls else (None, *next(iter(courses.values()), (None, None)))
    return render(
        "pages/home.html", nav="home", course=course, reading=text, call=call, others=calls[1:], languages=LANGUAGES,
    )  # fmt: skip


@blueprint.get("/")
@public()
def index() -> Response:
    """All courses."""
    return render(
        "pages/courses.html", nav="courses", courses=[(c, reading(c)) for c in library()], languages=LANGUAGES
    )


@blueprint.get("/<slug:course>/")
@public()
def show(course: str) -> Response:
    """One course: dates, contents, languages, conditions."""
    found = library().course(course)
    readings = [library().reading(found, locale, frame().catalogues) for locale in LOCALES]
    return render(
        "pages/course.html", nav="courses", course=found, reading=reading(found),
        calls=queries.calls_of_course(frame().reading(), course), shares=queries.shares(found, readings),
    )  # fmt: skip


@blueprint.get("/<slug:course>/glossary/")
@public()
def glossary(course: str) -> Response:
    """The terms with their definitions and their equivalents in the four languages."""
    found = library().course(course)
    readings = [library().reading(found, locale, frame().catalogues) for locale in LOCALES]
    return render("pages/glossary.html", nav="courses", course=found, reading=reading(found), readings=readings)


def stamp_of(owner: Platform) -> Stamp:
    """For the front door: what the kept pages depend on, and for how many seconds the clock leaves them alone."""
    with owner.database.read_session() as session:
        state = queries.public_state(session)
    seconds = KEPT_SECONDS
    if state.next_edge is not None:
        seconds = min(seconds, (state.next_edge - clock.now()).total_seconds())
    return Stamp((owner.catalogues.current().stamp, state.cohorts), seconds)
