"""Good typography of each language, as warnings: what a careful typesetter would mend.

Sources: the Imprimerie nationale's rules for French spacing, the Ortografía of the RAE for Spanish opening marks,
the house rule of Western digits in Arabic.
"""

import re
from collections.abc import Iterator

from elearn.i18n.findings import Finding, warn
from elearn.i18n.locales import Locale

# Code, addresses and link references follow no language's spacing.
_NO_PROSE = re.compile(r"`[^`]*`|\b[a-z][a-z0-9+.-]*://\S+|\]\([^)]*\)|\]\[[^\]]*\]|!(?=\[)|%\([A-Za-z0-9_]*\)[sd]")
_ARABIC = "\u0621-\u063a\u0641-\u065f\u0670-\u06d3"

_FRENCH_HIGH = re.compile(r"[^\u202f\u00a0;!?(\[«][;!?]")
_FRENCH_COLON = re.compile(r"(?<!\u00a0):(?=\s|$)")
_FRENCH_QUOTES = re.compile(r"«(?![\u00a0\u202f])|(?<![\u00a0\u202f])»")
_ARABIC_LATIN_MARK = re.compile(rf"[{_ARABIC}][»”)\]*]*\s?[,;?]")
_TATWEEL = re.compile(rf"[{_ARABIC}]\u0640+[{_ARABIC}]")
_OTHER_DIGITS = re.compile("[\u0660-\u0669\u06f0-\u06f9]")


def typography(text: str, locale: Locale) -> Iterator[Finding]:
    """The warnings about a text in its language; a stretch of code, an address or a placeholder is passed over."""
    prose = _NO_PROSE.sub("x", text)
    if locale.code == "fr":
        yield from _french(prose)
    elif locale.code == "es":
        yield from _spanish(prose)
    elif locale.code == "ar":
        yield from _arabic(prose)


def _french(prose: str) -> Iterator[Finding]:
    if _FRENCH_HIGH.search(prose):
        yield warn("fr-space", "Before ; ! ? stands a narrow no-break space (U+202F).")
    if _FRENCH_COLON.search(prose):
        yield warn("fr-colon", "Before a colon stands a no-break space (U+00A0).")
    if _FRENCH_QUOTES.search(prose) or prose.count("«") != prose.count("»"):
        yield warn("fr-guillemets", "Inside « » stand no-break spaces (U+00A0), and each mark has its partner.")


def _spanish(prose: str) -> Iterator[Finding]:
    for opening, closing in ("¿?", "¡!"):
        depth = 0
        for character in prose:
            depth += (character == opening) - (character == closing)
            if depth < 0:
                break
        if depth:
            yield warn("es-inverted", f"Each {closing} has its {opening} where the question or exclamation begins.")


def _arabic(prose: str) -> Iterator[Finding]:
    if _ARABIC_LATIN_MARK.search(prose):
        yield warn("ar-punctuation", "After Arabic words stand ، ؛ ؟ and not the Latin marks.")
    if _TATWEEL.search(prose):
        yield warn("ar-tatweel", "A tatweel (U+0640) stretches a word.")
    if _OTHER_DIGITS.search(prose):
        yield warn("ar-digits", "Digits are the Western ones: 0 to 9.")
