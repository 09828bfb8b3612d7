"""A lesson: read, checked, marked done."""

from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, request

from elearn import clock
from elearn.cohorts.policy import StudyState
from elearn.content.feedback import RenderedFeedback, render_feedback
from elearn.content.model import Lesson
from elearn.errors import NotFound
from elearn.i18n.markers import N_
from elearn.learning import policy
from elearn.learning.service.lessons import mark_lesson_done
from elearn.learning.views.freshness import tag_of, unchanged
from elearn.learning.views.outline import Outline, map_modules, outline_of, parts
from elearn.learning.views.standing import (
    Standing,
    closed_text,
    library,
    on_completion,
    standing_in,
    student_of,
)
from elearn.web.access import Cache, public
from elearn.web.composed import Kept
from elearn.web.current import READ_METHODS, frame
from elearn.web.forms import SWITCH
from elearn.web.links import login_url
from elearn.web.notices import notify
from elearn.web.pages import KeptParts, environment, render
from elearn.web.text import text

COMPLETED = N_("You have completed the course.")
ASSESSMENTS = N_("Assessments")


@dataclass(frozen=True, slots=True)
class LessonPage:
    """A lesson as one person finds it. `is_early`: study has not begun; `closed` says why nothing is recorded now."""

    standing: Standing
    lesson: Lesson
    is_early: bool
    closed: str

    @property
    def ending(self) -> str:
        """What can be done at its end: "mark", "done" (go on), or "" (nothing)."""
        if self.standing.enrolled is None or self.closed:
            return ""
        return "done" if self.lesson.id in self.standing.progress.done else "mark"


@public(cache=Cache.COURSE)
def lesson(course: str, module: str, lesson: str) -> Any:
    """The lesson; POST marks it done, or with `action=check` answers one of its questions.

    A change of language records nothing; a check on the page comes along with its answers.
    """
    found = library().lesson(course, module, lesson)
    if frame().viewer is None and not (found.is_open and _only_reads()):
        return redirect(login_url(), 302)
    page = _page_of(found)
    if request.method in READ_METHODS:
        return _show(page)
    if not _only_reads():
        return _mark_done(page)
    return _check(page) if _is_check() else _show_after_post(page)


def _only_reads() -> bool:
    """Whether nothing is recorded by this request."""
    return request.method in READ_METHODS or SWITCH in request.form or _is_check()


def _is_check() -> bool:
    """Whether a question was posted; the button of a language sends no action."""
    return request.form.get("action") == "check" or (SWITCH in request.form and "question" in request.form)


def _page_of(lesson: Lesson) -> LessonPage:
    standing, now = standing_in(lesson.course), clock.now()
    enrolled = standing.enrolled
    if enrolled is None:
        if not lesson.is_open:
            raise NotFound
        return LessonPage(standing, lesson, is_early=False, closed="")
    is_early = enrolled.state(now) is StudyState.BEFORE and not lesson.is_open
    return LessonPage(standing, lesson, is_early, closed_text(enrolled, now))


def _show(page: LessonPage) -> Response:
    if page.is_early:
        return _not_yet(page)
    tag = tag_of(page.standing.mark, page.closed)
    return unchanged(tag) or _render(page, _kept_article(page))


def _show_after_post(page: LessonPage) -> Response:
    """The lesson as it is; the tag belongs to answers to GET."""
    return _not_yet(page) if page.is_early else _render(page, _kept_article(page))


def _not_yet(page: LessonPage) -> Response:
    return render("learning/not_yet.html", nav="learn", sentence=page.closed, outline=_outline(page))


def _outline(page: LessonPage) -> Outline:
    return outline_of(page.standing.reading)


def _render(page: LessonPage, article: Kept, *, checked: str = "") -> Response:
    """The page around the article; `checked` is the question whose answer it shows."""
    title = _outline(page).lessons[page.lesson.id].title
    is_visitor = page.standing.enrolled is None
    return render(
        "learning/lesson.html",
        nav="learn",
        title=title,
        sentence=page.closed,
        is_visitor=is_visitor,
        checked=checked,
        kept=KeptParts({"map": _kept_map(page), "article": article}, key=(title, page.closed, is_visitor, checked)),
    )


def _kept_article(page: LessonPage) -> Kept:
    key = (page.lesson.id, page.ending, page.standing.enrolled is None, page.standing.reading.key)
    return parts("articles").get(key, lambda: _article(page))


def _article(
    page: LessonPage, chosen: dict[str, list[str]] | None = None, feedback: RenderedFeedback | None = None
) -> Kept:
    """The lesson from its title to the way on, the same for everybody with this ending."""
    outline, lesson = _outline(page), page.lesson
    before, after = policy.neighbours(page.standing.course, lesson)
    template = environment().get_template("learning/article.html")
    return Kept(
        template.render(
            lesson=library().page(lesson, page.standing.reading),
            row=outline.lessons[lesson.id],
            module=outline.module_of[lesson.id],
            previous=outline.lessons[before.id] if before else None,
            next=outline.lessons[after.id] if after else None,
            course=page.standing.course.id,
            is_visitor=page.standing.enrolled is None,
            places=tuple(dict.fromkeys(source.place for source in lesson.sources)),
            ending=page.ending,
            token=Kept.TOKEN,
            chosen=chosen or {},
            feedback=feedback,
        )
    )


def _kept_map(page: LessonPage) -> Kept:
    """The course map, the same for everybody who has done the same lessons; a visitor has none."""
    standing = page.standing
    if standing.enrolled is None:
        return Kept("")
    progress = standing.progress
    key = (page.lesson.id, frozenset(progress.done), progress.passed, standing.reading.key)
    return parts("maps").get(key, lambda: _map(page))


def _map(page: LessonPage) -> Kept:
    course, progress = page.standing.course, page.standing.progress
    modules = map_modules(_outline(page), progress, current=page.lesson.id, assessments_title=text(ASSESSMENTS))
    template = environment().get_template("learning/map.html")
    return Kept(template.render(modules=modules, done=progress.lessons_done(course), total=len(course.lessons())))


def _check(page: LessonPage) -> Response:
    """Feedback on one question; nothing is stored."""
    if page.is_early:
        raise NotFound
    try:
        question = page.lesson.question(request.form.get("question", ""))
    except KeyError:
        raise NotFound from None
    answers = policy.read_answers(question, request.form.to_dict(flat=False))
    reading = page.standing.reading
    feedback = render_feedback(question, answers, reading.texts, reading.edition)
    return _render(page, _article(page, answers, feedback), checked=question.id)


def _mark_done(page: LessonPage) -> Response:
    """Mark the lesson done and go to the next; from the last one, and at completion, to the course map."""
    standing = page.standing
    is_completed = mark_lesson_done(
        frame().writing(),
        student=student_of(standing.enrolment),
        course=standing.course,
        lesson=page.lesson,
        on_completion=on_completion(),
    )
    if is_completed:
        notify(COMPLETED)
    _before, after = policy.neighbours(standing.course, page.lesson)
    outline = _outline(page)
    return redirect(outline.url if is_completed or after is None else outline.lessons[after.id].url, 303)  # type: ignore[return-value]
