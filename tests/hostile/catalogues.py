"""Catalogues that somebody could put on disk in order to break the site, or by accident.

Every file names the messages of a template, so that the same set can be aimed at any page. Nothing here is a working
attack on anything but a careless reader of translations.
"""

import os
import struct
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from elearn.i18n.entries import Entry
from elearn.i18n.locales import FRENCH, Locale
from elearn.i18n.po import MAX_BYTES, write

TEMPLATE = (
    Entry("Save"),
    Entry("Hello %(name)s", flags=("python-format",)),
    Entry("Open", context="verb"),
    Entry("%(n)s lesson", source_plural="%(n)s lessons", flags=("python-format",)),
    Entry("Use a [long passphrase][1], *always*.", context="safety/passwords#k7f2qa"),
)

# What a hostile translation says in place of the given source text.
TEXTS: dict[str, Callable[[str], str]] = {
    "script": lambda source: f"{source}<script>alert(1)</script>",
    "script-alone": lambda source: "<script>alert(1)</script>",
    "image-onerror": lambda source: f'{source}<img src=x onerror="alert(1)">',
    "svg-onload": lambda source: f"{source}<svg/onload=alert(1)>",
    "upper-case-tag": lambda source: f"{source}<ScRiPt>alert(1)</ScRiPt>",
    "closing-tag": lambda source: f"</p></main>{source}",
    "comment-open": lambda source: f"{source}<!--",
    "unfinished-tag": lambda source: f"{source}<a href=",
    "style-tag": lambda source: f"<style>*{{display:none}}</style>{source}",
    "attribute-break": lambda source: f'{source}" onfocus="alert(1)" autofocus="<b',
    "entities": lambda source: f"{source}&lt;script&gt;",
    "numeric-entities": lambda source: f"{source}&#x3c;script&#62;",
    "javascript-link": lambda source: f"[{source}](javascript:alert(1))",
    "javascript-link-split": lambda source: f"[{source}](java\\tscript\u200b:alert(1))",
    "javascript-link-case": lambda source: f"[{source}](JaVaScRiPt:alert(1))",
    "vbscript-link": lambda source: f"[{source}](vbscript:x)",
    "data-link": lambda source: f"[{source}](data:text/html;base64,PHN2Zz4=)",
    "markdown-reference": lambda source: f"{source}\\n\\n[1]: javascript:alert(1)",
    "markdown-autolink": lambda source: f"{source} <javascript:alert(1)>",
    "template-code": lambda source: f"{source} {{{{ config }}}} {{% include 'x' %}} <%= 7*7 %>",
    "wrong-placeholder": lambda source: source.replace("%(name)s", "%(nom)s").replace("%(n)s", "%(nb)s") + "%(x)s",
    "truncated-placeholder": lambda source: f"{source} %(name)",
    "open-placeholder": lambda source: f"{source} %(name",
    "stray-percent": lambda source: f"100% de {source} %",
    "positional": lambda source: f"{source} %s %d",
    "width-bomb": lambda source: source.replace(")s", ")999999999s") + " %(name)999999999s",
    "precision-bomb": lambda source: f"{source} %(n).999999999f",
    "star-width": lambda source: f"{source} %(n)*d %*d",
    "plain-width-bomb": lambda source: f"{source} %999999999d",
    "attribute-access": lambda source: f"{source} %(name.__class__.__mro__)s",
    "brace-format": lambda source: f"{source} {{0.__class__}} {{name!r:>999999999}} %(a)s",
    "other-conversion": lambda source: source.replace(")s", ")r") + " %(name)r",
    "repeated-placeholder": lambda source: source + "%(name)s%(n)s" * 2_000,
    "override": lambda source: f"\u202e{source}",
    "embedding": lambda source: f"\u202b{source}\u202c",
    "open-isolates": lambda source: "\u2067" * 50 + source,
    "closed-isolates": lambda source: source + "\u2069" * 50,
    "controls": lambda source: f"{source}\x01\x08\x1b[2J\x7f",
    "line-separators": lambda source: f"{source}\u2028\u2029\x85\x0b\x0c\x1c",
    "tags-and-noncharacters": lambda source: f"{source}\U000e0041\ufffe\ufdd0",
    "byte-order-marks": lambda source: f"\ufeff{source}\ufeff",
    "header-split": lambda source: f"{source}\\r\\nSet-Cookie: a=b\\r\\n\\r\\n<html>",
    "very-long": lambda source: source + "x" * 15_000,
    "longer-than-any-text": lambda source: source + "x" * 30_000,
    "combining-marks": lambda source: source + "e" + "\u0301" * 5_000,
    "emphasis-bomb": lambda source: "*" * 3_000 + source + "_" * 3_000,
    "bracket-bomb": lambda source: "[" * 5_000 + source + "](" * 2_000,
    "spaces-only": lambda source: "   ",
    "edge-space": lambda source: f" {source}\\n",
    "markdown-blocks": lambda source: f"# {source}\\n\\n- a\\n\\n```\\nb\\n```\\n\\n| c |\\n|---|",
    "markdown-unclosed": lambda source: f"**{source} `",
    "markdown-extra-link": lambda source: f"[{source}][2] [x][99999]",
}

