"""What a course must keep to beyond its form; each rule notes every place where it is broken."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from elearn.content.faults import FaultLog
from elearn.content.figures import TEXTS_BY_FIGURE
from elearn.content.marking import MOST_CASES
from elearn.content.model import Assessment, Block, Course, Lesson, Question, Unit
from elearn.content.pages import Draft
from elearn.content.questions import WITH_OPTIONS


def check_blocks(draft: Draft) -> None:
    """Rules for the blocks of a page: heading levels, figures, ids of questions."""
    _heading_levels(draft.blocks, draft.log)
    for block in draft.blocks:
        if block.figure:
            _figure(block, draft.log)
    questions = [inner for question in draft.questions for inner in (question, *question.parts)]
    _duplicates(((question.id, question.line) for question in questions), "question", draft.log)
    for question in questions:
        _question(question, draft.log)


def _heading_levels(blocks: Iterable[Block], log: FaultLog) -> None:
    last = 0
    for block in blocks:
        if block.kind == "heading":
            if block.level > last + 1:
                log.add(block.line, "heading-skip", f"A heading of level {block.level} follows one of level {last}.",
                        f"Use {'#' * (last + 1)} here.")  # fmt: skip
            last = block.level


def _figure(block: Block, log: FaultLog) -> None:
    figure = block.figure
    assert figure is not None
    wanted = TEXTS_BY_FIGURE.get(figure.code)
    if wanted is None:
        log.add(block.line, "unknown-figure", f"There is no drawing “{figure.code}”.",
                f"Use one of: {', '.join(sorted(TEXTS_BY_FIGURE))}.")  # fmt: skip
        return
    found = Counter(name for name, _unit in figure.texts)
    if not found["alt"]:
        log.add(block.line, "missing-alt", "The figure has no alternative text.", "Add a line “alt: what it shows”.")
    for name in sorted(wanted - found.keys() - {"alt"}):
        log.add(block.line, "missing-text", f"The figure lacks the text “{name}”.", f"Add a line “{name}: …”.")
    for name in sorted(name for name, count in found.items() if name not in wanted or count > 1):
        log.add(block.line, "unexpected-line", f"The text “{name}” has no place in the figure, or stands twice.",
                "Delete the line.")  # fmt: skip


def _question(question: Question, log: FaultLog) -> None:
    if not question.stem:
        log.add(question.line, "empty-text", f"The question {question.id} asks nothing.", "Write its stem first.")
    ids = [(choice.id, choice.text.line) for choice in question.choices]
    _duplicates(ids, "option or line", log)
    for choice in question.choices:
        if choice.feedback is None:
            log.add(choice.text.line, "missing-feedback", f"“{choice.id}” of {question.id} has no feedback.",
                    "Add a line “  > …” under it that says why.")  # fmt: skip
    for sentence, rule, mend in _kind_faults(question):
        log.add(question.line, rule, sentence, mend)
    if question.kind == "matching":
        _matching(question, log)


def _kind_faults(question: Question) -> Iterator[tuple[str, str, str]]:
    """(message, rule, mend) of what the question's kind asks for."""
    parts_it_has = {
        "options": bool(question.options), "lines": bool(question.lines), "targets": bool(question.targets),
        "parts": bool(question.parts),
    }  # fmt: skip
    for name, is_there in parts_it_has.items():
        if is_there and name not in _BELONGS[question.kind]:
            yield f"A question of kind {question.kind} has no {name}.", "unexpected-line", "Delete them."
    right = sum(option.is_right for option in question.options)
    if question.kind in WITH_OPTIONS:
        if len(question.options) < 2:
            yield f"The question {question.id} has too few options.", "too-few-options", "Give at least two."
        if not right:
            yield f"No option of {question.id} is right.", "no-right-answer", "Mark the right one with [x]."
        if question.kind != "multiple" and right > 1:
            yield f"More than one option of {question.id} is right.", "too-many-right", "Mark one only."
    if question.kind == "multiple" and right and right == len(question.options):
        yield f"Every option of {question.id} is right.", "no-wrong-answer", "Add an option that is wrong."
    if question.kind == "truefalse" and {option.id for option in question.options} != {"t", "f"}:
        yield f"The options of {question.id} are not t and f.", "truefalse-ids", "Write “t.” and “f.”."
    if question.kind in ("matching", "ordering") and len(question.lines) < 2:
        yield f"The question {question.id} has too few lines.", "too-few-options", "Give at least two."
    if question.kind == "ordering" and _step_ids(question) != [f"s{n}" for n in range(1, len(question.lines) + 1)]:
        yield f"The lines of {question.id} are not s1, s2, … in the right order.", "ordering-ids", "Number them so."
    if question.kind == "case" and not question.parts:
        yield f"The case {question.id} has no parts.", "too-few-options", "Add parts between :::: lines."


