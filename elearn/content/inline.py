"""Inline Markdown: the normal form of a unit, its HTML, and the check that a translation has the same structure.

The normal form (the msgid): soft breaks are spaces, a hard break is a backslash and a newline, emphasis is always
`*` or `**`, links and images are numbered references (`[text][1]`, `![alt][2]`) whose targets stay in the source.
CommonMark with tables; raw HTML, character entities and bare addresses are plain text.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

PARSER = MarkdownIt("commonmark", {"html": False, "store_labels": True}).enable("table")
PARSER.disable(["html_block", "html_inline", "entity", "autolink"])

_MARKUP = re.compile(r"[\\*_`\[\]\n]")
_TO_ESCAPE = re.compile(r"[\\*_`\[\]]")
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_REFERENCE = re.compile(r"\]\[\d+\]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_SCHEMES = frozenset({"", "http", "https", "mailto", "glossary"})


@dataclass(frozen=True, slots=True)
class Normal:
    """A text in normal form, the targets of its numbered references, and whether every image in it has a text."""

    text: str
    references: tuple[str, ...] = ()
    is_stable: bool = True
    has_alt_texts: bool = True


@dataclass(slots=True)
class _Writer:
    """Writes tokens back as Markdown in normal form."""

    references: list[str] = field(default_factory=list)
    has_alt_texts: bool = True

    def number(self, target: str) -> int:
        if target not in self.references:
            self.references.append(target)
        return self.references.index(target) + 1

    def write(self, tokens: Sequence[Token]) -> str:
        out: list[str] = []
        links: list[int] = []
        for token in tokens:
            out.append(self._token(token, links))
        return "".join(out)

    def _token(self, token: Token, links: list[int]) -> str:
        match token.type:
            case "text" | "text_special":
                return _TO_ESCAPE.sub(r"\\\g<0>", token.content)
            case "softbreak":
                return " "
            case "hardbreak":
                return "\\\n"
            case "code_inline":
                return _code_span(token.content)
            case "link_open":
                links.append(self.number(str(token.attrs["href"])))
                return "["
            case "link_close":
                return f"][{links.pop()}]"
            case "image":
                return self._image(token)
            case _:
                return token.markup.replace("_", "*")

    def _image(self, token: Token) -> str:
        alt = self.write(token.children or ())
        self.has_alt_texts = self.has_alt_texts and bool(alt.strip())
        return f"![{alt}][{self.number(str(token.attrs['src']))}]"


def normalise(text: str, definitions: Mapping[str, Any] | None = None) -> Normal:
    """The normal form of inline Markdown. `definitions` are the page's link definitions (markdown-it's `references`).

    `is_stable` is False where the normal form would be read differently from what the author wrote.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if not _MARKUP.search(text):
        return Normal(text)
    tokens = parse(text, {"references": dict(definitions or {})})
    writer = _Writer()
    normal = writer.write(tokens)
    references = tuple(writer.references)
    again = _Writer(list(references)).write(parse(normal, _environment(references)))
    return Normal(normal, references, again == normal, writer.has_alt_texts)


def parse(text: str, env: dict[str, Any]) -> list[Token]:
    """The inline tokens of a text."""
    return PARSER.parseInline(text, env)[0].children or []


def render(text: str, references: Sequence[str] = (), resolve: Callable[[str], str] = str) -> Markup:
    """HTML of a text in normal form: escaped, inline markup only, links to `references` alone.

    `resolve` turns a target of the source into the address to print. The typewriter apostrophe is printed as ’.
    """
    if not _MARKUP.search(text):
        return escape(text.replace("'", "’"))
    return Markup(_html(parse(text, _environment(references)), resolve))  # noqa: S704 - every piece is escaped below


def plain(text: str) -> str:
    """The text without markup, for titles, lists of options and accessible names."""
    if not _MARKUP.search(text):
        return text.replace("'", "’")
    return _plain(parse(text, _ANY_REFERENCES))


def integrity(source: str, target: str) -> list[str]:
    """What keeps `target` from standing in for `source`: one sentence for each piece of markup missing or added."""
    wanted, found = signature(source), signature(target)
    missing = [f"Missing: {_in_words(item)}." for item in (wanted - found).elements()]
    return missing + [f"Not in the source: {_in_words(item)}." for item in (found - wanted).elements()]


