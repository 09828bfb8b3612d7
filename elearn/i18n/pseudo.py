"""A language that nobody speaks, for finding text that does not go through the catalogue.

Each text is bracketed and accented, so that on a page everything without brackets is hard-coded.
"""

from dataclasses import dataclass

from elearn.i18n.formatting import segments
from elearn.i18n.locales import ENGLISH, Locale

OPENING, CLOSING = "⟦", "⟧"

_ACCENTS = str.maketrans("aceinouyzACEINOUYZ", "áçéíñóúýžÁÇÉÍÑÓÚÝŽ")


def pseudo(text: str) -> str:
    """The text with accents, between brackets; placeholders and doubled per cent signs stay as they are."""
    parts = segments(text)
    if parts is None:
        return f"{OPENING}{text.translate(_ACCENTS)}{CLOSING}"
    written = (_placeholder(part) if isinstance(part, tuple) else _literal(part) for part in parts)
    return f"{OPENING}{''.join(written)}{CLOSING}"


def is_pseudo(text: str) -> bool:
    """Whether a visible text came through the catalogue, brackets and all."""
    stripped = text.strip()
    return stripped.startswith(OPENING) and stripped.endswith(CLOSING)


def _literal(part: str) -> str:
    return "%%" if part == "%" else part.translate(_ACCENTS)


def _placeholder(part: tuple[str, str]) -> str:
    return f"%({part[0]}){part[1]}"


@dataclass(frozen=True, slots=True)
class PseudoMessages:
    """Answers every text with its pseudo form; shaped as `Translations`, direction and plurals of `locale`."""

    locale: Locale = ENGLISH

    def gettext(self, msgid: str) -> str:
        """The pseudo form."""
        return pseudo(msgid)

    def pgettext(self, context: str, msgid: str) -> str:
        """The pseudo form."""
        return pseudo(msgid)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The pseudo form of the English form for the count."""
        return pseudo(plural if ENGLISH.plural(n) else singular)

    def has(self, msgid: str, context: str | None = None) -> bool:
        """Always."""
        return True


def pseudo_messages(locale: Locale = ENGLISH) -> PseudoMessages:
    """A catalogue that pseudo-localises everything."""
    return PseudoMessages(locale)
