"""The catalogue of interface texts as a running program asks it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from elearn.i18n.locales import ENGLISH, Locale

# Between context and message, as in compiled gettext catalogues. No message may hold it.
CONTEXT_SEPARATOR = "\x04"


class Translations(Protocol):
    """What a page needs in order to speak a language."""

    @property
    def locale(self) -> Locale:
        """The language of the answers."""
        ...

    def gettext(self, msgid: str) -> str:
        """The translation, or the source text."""
        ...

    def pgettext(self, context: str, msgid: str) -> str:
        """The translation in a context, or the source text."""
        ...

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The form for the count `n`, placeholders still in it, or the source form."""
        ...

    def has(self, msgid: str, context: str | None = None) -> bool:
        """Whether there is a translation."""
        ...


def key(msgid: str, context: str | None = None) -> str:
    """The key of a message in the mappings of `Messages`."""
    return msgid if context is None else f"{context}{CONTEXT_SEPARATOR}{msgid}"


@dataclass(frozen=True, slots=True)
class Messages:
    """The translations of one locale, looked up by `key`; plural forms in the order of the locale's rule.

    `texts` and `plurals` are handed over for good: whoever builds them does not change them afterwards.
    """

    locale: Locale
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    plurals: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def gettext(self, msgid: str) -> str:
        """The translation, or the source text."""
        return self.texts.get(msgid, msgid)

    def pgettext(self, context: str, msgid: str) -> str:
        """The translation in a context, or the source text."""
        return self.texts.get(f"{context}{CONTEXT_SEPARATOR}{msgid}", msgid)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The form for the count `n`, placeholders still in it; the English form without a translation."""
        forms = self.plurals.get(singular)
        if forms is None:
            return plural if ENGLISH.plural(n) else singular
        return forms[self.locale.plural(n)]

    def has(self, msgid: str, context: str | None = None) -> bool:
        """Whether there is a translation, plural or not."""
        wanted = key(msgid, context)
        return wanted in self.texts or wanted in self.plurals


class NullMessages(Messages):
    """The source language: every text is its own translation."""

    __slots__ = ()

    def __init__(self, locale: Locale = ENGLISH) -> None:
        """A catalogue without entries; another locale than English stands for one that has nothing usable."""
        super().__init__(locale)
