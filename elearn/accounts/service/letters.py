"""The letters of this room, in the language that the person chose."""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from elearn import clock
from elearn.accounts.models import Person
from elearn.accounts.policy import CONFIRM_LIFETIME, RESET_LIFETIME
from elearn.accounts.service.tokens import has_fresh_token, issue_token, void_tokens
from elearn.mail.letters import post


class Addresses(Protocol):
    """Full addresses for letters, in a language; the web gives them."""

    def confirm(self, locale: str, token: str) -> str: ...
    def reset(self, locale: str, token: str) -> str: ...
    def sign_in(self, locale: str) -> str: ...
    def ask_reset(self, locale: str) -> str: ...


class Recipient(Protocol):
    """Whom a letter is for: a person, or somebody who registers."""

    @property
    def email(self) -> str: ...
    @property
    def full_name(self) -> str: ...
    @property
    def locale(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Letter:
    """Kind and occasion: what makes a letter one letter."""

    kind: str
    occasion: str


def post_confirmation(session: Session, *, to: Recipient, token: tuple[int, str], addresses: Addresses) -> None:
    """Send a link that confirms an address; `token` is its number and its secret."""
    number, secret = token
    letter = Letter("confirm", f"token:{number}")
    _post(session, letter, to, link=addresses.confirm(to.locale, secret), days=CONFIRM_LIFETIME.days)


def post_reset(session: Session, *, person: Person, addresses: Addresses) -> None:
    """Send the link that opens the form for a new password, at most one a minute; earlier ones stop working."""
    if has_fresh_token(session, person_id=person.id, purpose="reset"):
        return
    void_tokens(session, person_id=person.id, purpose="reset")
    number, secret = issue_token(session, person_id=person.id, purpose="reset", lifetime=RESET_LIFETIME)
    letter = Letter("reset", f"token:{number}")
    minutes = int(RESET_LIFETIME.total_seconds() // 60)
    _post(session, letter, person, link=addresses.reset(person.locale, secret), minutes=minutes)


def post_known_address(session: Session, *, person: Person, addresses: Addresses) -> None:
    """Tell somebody who registered again that the account is there; at most once a day."""
    letter = Letter("known_address", f"person:{person.id}:{clock.now():%Y-%m-%d}")
    _post(session, letter, person, link=addresses.sign_in(person.locale), reset_link=addresses.ask_reset(person.locale))


def post_password_changed(session: Session, *, person: Person, addresses: Addresses) -> None:
    """Tell somebody that the password was changed, in case it was somebody else."""
    letter = Letter("password_changed", f"person:{person.id}:{clock.now().isoformat()}")
    _post(session, letter, person, link=addresses.ask_reset(person.locale))


def _post(session: Session, letter: Letter, to: Recipient, **values: str | int) -> None:
    post(
        session,
        kind=letter.kind,
        to=to.email,
        locale=to.locale,
        occasion=letter.occasion,
        values={"name": to.full_name, **values},
    )
