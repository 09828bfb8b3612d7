"""Collecting the texts of the interface from Python files and templates, in a fixed order."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from tokenize import TokenError
from typing import Any

from babel.messages.extract import extract
from jinja2 import TemplateSyntaxError
from jinja2.ext import babel_extract

from elearn.i18n.entries import Entry
from elearn.i18n.errors import CatalogueError
from elearn.i18n.formatting import placeholders

NOTE = "Translators:"
_KEYWORDS: dict[str, tuple[Any, ...] | None] = {
    "_": None,
    "gettext": None,
    "N_": None,
    "ngettext": (1, 2),
    "Nn_": (1, 2),
    "pgettext": ((1, "c"), 2),
}
# Errors in a template stop the extraction: a text that is silently missing would stay English.
_JINJA_OPTIONS = {"silent": "false"}
_TEMPLATE_ENDINGS = (".html", ".txt", ".xml")

_Found = tuple[str, int, Any, list[str], str | None]


def interface_template(python_dir: Path, templates_dir: Path) -> tuple[Entry, ...]:
    """Every text of the interface once, sorted by context and text, with the files it stands in.

    Marked are `_`, `gettext`, `ngettext`, `pgettext`, `N_` and `Nn_`; a comment that begins with "Translators:" goes
    along. The paths are written from the parent of each folder on.

    Raises:
        CatalogueError: a file cannot be parsed, or one text is used with two different plurals.
    """
    entries: dict[tuple[str, str], Entry] = {}
    for found in (*_in_python(python_dir), *_in_templates(templates_dir)):
        entry = _entry(found)
        key = (entry.context or "", entry.source)
        entries[key] = _joined(entries[key], entry) if key in entries else entry
    return tuple(entries[key] for key in sorted(entries))


def _in_python(folder: Path) -> Iterator[_Found]:
    for path in sorted(folder.rglob("*.py")):
        yield from _extracted(path, folder, "python", {})


def _in_templates(folder: Path) -> Iterator[_Found]:
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _TEMPLATE_ENDINGS):
        yield from _extracted(path, folder, babel_extract, _JINJA_OPTIONS)


def _extracted(path: Path, folder: Path, method: Any, options: dict[str, str]) -> Iterator[_Found]:
    name = path.relative_to(folder.parent).as_posix()
    try:
        with path.open("rb") as file:
            for line, texts, comments, context in extract(method, file, _KEYWORDS, (NOTE,), options):
                yield name, line, texts, comments, context
    except (SyntaxError, ValueError, TokenError, TemplateSyntaxError) as error:
        raise CatalogueError(f"{name}: {error}") from error


def _entry(found: _Found) -> Entry:
    name, _, texts, comments, context = found
    singular, plural = (texts, None) if isinstance(texts, str) else (texts[0], texts[1])
    notes = (comment.removeprefix(NOTE).strip() for comment in comments)
    return Entry(
        source=singular,
        source_plural=plural,
        context=context,
        comments=_once(notes),
        locations=(name,),
        flags=("python-format",) if placeholders(singular + (plural or "")) else (),
    )


def _joined(first: Entry, second: Entry) -> Entry:
    plurals = {first.source_plural, second.source_plural} - {None}
    if len(plurals) > 1:
        raise CatalogueError(f"{first.source!r} has two plurals: {', '.join(sorted(map(repr, plurals)))}")
    return Entry(
        source=first.source,
        source_plural=plurals.pop() if plurals else None,
        context=first.context,
        comments=_once((*first.comments, *second.comments)),
        locations=tuple(sorted({*first.locations, *second.locations})),
        flags=tuple(sorted({*first.flags, *second.flags})),
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
