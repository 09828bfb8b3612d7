"""Translation units: how they are named, what translators are told about them, what is wrong with their texts."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from elearn.content.faults import FaultLog
from elearn.content.inline import Normal, is_safe_target, normalise, word_count
from elearn.content.model import Unit

LONGEST_BLOCK = 90
"""Words in one block; more is hard to read on a telephone and heavy for one translation unit."""

_RAW_HTML = re.compile(r"<[A-Za-z/!?][^>]*>?|&#?\w+;")
_CODE_SPAN = re.compile(r"`[^`]*`")


def fingerprint(text: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a text in normal form."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Entry:
    """One block of prose in the lock: its uid, the fingerprint of its text, its kind and the text itself, with
    which a changed block is compared."""

    uid: str
    sha: str
    kind: str
    text: str


class Names(Protocol):
    """Gives the blocks of prose of one page their uids, asked in reading order."""

    def uid(self, kind: str, text: str) -> str:
        """The uid of the next block; raises KeyError when there is none that fits."""


class LockedNames:
    """The uids of the lock. A block that differs from what is locked means that the lock is stale."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self._entries = iter(entries)

    def uid(self, kind: str, text: str) -> str:
        entry = next(self._entries, None)
        if entry is None or (entry.kind, entry.sha) != (kind, fingerprint(text)):
            self._entries = iter(())
            raise KeyError(text)
        return entry.uid

    def is_spent(self) -> bool:
        """Whether every locked block was asked for."""
        return next(self._entries, None) is None


class CountedNames:
    """Provisional uids "b1", "b2", …, for pages that have no lock: new ones, and translations to adopt."""

    def __init__(self) -> None:
        self._count = 0

    def uid(self, kind: str, text: str) -> str:
        self._count += 1
        return f"b{self._count}"


@dataclass(slots=True)
class UnitMaker:
    """Makes the units of one page and notes what is wrong with their texts.

    `page` is the part of the context before "#". `place` is where the reading stands, for the comment.
    """

    page: str
    log: FaultLog
    names: Names
    graded: bool = False
    title: str = ""
    place: str = ""
    definitions: Mapping[str, Any] = field(default_factory=dict)
    is_stale: bool = False

    def named(self, name: str, kind: str, text: str, line: int, note: str = "") -> Unit:
        """A unit with an explicit id in its page."""
        return self._unit(name, kind, self._normal(text, line), line, note)

    def block(self, kind: str, text: str, line: int) -> Unit:
        """A unit of prose, named by the lock."""
        normal = self._normal(text, line)
        try:
            uid = self.names.uid(kind, normal.text)
        except KeyError:
            uid = ""
            if not self.is_stale:
                self.is_stale = True
                stale_lock(self.log, line)
        return self._unit(uid, kind, normal, line, "")

    def _normal(self, text: str, line: int) -> Normal:
        normal = normalise(text, self.definitions)
        note_faults(self.log, line, text, normal)
        return normal

    def _unit(self, name: str, kind: str, normal: Normal, line: int, note: str) -> Unit:
        words = word_count(normal.text)
        if words > LONGEST_BLOCK:
            self.log.add(line, "long-block", f"This block has {words} words.",
                         f"Split it: at most {LONGEST_BLOCK} words in one block.")  # fmt: skip
        links = (f"[{number}] → {target}" for number, target in enumerate(normal.references, 1))
        comment = "\n".join(filter(None, (self._whereabouts(kind), note, *links)))
        return Unit(f"{self.page}#{name}", normal.text, kind, self.log.file, line, comment,
                    normal.references, self.graded, words)  # fmt: skip

    def _whereabouts(self, kind: str) -> str:
        return " › ".join(filter(None, (self.title and f"“{self.title}”", self.place, kind)))


def stale_lock(log: FaultLog, line: int) -> None:
    """Note that the text and the lock have parted."""
    log.add(line, "stale-lock", "The ids of the blocks are older than the text.",
            "Run: elearn content extract, and keep units.lock.json with the change.")  # fmt: skip


def note_faults(log: FaultLog, line: int, text: str, normal: Normal) -> None:
    """Note what is wrong with the inline Markdown of one text."""
    if not normal.text:
        log.add(line, "empty-text", "A text is empty here.", "Write it or delete the line.")
    if not normal.is_stable:
        log.add(line, "ambiguous-markup", "The emphasis or a link here can be read in two ways.",
                "Put a space or a letter between two markers, or use fewer of them.")  # fmt: skip
    if not normal.has_alt_texts:
        log.add(line, "missing-alt", "An image has no alternative text.", "Say in the brackets what it shows.")
    if found := _RAW_HTML.search(_CODE_SPAN.sub("", text)):
        log.add(line, "raw-html", f"Raw HTML is not allowed: {found[0]}", "Use Markdown or the character itself.")
    for target in normal.references:
        if not is_safe_target(target):
            log.add(line, "unknown-link", f"A link may not point to {target}",
                    "Use https, mailto, glossary:<id> or a path relative to the file.")  # fmt: skip
