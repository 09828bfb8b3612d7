"""Marked blocks of a page: questions and figures, written line by line."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import get_args

from elearn.content.faults import FaultLog
from elearn.content.model import LEVELS, Figure, Line, Option, Question, QuestionKind, Target, Unit
from elearn.content.source import Section
from elearn.content.units import UnitMaker

_OPTION = re.compile(r"- \[([ x])\] ([A-Za-z0-9_-]+)\. (.+)")
_LINE = re.compile(r"- ([A-Za-z0-9_-]+)\. (.+?)(?:\s+=>\s*([A-Za-z0-9_-]+))?\s*")
_FEEDBACK = re.compile(r"\s+> ?(.*)")
_TARGET = re.compile(r"([A-Za-z0-9_-]+) = (.+)")
_NAMED_TEXT = re.compile(r"([a-z][\w.-]*): (.+)")
_BELIEF = re.compile(r"\s*\{(m\d+)\}")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_OBJECTIVES = re.compile(r"objectives? ", re.IGNORECASE)

KINDS = frozenset(get_args(QuestionKind))
WITH_OPTIONS = frozenset({"single", "multiple", "truefalse"})


@dataclass(slots=True)
class _Choice:
    """An option or a line as written, with the feedback under it."""

    line: int
    id: str
    text: str
    answer: str
    beliefs: tuple[str, ...] = ()
    feedback: list[str] = field(default_factory=list)
    feedback_line: int = 0


@dataclass(slots=True)
class _Body:
    """The lines of a question sorted by what they are."""

    stem: list[tuple[int, str]] = field(default_factory=list)
    options: list[_Choice] = field(default_factory=list)
    lines: list[_Choice] = field(default_factory=list)
    targets: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Header:
    """The first line of a question: id | kind | level | objective, in a pool also | difficulty | source."""

    id: str
    kind: QuestionKind
    level: str
    objectives: tuple[str, ...]
    difficulty: str
    source: str


def read_question(section: Section, maker: UnitMaker, *, is_part: bool = False) -> Question | None:
    """The question of a block marked "question" (or "part"); None where its first line cannot be read."""
    header = _header(section, maker.log, is_part)
    if header is None:
        return None
    body = _body(section, maker.log)
    note = f"{header.kind}, {header.id}" + ("; answer key: keep the graded wording" if maker.graded else "")
    writer = _Writer(maker, header, note)
    stem = writer.stem(body.stem)
    options = tuple(writer.option(choice) for choice in body.options)
    lines = tuple(writer.line(choice, place) for place, choice in enumerate(body.lines, 1))
    targets = tuple(writer.target(*target) for target in body.targets)
    parts = tuple(filter(None, (read_question(part, maker, is_part=True) for part in section.parts)))
    return Question(header.id, header.kind, header.level, header.objectives, section.line, header.difficulty,
                    header.source, stem, options, lines, targets, parts)  # fmt: skip


def read_figure(section: Section, maker: UnitMaker) -> Figure:
    """The figure of a block marked "figure <code>": one "name: text" a line."""
    code = (section.marker or "").removeprefix("figure").strip()
    texts: list[tuple[str, Unit]] = []
    for number, line in section.lines:
        if found := _NAMED_TEXT.fullmatch(line.strip()):
            name = found[1]
            texts.append((name, maker.named(f"{code}.{name}", f"figure {code}, {name}", found[2], number)))
        elif line.strip():
            _unexpected(maker.log, number, "Write “name: text”, one a line.")
    return Figure(code, tuple(texts), section.line)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Turns what is written into units under the question's id."""

    maker: UnitMaker
    header: _Header
    note: str

    def _unit(self, name: str, kind: str, text: str, line: int, note: str = "") -> Unit:
        notes = "; ".join(filter(None, (self.note, note)))
        return self.maker.named(f"{self.header.id}.{name}", kind, text, line, notes)

    def stem(self, paragraphs: list[tuple[int, str]]) -> tuple[Unit, ...]:
        return tuple(
            self._unit("stem" if n == 1 else f"stem{n}", "question", text, line)
            for n, (line, text) in enumerate(paragraphs, 1)
        )

    def option(self, choice: _Choice) -> Option:
        is_right = choice.answer == "x"
        text = self._unit(choice.id, "option", choice.text, choice.line, "right answer" if is_right else "wrong answer")
        return Option(choice.id, text, self._feedback(choice), is_right, choice.beliefs)

    def line(self, choice: _Choice, place: int) -> Line:
        is_step = self.header.kind == "ordering"
        answer = str(place) if is_step else choice.answer
        note = f"step {place} of the right order" if is_step else f"belongs to {answer}"
        text = self._unit(choice.id, "line", choice.text, choice.line, note)
        name = self._opaque(choice.id) if is_step else choice.id
        return Line(choice.id, name, text, self._feedback(choice), answer)

    def target(self, line: int, target_id: str, text: str) -> Target:
        return Target(target_id, self._unit(f"target.{target_id}", "target", text, line))

    def _feedback(self, choice: _Choice) -> Unit | None:
        if not choice.feedback:
            return None
        text = " ".join(choice.feedback)
        return self._unit(f"{choice.id}.fb", "feedback", text, choice.feedback_line, f"to {choice.id}")

    def _opaque(self, step: str) -> str:
        """A field name that does not tell the step's place: the same for ever, different in each question."""
        name = f"{self.maker.page}#{self.header.id}.{step}"
        return base64.b32encode(hashlib.sha256(name.encode()).digest())[:6].decode().lower()


