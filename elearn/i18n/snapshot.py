"""Compiled catalogues: what passed the gate, as bytes that are equal for equal content.

A payload is compressed JSON. Interface: message → text or plural forms. Course: id of the unit → text, whether it is
outdated, and a digest of the English it was made for.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from elearn.i18n.checks import entry_findings
from elearn.i18n.entries import Entry, Mode
from elearn.i18n.errors import CatalogueError
from elearn.i18n.findings import Finding, block
from elearn.i18n.locales import Locale
from elearn.i18n.messages import CONTEXT_SEPARATOR, Messages, key

VERSION = 1
MAX_UNPACKED = 40_000_000

# Takes source and translation, returns what is wrong, in words.
ExtraCheck = Callable[[str, str], list[str]]


class CourseText(NamedTuple):
    """The translation of one unit, and whether its English has changed since."""

    text: str
    outdated: bool


@dataclass(frozen=True, slots=True)
class Dropped:
    """An entry that did not get into the snapshot; an empty source stands for the whole file."""

    context: str | None
    source: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Compiled:
    """A snapshot, how many entries it holds, and what was left out and why."""

    payload: bytes
    accepted: int
    dropped: tuple[Dropped, ...] = ()

    @property
    def sha256(self) -> str:
        """The SHA-256 of the payload in hexadecimal."""
        return sha256(self.payload).hexdigest()


def source_digest(source: str) -> str:
    """What a course snapshot keeps of the English text that a translation was made for."""
    return sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def compile_entries(
    entries: Iterable[Entry], locale: Locale, mode: Mode, extra_check: ExtraCheck | None = None
) -> Compiled:
    """The snapshot of all translated entries that pass the gate.

    Left out are entries with a blocking finding, fuzzy ones (in a course: unless they are outdated, which are kept and
    marked), and further entries with an id that was there before. `extra_check` is asked about entries that passed.
    """
    content: dict[str, Any] = {}
    dropped: list[Dropped] = []
    for entry in entries:
        if entry.obsolete or not entry.is_translated:
            continue
        name = (entry.context or "") if mode == "course" else key(entry.source, entry.context)
        finding = _refusal(entry, locale, mode, extra_check)
        if name in content:
            finding = block("duplicate", "An entry with this id stands there before.")
        if finding is None:
            content[name] = _value(entry, mode)
        else:
            dropped.append(Dropped(entry.context, entry.source[:80], finding))
    return Compiled(_packed(content, locale, mode), len(content), tuple(dropped))


def empty(locale: Locale, mode: Mode, reason: str) -> Compiled:
    """A snapshot without entries, for a catalogue that cannot be used at all: every text falls back to the source."""
    return Compiled(_packed({}, locale, mode), 0, (Dropped(None, "", block("catalogue", reason)),))


def load_interface(payload: bytes, locale: Locale) -> Messages:
    """The messages of an interface snapshot.

    Raises:
        CatalogueError: the payload is no such snapshot, or one of another language.
    """
    texts: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for name, value in _unpacked(payload, "interface", locale.code):
        if isinstance(value, str):
            texts[name] = value
        elif isinstance(value, list) and len(value) == locale.nplurals and all(isinstance(v, str) for v in value):
            plurals[name] = tuple(value)
        else:
            raise CatalogueError("a message of the wrong shape")
    return Messages(locale, texts, plurals)


def load_course(payload: bytes, sources: Mapping[str, str] | None = None) -> dict[str, CourseText]:
    """The translations of a course snapshot by the id of their unit.

    With `sources`, the English texts of today by id, a translation of any other text is outdated too.

    Raises:
        CatalogueError: the payload is no such snapshot.
    """
    texts: dict[str, CourseText] = {}
    for name, value in _unpacked(payload, "course", None):
        match value:
            case [str(text), bool(outdated), str(digest)]:
                changed = sources is not None and name in sources and source_digest(sources[name]) != digest
                texts[name] = CourseText(text, outdated or changed)
            case _:
                raise CatalogueError("a unit of the wrong shape")
    return texts


def _refusal(entry: Entry, locale: Locale, mode: Mode, extra_check: ExtraCheck | None) -> Finding | None:
    """Why an entry is left out; None when it is not."""
    in_course = mode == "course"
    if in_course and (entry.context is None or entry.source_plural is not None):
        return block("unit", "A unit of a course has an id and no plural forms.")
    if CONTEXT_SEPARATOR in entry.source + (entry.context or ""):
        return block("control-character", "The message poses as one with a context.")
    if entry.fuzzy and not (in_course and entry.is_outdated):
        return block("fuzzy", "The entry is marked as unfinished.")
    found = entry_findings(entry, locale, mode)
    if found and found[0].level == "block":
        return found[0]
    return _structure(entry, extra_check) if extra_check else None


def _structure(entry: Entry, check: ExtraCheck) -> Finding | None:
    try:
        problems = [problem for form in entry.forms for problem in check(entry.source, form)]
    except Exception as error:  # one entry that breaks a parser must not cost the others their translation
        problems = [f"the check failed: {type(error).__name__}"]
    return block("structure", problems[0]) if problems else None


def _value(entry: Entry, mode: Mode) -> str | list[Any]:
    if mode == "course":
        return [entry.forms[0], entry.is_outdated, source_digest(entry.source)]
    return entry.forms[0] if entry.source_plural is None else list(entry.forms)


def _packed(content: Mapping[str, Any], locale: Locale, mode: Mode) -> bytes:
    document = {"version": VERSION, "mode": mode, "locale": locale.code, "content": content}
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8"), 9)


def _unpacked(payload: bytes, mode: Mode, locale: str | None) -> Iterator[tuple[str, Any]]:
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(payload, MAX_UNPACKED)
        document = json.loads(text) if unpacker.eof else None
    except (zlib.error, ValueError, RecursionError) as error:
        raise CatalogueError("no snapshot") from error
    match document:
        case {"version": 1, "mode": str(found), "locale": str(code), "content": dict(content)}:
            if found != mode or (locale is not None and code != locale):
                raise CatalogueError(f"a snapshot of {found}, {code}")
            return iter(content.items())
    raise CatalogueError("a snapshot that is cut off, too big, or of an unknown version")
