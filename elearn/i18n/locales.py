"""The languages of the platform, their direction and their plural rules.

The rules are constants: the header of a catalogue is written from here and never read for plurals.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Direction = Literal["ltr", "rtl"]

SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Locale:
    """One language: BCP 47 code, own name, direction of writing, plural rule in the order of GNU gettext.

    `plural_examples` holds for each form some counts that take it, for the labels of a translator's fields.
    """

    code: str
    endonym: str
    direction: Direction
    nplurals: int
    plural_header: str
    plural: Callable[[int], int]
    plural_examples: tuple[tuple[int, ...], ...]

    def is_single_count(self, form: int) -> bool:
        """Whether a plural form stands for one count alone, so that its text may do without the number."""
        return form < self.nplurals and len(self.plural_examples[form]) == 1


def _arabic(n: int) -> int:
    """CLDR cardinal rules of Arabic: zero, one, two, few (3–10), many (11–99), other."""
    n = abs(n)
    if n <= 2:
        return n
    rest = n % 100
    if 3 <= rest <= 10:
        return 3
    return 4 if rest >= 11 else 5


def _not_one(n: int) -> int:
    return int(abs(n) != 1)


def _above_one(n: int) -> int:
    return int(abs(n) > 1)


_ARABIC_HEADER = "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
_ARABIC_EXAMPLES = ((0,), (1,), (2,), (3, 4, 10, 103), (11, 25, 99, 111), (100, 101, 102, 200))

ARABIC = Locale("ar", "العربية", "rtl", 6, _ARABIC_HEADER, _arabic, _ARABIC_EXAMPLES)
ENGLISH = Locale("en", "English", "ltr", 2, "nplurals=2; plural=(n != 1);", _not_one, ((1,), (0, 2, 5)))
FRENCH = Locale("fr", "Français", "ltr", 2, "nplurals=2; plural=(n > 1);", _above_one, ((0, 1), (2, 5)))
SPANISH = Locale("es", "Español", "ltr", 2, "nplurals=2; plural=(n != 1);", _not_one, ((1,), (0, 2, 5)))

LOCALES = (ARABIC, ENGLISH, FRENCH, SPANISH)
_BY_CODE = {locale.code: locale for locale in LOCALES}

_MAX_HEADER = 1_000
_MAX_RANGES = 40
_RANGE = re.compile(
    r"\s*(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*[Qq]\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?"
)


def matching(code: str) -> Locale | None:
    """The locale with exactly this code; None for anything else, so that an address has one spelling."""
    return _BY_CODE.get(code)


def negotiate(accept_language: str | None) -> str:
    """The code of the locale that suits an Accept-Language header best; English when nothing does.

    Weights by RFC 9110, sections 12.4.2 and 12.5.4; a regional tag stands for its language (RFC 4647, section
    3.4); among equal weights the first named wins. What does not parse is passed over.
    """
    weights = _weights((accept_language or "")[:_MAX_HEADER])
    anything = weights.pop("*", 0.0)
    wanted = {code: weight for code, weight in weights.items() if weight > 0 and code in _BY_CODE}
    best = max(wanted, key=lambda code: wanted[code], default=None)
    if best is not None and wanted[best] >= anything:
        return best
    others = [code for code in (SOURCE, *_BY_CODE) if code not in weights]
    if anything > 0 and others:
        return others[0]
    return best or SOURCE


def _weights(header: str) -> dict[str, float]:
    """The highest weight given to each language, in the order of the header."""
    weights: dict[str, float] = {}
    for part in header.split(",")[:_MAX_RANGES]:
        match = _RANGE.fullmatch(part)
        if match is None:
            continue
        language = match[1].split("-")[0].lower()
        weight = float(match[2] or 1)
        weights[language] = max(weight, weights.get(language, 0.0))
    return weights
