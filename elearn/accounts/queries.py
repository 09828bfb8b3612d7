"""Reads about people, through prebuilt statements into frozen dataclasses."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.accounts.models import AccountToken, Grant, LoginSession, Person
from elearn.accounts.policy import IDLE
from elearn.db import fetch
from elearn.permissions import GrantedRole, Role, Viewer

_SESSION = (
    select(
        LoginSession.id.label("session_id"), LoginSession.expires_at, LoginSession.last_seen_at, Person.id,
        Person.full_name, Person.email, Person.locale, Person.time_zone, Grant.role, Grant.scope,
    )
    .join(Person, Person.id == LoginSession.person_id)
    .outerjoin(Grant, Grant.person_id == Person.id)
    .where(
        LoginSession.token_hash == bindparam("token"), LoginSession.ended_at.is_(None), Person.disabled_at.is_(None)
    )
)  # fmt: skip

_CREDENTIALS = select(Person.id, Person.email, Person.full_name, Person.locale, Person.password_hash).where(
    Person.email == bindparam("email"), Person.disabled_at.is_(None), Person.email_confirmed_at.is_not(None)
)

_PEOPLE = (
    select(
        Person.id, Person.email, Person.full_name, Person.locale, Person.time_zone, Person.email_confirmed_at,
        Person.disabled_at, Grant.role, Grant.scope,
    )
    .outerjoin(Grant, Grant.person_id == Person.id)
    .order_by(Person.email, Grant.role, Grant.scope)
)  # fmt: skip

_OPEN_SESSIONS = (
    select(
        LoginSession.id, LoginSession.device, LoginSession.created_at, LoginSession.last_seen_at,
        LoginSession.is_remembered,
    )
    .where(
        LoginSession.person_id == bindparam("person"),
        LoginSession.ended_at.is_(None),
        LoginSession.expires_at > bindparam("now"),
        LoginSession.last_seen_at > bindparam("idle"),
    )
    .order_by(LoginSession.last_seen_at.desc(), LoginSession.id.desc())
)  # fmt: skip

_TOKEN = (
    select(
        AccountToken.used_at, AccountToken.expires_at, Person.email,
        func.coalesce(func.nullif(AccountToken.full_name, ""), Person.full_name).label("full_name"),
    )
    .join(Person, Person.id == AccountToken.person_id)
    .where(AccountToken.token_hash == bindparam("token"), AccountToken.purpose == bindparam("purpose"))
)  # fmt: skip


class TokenState(StrEnum):
    """What a mailed link can still do."""

    VALID = "valid"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MailedLink:
    """A token as found: whose it is, and the name that confirming would give. Both are empty when it is unknown."""

    state: TokenState
    email: str = ""
    full_name: str = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in compares. People who are disabled, or whose address is not confirmed, have none."""

    person_id: int
    email: str
    full_name: str
    locale: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person as operators see one."""

    id: int
    email: str
    full_name: str
    locale: str
    time_zone: str
    is_confirmed: bool
    is_disabled: bool
    grants: tuple[GrantedRole, ...]


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser that is signed in. `browser` and `system` are names such as Firefox and Android, or empty."""

    id: int
    browser: str
    system: str
    created_at: datetime
    last_seen_at: datetime
    is_remembered: bool


def token_digest(token: str) -> str:
    """What the database holds instead of a token. Tokens are random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def viewer_of_session(session: Session, token: str) -> Viewer | None:
    """Who is signed in with this cookie, in one read; None when the session ended, expired or never was."""
    found = viewer_and_last_seen(session, token)
    return found[0] if found else None


def viewer_and_last_seen(session: Session, token: str) -> tuple[Viewer, datetime] | None:
    """The same, with the moment that is stored as last seen."""
    rows = fetch(session, _SESSION, {"token": token_digest(token)}).all()
    now = clock.now()
    if not rows or rows[0].expires_at <= now or rows[0].last_seen_at + IDLE <= now:
        return None
    first = rows[0]
    viewer = Viewer(
        id=first.id,
        session_id=first.session_id,
        name=first.full_name,
        email=first.email,
        locale=first.locale,
        time_zone=first.time_zone,
        grants=_grants(rows),
    )
    return viewer, first.last_seen_at


def _grants(rows: Sequence[Any]) -> tuple[GrantedRole, ...]:
    return tuple(GrantedRole(Role(row.role), row.scope) for row in rows if row.role)


def credentials(session: Session, email: str) -> Credentials | None:
    """What the person with this address, in its stored form, signs in with."""
    row = session.execute(_CREDENTIALS, {"email": email}).first()
    if row is None:
        return None
    return Credentials(
        person_id=row.id,
        email=row.email,
        full_name=row.full_name,
        locale=row.locale,
        password_hash=row.password_hash,
    )


def mailed_link(session: Session, *, purpose: str, token: str) -> MailedLink:
    """The state of a mailed link; `purpose` is "confirm" or "reset"."""
    row = session.execute(_TOKEN, {"token": token_digest(token), "purpose": purpose}).first()
    if row is None:
        return MailedLink(TokenState.UNKNOWN)
    state = TokenState.EXPIRED if row.expires_at <= clock.now() else TokenState.VALID
    return MailedLink(TokenState.USED if row.used_at else state, row.email, row.full_name)


def open_sessions(session: Session, person_id: int) -> list[OpenSession]:
    """The browsers in which this person is signed in, the last used first."""
    now = clock.now()
    rows = session.execute(_OPEN_SESSIONS, {"person": person_id, "now": now, "idle": now - IDLE})
    return [OpenSession(r.id, *_device(r.device), r.created_at, r.last_seen_at, r.is_remembered) for r in rows]


def _device(stored: str) -> tuple[str, str]:
    browser, _, system = stored.partition("/")
    return browser, system


def person_by_email(session: Session, email: str) -> PersonRecord | None:
    """The person with this address in its stored form."""
    rows = session.execute(_PEOPLE.where(Person.email == email)).all()
    return _record(rows) if rows else None


def people(session: Session) -> list[PersonRecord]:
    """Everybody, by address."""
    groups: dict[int, list[Any]] = {}
    for row in session.execute(_PEOPLE):
        groups.setdefault(row.id, []).append(row)
    return [_record(rows) for rows in groups.values()]


def _record(rows: Sequence[Any]) -> PersonRecord:
    first = rows[0]
    return PersonRecord(
        id=first.id,
        email=first.email,
        full_name=first.full_name,
        locale=first.locale,
        time_zone=first.time_zone,
        is_confirmed=first.email_confirmed_at is not None,
        is_disabled=first.disabled_at is not None,
        grants=_grants(rows),
    )
