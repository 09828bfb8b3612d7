"""Putting values into translated text, when the text may have been written by anybody.

Only `%(name)s`, `%(name)d` and `%%` exist. Whatever else a text holds, the source text is used in its place; nothing
here raises, and nothing grows beyond the values that were handed in.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

MAX_PLACEHOLDERS = 20

# Per cent sign, then either a named placeholder, a second sign, or nothing that we know (a fault).
_DIRECTIVE = re.compile(r"%(?:\(([A-Za-z_][A-Za-z0-9_]*)\)([sd])|(%)|)")

Segment = str | tuple[str, str]


@lru_cache(maxsize=8_192)
def segments(text: str) -> tuple[Segment, ...] | None:
    """The text cut into literal strings and (name, conversion) pairs; None when a per cent sign stands alone.

    A width, a precision, a flag and any other conversion count as a sign that stands alone.
    """
    parts: list[Segment] = []
    position = 0
    for match in _DIRECTIVE.finditer(text):
        name, conversion, doubled = match.groups()
        if name is None and doubled is None:
            return None
        parts.append(text[position : match.start()])
        parts.append((name, conversion) if name is not None else "%")
        position = match.end()
    parts.append(text[position:])
    return tuple(part for part in parts if part)


def placeholders(text: str) -> tuple[tuple[str, str], ...]:
    """The named placeholders of a text as (name, conversion), sorted, repeats kept; faults are passed over."""
    return tuple(sorted((m[1], m[2]) for m in _DIRECTIVE.finditer(text) if m[1] is not None))


def interpolate(text: str, fallback: str, values: Mapping[str, object]) -> str:
    """`text` with the values in place of its placeholders; `fallback` so filled when anything is wrong with it.

    Without values the text comes back as it is: a per cent sign is then an ordinary character. Should the fallback
    be wrong too, it comes back untouched.
    """
    if not values:
        return text
    filled = _filled(text, values)
    if filled is None:
        filled = _filled(fallback, values)
    return fallback if filled is None else filled


def _filled(text: str, values: Mapping[str, object]) -> str | None:
    parts = segments(text)
    if parts is None or sum(isinstance(part, tuple) for part in parts) > MAX_PLACEHOLDERS:
        return None
    try:
        return "".join(part if isinstance(part, str) else _value(part, values) for part in parts)
    except Exception:  # a value's own __str__ may raise anything; a page must not fail for that
        return None


def _value(placeholder: tuple[str, str], values: Mapping[str, object]) -> str:
    name, conversion = placeholder
    value = values[name]
    if conversion == "s":
        return str(value)
    if not isinstance(value, int | float | Decimal):
        raise TypeError(name)
    return str(int(value))
