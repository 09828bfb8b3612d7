"""Rules of accounts that need no database: names, addresses, passwords, scopes of roles, lifetimes."""

import importlib.resources
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from zxcvbn import zxcvbn

from elearn.errors import RuleBroken
from elearn.fonts import undrawable
from elearn.i18n import bidi
from elearn.i18n.locales import matching
from elearn.i18n.markers import N_
from elearn.permissions import ANY_SCOPE, Role

MAX_TYPED = 1_000  # beyond it nothing is looked at: putting marks in order costs the square of their number
MAX_EMAIL = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets
MAX_NAME = 120
MAX_PASSWORD = 1024
LEAST_SCORE = 2  # zxcvbn: more than 10^6 guesses
# Characters that zxcvbn looks at: its time grows steeply with signs that can stand for letters, and more characters
# do not make a password weaker.
SCORED = 32
MAX_TYPED = 1000  # longer than any name; bringing marks into order costs the square of their number

CONFIRM_LIFETIME = timedelta(days=3)
RESET_LIFETIME = timedelta(minutes=60)  # OWASP ASVS 5.0, 6.4.3
BETWEEN_LETTERS = timedelta(minutes=1)
IDLE = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=1)
KEEP_ENDED = timedelta(days=30)

CONSENT = "privacy"
CONSENT_VERSION = 1  # raise it when the privacy statement changes in substance

# Signs of markup, addresses and formulas. No name needs them, and a letter greets strangers with the name.
_NOT_IN_NAMES = frozenset('<>{}[]|\\^~@#$%*=:;"')
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u061c\u200b\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufeff"))

ADDRESS = N_("This is not an e-mail address that we can write to. It looks like %(example)s, in Latin letters.")
NAME_EMPTY = N_("Please write your name with at least one letter.")
NAME_SIGNS = N_("A name cannot contain %(characters)s. Please leave it out.")
NAME_LONG = N_("Please shorten this name: it has %(length)s characters, and at most %(limit)s are possible.")
NAME_UNDRAWABLE = N_("The certificate cannot print %(characters)s. Please write your name in Latin or Arabic script.")
PASSWORD_SHORT = N_("Please choose a longer password: at least %(limit)s characters. Several words are a good choice.")
PASSWORD_LONG = N_("Please choose a shorter password: at most %(limit)s characters.")
PASSWORD_PERSONAL = N_("Your name or your e-mail address cannot be your password. Please choose another one.")
PASSWORD_WEAK = N_("This password is easy to guess. Several words that do not belong together are a good choice.")
SCOPE = N_("The role %(role)s cannot be given for “%(scope)s”.")


def email_address(typed: str) -> str:
    """The address as it is stored: lower case, the domain in its ASCII form (RFC 5891). The DNS is not asked.

    Digits of Arabic script become Western ones. Raises RuleBroken for the field `email`.
    """
    if len(typed) > MAX_TYPED:
        raise _no_address()
    plain = bidi.western_digits(bidi.strip_overrides(typed)).strip()
    try:
        found = validate_email(plain, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise _no_address() from None
    address = (found.ascii_email or "").lower()
    if not 3 <= len(address) <= MAX_EMAIL:
        raise _no_address()
    return address


def _no_address() -> RuleBroken:
    return RuleBroken(ADDRESS, field="email", example=bidi.isolate_ltr("name@example.org"))


def full_name(typed: str) -> str:
    """The name as it is stored and printed: NFC, one space between words, no invisible signs of direction.

    Raises RuleBroken for the field `full_name`.
    """
    if len(typed) > MAX_TYPED:
        raise RuleBroken(NAME_LONG, field="full_name", length=len(typed), limit=MAX_NAME)
    if len(typed) > MAX_TYPED:
        raise RuleBroken(NAME_LONG, field="full_name", length=len(typed), limit=MAX_NAME)
    visible = bidi.strip_overrides(unicodedata.normalize("NFC", typed)).translate(_INVISIBLE)
    name = " ".join(visible.split())
    if not any(unicodedata.category(c).startswith("L") for c in name):
        raise RuleBroken(NAME_EMPTY, field="full_name")
    if len(name) > MAX_NAME:
        raise RuleBroken(NAME_LONG, field="full_name", length=len(name), limit=MAX_NAME)
    if signs := "".join(dict.fromkeys(c for c in name if c in _NOT_IN_NAMES)):
        raise RuleBroken(NAME_SIGNS, field="full_name", characters=_isolated(signs))
    if missing := undrawable(name):
        raise RuleBroken(NAME_UNDRAWABLE, field="full_name", characters=_isolated(missing))
    return name


def _isolated(characters: str) -> str:
    printable = "".join(c if c.isprintable() else "\ufffd" for c in characters[:20])
    return bidi.isolate_ltr(" ".join(printable))


def check_password_length(password: str) -> None:
    """Raises RuleBroken for what is too long to be hashed; every password form asks this first."""
    if len(password) > MAX_PASSWORD:
        raise RuleBroken(PASSWORD_LONG, field="password", limit=MAX_PASSWORD)


def check_new_password(password: str, *, minimum: int, personal: Iterable[str] = ()) -> None:
    """Raises RuleBroken for the field `password` when it is too short, too long, personal or easy to guess.

    `personal` holds name and e-mail address. There are no rules of composition (OWASP ASVS 5.0, 6.2.5).
    """
    if len(password) < minimum:
        raise RuleBroken(PASSWORD_SHORT, field="password", limit=minimum)
    check_password_length(password)
    known = [word[:MAX_TYPED] for word in personal if word]
    if _bare(password) in {_bare(part) for word in known for part in (word, word.partition("@")[0])}:
        raise RuleBroken(PASSWORD_PERSONAL, field="password")
    parts = {part for word in known for part in (word, _bare(word), *word.replace("@", " ").split())}
    hints = [part[:SCORED] for part in sorted(parts | {"elearn"})]
    judged: dict[str, Any] = zxcvbn(password[:SCORED], user_inputs=hints)
    if judged["score"] < LEAST_SCORE:
        raise RuleBroken(PASSWORD_WEAK, field="password")


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def time_zones() -> frozenset[str]:
    """IANA names of the zones that people live in (zone.tab of the time zone database), and UTC."""
    table = importlib.resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return frozenset({"UTC", *(row[2] for row in rows)})


def zone_of_browser(reported: str, *, otherwise: str) -> str:
    """The zone that a browser says it is in, where there is one of that name; browsers use older names too."""
    is_known = reported in time_zones() or ("/" in reported and reported in available_timezones())
    return reported if is_known else otherwise


def check_scope(role: Role, scope: str) -> None:
    """A site owner has every scope; translators and reviewers a locale; course admins a course. `*` is every scope.

    Whether a course of that id exists is for the caller to know. Raises RuleBroken for the field `scope`.
    """
    fits = {
        Role.OWNER: scope == ANY_SCOPE,
        Role.COURSE_ADMIN: scope == ANY_SCOPE or scope.replace("-", "").isalnum(),
        Role.TRANSLATOR: scope == ANY_SCOPE or matching(scope) is not None,
        Role.REVIEWER: scope == ANY_SCOPE or matching(scope) is not None,
    }
    if not fits[role]:
        raise RuleBroken(SCOPE, field="scope", role=role.value, scope=scope)
