"""One message of a catalogue, and what happens to messages when the source changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

# Course: the context is the id of a unit. Interface: context and message together are the id.
Mode = Literal["interface", "course"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A message with its translation.

    `forms` holds one text, or with `source_plural` one for each plural form; empty when nothing is translated.
    `comments` come from the source (`#.`), `notes` from translators (`#`); `flags` are those but fuzzy;
    `previous_source` is the text that an outdated translation was made from.
    """

    source: str
    forms: tuple[str, ...] = ()
    context: str | None = None
    source_plural: str | None = None
    fuzzy: bool = False
    previous_source: str | None = None
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    obsolete: bool = False

    @property
    def is_translated(self) -> bool:
        """Whether any form holds a text."""
        return any(self.forms)

    @property
    def is_outdated(self) -> bool:
        """Whether the translation belongs to an earlier wording of the source."""
        return self.fuzzy and self.previous_source is not None and self.is_translated


def identity(entry: Entry, mode: Mode) -> tuple[str | None, str]:
    """What makes an entry the same entry when the catalogue is brought up to date."""
    return (entry.context, "") if mode == "course" else (entry.context, entry.source)


def merge(template: Sequence[Entry], existing: Iterable[Entry], mode: Mode) -> tuple[Entry, ...]:
    """The entries of the template, in its order, with the translations that belong to them; then the obsolete ones.

    Entries are the same by `identity`, never by likeness. A unit of a course whose source changed keeps its translation
    and becomes outdated; when the source returns to what was translated, it is current again. What the template no
    longer has becomes obsolete, and comes back with its translation when the template has it again.
    """
    known: dict[tuple[str | None, str], Entry] = {}
    for entry in existing:
        key = identity(entry, mode)
        if key not in known or known[key].obsolete:
            known[key] = entry
    live = tuple(_updated(entry, known.pop(identity(entry, mode), None)) for entry in template)
    gone = (replace(entry, obsolete=True, comments=(), locations=()) for entry in known.values() if entry.is_translated)
    return live + tuple(sorted(gone, key=lambda entry: (entry.context or "", entry.source)))


def _updated(new: Entry, old: Entry | None) -> Entry:
    if old is None or not old.is_translated or (new.source_plural is None) != (old.source_plural is None):
        return replace(new, notes=old.notes if old else ())
    kept = replace(new, forms=old.forms, notes=old.notes)
    if (new.source, new.source_plural) == (old.source, old.source_plural):
        return replace(kept, fuzzy=old.fuzzy, previous_source=old.previous_source)
    translated_from = old.previous_source if old.is_outdated else old.source
    if translated_from == new.source and new.source_plural == old.source_plural:
        return kept
    return replace(kept, fuzzy=True, previous_source=translated_from)
