"""`elearn i18n`: check catalogues, take translations over, publish, roll back."""

import argparse
from dataclasses import replace
from pathlib import Path

from elearn.catalogues import service
from elearn.commands.content import course_of, domains, read_catalogue, targets, template_entries, write_catalogue
from elearn.content import inline
from elearn.content.adopt import adopt
from elearn.content.faults import ContentError
from elearn.content.model import Course
from elearn.db import Database
from elearn.errors import NotFound
from elearn.i18n import checks
from elearn.i18n.entries import Entry, Mode, merge
from elearn.i18n.errors import CatalogueError
from elearn.i18n.locales import Locale, matching
from elearn.i18n.statistics import statistics
from elearn.installation import prepare
from elearn.settings import Settings


def register(subcommands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The group and its commands."""
    group = subcommands.add_parser("i18n", help="check, import, publish and roll back catalogues").add_subparsers(
        required=True, metavar="COMMAND"
    )
    group.add_parser("check", help="nothing missing, nothing stale, nothing that could harm a page").set_defaults(
        run=check
    )
    group.add_parser("publish", help="make the PO files on disk live").set_defaults(run=publish_files)
    back = group.add_parser("rollback", help="make an earlier snapshot live again")
    back.add_argument("locale")
    back.add_argument("domain", help='"messages" or a course id')
    back.add_argument("revision", type=int)
    back.set_defaults(run=roll_back)
    taking = group.add_parser("import", help="take over translations written as parallel files of a course")
    taking.add_argument("locale")
    taking.add_argument("course")
    taking.add_argument("folder", type=Path, help="holds files of the same names as the course")
    taking.set_defaults(run=import_folder)


def check(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Every finding in every catalogue; 1 when something is missing, outdated, stale or blocked."""
    problems: list[str] = []
    for domain, mode, template in domains(settings):
        for locale in targets():
            try:
                entries = read_catalogue(settings, locale, domain)
            except CatalogueError as error:
                problems.append(f"{locale.code}/{domain}.po: {error}")
                continue
            problems += [f"{locale.code}/{domain}.po: {p}" for p in _problems(template, entries, locale, mode)]
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems in the catalogues")
    return int(bool(problems))


def _problems(template: tuple[Entry, ...], entries: tuple[Entry, ...], locale: Locale, mode: Mode) -> list[str]:
    found = []
    state = statistics(template, entries, mode)
    if state.missing or state.fuzzy:
        found.append(f"{state.missing} units missing, {state.fuzzy} outdated")
    if merge(template, entries, mode) != entries:
        found.append("not up to date with the source: run `elearn content extract`")
    for entry in entries:
        if entry.obsolete or not entry.is_translated:
            continue
        findings = checks.entry_findings(entry, locale, mode)
        found += [f"{entry.context or ''} {entry.source[:50]!r}: {f.rule}: {f.message}" for f in findings]
        if mode == "course":
            found += [f"{entry.context}: {p}" for p in inline.integrity(entry.source, entry.forms[0])]
    return found


def publish_files(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Publish what changed; every process shows it within a second."""
    for result in prepare(settings, only_new=False):
        if result.changed:
            print(f"{result.locale}/{result.domain}: {result.accepted} texts live, {len(result.dropped)} left out")
            for dropped in result.dropped[:20]:
                print(f"  {dropped}")
    return 0


def roll_back(settings: Settings, arguments: argparse.Namespace) -> int:
    """Move the head back."""
    database = Database(settings.database_url)
    try:
        with database.transaction() as session:
            service.roll_back(session, locale=arguments.locale, domain=arguments.domain, revision=arguments.revision)
    except NotFound:
        print(f"no revision {arguments.revision} of {arguments.locale}/{arguments.domain}")
        return 1
    finally:
        database.close()
    return 0


def import_folder(settings: Settings, arguments: argparse.Namespace) -> int:
    """Lay each file beside its English and put the texts into the catalogue; all or nothing."""
    locale = matching(arguments.locale)
    if locale is None:
        print(f"no language {arguments.locale!r}")
        return 2
    course = course_of(settings, arguments.course)
    try:
        texts = _texts(course, arguments.folder)
    except ContentError as error:
        print(error)
        return 1
    template = template_entries(course.units())
    merged = merge(template, read_catalogue(settings, locale, course.id), "course")
    taken = [_with(entry, texts) for entry in merged]
    write_catalogue(settings, locale, course.id, taken)
    print(f"{len(texts)} texts taken over into {locale.code}/{course.id}.po")
    return 0


def _with(entry: Entry, texts: dict[str, str]) -> Entry:
    text = texts.get(entry.context or "")
    if text is None or entry.obsolete:
        return entry
    return replace(entry, forms=(text,), fuzzy=False, previous_source=None)


def _texts(course: Course, folder: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for lesson in course.lessons():
        texts |= _adopted(lesson, folder / lesson.file)
    for assessment in course.assessments:
        texts |= _adopted(assessment, folder / assessment.file)
    texts |= _adopted(course, folder / "course.toml")
    return texts | _adopted(course.glossary, folder / "glossary.toml")


def _adopted(source: object, path: Path) -> dict[str, str]:
    if not path.exists():
        print(f"  no {path.name}: left as it is")
        return {}
    return adopt(source, path.read_text(encoding="utf-8"), str(path))  # type: ignore[arg-type]
