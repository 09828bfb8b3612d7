"""What stands around a page, rendered once for each kind of page and reader, and filled for each request.

A page template extends layouts/base.html, which hands over its blocks, cut apart by an unguessable mark. They go into
layouts/shell.html, whose own marks say where the path, the token, the name and the blocks belong.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from markupsafe import Markup

from elearn.catalogues.environment import LocaleEnvironment
from elearn.i18n.locales import LOCALES
from elearn.web.composed import Kept

LONG = 600  # characters from which a literal is worth keeping compressed
CUT = f"\x1f{secrets.token_hex(8)}\x1f"
_SALT = secrets.token_hex(8)
_MARK = re.compile(f"\x1e{_SALT}([a-z_]+)\x1e")
SLOTS = ("title", "description", "head", "scripts", "main", "flashes", "csrf_token", "name", "place", "canonical")


class Blocks(NamedTuple):
    """What a page handed over, as HTML; `work`, `body_class` and the three about its form choose the shell."""

    title: str
    description: str
    head: str
    scripts: str
    work: str
    body_class: str
    switch_form: str
    enter_name: str
    enter_value: str
    main: str


class Reader(NamedTuple):
    """The kind of reader: what the header and the footer depend on, the name apart."""

    nav: str
    is_signed_in: bool
    is_admin: bool
    theme: str
    is_development: bool
    is_localized: bool


def mark(slot: str) -> Markup:
    """Where the value of `slot` belongs."""
    return Markup(f"\x1e{_SALT}{slot}\x1e")  # noqa: S704 - letters, digits and two control characters


@dataclass(frozen=True, slots=True)
class _Alternate:
    locale: str
    endonym: str
    url: str
    direction: str
    current: bool


@dataclass(frozen=True, slots=True)
class _User:
    name: str
    is_admin: bool


class _ShellPage:
    """The `page` of the shell: marks in the places of what differs between requests."""

    def __init__(self, reader: Reader, locale: str, origin: str) -> None:
        self.nav = reader.nav
        self.theme = reader.theme
        self.development = reader.is_development
        self.user = _User(mark("name"), reader.is_admin) if reader.is_signed_in else None
        self.csrf_token = mark("csrf_token")
        self.canonical = mark("canonical")
        self.origin = origin
        self.alternates = tuple(
            _Alternate(x.code, x.endonym, self._url(x.code, reader), x.direction, x.code == locale) for x in LOCALES
        )

    @staticmethod
    def _url(code: str, reader: Reader) -> str:
        return Markup("/{}{}").format(code, mark("place")) if reader.is_localized else mark("place")


class Shell:
    """Literal text and slots by turns."""

    __slots__ = ("_parts", "_runs", "_slots")

    def __init__(self, html: str) -> None:
        self._parts = _MARK.split(html)
        self._slots = tuple((i, self._parts[i]) for i in range(1, len(self._parts), 2))
        self._runs: tuple[tuple[list[tuple[str, bool]], Kept | None], ...] = ()

    def pieces(self, values: Mapping[str, str]) -> list[str | Kept]:
        """The page as text and long literals, the latter kept compressed. Raises KeyError for a slot without a value."""
        if not self._runs:
            self._runs = tuple(self._split())
        out: list[str | Kept] = []
        for run, kept in self._runs:
            out.append("".join([values[part] if is_slot else part for part, is_slot in run]))
            if kept is not None:
                out.append(kept)
        return out

    def _split(self) -> Iterator[tuple[list[tuple[str, bool]], Kept | None]]:
        """Runs of short parts, each with the long literal after it."""
        run: list[tuple[str, bool]] = []
        for index, part in enumerate(self._parts):
            is_slot = index % 2 == 1
            if is_slot or len(part) < LONG:
                run.append((part, is_slot))
            else:
                yield run, Kept(part)
                run = []
        yield run, None

    def fill(self, values: Mapping[str, str]) -> str:
        """The page. Raises KeyError for a slot without a value."""
        parts = self._parts.copy()
        for index, name in self._slots:
            parts[index] = values[name]
        return "".join(parts)


def blocks(environment: LocaleEnvironment, template: str, values: Mapping[str, Any]) -> Blocks:
    """Render the blocks of a page."""
    return Blocks(*environment.get_template(template).render(values).split(CUT))


def shell(environment: LocaleEnvironment, found: Blocks, reader: Reader, origin: str) -> Shell:
    """The shell for this kind of page and reader."""
    return environment.keep(("shell", reader, found[4:9], origin), lambda: _shell(environment, found, reader, origin))


def _shell(environment: LocaleEnvironment, found: Blocks, reader: Reader, origin: str) -> Shell:
    html = environment.get_template("layouts/shell.html").render(
        page=_ShellPage(reader, environment.messages.locale.code, origin),
        slots={slot: mark(slot) for slot in SLOTS},
        work=bool(found.work),
        body_class=found.body_class,
        switch_form=found.switch_form,
        switch_enter=(found.enter_name, found.enter_value),
    )
    return Shell(html)
