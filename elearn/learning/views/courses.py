"""My courses, and the map of one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from elearn import clock
from elearn.cohorts.queries import enrolments_of
from elearn.cohorts.records import Enrolled
from elearn.i18n import dates
from elearn.learning import policy
from elearn.learning.policy import Missing, Progress
from elearn.learning.queries import progress_of_all
from elearn.learning.views.lessons import ASSESSMENTS
from elearn.learning.views.outline import MapModule, Outline, Row, map_modules, outline_of, parts
from elearn.learning.views.standing import closed_text, library, reading_of, standing_in, viewer
from elearn.web.access import Cache, signed_in
from elearn.web.composed import Kept
from elearn.web.current import frame
from elearn.web.pages import KeptParts, environment, render
from elearn.web.platform import platform
from elearn.web.text import text


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as the reader's clock shows it, and as the cohort's does where that is another."""

    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Studies:
    """One enrolment for its person: where to go on, what is done, what is missing, until when."""

    outline: Outline
    cohort: str
    modules: tuple[MapModule, ...]
    done: int
    total: int
    resume: Row | None
    missing: Missing
    completed: str
    certificate: str
    closed: str
    opens: Moment
    ends: Moment
    grace: Moment | None

    @property
    def is_fresh(self) -> bool:
        """Nothing is done yet."""
        return not self.done


@signed_in()
def my_courses() -> Any:
    """Every course the person is enrolled in, the latest first."""
    session, person = frame().reading(), viewer()
    enrolments = [one for one in enrolments_of(session, person.id) if one.course in library().ids()]
    progress = progress_of_all(session, [one.id for one in enrolments])
    numbers = platform().rooms.get("certificates_of", lambda _session, _person: {})(session, person.id)
    found = [(one, progress[one.id], numbers.get(one.id, "")) for one in enrolments]
    key = person.time_zone, frame().locale.code, *(_mark(*one) for one in found)
    cards = parts("cards").get(key, lambda: _cards([_studies(*one) for one in found]))
    return render("learning/my_courses.html", nav="learn", kept=KeptParts({"cards": cards}, key="cards"))


def _mark(enrolled: Enrolled, progress: Progress, certificate: str) -> tuple[Any, ...]:
    """Changes with everything that the card of an enrolment shows; the same for people of one cohort who are as far."""
    cohort = (
        enrolled.cohort_id, enrolled.name(frame().locale.code), enrolled.zone, enrolled.study_opens,
        enrolled.study_closes, enrolled.ends, enrolled.extended_until, enrolled.state(clock.now()),
    )  # fmt: skip
    course = library().course(enrolled.course)
    lesson = policy.resume_lesson(course, progress.done)
    reached = frozenset(progress.done), lesson and lesson.id, progress.passed, progress.completed_at
    return reading_of(course).key, cohort, reached, certificate


def _cards(found: list[Studies]) -> Kept:
    running = [one for one in found if not one.completed]
    completed = [one for one in found if one.completed]
    template = environment().get_template("learning/cards.html")
    return Kept(template.render(running=running, completed=completed))


@signed_in(cache=Cache.COURSE)
def course_map(course: str) -> Any:
    """The contents of a course with the state of each lesson, and what is missing for completion."""
    standing = standing_in(course)
    studies = _studies(standing.enrolment, standing.progress, "")
    return render("learning/course_map.html", nav="learn", course=standing.course, studies=studies)


def _studies(enrolled: Enrolled, progress: Progress, certificate: str) -> Studies:
    course = library().course(enrolled.course)
    outline = outline_of(reading_of(course))
    lesson = policy.resume_lesson(course, progress.done)
    completed = progress.completed_at
    return Studies(
        outline=outline,
        cohort=enrolled.name(frame().locale.code),
        modules=map_modules(outline, progress, assessments_title=text(ASSESSMENTS)),
        done=progress.lessons_done(course),
        total=len(course.lessons()),
        resume=outline.lessons[lesson.id] if lesson else None,
        missing=policy.missing(course, progress),
        completed=_day(completed) if completed else "",
        certificate=certificate,
        closed=closed_text(enrolled, clock.now()),
        opens=_moment(enrolled, enrolled.study_opens),
        ends=_moment(enrolled, enrolled.last_study_minute),
        grace=_moment(enrolled, enrolled.last_minute) if enrolled.last_minute > enrolled.last_study_minute else None,
    )


def _moment(enrolled: Enrolled, moment: datetime) -> Moment:
    locale, zone = frame().locale.code, viewer().time_zone
    here = dates.datetime_(moment, locale, zone)
    there = dates.datetime_(moment, locale, enrolled.zone)
    return Moment(here, "" if enrolled.zone == zone else there)


def _day(moment: datetime) -> str:
    return dates.date(moment.astimezone(ZoneInfo(viewer().time_zone)), frame().locale.code)
