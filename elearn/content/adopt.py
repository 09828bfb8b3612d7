"""Taking over a translation that was written as a whole parallel file.

The file is read like a page and laid beside the English block by block; what comes out are the texts of units in
normal form. Marks of right answers, ids and headers must be those of the English.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from elearn.content.coursefile import translated_texts
from elearn.content.faults import ContentError, FaultLog
from elearn.content.inline import integrity, normalise, renumber
from elearn.content.model import Assessment, Block, Course, Lesson, Question, Term, Unit
from elearn.content.pages import parse_page
from elearn.content.source import read_toml
from elearn.content.units import CountedNames

Source = Lesson | Assessment | Course | Sequence[Term]


def adopt(source: Source, translated: str, file: str = "translation") -> dict[str, str]:
    """The texts in `translated` by the context of their unit.

    `translated` is a page in Markdown for a lesson or an assessment, and TOML in the form of course.toml or
    glossary.toml for a course or its terms. Raises ContentError, with the lines of `file`, where it differs from
    the English in structure, marks or ids, or lacks a text.
    """
    log = FaultLog(file)
    match source:
        case Lesson() | Assessment():
            texts = _page(source, translated, log)
        case Course():
            texts = _course(source, translated, log)
        case _:
            texts = _glossary(source, translated, log)
    if log.faults:
        raise ContentError(log.faults)
    return texts


def _page(source: Lesson | Assessment, translated: str, log: FaultLog) -> dict[str, str]:
    page_id = source.id if isinstance(source, Lesson) else f"assessments/{source.key}"
    form_log = FaultLog(log.file)
    draft = parse_page(translated.encode(), page_id, CountedNames(), form_log)
    log.faults.extend(fault for fault in form_log.faults if fault.rule != "long-block")
    beside = _Beside(log)
    beside.unit(source.title, draft.title)
    beside.all(source.objectives, draft.objectives, beside.unit, "objectives", draft.title.line)
    beside.all(_blocks(source), draft.body, beside.block, "blocks", draft.title.line)
    return beside.texts


def _blocks(source: Lesson | Assessment) -> tuple[Block, ...]:
    if isinstance(source, Lesson):
        return source.blocks
    return (*source.intro, *(Block("question", item.line, question=item) for item in source.items))


class _Beside:
    """Two structures side by side; `texts` gathers the units that fit."""

    def __init__(self, log: FaultLog) -> None:
        self.log = log
        self.texts: dict[str, str] = {}

    def unit(self, english: Unit, other: Unit) -> None:
        """A unit and its translation, whose inline markup must be the same."""
        text = renumber(other.text, other.references, english.references)
        for problem in integrity(english.text, text):
            self.log.add(other.line, "markdown-structure", problem, f"English: {english.text}")
        self.texts[english.context] = text

    def all(
        self, english: Sequence[Any], other: Sequence[Any], pair: Callable[[Any, Any], None], what: str, line: int
    ) -> None:
        """Two sequences that must be equally long, pair by pair."""
        if len(english) != len(other):
            line = getattr(other[-1], "line", line) if other else line
            self.log.add(line, "other-structure", f"There are {len(other)} {what}, in the English {len(english)}.",
                         "Write one for one, in the same order.")  # fmt: skip
        for one, two in zip(english, other, strict=False):
            pair(one, two)

    def block(self, english: Block, other: Block) -> None:
        """Two blocks of the same kind and shape."""
        if _shape(english) != _shape(other):
            message = f"Here stands {_shape(other)}, in the English {_shape(english)}."
            self.log.add(other.line, "other-structure", message, f"See {_where(english)}.")
        elif english.question and other.question:
            self.question(english.question, other.question)
        else:
            own = [english.unit] if english.unit else []
            self.all(own, [other.unit] if other.unit else [], self.unit, "texts", other.line)
            self.all(_figure_texts(english), _figure_texts(other), self.unit, "texts", other.line)
            self.all(english.children, other.children, self.block, "blocks", other.line)

    def question(self, english: Question, other: Question) -> None:
        """Two questions with the same header, ids and marks."""
        if _key(english) != _key(other):
            message = f"The header, an id or a mark of {other.id} is not as in the English."
            self.log.add(other.line, "other-answers", message, f"Copy them from its line {english.line}.")
            return
        self.all(tuple(_own_units(english)), tuple(_own_units(other)), self.unit, "texts", other.line)
        self.all(english.parts, other.parts, self.question, "parts", other.line)


def _shape(block: Block) -> str:
    names = sorted(name for name, _unit in block.figure.texts) if block.figure else []
    figure = f" {block.figure.code} with {', '.join(names)}" if block.figure else ""
    level = f" of level {block.level}" if block.kind == "heading" else ""
    return f"a {block.kind}{level}{figure}{block.code}"


def _where(block: Block) -> str:
    text = block.unit.text[:60] if block.unit else ""
    return f"line {block.line} of the English {text}".strip()


def _figure_texts(block: Block) -> tuple[Unit, ...]:
    return tuple(unit for _name, unit in sorted(block.figure.texts)) if block.figure else ()


def _key(question: Question) -> tuple[Any, ...]:
    """Everything of a question that is no text, save what a translation may leave out (difficulty, source)."""
    options = tuple((option.id, option.is_right, option.feedback is None) for option in question.options)
    lines = tuple((line.id, line.answer, line.feedback is None) for line in question.lines)
    targets = tuple(target.id for target in question.targets)
    return question.id, question.kind, question.level, question.objectives, options, lines, targets


def _own_units(question: Question) -> Iterator[Unit]:
    """The units of a question without those of its parts."""
    parts = {unit.context for part in question.parts for unit in part.units()}
    return (unit for unit in question.units() if unit.context not in parts)


def _course(source: Course, translated: str, log: FaultLog) -> dict[str, str]:
    found = translated_texts(read_toml(translated, log))
    return _plain_texts(source.own_units(), "course#", found, log)


def _glossary(source: Sequence[Term], translated: str, log: FaultLog) -> dict[str, str]:
    found: dict[str, str] = {}
    for term in read_toml(translated, log).get("terms", []):
        for key in ("term", "definition"):
            found[f"{term.get('id')}.{key}"] = str(term.get(key, ""))
    units = (unit for term in source for unit in (term.term, term.definition))
    return _plain_texts(units, "glossary#", found, log)


def _plain_texts(units: Iterator[Unit], prefix: str, found: dict[str, str], log: FaultLog) -> dict[str, str]:
    """The texts found under the names of units."""
    texts: dict[str, str] = {}
    for unit in units:
        name = unit.context.removeprefix(prefix)
        normal = normalise(found.get(name, ""))
        if not normal.text:
            log.add(1, "missing-text", f"The text of {name} is missing.", f"English: {unit.text}")
            continue
        for problem in integrity(unit.text, normal.text):
            log.add(1, "markdown-structure", f"{name}: {problem}", f"English: {unit.text}")
        texts[unit.context] = normal.text
    return texts
