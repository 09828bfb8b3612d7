"""The structure of a course. Everything is immutable, so that processes and threads can share it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, Protocol

QuestionKind = Literal["single", "multiple", "truefalse", "matching", "ordering", "case"]
BlockKind = Literal[
    "heading", "paragraph", "list", "ordered", "item", "table", "row", "cell", "quote", "code", "rule",
    "figure", "question",
]  # fmt: skip

LEVELS = ("recall", "understand", "apply")
RESERVED_SLUGS = frozenset({"assessments", "attempts", "search", "project"})


class Text(Protocol):
    """A translation of one unit. `outdated` says that the English changed after it was made."""

    @property
    def text(self) -> str: ...

    @property
    def outdated(self) -> bool: ...


class Translation(NamedTuple):
    """The plainest `Text`."""

    text: str
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """One translatable text: the inline content of one leaf block.

    `context` is its stable id ("convention/transnational-offence#k7f2qa", "assessments/final#f01.a.fb",
    "course#title"). `text` is English inline Markdown in normal form (see `elearn.content.inline`); links in it
    are numbered and `references` holds their targets. `comment` tells translators where they are. `graded`
    marks the wording of an assessment. `line` counts from 1 in `file`.
    """

    context: str
    text: str
    kind: str
    file: str
    line: int
    comment: str = ""
    references: tuple[str, ...] = ()
    graded: bool = False
    words: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose. `beliefs` are the misconceptions ("m07") behind a wrong one."""

    id: str
    text: Unit
    feedback: Unit | None
    is_right: bool
    beliefs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line to match or to put in order.

    `field` is the id that forms use. For matching it equals `id`; for ordering it is opaque, since the ids of
    steps (s1, s2, …) give the order away. `answer` is the id of the right target, or the place "1", "2", ….
    """

    id: str
    field: str
    text: Unit
    feedback: Unit | None
    answer: str


@dataclass(frozen=True, slots=True)
class Target:
    """Something that lines can be matched with."""

    id: str
    text: Unit


@dataclass(frozen=True, slots=True)
class Question:
    """A question, an item of a pool, or (inside `parts`) a part of a case.

    `objectives` are numbers of the lesson's objectives ("2") or, in a pool, outcomes ("CO2").
    """

    id: str
    kind: QuestionKind
    level: str
    objectives: tuple[str, ...]
    line: int
    difficulty: str = ""
    source: str = ""
    stem: tuple[Unit, ...] = ()
    options: tuple[Option, ...] = ()
    lines: tuple[Line, ...] = ()
    targets: tuple[Target, ...] = ()
    parts: tuple["Question", ...] = ()

    @property
    def choices(self) -> tuple[Option | Line, ...]:
        """The options or lines: what carries feedback."""
        return self.options or self.lines

    def units(self) -> Iterator[Unit]:
        """Every unit of the question in reading order, parts included."""
        yield from self.stem
        for choice in self.choices:
            yield choice.text
            if choice.feedback:
                yield choice.feedback
        for target in self.targets:
            yield target.text
        for part in self.parts:
            yield from part.units()


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing of `elearn.content.figures` and the texts in it by name ("alt", "label.state1")."""

    code: str
    texts: tuple[tuple[str, Unit], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """A node of the page. Leaves with text have a `unit`; containers have `children`."""

    kind: BlockKind
    line: int
    unit: Unit | None = None
    children: tuple["Block", ...] = ()
    level: int = 0
    """Of a heading: 1 to 6. Of an ordered list: its first number."""
    align: str = ""
    is_header: bool = False
    code: str = ""
    figure: Figure | None = None
    question: Question | None = None

    def units(self) -> Iterator[Unit]:
        """Every unit in the block in reading order."""
        if self.unit:
            yield self.unit
        if self.figure:
            yield from (unit for _name, unit in self.figure.texts)
        if self.question:
            yield from self.question.units()
        for child in self.children:
            yield from child.units()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a claim of the lesson comes from: the place in the document and in the collection of facts."""

    claim: str
    place: str
    facts: str


@dataclass(frozen=True)
class Lesson:
    """One lesson. `module` and `slug` carry no number; `number` counts from 1 in the module as the file does.

    `blocks` leave out the title; `digest` is the SHA-256 of the source file's bytes, in hexadecimal.
    """

    course: str
    module: str
    slug: str
    number: int
    title: Unit
    minutes: int
    objectives: tuple[Unit, ...]
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...]
    terms_introduced: tuple[int, ...]
    terms_used: tuple[int, ...]
    invented: tuple[str, ...]
    is_open: bool
    file: str
    digest: str

    @property
    def id(self) -> str:
        """The stable id: "<module>/<lesson>"."""
        return f"{self.module}/{self.slug}"

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The knowledge checks in the order of the page."""
        return tuple(block.question for block in self.blocks if block.question)

    @cached_property
    def key_points(self) -> tuple[Unit, ...]:
        """The items under the heading "Key points"."""
        for heading, block in zip(self.blocks, self.blocks[1:], strict=False):
            if heading.unit and heading.kind == "heading" and heading.unit.text == "Key points":
                return tuple(block.units())
        return ()

    def question(self, question_id: str) -> Question:
        """The knowledge check with this id; raises KeyError."""
        return _by_id(self.questions, question_id)

    def units(self) -> Iterator[Unit]:
        """Every unit of the lesson in reading order."""
        yield self.title
        yield from self.objectives
        for block in self.blocks:
            yield from block.units()


@dataclass(frozen=True, slots=True)
class Module:
    """A chapter of the course; `number` is the one of the full course plan."""

    slug: str
    number: int
    title: Unit
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """A pool of items and the rules of an attempt: `draw` items, `pass_percent` to pass, at most `attempts`
    attempts with `wait_hours` between them, about `minutes` to work."""

    key: str
    title: Unit
    objectives: tuple[Unit, ...]
    intro: tuple[Block, ...]
    items: tuple[Question, ...]
    draw: int
    pass_percent: int
    attempts: int
    wait_hours: int
    minutes: int
    file: str
    digest: str

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The codes of the outcomes that the pool covers, sorted."""
        return tuple(sorted({item.objectives[0] for item in self.items}))

    def item(self, item_id: str) -> Question:
        """The item with this id; raises KeyError."""
        return _by_id(self.items, item_id)

    def units(self) -> Iterator[Unit]:
        """Every unit of the assessment in reading order."""
        yield self.title
        yield from self.objectives
        for block in self.intro:
            yield from block.units()
        for item in self.items:
            yield from item.units()


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary term; `place` says where it is defined or used ("Convention, article 2 (a)")."""

    id: int
    term: Unit
    definition: Unit
    place: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a person can do after the course; `code` is "CO1", "CO2", …."""

    code: str
    text: Unit


@dataclass(frozen=True, slots=True)
class Completion:
    """The rule of completion: every lesson done (when `every_lesson`) and these assessments passed."""

    version: int
    every_lesson: bool
    assessments: tuple[str, ...]


@dataclass(frozen=True)
class Course:
    """A course as loaded from its folder; `digest` changes with every byte of its files."""

    id: str
    title: Unit
    summary: Unit
    description: tuple[Unit, ...]
    audience: Unit
    outcomes: tuple[Outcome, ...]
    languages: tuple[str, ...]
    modules: tuple[Module, ...]
    assessments: tuple[Assessment, ...]
    glossary: tuple[Term, ...]
    completion: Completion
    digest: str

    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons in course order."""
        return self._lessons

    def lesson(self, module: str, lesson: str) -> Lesson:
        """The lesson with these slugs; raises KeyError."""
        return self._lessons_by_id[f"{module}/{lesson}"]

    def assessment(self, key: str) -> Assessment:
        """The assessment with this key; raises KeyError."""
        return self._assessments_by_key[key]

    def module(self, slug: str) -> Module:
        """The module with this slug; raises KeyError."""
        return self._modules_by_slug[slug]

    def term(self, term_id: int) -> Term:
        """The glossary term with this id; raises KeyError."""
        return self._terms_by_id[term_id]

    @property
    def effort_minutes(self) -> int:
        """Minutes of all lessons and assessments together."""
        return sum(lesson.minutes for lesson in self._lessons) + sum(a.minutes for a in self.assessments)

    def own_units(self) -> Iterator[Unit]:
        """The units of the course's own file: title, summary, description, audience, outcomes, modules."""
        yield self.title
        yield self.summary
        yield from self.description
        yield self.audience
        yield from (outcome.text for outcome in self.outcomes)
        yield from (module.title for module in self.modules)

    def units(self) -> Iterator[Unit]:
        """Every unit of the course in reading order."""
        yield from self.own_units()
        for lesson in self._lessons:
            yield from lesson.units()
        for assessment in self.assessments:
            yield from assessment.units()
        for term in self.glossary:
            yield term.term
            yield term.definition

    @cached_property
    def _lessons(self) -> tuple[Lesson, ...]:
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @cached_property
    def _lessons_by_id(self) -> dict[str, Lesson]:
        return {lesson.id: lesson for lesson in self._lessons}

    @cached_property
    def _assessments_by_key(self) -> dict[str, Assessment]:
        return {assessment.key: assessment for assessment in self.assessments}

    @cached_property
    def _modules_by_slug(self) -> dict[str, Module]:
        return {module.slug: module for module in self.modules}

    @cached_property
    def _terms_by_id(self) -> dict[int, Term]:
        return {term.id: term for term in self.glossary}


def _by_id(questions: tuple[Question, ...], question_id: str) -> Question:
    for question in questions:
        if question.id == question_id:
            return question
    raise KeyError(question_id)
