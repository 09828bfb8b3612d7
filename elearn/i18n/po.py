"""PO files: read as data from a stranger, written so that equal content gives equal bytes.

The header of a file decides nothing but its refusal; the one that is written is ours.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import cast
from unicodedata import normalize

import polib

from elearn.i18n.entries import Entry
from elearn.i18n.errors import CatalogueError
from elearn.i18n.locales import ENGLISH, LOCALES, Locale

MAX_BYTES = 5_000_000
MAX_ENTRIES = 20_000
MAX_LINES = 250_000
# Characters of one message with everything around it, and of one text.
MAX_RUN = 40_000
MAX_TEXT = 20_000

_parse: Callable[..., polib.POFile] = polib.pofile
_escape: Callable[[str], str] = polib.escape

_UTF8 = frozenset({"utf-8", "utf8"})
# A line is blank, a comment, a keyword with a closed string, or a string alone. The parser itself would take a string
# without its closing quote, and cut a letter off.
_LINE = re.compile(
    r"""\s* (?: \#(?![~|]) .*
          | \#~ \s+ \# .+
          | (?: \#~\| | \#~ | \#\| )? \s* (?: (?: msgctxt | msgid | msgid_plural | msgstr (?:\[[0-9]\])? ) \s+ )?
            "(?: [^"\\] | \\. )*" \s*
          )?""",
    re.VERBOSE,
)
_NEXT_MESSAGE = re.compile(r"(?:#~\s*)?msgid\s")
# Spellings of comments that gettext knows and the parser does not.
_SPELLINGS = (
    (re.compile(r"^#~\|", re.MULTILINE), "#|"),
    (re.compile(r"^#(?=[^\s#:.,|~])", re.MULTILINE), "# "),
    (re.compile(r"^#([:.,|])(?=[^\s])", re.MULTILINE), r"#\1 "),
)
# What str.splitlines takes for the end of a line and a PO file does not. Kept as a sign that something was here.
_STRAY_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_MAX_FORMS = max(locale.nplurals for locale in LOCALES)


def read(data: bytes, *, limit_bytes: int = MAX_BYTES) -> tuple[Entry, ...]:
    """The entries of a PO file, obsolete ones last, its header left out; translations in Unicode form NFC.

    Keyboards order Arabic vowel signs differently from NFC, so that much is set right here; nothing else is.

    Raises:
        CatalogueError: the file is too big, no UTF-8, broken, or names a message twice; the text says which.
    """
    text = _decoded(data, limit_bytes)
    _refuse_malformed(text)
    for spelling, usual in _SPELLINGS:
        text = spelling.sub(usual, text)
    try:
        # With a line end the parser cannot take the text for the name of a file.
        parsed = _parse(text + "\n", encoding="utf-8", wrapwidth=0)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise CatalogueError(f"not a readable PO file: {str(error)[:200]}") from error
    _refuse_other_charset(parsed.metadata)
    if len(parsed) > MAX_ENTRIES:
        raise CatalogueError(f"more than {MAX_ENTRIES} entries")
    entries = tuple(sorted(map(_entry, parsed), key=lambda entry: entry.obsolete))
    _refuse_duplicates(entries)
    return entries


def _decoded(data: bytes, limit_bytes: int) -> str:
    if len(data) > limit_bytes:
        raise CatalogueError(f"bigger than {limit_bytes} bytes")
    if b"\0" in data:
        raise CatalogueError("a NUL byte: not a text file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogueError(f"not UTF-8 at byte {error.start}") from error
    if not text.strip():
        raise CatalogueError("an empty file")
    return _STRAY_LINE_ENDS.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\ufffd"))


def _refuse_malformed(text: str) -> None:
    """Refuse what the parser takes wrongly, and what would cost it more than a linear walk.

    It glues the lines of a message one by one, so that the cost of a message grows with the square of its length.
    """
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        raise CatalogueError(f"more than {MAX_LINES} lines")
    length = 0
    for number, line in enumerate(lines, start=1):
        length = 0 if _NEXT_MESSAGE.match(line) else length
        length += len(line) + 1
        if length > MAX_RUN:
            raise CatalogueError(f"line {number}: a message of more than {MAX_RUN} characters")
        if not _LINE.fullmatch(line):
            raise CatalogueError(f"line {number}: not a line of a PO file, or a string that is not closed")


def _refuse_other_charset(header: dict[str, str]) -> None:
    charset = header.get("Content-Type", "charset=UTF-8").rpartition("charset=")[2].strip().lower()
    if charset not in _UTF8:
        raise CatalogueError(f"charset {charset[:40]!r} instead of UTF-8")


def _refuse_duplicates(entries: Iterable[Entry]) -> None:
    seen: set[tuple[str | None, str]] = set()
    for entry in entries:
        key = (entry.context, entry.source)
        if not entry.obsolete and key in seen:
            raise CatalogueError(f"a message stands there twice: {entry.source[:60]!r}")
        seen.add(key)


def _entry(parsed: polib.POEntry) -> Entry:
    forms = _forms(parsed)
    if not parsed.msgid:
        raise CatalogueError("an entry without a message, or a second header")
    for text in (parsed.msgid, parsed.msgid_plural, parsed.msgctxt or "", *forms):
        if len(text) > MAX_TEXT:
            raise CatalogueError(f"a text of more than {MAX_TEXT} characters: {text[:60]!r}")
    return Entry(
        source=parsed.msgid,
        forms=tuple(normalize("NFC", form) for form in forms) if any(forms) else (),
        context=parsed.msgctxt,
        source_plural=parsed.msgid_plural or None,
        fuzzy="fuzzy" in parsed.flags,
        previous_source=parsed.previous_msgid or None,
        # What is obsolete stands nowhere in the source, which then has nothing to say about it.
        comments=tuple(parsed.comment.split("\n")) if parsed.comment and not parsed.obsolete else (),
        notes=tuple(parsed.tcomment.split("\n")) if parsed.tcomment else (),
        locations=() if parsed.obsolete else tuple(name for name, _ in parsed.occurrences),
        flags=tuple(sorted(set(parsed.flags) - {"fuzzy"})),
        obsolete=bool(parsed.obsolete),
    )


def _forms(parsed: polib.POEntry) -> tuple[str, ...]:
    if not parsed.msgid_plural:
        if parsed.msgstr_plural:
            raise CatalogueError(f"plural forms of a message without a plural: {parsed.msgid[:60]!r}")
        return (parsed.msgstr,)
    indices = sorted(parsed.msgstr_plural)
    if indices != list(range(len(indices))) or len(indices) > _MAX_FORMS:
        raise CatalogueError(f"plural forms that do not count from 0: {parsed.msgid[:60]!r}")
    return tuple(cast(str, parsed.msgstr_plural[index]) for index in indices)


def write(entries: Iterable[Entry], locale: Locale | None, *, domain: str) -> bytes:
    """The PO file of these entries in their order, obsolete ones last; without a locale the template (POT).

    No dates, no wrapping, LF, our own plural rule: the same entries give the same bytes. `msgfmt -c` accepts it.
    """
    ordered = sorted(entries, key=lambda entry: entry.obsolete)
    blocks = [_header(locale, domain), *("\n".join(_lines(entry, locale)) + "\n" for entry in ordered)]
    return "\n".join(blocks).encode("utf-8")


def _header(locale: Locale | None, domain: str) -> str:
    fields = (
        f"Project-Id-Version: {domain}",
        f"Language: {locale.code if locale else ''}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {(locale or ENGLISH).plural_header}",
    )
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{_escape(field)}\\n"\n' for field in fields)


def _lines(entry: Entry, locale: Locale | None) -> Iterator[str]:
    yield from (f"# {note}".rstrip() for note in entry.notes)
    if not entry.obsolete:
        yield from (f"#. {comment}".rstrip() for comment in entry.comments)
        yield from (f"#: {location}" for location in entry.locations)
    flags = (("fuzzy",) if entry.fuzzy else ()) + entry.flags
    if flags:
        yield "#, " + ", ".join(flags)
    mark = "#~ " if entry.obsolete else ""
    if entry.previous_source is not None:
        yield from _quoted("msgid", entry.previous_source, "#~| " if entry.obsolete else "#| ")
    if entry.context is not None:
        yield from _quoted("msgctxt", entry.context, mark)
    yield from _quoted("msgid", entry.source, mark)
    if entry.source_plural is None:
        yield from _quoted("msgstr", entry.forms[0] if entry.forms else "", mark)
        return
    yield from _quoted("msgid_plural", entry.source_plural, mark)
    for index, form in enumerate(entry.forms or ("",) * (locale or ENGLISH).nplurals):
        yield from _quoted(f"msgstr[{index}]", form, mark)


def _quoted(keyword: str, text: str, mark: str) -> Iterator[str]:
    """A keyword with its string; a text of several lines gets one line of the file for each of its own."""
    pieces = re.findall(r"[^\n]*\n|[^\n]+", text)
    if len(pieces) <= 1:
        yield f'{mark}{keyword} "{_escape(text)}"'
        return
    yield f'{mark}{keyword} ""'
    yield from (f'{mark}"{_escape(piece)}"' for piece in pieces)