def _header(section: Section, log: FaultLog, is_part: bool) -> _Header | None:
    first_word = "part" if is_part else "question"
    cells = [cell.strip() for cell in (section.marker or "").removeprefix(first_word).split("|")]
    if len(cells) not in (4, 6) or not _ID.fullmatch(cells[0]):
        log.add(section.line, "bad-question-header", "The first line of this question cannot be read.",
                f"Write: {first_word} id | kind | level | objective, in a pool | difficulty | source too.")  # fmt: skip
        return None
    name, kind, level, objectives, difficulty, source = (*cells, "", "")[:6]
    if kind not in KINDS or (is_part and kind == "case"):
        log.add(section.line, "unknown-kind", f"There is no kind of question “{kind}” here.",
                f"Use one of: {', '.join(sorted(KINDS - {'case'} if is_part else KINDS))}.")  # fmt: skip
        return None
    if level not in LEVELS:
        log.add(section.line, "unknown-level", f"There is no level “{level}”.", f"Use one of: {', '.join(LEVELS)}.")
    numbers = tuple(part.strip() for part in _OBJECTIVES.sub("", objectives).split(","))
    return _Header(name, kind, level, numbers, difficulty, source)  # type: ignore[arg-type]


def _body(section: Section, log: FaultLog) -> _Body:
    body = _Body()
    last: _Choice | None = None
    in_targets = False
    for number, line in section.lines:
        if not line.strip():
            continue
        if line.strip() == "targets:":
            in_targets = True
        elif in_targets:
            _read_target(number, line, body, log)
        elif choice := _choice(number, line):
            last = choice
            (body.options if _OPTION.match(line) else body.lines).append(choice)
        elif last and (feedback := _FEEDBACK.fullmatch(line)):
            last.feedback_line = last.feedback_line or number
            last.feedback.append(feedback[1].strip())
        elif last is None and not line.startswith(("- ", " ")):
            body.stem.append((number, line.strip()))
        else:
            _unexpected(log, number, "Write “- [ ] a. text”, “- l1. text => a” or, under it, “  > feedback”.")
    return body


def _choice(number: int, line: str) -> _Choice | None:
    if option := _OPTION.fullmatch(line):
        beliefs = tuple(_BELIEF.findall(option[3]))
        return _Choice(number, option[2], _BELIEF.sub("", option[3]), option[1], beliefs)
    if found := _LINE.fullmatch(line):
        return _Choice(number, found[1], _BELIEF.sub("", found[2]), found[3] or "")
    return None


def _read_target(number: int, line: str, body: _Body, log: FaultLog) -> None:
    if found := _TARGET.fullmatch(line.strip()):
        body.targets.append((number, found[1], found[2]))
    else:
        _unexpected(log, number, "Under “targets:” write “id = text”.")


def _unexpected(log: FaultLog, line: int, mend: str) -> None:
    log.add(line, "unexpected-line", "This line is none that can stand here.", mend)
