"""Loading a course from its folder."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from elearn.content.coursefile import CourseFile, parse_course_file, parse_glossary
from elearn.content.faults import ContentError, Fault, FaultLog
from elearn.content.lock import LOCK_FILE, LockReport, RecordingNames, read_lock, renew, write_lock
from elearn.content.model import RESERVED_SLUGS, Assessment, Course, Lesson, Module, Term, Unit
from elearn.content.pages import ASSESSMENT_KEYS, LESSON_KEYS, Draft, parse_page
from elearn.content.rules import References, check_assessment, check_blocks, check_completion, check_objectives
from elearn.content.source import read_bytes
from elearn.content.units import Names, stale_lock

_MODULE = re.compile(r"(\d\d)-([a-z0-9][a-z0-9-]*)")
_LESSON = re.compile(r"(\d\d)-([a-z0-9][a-z0-9-]*)\.md")
_ASSESSMENT = re.compile(r"([a-z0-9][a-z0-9-]*)\.md")
_VARIANT = re.compile(r".+\.[a-z]{2}\.md")
COURSE_FILE = "course.toml"
ASSESSMENTS = "assessments"
GLOSSARY = "glossary.toml"


def load_course(path: Path) -> Course:
    """The course in the folder `path`; raises ContentError with every fault that is an error."""
    course, faults = read_course(path)
    errors = [fault for fault in faults if fault.level == "error"]
    if errors:
        raise ContentError(errors)
    return course


def read_course(path: Path) -> tuple[Course, tuple[Fault, ...]]:
    """The course as far as it can be read, and every fault in it in the order of files and lines."""
    log = FaultLog(LOCK_FILE)
    lock = read_lock(path, log)
    reader = _Reader(path, lock.names, log.faults)
    course = reader.read()
    if lock.pages.keys() - reader.pages.keys():
        stale_lock(log, 1)
    return course, tuple(sorted(reader.faults, key=lambda fault: (fault.file, fault.line)))


def relock(path: Path) -> LockReport:
    """Renew units.lock.json from the text. Raises ContentError where the course has faults that are errors."""
    log = FaultLog(LOCK_FILE)
    old = read_lock(path, log)
    names: dict[str, RecordingNames] = {}
    reader = _Reader(path, lambda page: names.setdefault(page, RecordingNames()), log.faults)
    reader.read()
    errors = [fault for fault in reader.faults if fault.level == "error"]
    if errors:
        raise ContentError(errors)
    lock, report = renew(old, {page: found.blocks for page, found in names.items()})
    write_lock(path, lock)
    return report


@dataclass(slots=True)
class _Reader:
    """Reads one course folder and gathers the faults. `pages` are the drafts by page id."""

    path: Path
    names_of: Callable[[str], Names]
    faults: list[Fault]
    pages: dict[str, Draft] = field(default_factory=dict)
    digests: list[str] = field(default_factory=list)

    def read(self) -> Course:
        """Read every file, then judge the whole."""
        log = FaultLog(COURSE_FILE)
        facts = parse_course_file(self._bytes(COURSE_FILE, log), log)
        if facts.id not in ("", self.path.name):
            log.add(facts.id_line, "bad-course-file", "The id is not the name of the folder.",
                    f'Write id = "{self.path.name}" or rename the folder.')  # fmt: skip
        glossary = self._glossary()
        modules = tuple(self._modules(facts, log))
        assessments = tuple(self._assessments(facts, log))
        for slug in facts.modules.keys() - {module.slug for module in modules}:
            log.add(facts.modules[slug].line, "unknown-module", f"There is no folder for the module “{slug}”.",
                    "Add the folder or delete the title.")  # fmt: skip
        for lesson_id in set(facts.open_lessons) - self.pages.keys():
            log.add(1, "unknown-lesson", f"The open lesson “{lesson_id}” is not there.", "Correct “open”.")
        course = Course(
            facts.id, facts.title, facts.summary, facts.description, facts.audience, facts.outcomes, facts.languages,
            modules, assessments, glossary, facts.completion,
            hashlib.sha256("\n".join(self.digests).encode()).hexdigest(),
        )  # fmt: skip
        check_completion(course, log)
        self._check_references(course)
        for draft in self.pages.values():
            self.faults.extend(draft.log.faults)
        self.faults.extend(log.faults)
        return course

    def _bytes(self, file: str, log: FaultLog) -> bytes:
        data = read_bytes(self.path / file, log)
        self.digests.append(f"{file} {hashlib.sha256(data).hexdigest()}")
        return data

    def _glossary(self) -> tuple[Term, ...]:
        if not (self.path / GLOSSARY).exists():
            return ()
        log = FaultLog(GLOSSARY)
        terms = parse_glossary(self._bytes(GLOSSARY, log), log)
        self.faults.extend(log.faults)
        return terms

    def _modules(self, facts: CourseFile, log: FaultLog) -> Iterator[Module]:
        seen: set[str] = set()
        for folder in sorted(path for path in self.path.iterdir() if path.is_dir()):
            if not (found := _MODULE.fullmatch(folder.name)):
                continue
            slug = found[2]
            if slug in RESERVED_SLUGS:
                log.add(1, "reserved-slug", f"A module may not be called “{slug}”.", f"Rename {folder.name}.")
            if slug in seen:
                log.add(1, "duplicate-lesson", f"Two modules are called “{slug}”.", f"Rename {folder.name}.")
            seen.add(slug)
            title = facts.modules.get(slug)
            if title is None:
                log.add(1, "bad-course-file", f"The module “{slug}” has no title.", f'Add {slug} = "…" to [modules].')
                title = Unit(f"course#modules.{slug}", "", "title", COURSE_FILE, 1)
            yield Module(slug, int(found[1]), title, tuple(self._lessons(folder, slug, facts)))

    def _lessons(self, folder: Path, module: str, facts: CourseFile) -> Iterator[Lesson]:
        for path in sorted(folder.glob("*.md")):
            found = _LESSON.fullmatch(path.name)
            if found and (draft := self._page(f"{folder.name}/{path.name}", f"{module}/{found[2]}")):
                yield _lesson(draft, facts, module, found[2], int(found[1]))
            elif not found and not _VARIANT.fullmatch(path.name):
                self._unexpected(f"{folder.name}/{path.name}", "NN-name.md")

    def _assessments(self, facts: CourseFile, log: FaultLog) -> Iterator[Assessment]:
        found: set[str] = set()
        for path in sorted((self.path / ASSESSMENTS).glob("*.md")):
            name = _ASSESSMENT.fullmatch(path.name)
            draft = self._page(f"{ASSESSMENTS}/{path.name}", f"{ASSESSMENTS}/{path.stem}") if name else None
            if draft and path.stem in facts.assessments:
                found.add(path.stem)
                yield _assessment(draft, facts, path.stem, log)
            elif draft:
                draft.log.add(1, "bad-course-file", f"course.toml says nothing about “{path.stem}”.",
                              f"Add [assessments.{path.stem}] to it.")  # fmt: skip
            elif not _VARIANT.fullmatch(path.name):
                self._unexpected(f"{ASSESSMENTS}/{path.name}", "name.md in small letters")
        for key in facts.assessments.keys() - found:
            log.add(facts.assessments[key].line, "unknown-assessment", f"There is no assessment “{key}”.",
                    f"Add {ASSESSMENTS}/{key}.md or delete the table.")  # fmt: skip

    def _page(self, file: str, page_id: str) -> Draft | None:
        log = FaultLog(file)
        if page_id in self.pages:
            log.add(1, "duplicate-lesson", f"Two lessons are called “{page_id}”.", "Rename one of the files.")
            self.faults.extend(log.faults)
            return None
        draft = parse_page(self._bytes(file, log), page_id, self.names_of(page_id), log)
        self.pages[page_id] = draft
        slug = page_id.split("/")[1]
        if draft.front.string("id") not in ("", slug):
            log.add(draft.front.line("id"), "bad-front-matter", "The id is not the name of the file.",
                    f'Write id = "{slug}".')  # fmt: skip
        check_blocks(draft)
        return draft

    def _unexpected(self, file: str, form: str) -> None:
        log = FaultLog(file)
        log.add(1, "unexpected-file", "This file is no page of the course.", f"Call it {form} or take it away.")
        self.faults.extend(log.faults)

    def _check_references(self, course: Course) -> None:
        references = References(self.path, frozenset(term.id for term in course.glossary))
        for lesson in course.lessons():
            draft = self.pages[lesson.id]
            references.check_links(lesson.units(), draft.log)
            references.check_terms(lesson, draft.front.line("terms_introduced"), draft.log)
        for assessment in course.assessments:
            references.check_links(assessment.units(), self.pages[f"{ASSESSMENTS}/{assessment.key}"].log)


def _lesson(draft: Draft, facts: CourseFile, module: str, slug: str, number: int) -> Lesson:
    front = draft.front
    front.only(LESSON_KEYS)
    known = {str(n) for n in range(1, len(draft.objectives) + 1)}
    check_objectives(draft.questions, known, draft.log)
    return Lesson(
        course=facts.id, module=module, slug=slug, number=number, title=draft.title,
        minutes=front.integer("minutes", 1, 120), objectives=draft.objectives, blocks=draft.body,
        sources=draft.sources(), terms_introduced=front.integers("terms_introduced"),
        terms_used=front.integers("terms_used"), invented=front.strings("invented", is_needed=False),
        is_open=f"{module}/{slug}" in facts.open_lessons, file=draft.log.file, digest=draft.digest,
    )  # fmt: skip


def _assessment(draft: Draft, facts: CourseFile, key: str, log: FaultLog) -> Assessment:
    draft.front.only(ASSESSMENT_KEYS)
    rules = facts.assessments[key]
    check_objectives(draft.questions, {outcome.code for outcome in facts.outcomes}, draft.log)
    assessment = Assessment(
        key=key, title=draft.title, objectives=draft.objectives,
        intro=tuple(block for block in draft.body if block.question is None), items=draft.questions,
        draw=rules.draw, pass_percent=rules.pass_percent, attempts=rules.attempts, wait_hours=rules.wait_hours,
        minutes=rules.minutes, file=draft.log.file, digest=draft.digest,
    )  # fmt: skip
    check_assessment(assessment, rules.line, log)
    return assessment