_BELONGS = {
    "single": {"options"}, "multiple": {"options"}, "truefalse": {"options"}, "matching": {"lines", "targets"},
    "ordering": {"lines"}, "case": {"parts"},
}  # fmt: skip


def _step_ids(question: Question) -> list[str]:
    return [line.id for line in question.lines]


def _matching(question: Question, log: FaultLog) -> None:
    targets = {target.id for target in question.targets}
    if len(targets) < 2:
        log.add(question.line, "too-few-options", f"The question {question.id} has too few targets.",
                "Give at least two under “targets:”.")  # fmt: skip
    _duplicates(((target.id, target.text.line) for target in question.targets), "target", log)
    for line in question.lines:
        if line.answer not in targets:
            log.add(line.text.line, "missing-target", f"“{line.id}” of {question.id} matches no target.",
                    "End the line with “=> id” of a target.")  # fmt: skip


def _duplicates(ids: Iterable[tuple[str, int]], what: str, log: FaultLog) -> None:
    seen: set[str] = set()
    for name, line in ids:
        if name in seen:
            log.add(line, "duplicate-id", f"The id “{name}” of a {what} stands here twice.", "Give it another id.")
        seen.add(name)


def check_objectives(questions: Iterable[Question], known: set[str], log: FaultLog) -> None:
    """Every question must name objectives that exist."""
    for question in questions:
        for inner in (question, *question.parts):
            for number in inner.objectives:
                if number not in known:
                    log.add(inner.line, "unknown-objective", f"There is no objective {number}.",
                            f"Use: {', '.join(sorted(known))}.")  # fmt: skip


def check_assessment(assessment: Assessment, line: int, log: FaultLog) -> None:
    """A draw must be possible: enough items, with at most two cases among them. `log` is of course.toml."""
    cases = sum(item.kind == "case" for item in assessment.items)
    usable = len(assessment.items) - max(0, cases - MOST_CASES)
    if assessment.draw > usable:
        log.add(line, "draw-too-large", f"{assessment.draw} items are to be drawn from a pool of {usable}.",
                f"Lower “draw” or write more items (at most {MOST_CASES} cases are drawn).")  # fmt: skip


@dataclass(frozen=True, slots=True)
class References:
    """What a course can refer to: the files under its folder and its glossary."""

    root: Path
    terms: frozenset[int]

    def check_links(self, units: Iterable[Unit], log: FaultLog) -> None:
        """Every relative link must lead to a file, every glossary link to a term."""
        for unit in units:
            for target in unit.references:
                if not self._is_there(target, unit.file):
                    log.add(unit.line, "unknown-link", f"The link to {target} leads nowhere.",
                            "Correct the path (relative to this file) or the number of the term.")  # fmt: skip

    def check_terms(self, lesson: Lesson, line: int, log: FaultLog) -> None:
        """A term that the lesson introduces should stand in the glossary."""
        for term in lesson.terms_introduced:
            if term not in self.terms:
                log.add(line, "unknown-term", f"The term {term} is not in the glossary.",
                        "Add it to glossary.toml.", level="warning")  # fmt: skip

    def _is_there(self, target: str, file: str) -> bool:
        parts = urlsplit(target)
        if parts.scheme == "glossary":
            return parts.path.isdecimal() and int(parts.path) in self.terms
        if parts.scheme or not parts.path:
            return True
        folder = (self.root / PurePosixPath(file)).parent
        place = (folder / parts.path).resolve()
        return place.is_relative_to(self.root.resolve()) and place.is_file()


def check_completion(course: Course, log: FaultLog) -> None:
    """The rule of completion must name assessments that exist. `log` is of course.toml."""
    assessments = {assessment.key for assessment in course.assessments}
    for key in course.completion.assessments:
        if key not in assessments:
            log.add(1, "unknown-assessment", f"Completion asks for an assessment “{key}” that is not there.",
                    f"Add assessments/{key}.md or take it out of [completion].")  # fmt: skip
