"""One language's reading of a course: which text of a unit is shown, and what falls back to English."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from elearn.content.inline import integrity, plain, render, signature
from elearn.content.model import Text, Unit

SOURCE_LOCALE = "en"
SOURCE_ATTRIBUTES = Markup(' lang="en" dir="ltr"')

NOTHING = Markup("")
State = Literal["", "missing", "outdated"]
Texts = Mapping[str, Text]

_PAGE_PATH = re.compile(r"(?:^|(?<=/))\d\d-(?=[^/]*)")


@dataclass(frozen=True, slots=True)
class Edition:
    """The page that a text is rendered for.

    `direction` is "ltr" or "rtl". The notices are whole strips in the page's language (`<p class="fb-note">…</p>`)
    that say why what follows is in English, or older than the English. `glossary_href` is the address of the page
    on which each term stands under the id "term-<id>"; `media_href` is put before the path of an image.
    """

    locale: str
    direction: str
    missing_notice: Markup = NOTHING
    outdated_notice: Markup = NOTHING
    glossary_href: str = ""
    media_href: str = ""

    @property
    def is_source(self) -> bool:
        """Whether the page is in the language of the source."""
        return self.locale == SOURCE_LOCALE

    def notice(self, state: State) -> Markup:
        """The strip for a state."""
        return {"": NOTHING, "missing": self.missing_notice, "outdated": self.outdated_notice}[state]

    def address(self, target: str) -> str:
        """The address for a target as written in the source: `../03-convention/01-scope.md` is a page of the course."""
        if target.startswith("glossary:"):
            return f"{self.glossary_href}#term-{target.removeprefix('glossary:')}"
        if ":" in target.partition("/")[0]:
            return target
        path, mark, anchor = target.partition("#")
        if path.endswith(".md"):
            return _PAGE_PATH.sub("", path).removesuffix(".md") + mark + anchor
        return self.media_href + target if path else target


@dataclass(frozen=True, slots=True)
class RenderedText:
    """A text ready to show. `lang`, `direction` and `fallback` are empty where it is in the page's language."""

    html: Markup
    plain: str
    lang: str = ""
    direction: str = ""
    fallback: State = ""

    @property
    def attributes(self) -> Markup:
        """The attributes for the element around it, with a space before each."""
        return fallback_attributes(self.fallback)


def fallback_attributes(state: State) -> Markup:
    """` lang="en" dir="ltr" data-fallback="missing"` for English, ` data-fallback="outdated"` for an old text."""
    if state == "missing":
        return SOURCE_ATTRIBUTES + Markup(' data-fallback="missing"')
    return Markup(' data-fallback="outdated"') if state else NOTHING


@dataclass(frozen=True, slots=True)
class Reader:
    """Chooses and renders the texts of one edition."""

    texts: Texts
    edition: Edition

    def state(self, unit: Unit) -> State:
        """Whether the unit is translated, and the translation up to date. One that has another structure is none."""
        if self.edition.is_source:
            return ""
        found = self.texts.get(unit.context)
        if found is None or not found.text.strip():
            return "missing"
        if found.outdated:
            return "outdated" if _keeps_references(unit.text, found.text) else "missing"
        return "missing" if integrity(unit.text, found.text) else ""

    def worst(self, units: Iterable[Unit]) -> State:
        """The state of the worst of several units."""
        states = {self.state(unit) for unit in units}
        return "missing" if "missing" in states else "outdated" if "outdated" in states else ""

    def html(self, unit: Unit, *, in_english: bool = False) -> Markup:
        """The inline HTML of a unit in the page's language, or in English."""
        return render(self._text(unit, in_english), unit.references, self.edition.address)

    def plain(self, unit: Unit, *, in_english: bool = False) -> str:
        """The unit without markup."""
        return plain(self._text(unit, in_english))

    def rendered(self, unit: Unit) -> RenderedText:
        """A unit that stands alone, with its own fallback."""
        state = self.state(unit)
        is_english = state == "missing"
        lang, direction = (SOURCE_LOCALE, "ltr") if is_english else ("", "")
        html = self.html(unit, in_english=is_english)
        return RenderedText(html, self.plain(unit, in_english=is_english), lang, direction, state)

    def _text(self, unit: Unit, in_english: bool) -> str:
        return unit.text if in_english or self.edition.is_source else self.texts[unit.context].text


def _keeps_references(source: str, target: str) -> bool:
    """Whether an older translation links to nothing that the English of today does not link to."""
    known = signature(source)
    return all(known[item] >= count for item, count in signature(target).items() if item[0] in ("link", "image"))
