"""A lesson as HTML in one language: English blocks with translated inline text, fallback block by block.

A translation replaces inline text inside the English block tree, so that none can break a page. A question falls
back whole, never half, and what is rendered here holds neither right answers nor feedback.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from markupsafe import Markup

from elearn.content.marking import FormItem
from elearn.content.model import Block, Lesson, Line, Option, Question, Target, Unit
from elearn.content.prose import Prose, opening_paragraph
from elearn.content.reading import NOTHING, SOURCE_LOCALE, Edition, Reader, RenderedText, State, Texts

__all__ = ["Edition", "RenderedChoice", "RenderedLesson", "RenderedQuestion", "RenderedText"]


@dataclass(frozen=True, slots=True)
class RenderedChoice:
    """An option, a line or a target: the id that forms use, and its text."""

    id: str
    html: Markup
    plain: str


@dataclass(frozen=True, slots=True)
class RenderedQuestion:
    """A question without its answers. `lang`, `direction` and `fallback` are empty in the page's language; else
    they belong on the element around the question, and `notice` is the strip to put before it."""

    id: str
    kind: str
    level: str
    stem: Markup
    options: tuple[RenderedChoice, ...]
    lines: tuple[RenderedChoice, ...]
    targets: tuple[RenderedChoice, ...]
    parts: tuple["RenderedQuestion", ...]
    lang: str = ""
    direction: str = ""
    fallback: State = ""
    notice: Markup = NOTHING

    @property
    def attributes(self) -> Markup:
        """The attributes for the element around the question, with a space before each."""
        return question_attributes(self.fallback)


@dataclass(frozen=True, slots=True)
class RenderedLesson:
    """A lesson ready for its template: `parts` are HTML (Markup) and questions in the order of the page.

    `missing` and `outdated` count units of `units` in all.
    """

    title: RenderedText
    objectives: tuple[RenderedText, ...]
    parts: tuple[Markup | RenderedQuestion, ...]
    units: int
    missing: int
    outdated: int


def question_attributes(state: State) -> Markup:
    """A question falls back to English for an outdated text too, so it always says which language it is in."""
    return Markup(' lang="en" dir="ltr" data-fallback="{}"').format(state) if state else NOTHING


def render_lesson(lesson: Lesson, texts: Texts, edition: Edition) -> RenderedLesson:
    """The lesson in the language of `edition`. `texts` holds translations by the context of their unit."""
    reader = Reader(texts, edition)
    states = [reader.state(unit) for unit in lesson.units()]
    return RenderedLesson(
        title=reader.rendered(lesson.title),
        objectives=tuple(reader.rendered(unit) for unit in lesson.objectives),
        parts=tuple(_parts(lesson.blocks, reader)),
        units=len(states),
        missing=states.count("missing"),
        outdated=states.count("outdated"),
    )


def render_blocks(blocks: Sequence[Block], texts: Texts, edition: Edition) -> Markup:
    """Blocks without questions, as the introduction of an assessment."""
    return NOTHING.join(part for part in _parts(blocks, Reader(texts, edition)) if isinstance(part, Markup))


def render_text(unit: Unit, texts: Texts, edition: Edition) -> RenderedText:
    """One unit that stands alone, as a title or a definition."""
    return Reader(texts, edition).rendered(unit)


def render_question(
    question: Question, texts: Texts, edition: Edition, form: FormItem | None = None
) -> RenderedQuestion:
    """A question in the order of an attempt's form, or in the lesson's order (steps then stand mixed)."""
    reader = Reader(texts, edition)
    state = reader.worst(question.units())
    return _question(question, reader, state, form)


def _question(question: Question, reader: Reader, state: State, form: FormItem | None) -> RenderedQuestion:
    texts = ChoiceTexts(reader, in_english=bool(state))
    order = form["order"] if form else ()
    forms = {part["id"]: part for part in form.get("parts", ())} if form else {}
    lang, direction = (SOURCE_LOCALE, "ltr") if state else ("", "")
    lines = _ordered(mixed_steps(question), order) if question.kind == "ordering" else question.lines
    return RenderedQuestion(
        question.id, question.kind, question.level, texts.stem(question),
        tuple(texts.choice(option) for option in _ordered(question.options, order)),
        tuple(texts.choice(line) for line in lines),
        tuple(texts.choice(target) for target in _ordered(question.targets, order)),
        tuple(_question(part, reader, state, forms.get(part.id)) for part in question.parts),
        lang, direction, state, reader.edition.notice(state),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChoiceTexts:
    """The texts of a question in one language."""

    reader: Reader
    in_english: bool

    def html(self, unit: Unit) -> Markup:
        """The inline HTML of a unit."""
        return self.reader.html(unit, in_english=self.in_english)

    def stem(self, question: Question) -> Markup:
        """The paragraphs of the stem with line breaks between them, so that they can stand in a legend."""
        return Markup("<br>").join(self.html(unit) for unit in question.stem)

    def choice(self, choice: Option | Line | Target) -> RenderedChoice:
        """An option, line or target."""
        plain = self.reader.plain(choice.text, in_english=self.in_english)
        return RenderedChoice(form_id(choice), self.html(choice.text), plain)


def mixed_steps(question: Question) -> tuple[Line, ...]:
    """The steps of an ordering question in an order that is always the same and never the right one."""
    mixed = tuple(sorted(question.lines, key=lambda line: line.field))
    return mixed if mixed != question.lines else mixed[::-1]


_Choice = TypeVar("_Choice", Option, Line, Target)


def _ordered(choices: Sequence[_Choice], order: Sequence[str]) -> tuple[_Choice, ...]:
    """In the given order of the ids that forms use; what the order does not name comes last."""
    places = {name: place for place, name in enumerate(order)}
    return tuple(sorted(choices, key=lambda choice: places.get(form_id(choice), len(places))))


def form_id(choice: Option | Line | Target) -> str:
    """The id by which forms and stored orders know an option, line or target."""
    return choice.field if isinstance(choice, Line) else choice.id


def _parts(blocks: Sequence[Block], reader: Reader) -> Iterator[Markup | RenderedQuestion]:
    """Runs of prose joined, questions between them."""
    prose = Prose(reader, opening_paragraph(blocks))
    for is_question, group in groupby(blocks, key=lambda block: block.question is not None):
        if is_question:
            for block in group:
                assert block.question is not None
                yield _question(block.question, reader, reader.worst(block.units()), None)
        else:
            yield prose.html(group)