@lru_cache(maxsize=4096)
def signature(text: str) -> Counter[tuple[str, str]]:
    """The multiset of markup in a text in normal form: strong, em, code, link, image, hardbreak."""
    if not _MARKUP.search(text):
        return Counter()
    count: Counter[tuple[str, str]] = Counter()
    _count(parse(text, _ANY_REFERENCES), count)
    links = sum(number for (kind, _value), number in count.items() if kind in ("link", "image"))
    if links != len(_REFERENCE.findall(_CODE_SPAN.sub("", text))):
        count["link", "that is not written [text][1]"] += 1  # `[text] [1]` would make a link of the number alone
    return count


def renumber(text: str, references: Sequence[str], wanted: Sequence[str]) -> str:
    """A text in normal form with its links numbered as in `wanted`, where both lead to the same targets."""
    if references == wanted or sorted(references) != sorted(wanted):
        return text
    return _REFERENCE.sub(lambda found: f"][{wanted.index(references[int(found[0][2:-1]) - 1]) + 1}]", text)


def word_count(text: str) -> int:
    """Words of a text in normal form: what stands between spaces and holds a letter or a digit."""
    return sum(1 for token in _REFERENCE.sub("]", text).split() if _LETTER_OR_DIGIT.search(token))


def is_safe_target(target: str) -> bool:
    """Whether a link may point there: http, https, mailto, glossary:<id>, or a path relative to the page."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and (bool(parts.scheme) or not target.startswith(("/", "\\")))


def _environment(references: Sequence[str]) -> dict[str, Any]:
    return {"references": {str(n): {"href": target, "title": ""} for n, target in enumerate(references, 1)}}


_ANY_REFERENCES = _environment(("",) * 99)


def _code_span(content: str) -> str:
    runs = {len(run) for run in re.findall("`+", content)}
    fence = "`" * next(n for n in range(1, len(runs) + 2) if n not in runs)
    space = " " if content[:1] in ("`", " ") or content[-1:] in ("`", " ") else ""
    return f"{fence}{space}{content}{space}{fence}"


def _html(tokens: Sequence[Token], resolve: Callable[[str], str]) -> str:
    out: list[str] = []
    closers: list[str] = []
    for token in tokens:
        match token.type:
            case "text" | "text_special":
                out.append(str(escape(token.content.replace("'", "’"))))
            case "softbreak":
                out.append(" ")
            case "hardbreak":
                out.append("<br>")
            case "code_inline":
                out.append(f'<code dir="ltr">{escape(token.content)}</code>')
            case "link_open":
                opener, closer = _link(token, resolve)
                out.append(opener)
                closers.append(closer)
            case "link_close":
                out.append(closers.pop())
            case "image":
                out.append(_image(token, resolve))
            case _:
                out.append(f"<{'/' if token.nesting < 0 else ''}{token.tag}>")
    return "".join(out)


def _link(token: Token, resolve: Callable[[str], str]) -> tuple[str, str]:
    target = str(token.attrs["href"])
    if "label" not in token.meta or not is_safe_target(target):
        return "", ""
    kind = ' class="term"' if target.startswith("glossary:") else ""
    return f'<a{kind} href="{escape(resolve(target))}">', "</a>"


def _image(token: Token, resolve: Callable[[str], str]) -> str:
    alt = escape(_plain(token.children or ()))
    target = str(token.attrs["src"])
    if "label" not in token.meta or not is_safe_target(target):
        return str(alt)
    return f'<img src="{escape(resolve(target))}" alt="{alt}" loading="lazy">'


def _plain(tokens: Sequence[Token]) -> str:
    out = []
    for token in tokens:
        if token.type == "image":
            out.append(_plain(token.children or ()))
        elif token.type == "code_inline":
            out.append(token.content)
        else:
            out.append(" " if token.type.endswith("break") else token.content.replace("'", "’"))
    return "".join(out)


def _count(tokens: Sequence[Token], count: Counter[tuple[str, str]]) -> None:
    for token in tokens:
        match token.type:
            case "strong_open" | "em_open":
                count[token.tag, ""] += 1
            case "hardbreak":
                count["hardbreak", ""] += 1
            case "code_inline":
                count["code", token.content] += 1
            case "link_open":
                count["link", str(token.meta.get("label", "that is not written [text][1]"))] += 1
            case "image":
                count["image", str(token.meta.get("label", "that is not written [text][1]"))] += 1
                _count(token.children or (), count)


def _in_words(item: tuple[str, str]) -> str:
    kind, value = item
    names = {"strong": "bold text (**…**)", "em": "emphasis (*…*)", "hardbreak": "a line break (\\)"}
    return names.get(kind) or f"{kind} {value}"
