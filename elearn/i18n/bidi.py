"""Characters that steer the direction of text, and digits of other scripts."""

import re

FIRST_STRONG_ISOLATE = "\u2068"
LEFT_TO_RIGHT_ISOLATE = "\u2066"
POP_ISOLATE = "\u2069"

# LRE, RLE, PDF, LRO, RLO: they reach beyond the text they were written for (UAX #9, section 2.1).
_OVERRIDES = re.compile("[\u202a-\u202e]")
_ISOLATE_STARTS = frozenset("\u2066\u2067\u2068")
_DIGITS = str.maketrans({chr(start + digit): str(digit) for start in (0x0660, 0x06F0) for digit in range(10)})


def isolate(text: str) -> str:
    """The text between first-strong isolates, for titles, mail subjects and PDF, where no tag is possible.

    Isolates inside that do not match are closed or dropped, so that the text cannot escape from its own.
    """
    return f"{FIRST_STRONG_ISOLATE}{_balanced(strip_overrides(text))}{POP_ISOLATE}"


def isolate_ltr(text: str) -> str:
    """The text as a left-to-right island: a symbol, an address, a number."""
    return f"{LEFT_TO_RIGHT_ISOLATE}{_balanced(strip_overrides(text))}{POP_ISOLATE}"


def has_overrides(text: str) -> bool:
    """Whether the text embeds or overrides a direction (U+202A to U+202E)."""
    return _OVERRIDES.search(text) is not None


def strip_overrides(text: str) -> str:
    """The text without embeddings and overrides."""
    return _OVERRIDES.sub("", text)


def has_balanced_isolates(text: str) -> bool:
    """Whether every isolate (U+2066 to U+2068) is closed in its own line, and nothing else is."""
    return all(_balanced(paragraph) == paragraph for paragraph in text.split("\n"))


def western_digits(text: str) -> str:
    """Arabic-Indic and Extended Arabic-Indic digits as ASCII digits; all else unchanged."""
    return text.translate(_DIGITS)


def _balanced(text: str) -> str:
    kept: list[str] = []
    depth = 0
    for character in text:
        if character in _ISOLATE_STARTS:
            depth += 1
        elif character == POP_ISOLATE:
            if depth == 0:
                continue
            depth -= 1
        kept.append(character)
    return "".join(kept) + POP_ISOLATE * depth