# Plural rules of a header that a careless reader would run.
PLURAL_RULES = {
    "unparsable": "nplurals=2; plural=((;",
    "division-by-zero": "nplurals=2; plural=n/0;",
    "modulo-zero": "nplurals=2; plural=n%(n-n);",
    "past-the-end": "nplurals=2; plural=7;",
    "negative": "nplurals=2; plural=0-1;",
    "deep-nesting": "nplurals=2; plural=" + "(" * 3_000 + "n" + ")" * 3_000 + ";",
    "long-chain": "nplurals=2; plural=" + "n+" * 9_000 + "n;",
    "ten-million-forms": "nplurals=10000000; plural=n;",
    "hundred-million-forms": "nplurals=99999999; plural=n;",
    "no-number": "nplurals=x; plural=n;",
    "python-code": "nplurals=2; plural=__import__('os').system('true');",
    "power": "nplurals=2; plural=9**9**9**9;",
    "nothing": "",
}

CHARSETS = ("x-unknown", "UTF-7", "latin-1", "UTF-16", "CHARSET", "rot13", "")


def hostile_catalogues(template: Sequence[Entry] = TEMPLATE, locale: Locale = FRENCH) -> Iterator[tuple[str, bytes]]:
    """Named PO files, each with its bytes; names are unique and fit for file names."""
    for name, hostile in TEXTS.items():
        yield f"text-{name}", _file(template, locale, hostile)
    for name, rule in PLURAL_RULES.items():
        yield f"plural-{name}", _file(template, locale, _kept, plural_rule=rule)
    for charset in CHARSETS:
        yield f"charset-{charset or 'none'}", _file(template, locale, _kept, charset=charset)
    yield from _broken_files(_file(template, locale, _kept))
    yield from _odd_structures(template, locale)
    yield from _big_files()


def hostile_places(folder: Path) -> Iterator[tuple[str, Path]]:
    """Things under the name of a catalogue that are no readable file; made in an empty folder."""
    yield "missing", folder / "missing.po"
    directory = folder / "directory.po"
    directory.mkdir()
    yield "directory", directory
    loop = folder / "loop.po"
    loop.symlink_to(loop)
    yield "symlink-loop", loop
    dangling = folder / "dangling.po"
    dangling.symlink_to(folder / "nowhere")
    yield "dangling-symlink", dangling
    pipe = folder / "pipe.po"
    os.mkfifo(pipe)
    yield "pipe", pipe
    device = folder / "device.po"
    device.symlink_to("/dev/zero")
    yield "endless-device", device
    unreadable = folder / "unreadable.po"
    unreadable.write_bytes(_file(TEMPLATE, FRENCH, TEXTS["script"]))
    unreadable.chmod(0)
    yield "unreadable", unreadable


def _kept(source: str) -> str:
    return source


def _file(
    template: Sequence[Entry],
    locale: Locale,
    hostile: Callable[[str], str],
    *,
    plural_rule: str | None = None,
    charset: str = "UTF-8",
) -> bytes:
    rule = locale.plural_header if plural_rule is None else plural_rule
    header = (
        f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset={charset}\\n"\n'
        f'"Language: {locale.code}\\n"\n"Plural-Forms: {rule}\\n"\n\n'
    )
    return (header + "\n".join(_message(entry, locale, hostile) for entry in template)).encode()


def _message(entry: Entry, locale: Locale, hostile: Callable[[str], str]) -> str:
    context = f'msgctxt "{entry.context}"\n' if entry.context else ""
    translation = _escaped(hostile(entry.source))
    if entry.source_plural is None:
        return f'{context}msgid "{entry.source}"\nmsgstr "{translation}"\n'
    plural = _escaped(hostile(entry.source_plural))
    forms = "".join(f'msgstr[{form}] "{plural}"\n' for form in range(locale.nplurals))
    return f'{context}msgid "{entry.source}"\nmsgid_plural "{entry.source_plural}"\n{forms}'


def _escaped(text: str) -> str:
    # Backslashes stand in the attacks as escapes of the format itself.
    return text.replace('"', '\\"')


def _broken_files(good: bytes) -> Iterator[tuple[str, bytes]]:
    for cut in range(64, len(good), 64):
        yield f"truncated-at-{cut}", good[:cut]
    yield "empty", b""
    yield "blank-lines", b"\n \n\t\n"
    yield "garbage", bytes(range(256)) * 20
    yield "all-zero", bytes(4_096)
    yield "nul-in-text", good.replace(b"Save", b"Sa\0ve")
    yield "byte-order-mark", b"\xef\xbb\xbf" + good
    yield "two-byte-order-marks", b"\xef\xbb\xbf" * 2 + good
    yield "utf-16", good.decode().encode("utf-16")
    yield "latin-1-bytes", good + 'msgid "a"\nmsgstr "é"\n'.encode("latin-1")
    yield "overlong-utf-8", good + b'msgid "a"\nmsgstr "\xc0\xbcscript>"\n'
    yield "surrogates", good + b'msgid "a"\nmsgstr "\xed\xa0\x80"\n'
    yield "carriage-returns", good.replace(b"\n", b"\r")
    yield "windows-lines", good.replace(b"\n", b"\r\n")
    yield "compiled-catalogue", _compiled_catalogue()
    yield "zip-archive", b"PK\x03\x04" + b"\x14" * 200
    yield "html-page", b"<!doctype html><title>404</title>"
    yield "merge-conflict", good.replace(b"\nmsgid", b"\n<<<<<<< HEAD\nmsgid", 1) + b"=======\n>>>>>>> x\n"


