"""Who sees what of a certificate, and when a typed name is the printed one."""

import unicodedata
from datetime import datetime
from typing import Literal

Visibility = Literal["public", "code"]
State = Literal["valid", "revoked"]

VISIBILITIES: tuple[Visibility, ...] = ("public", "code")

_SAME_SIGNS = str.maketrans(dict.fromkeys("‘’ʼʹ`´", "'") | {"\u2212": "-"})
# Arabic vowel marks, seldom written, and the tatweel, which lengthens a word for its looks
_ARABIC_MARKS = frozenset(map(chr, (*range(0x064B, 0x0653), 0x0670, 0x0640)))


def state(revoked_at: datetime | None) -> State:
    """What the check page says of a certificate that exists."""
    return "valid" if revoked_at is None else "revoked"


def is_name_shown(visibility: str, revoked_at: datetime | None) -> bool:
    """Whether the check page names the holder: by their choice, and never once revoked."""
    return visibility == "public" and revoked_at is None


def may_open_document(visibility: str, revoked_at: datetime | None, *, is_holder: bool) -> bool:
    """Whether somebody gets the PDF: it says what the check page says, so the same choice rules both."""
    return is_holder or is_name_shown(visibility, revoked_at)


def is_same_name(typed: str, printed: str) -> bool:
    """Whether two spellings are one name: case, width, spaces, hyphens, apostrophes, invisible signs and Arabic
    vowel marks do not count.

    Accents do: who checks has the paper before them.
    """
    return _comparable(typed) == _comparable(printed) != ""


def _comparable(name: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join("".join(map(_plain, folded)).translate(_SAME_SIGNS).split())


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf" or char in _ARABIC_MARKS:
        return ""
    return "-" if category == "Pd" else char
