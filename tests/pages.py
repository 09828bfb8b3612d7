"""What is true of every page, read with the standard library's parser."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
DIRECTIONS = {"ar": "rtl", "en": "ltr", "fr": "ltr", "es": "ltr"}


@dataclass
class Element:
    """A start tag with its attributes, its own text and the chain of elements around it."""

    tag: str
    attributes: dict[str, str]
    parents: tuple["Element", ...] = ()
    text: str = ""

    @property
    def testid(self) -> str:
        return self.attributes.get("data-testid", "")


@dataclass
class Examined:
    """A page as a list of elements."""

    html: str
    path: str
    elements: list[Element] = field(default_factory=list)

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """Elements by tag and attributes ("class_" and "data_testid" for class and data-testid)."""
        wanted = {k.rstrip("_").replace("_", "-"): v for k, v in attributes.items()}
        return [
            e
            for e in self.elements
            if (not tag or e.tag == tag) and all(e.attributes.get(k) == v for k, v in wanted.items())
        ]

    def one(self, tag: str = "", **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{self.path}: {len(found)} of {tag} {attributes}"
        return found[0]

    def value(self, name: str) -> str:
        """The value of a form field by name."""
        found = [e for e in self.elements if e.attributes.get("name") == name]
        assert found, f"{self.path}: no field {name}"
        return found[0].attributes.get("value", found[0].text)

    @property
    def text(self) -> str:
        """All visible text."""
        skipped = {"script", "style", "title"}
        return " ".join(e.text for e in self.elements if e.tag not in skipped and e.text.strip())


class _Reader(HTMLParser):
    def __init__(self, page: Examined) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {k: v or "" for k, v in attrs}, tuple(self.open))
        self.page.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.elements.append(Element(tag, {k: v or "" for k, v in attrs}, tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index].tag == tag:
                del self.open[index:]
                return

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open[-1].text += data


def parse(html: str, path: str = "") -> Examined:
    """The page, unexamined."""
    page = Examined(html, path)
    _Reader(page).feed(html)
    return page


def examine(html: str, path: str) -> Examined:
    """The page, after checking what holds everywhere: one h1, a title, lang and dir, unique ids, labels, no leaks."""
    page = parse(html, path)
    root = page.one("html")
    locale = root.attributes.get("lang", "")
    assert DIRECTIONS.get(locale) == root.attributes.get("dir"), f"{path}: lang and dir"
    assert len(page.all("h1")) == 1, f"{path}: {len(page.all('h1'))} h1"
    assert page.one("title").text.strip(), f"{path}: no title"
    assert len(page.all("main")) == 1, f"{path}: main"
    doubled = [
        k for k, n in Counter(e.attributes["id"] for e in page.elements if "id" in e.attributes).items() if n > 1
    ]
    assert not doubled, f"{path}: ids used twice: {doubled}"
    _labels(page)
    _references(page)
    for leak in ("%(", "{{", "{%", "Markup(", "None</", "Undefined"):
        assert leak not in html, f"{path}: {leak!r} in the page"
    return page


def _labels(page: Examined) -> None:
    labelled = {e.attributes["for"] for e in page.all("label") if "for" in e.attributes}
    for e in page.elements:
        if e.tag not in ("input", "select", "textarea") or e.attributes.get("type") in ("hidden", "submit", "button"):
            continue
        named = (
            e.attributes.get("id") in labelled
            or "aria-label" in e.attributes
            or "aria-labelledby" in e.attributes
            or any(p.tag == "label" for p in e.parents)
        )
        assert named, f"{page.path}: field {e.attributes.get('name')} has no label"


def _references(page: Examined) -> None:
    ids = {e.attributes["id"] for e in page.elements if "id" in e.attributes}
    for e in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for", "form", "popovertarget"):
            for target in e.attributes.get(name, "").split():
                assert target in ids, f"{page.path}: {name}={target} points nowhere"
