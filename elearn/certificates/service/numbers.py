"""Certificate numbers: unguessable, typed from paper without trouble.

130 random bits as 26 characters of Crockford's base 32 (no I, L, O, U), written in groups of four:
``7QK4-M2VX-9TRC-HD3W-5B8N-JP0Y-ZE``. OWASP ASVS 5.0 asks 128 bits of a public code (11.5.1).
"""

import re
import secrets
import unicodedata

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 26
_GROUP = 4
# Room for a separator and a direction mark about every character; anything longer is no number.
_LONGEST_INPUT = 200

_NUMBER = re.compile(f"[{_ALPHABET}]{{{_LENGTH}}}")
_CONFUSED = str.maketrans("OIL", "011")
_IGNORED_CATEGORIES = frozenset({"Pd", "Cf", "Zs", "Zl", "Zp"})  # hyphens, direction marks, spaces
_ALSO_IGNORED = frozenset("\t\r\n\u2212")  # and the minus sign


def new_number() -> str:
    """A fresh number in groups, from the system's source of randomness."""
    return _grouped("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)))


def parse(text: str) -> str | None:
    """The number in its written form, or ``None`` where ``text`` cannot be one.

    Forgives lower case, missing or other hyphens and spaces, O for 0, I and L for 1, digits of other
    scripts (Arabic-Indic, Persian, full width) and invisible direction marks.
    """
    if len(text) > _LONGEST_INPUT:
        return None
    plain = "".join(_plain(char) for char in unicodedata.normalize("NFKC", text))
    plain = plain.translate(_CONFUSED)
    return _grouped(plain) if _NUMBER.fullmatch(plain) else None


def _plain(char: str) -> str:
    if char in _ALSO_IGNORED or unicodedata.category(char) in _IGNORED_CATEGORIES:
        return ""
    digit = unicodedata.decimal(char, None)
    return char.upper() if digit is None else str(digit)


def _grouped(plain: str) -> str:
    return "-".join(plain[i : i + _GROUP] for i in range(0, _LENGTH, _GROUP))
