"""course.toml and glossary.toml: everything about a course that is no page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elearn.content.faults import FaultLog
from elearn.content.model import Completion, Outcome, Term, Unit
from elearn.content.source import read_text, read_toml
from elearn.content.units import CountedNames, UnitMaker
from elearn.content.values import Values

COURSE_KEYS = (
    "id", "title", "summary", "audience", "languages", "open", "description", "outcomes", "modules", "completion",
    "assessments",
)  # fmt: skip
ASSESSMENT_RULES = ("draw", "pass_percent", "attempts", "wait_hours", "minutes")


@dataclass(frozen=True, slots=True)
class AssessmentRules:
    """What course.toml says about one assessment; `line` is where."""

    draw: int
    pass_percent: int
    attempts: int
    wait_hours: int
    minutes: int
    line: int


@dataclass(frozen=True, slots=True)
class CourseFile:
    """The content of course.toml. `modules` holds titles by slug, `open_lessons` ids "<module>/<lesson>".

    `id_line` is where the id stands.
    """

    id: str
    id_line: int
    title: Unit
    summary: Unit
    audience: Unit
    description: tuple[Unit, ...]
    outcomes: tuple[Outcome, ...]
    modules: Mapping[str, Unit]
    languages: tuple[str, ...]
    open_lessons: tuple[str, ...]
    completion: Completion
    assessments: Mapping[str, AssessmentRules]


def parse_course_file(data: bytes, log: FaultLog) -> CourseFile:
    """Read course.toml; faults go to `log`."""
    text = read_text(data, log)
    values = Values(read_toml(text, log), log, text, "bad-course-file")
    values.only(COURSE_KEYS)
    texts = _Texts(UnitMaker("course", log, CountedNames(), title=values.string("title")), values)
    return CourseFile(
        id=values.string("id"),
        id_line=values.line("id"),
        title=texts.unit("title"),
        summary=texts.unit("summary"),
        audience=texts.unit("audience"),
        description=tuple(texts.group("description").values()),
        outcomes=tuple(Outcome(code, unit) for code, unit in texts.group("outcomes").items()),
        modules=texts.group("modules"),
        languages=values.strings("languages"),
        open_lessons=values.strings("open", is_needed=False),
        completion=_completion(values.table_of("completion")),
        assessments=_assessments(values),
    )


@dataclass(frozen=True, slots=True)
class _Texts:
    maker: UnitMaker
    values: Values

    def unit(self, key: str) -> Unit:
        return self.maker.named(key, key, self.values.string(key), self.values.line(key))

    def group(self, key: str) -> dict[str, Unit]:
        """The texts of a table by their keys; the context is "course#<table>.<key>"."""
        table = self.values.table_of(key)
        return {
            name: self.maker.named(f"{key}.{name}", f"{key}, {name}", table.string(name), table.line(name))
            for name in table.table
        }


def _completion(values: Values) -> Completion:
    values.only(("version", "lessons", "assessments"))
    version = values.integer("version", 1, 10_000)
    lessons = values.string("lessons")
    if lessons not in ("all", "none"):
        values.log.add(values.line("lessons"), values.rule, f"There is no rule “{lessons}” for lessons.",
                       "Write “all” or “none”.")  # fmt: skip
    return Completion(version, lessons == "all", values.strings("assessments", is_needed=False))


def _assessments(values: Values) -> dict[str, AssessmentRules]:
    if "assessments" not in values.table:
        return {}
    table = values.table_of("assessments")
    rules: dict[str, AssessmentRules] = {}
    for key in table.table:
        one = table.table_of(key)
        one.only(ASSESSMENT_RULES)
        rules[key] = AssessmentRules(
            one.integer("draw", 1, 200), one.integer("pass_percent", 1, 100), one.integer("attempts", 1, 100),
            one.integer("wait_hours", 0, 10_000), one.integer("minutes", 1, 600), table.line(key),
        )  # fmt: skip
    return rules


def parse_glossary(data: bytes, log: FaultLog) -> tuple[Term, ...]:
    """Read glossary.toml: [[terms]] with id, term, definition and place; faults go to `log`."""
    text = read_text(data, log)
    values = Values(read_toml(text, log), log, text, "bad-glossary")
    maker = UnitMaker("glossary", log, CountedNames(), title="Glossary")
    lines = [n for n, line in enumerate(text.split("\n"), 1) if line.strip() == "[[terms]]"]
    terms: dict[int, Term] = {}
    for line, table in zip(lines, values.tables("terms"), strict=False):
        term = _term(table, maker, line)
        if term.id in terms:
            log.add(line, "duplicate-id", f"The term {term.id} stands here twice.", "Delete one of the two.")
        terms[term.id] = term
    return tuple(terms.values())


def _term(values: Values, maker: UnitMaker, line: int) -> Term:
    term_id = values.integer("id", 1, 100_000)
    maker.place = str(values.table.get("term", ""))
    term = maker.named(f"{term_id}.term", "term", values.string("term"), line + 2, "official term")
    definition = maker.named(f"{term_id}.definition", "definition", values.string("definition"), line + 3)
    return Term(term_id, term, definition, str(values.table.get("place", "")))


def translated_texts(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """The texts of a course file in another language by the part of the context after "course#"."""
    texts: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, str):
            texts[prefix + key] = value
        elif isinstance(value, dict) and not prefix:
            texts |= translated_texts(value, f"{key}.")
    return texts
