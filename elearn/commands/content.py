"""`elearn content`: check courses, refresh catalogues, count words."""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from elearn.catalogues.service import INTERFACE, catalogue_path
from elearn.content.check import check_course
from elearn.content.course import load_course, read_course, relock
from elearn.content.faults import ContentError
from elearn.content.lock import pin
from elearn.content.model import Course, Unit
from elearn.i18n import po
from elearn.i18n.entries import Entry, Mode, merge
from elearn.i18n.extract import interface_template
from elearn.i18n.locales import LOCALES, SOURCE, Locale
from elearn.i18n.statistics import statistics
from elearn.settings import PACKAGE, Settings


def register(subcommands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The group and its commands."""
    group = subcommands.add_parser("content", help="check courses, refresh catalogues, count words").add_subparsers(
        required=True, metavar="COMMAND"
    )
    group.add_parser("check", help="name every fault of the courses with file, line and mend").set_defaults(run=check)
    group.add_parser("extract", help="bring templates and catalogues up to date with the sources").set_defaults(
        run=extract
    )
    group.add_parser("stats", help="words, units and translated share of each language").set_defaults(run=stats)
    pinning = group.add_parser("pin", help="settle which block keeps which id")
    pinning.add_argument("old", help="the id whose translations are kept, as <module>/<lesson>#<uid>")
    pinning.add_argument("new", help="the id that the last extraction gave to the block")
    pinning.set_defaults(run=pin_block)


def course_folders(modules: Path) -> list[Path]:
    """Every folder in `modules` by name, also one that is no course yet; none where there is no such folder."""
    return sorted(path for path in modules.glob("*") if path.is_dir() and not path.name.startswith("."))


def check(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Print every fault; 1 when one of them is an error, or when there is no course."""
    folders = course_folders(settings.modules)
    if not folders:
        print(f"there is no course in {settings.modules}")
    failed = not folders
    for folder in folders:
        faults = check_course(folder)
        for fault in faults:
            print(f"{folder.name}/{fault}")
        errors = sum(fault.level == "error" for fault in faults)
        failed = failed or errors > 0
        print(f"{folder.name}: {errors} errors, {len(faults) - errors} warnings")
    return int(failed)


def template_entries(units: Iterable[Unit]) -> tuple[Entry, ...]:
    """The units of a course as messages: the context is the id, the comment tells translators where they are."""
    return tuple(
        Entry(
            source=unit.text,
            context=unit.context,
            comments=tuple(filter(None, unit.comment.split("\n"))),
            locations=(unit.file,),
        )
        for unit in units
    )


Domain = tuple[str, Mode, tuple[Entry, ...]]


def domains(settings: Settings) -> Iterator[Domain]:
    """Each catalogue domain with its mode and the messages of its source."""
    yield interface_domain(settings)
    for folder in course_folders(settings.modules):
        yield course_domain(load_course(folder))


def interface_domain(settings: Settings) -> Domain:
    """The texts of the interface."""
    return INTERFACE, "interface", interface_template(PACKAGE, settings.templates)


def course_domain(course: Course) -> Domain:
    """The texts of a course."""
    return course.id, "course", template_entries(course.units())


def targets() -> Iterator[Locale]:
    """The languages that are translated into."""
    return (locale for locale in LOCALES if locale.code != SOURCE)


def read_catalogue(settings: Settings, locale: Locale, domain: str) -> tuple[Entry, ...]:
    """The entries of a PO file; none when there is no file yet. Raises CatalogueError for a broken one."""
    path = catalogue_path(settings.translations, locale.code, domain)
    return po.read(path.read_bytes()) if path.exists() else ()


def write_catalogue(settings: Settings, locale: Locale, domain: str, entries: Iterable[Entry]) -> bool:
    """Write a PO file where its bytes change; True when they did."""
    path = catalogue_path(settings.translations, locale.code, domain)
    return _write(path, po.write(entries, locale, domain=domain))


def _write(path: Path, data: bytes) -> bool:
    if path.exists() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)
    return True


def extract(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Renew the locks, write the templates, merge every catalogue by id."""
    try:
        courses = [_with_renewed_lock(folder) for folder in course_folders(settings.modules)]
    except ContentError as error:
        print(error)
        return 1
    for domain, mode, entries in (interface_domain(settings), *map(course_domain, courses)):
        _write(settings.translations / f"{domain}.pot", po.write(entries, None, domain=domain))
        for locale in targets():
            merged = merge(entries, read_catalogue(settings, locale, domain), mode)
            if write_catalogue(settings, locale, domain, merged):
                print(f"{locale.code}/{domain}.po brought up to date")
    return 0


def _with_renewed_lock(folder: Path) -> Course:
    """The course; its lock is written anew where the text has changed. Raises ContentError."""
    course, faults = read_course(folder)
    if not any(fault.level == "error" for fault in faults):
        print(f"{folder.name}: every block has its id")
        return course
    report = relock(folder)
    print(
        f"{folder.name}: {len(report.kept)} blocks kept, {len(report.changed)} changed, "
        f"{len(report.new)} new, {len(report.retired)} retired, {len(report.moved)} moved"
    )
    for context in report.changed:
        print(f"  changed, translations become outdated: {context}")
    return load_course(folder)


def stats(settings: Settings, _arguments: argparse.Namespace) -> int:
    """A line per domain and language."""
    for domain, mode, entries in domains(settings):
        print(f"{domain}: {len(entries)} units")
        for locale in targets():
            found = statistics(entries, read_catalogue(settings, locale, domain), mode)
            print(
                f"  {locale.code}  {found.words:6} words  {found.share:7.1%} translated  "
                f"{found.missing:4} units missing  {found.fuzzy:4} outdated"
            )
    return 0


def pin_block(settings: Settings, arguments: argparse.Namespace) -> int:
    """Give a block the id that an earlier one had; uids are random, so that the uid alone says which course."""
    old, new = (name.rpartition("#")[2] for name in (arguments.old, arguments.new))
    refused = ["there is no course"]
    for folder in course_folders(settings.modules):
        try:
            pin(folder, old, new)
        except ContentError as error:
            refused = [str(error)]
        else:
            return 0
    print(*refused)
    return 1


def course_of(settings: Settings, course_id: str) -> Course:
    """A course by id. Raises SystemExit with a sentence when there is none."""
    for folder in course_folders(settings.modules):
        if folder.name == course_id:
            return load_course(folder)
    raise SystemExit(f"no course {course_id!r} in {settings.modules}")