def _compiled_catalogue() -> bytes:
    """An MO file whose tables point outside of it."""
    return struct.pack("<7I", 0x950412DE, 0, 0xFFFFFFFF, 28, 0xFFFFFFF0, 0, 0) + b"Save\0Hack\0"


def _odd_structures(template: Sequence[Entry], locale: Locale) -> Iterator[tuple[str, bytes]]:
    good = _file(template, locale, _kept).decode()
    evil = _file(template, locale, TEXTS["script"]).decode()
    first = template[0].source
    odd = {
        "duplicates": good + 'msgid "twice"\nmsgstr "a"\n\nmsgid "twice"\nmsgstr "b"\n',
        "second-header": good + good,
        "no-header": good.partition("\n\n")[2],
        "context-clash": good + f'msgctxt "{template[-1].context}"\nmsgid "Other"\nmsgstr "Autre"\n',
        "context-posing": f'msgid "verb\x04Open"\nmsgstr "%(x)s"\n\n{good}',
        "empty-context": good + f'msgctxt ""\nmsgid "{first}"\nmsgstr "%(x)s"\n',
        "spoofed-source": good.replace("Use a [long", "<script>Use a [long"),
        "too-few-forms": good + 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "x"\n',
        "too-many-forms": good + 'msgid "a"\nmsgid_plural "b"\n' + "".join(f'msgstr[{n}] "x"\n' for n in range(9)),
        "high-form": good + 'msgid "a"\nmsgid_plural "b"\nmsgstr[99999999] "x"\n',
        "negative-form": good + 'msgid "a"\nmsgid_plural "b"\nmsgstr[-1] "x"\n',
        "form-gap": good + 'msgid "a"\nmsgid_plural "b"\nmsgstr[1] "x"\n',
        "forms-without-plural": good + 'msgid "a"\nmsgstr[0] "x"\n',
        "empty-form": good + 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "x"\nmsgstr[1] ""\n',
        "message-without-translation": good + 'msgid "a"\n\nmsgid "b"\n',
        "translation-without-message": good + 'msgstr "a"\n',
        "deep-quotes": good + 'msgid "a"\nmsgstr "' + '\\"' * 9_000 + '"\n',
        "open-quotes": good + 'msgid "a"\nmsgstr ' + '"' * 5_001 + "\n",
        "backslashes": good + 'msgid "a"\nmsgstr "' + "\\" * 5_001 + '"\n',
        "all-fuzzy": evil.replace("\nmsgid", "\n#, fuzzy\nmsgid"),
        "outdated-by-itself": evil.replace("\nmsgctxt", '\n#, fuzzy\n#| msgid "<script>"\nmsgctxt'),
        "obsolete-only": good + '#~ msgid "Save all"\n#~ msgstr "<script>"\n',
        "comment-in-obsolete": good + '#~ # note\n#~ msgid "Save all"\n#~ msgstr "x"\n',
        "unknown-keyword": good + 'msgfoo "a"\nmsgstr "b"\n',
        "unknown-flags": good.replace("\nmsgid", "\n#, c-format, no-wrap, ../../x\nmsgid"),
        "path-in-place-of-text": "/etc/passwd",
        "domain-switch": 'domain "other"\n' + good,
    }
    for name, text in odd.items():
        yield f"structure-{name}", text.encode()


def _big_files() -> Iterator[tuple[str, bytes]]:
    many = tuple(Entry(f"message {number}", ("x",)) for number in range(25_000))
    yield "big-over-the-limit", b"# " + b"x" * MAX_BYTES
    yield "big-five-megabytes", write(many, FRENCH, domain="x").ljust(MAX_BYTES, b"\n")
    yield "big-number-of-entries", write(many, FRENCH, domain="x")
    yield "big-number-of-lines", b"\n" * (MAX_BYTES - 20) + b'msgid "a"\nmsgstr ""\n'
    yield "big-line", b'msgid "a"\nmsgstr "' + b"x" * (MAX_BYTES - 30) + b'"\n'
    yield "big-number-of-pieces", b'msgid "a"\nmsgstr ""\n' + b'"x"\n' * 200_000
    yield "big-number-of-comments", b"# x\n" * 200_000 + b'msgid "a"\nmsgstr "b"\n'
    yield "big-number-of-places", b"#: a b c d e f g h\n" * 100_000 + b'msgid "a"\nmsgstr "b"\n'
    yield "big-number-of-flags", b"#, a, b, c\n" * 100_000 + b'msgid "a"\nmsgstr "b"\n'
