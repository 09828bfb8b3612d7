"""Mailed links: made, used once, voided."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from elearn import clock
from elearn.accounts.models import AccountToken, Person
from elearn.accounts.policy import BETWEEN_LETTERS
from elearn.accounts.queries import token_digest
from elearn.errors import Closed, NotFound
from elearn.i18n.markers import N_

USED = N_("This link has been used already, or a newer one has taken its place.")
EXPIRED = N_("This link is too old.")
UNKNOWN = N_("This link is not known here. Perhaps a part of it is missing.")


def has_fresh_token(session: Session, *, person_id: int, purpose: str) -> bool:
    """Whether a link was made within the last minute: it is on its way, and a form sent twice needs one letter."""
    fresh = select(AccountToken.id).where(
        AccountToken.person_id == person_id,
        AccountToken.purpose == purpose,
        AccountToken.used_at.is_(None),
        AccountToken.created_at > clock.now() - BETWEEN_LETTERS,
    )
    return session.execute(fresh).first() is not None


def issue_token(
    session: Session, *, person_id: int, purpose: str, lifetime: timedelta, carried: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """The id of a new link and its secret. `carried` are columns of the row that a link to confirm holds."""
    now, secret = clock.now(), secrets.token_urlsafe(32)
    token = AccountToken(
        token_hash=token_digest(secret),
        person_id=person_id,
        purpose=purpose,
        created_at=now,
        expires_at=now + lifetime,
        **(carried or {}),
    )
    session.add(token)
    session.flush()
    return token.id, secret


def use_token(session: Session, *, purpose: str, token: str) -> tuple[Person, AccountToken]:
    """Mark the link as used and return its person and what it carries.

    Raises NotFound for an unknown link and for somebody disabled, Closed for a used or expired one.
    """
    this = (AccountToken.token_hash == token_digest(token), AccountToken.purpose == purpose)
    owner = select(Person).join(AccountToken, AccountToken.person_id == Person.id).where(*this)
    person = session.scalars(owner.with_for_update(of=Person)).first()  # the person first, as everywhere: no deadlock
    if person is None or person.disabled_at is not None:
        raise NotFound(UNKNOWN)
    row = session.scalars(select(AccountToken).where(*this)).one()
    if row.used_at is not None:
        raise Closed(USED)
    if row.expires_at <= clock.now():
        raise Closed(EXPIRED)
    row.used_at = clock.now()
    return person, row


def void_tokens(session: Session, *, person_id: int, purpose: str | None = None) -> None:
    """Make the open links of a person useless, of one purpose or of all."""
    statement = update(AccountToken).where(AccountToken.person_id == person_id, AccountToken.used_at.is_(None))
    if purpose is not None:
        statement = statement.where(AccountToken.purpose == purpose)
    session.execute(statement.values(used_at=clock.now()))
