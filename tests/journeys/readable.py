"""Everything on a page that a person reads or hears, in the order of the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from elearn.i18n.pseudo import CLOSING, OPENING
from tests.pages import VOID

SPOKEN = ("aria-label", "alt", "title", "placeholder", "data-l", "data-error", "data-saved", "data-saving",
          "data-unsaved", "data-changed")  # fmt: skip
SILENT = ("script", "style")


@dataclass(frozen=True)
class Piece:
    """A text node or an attribute; `tags` are the elements around it, `language` what the nearest of them says."""

    text: str
    tags: tuple[str, ...]
    language: str
    is_bracketed: bool


class _Pieces(HTMLParser):
    """A message may hold elements, so brackets are counted across them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []
        self.depth = 0
        self.found: list[Piece] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        language = values.get("lang") or (self.open[-1][1] if self.open else "")
        tags = (*(t for t, _ in self.open), tag)
        for name in SPOKEN:
            if text := values.get(name, "").strip():
                self.found.append(Piece(text, (*tags, f"@{name}"), language, is_whole(text)))
        if tag == "meta" and values.get("name") == "description":
            self.found.append(Piece(values["content"], (*tags, "@content"), language, is_whole(values["content"])))
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        names = [t for t, _ in self.open]
        if tag in names:
            del self.open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        tags = tuple(t for t, _ in self.open)
        if any(tag in tags for tag in SILENT):
            return
        language = self.open[-1][1] if self.open else ""
        for text, is_bracketed in self._split(data):
            if text.strip():
                self.found.append(Piece(" ".join(text.split()), tags, language, is_bracketed))

    def _split(self, data: str) -> Iterator[tuple[str, bool]]:
        """Stretches inside and outside of brackets."""
        start = 0
        for index, letter in enumerate(data):
            if letter == OPENING:
                if not self.depth:
                    yield data[start:index], False
                    start = index
                self.depth += 1
            elif letter == CLOSING:
                self.depth -= 1
                if not self.depth:
                    yield data[start : index + 1], True
                    start = index + 1
        yield data[start:], self.depth > 0


def is_whole(text: str) -> bool:
    """Whether an attribute came through the catalogue from its first letter to its last."""
    depth = 0
    for letter in text.strip():
        depth += (letter == OPENING) - (letter == CLOSING)
        if not depth and letter not in f"{CLOSING} –·,.:%0123456789":
            return False
    return True


def pieces(html: str) -> list[Piece]:
    """Every text node and every attribute that is read out."""
    reader = _Pieces()
    reader.feed(html)
    return reader.found
