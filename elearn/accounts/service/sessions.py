"""Signing in and out: sessions live in the database, the browser holds a random token."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from elearn import clock
from elearn.accounts.models import LoginSession, Person
from elearn.accounts.policy import SEEN_EVERY
from elearn.accounts.queries import Credentials, token_digest, viewer_and_last_seen
from elearn.db import Database
from elearn.errors import NotFound, RuleBroken
from elearn.i18n.markers import N_
from elearn.permissions import Viewer
from elearn.settings import Settings

# One sentence for all: whether an address has an account is nobody's business.
WRONG = N_(
    "The e-mail address or the password is not right, or the address has not been confirmed yet. Please check both, or"
    " look for our letter."
)

log = structlog.get_logger("elearn.accounts")

# Sign in the User-Agent header, and the name that is kept. The first that is found wins: browsers name their kin too.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewSession:
    """The secret for the cookie, and how many seconds the browser keeps it; None: until it is closed."""

    token: str
    max_age: int | None


def device_name(user_agent: str) -> str:
    """Browser and system as "Firefox/Android"; each may be empty. The header itself is never kept."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return f"{browser}/{system}"


def start_session(
    session: Session, *, person_id: int, settings: Settings, remember: bool = False, user_agent: str = ""
) -> NewSession:
    """A new session with a token of its own, for `session_hours` or, remembered, for `remember_days`."""
    now = clock.now()
    lifetime = timedelta(days=settings.remember_days) if remember else timedelta(hours=settings.session_hours)
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token_hash=token_digest(token),
            person_id=person_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + lifetime,
            is_remembered=remember,
            device=device_name(user_agent),
        )
    )
    session.flush()
    return NewSession(token, int(lifetime.total_seconds()) if remember else None)


def hold_credentials(session: Session, *, known: Credentials, new_hash: str | None = None) -> None:
    """Make sure, under a lock, that the password that was compared is still the one; store `new_hash` of it if given.

    Comparing takes long and happens before the transaction. Raises RuleBroken with the sentence for wrong
    credentials when the person was disabled or the password changed meanwhile.
    """
    person = session.scalars(
        select(Person).where(Person.id == known.person_id, Person.disabled_at.is_(None)).with_for_update()
    ).first()
    if person is None or person.password_hash != known.password_hash:
        raise RuleBroken(WRONG)
    if new_hash is not None:
        person.password_hash = new_hash


def end_session_of_token(session: Session, *, token: str) -> None:
    """End the session that a cookie stands for, if there is one."""
    _end(session, LoginSession.token_hash == token_digest(token))


def end_session(session: Session, *, person_id: int, session_id: int) -> None:
    """End one session of a person; one that has ended already stays ended. Raises NotFound for somebody else's."""
    mine = (LoginSession.id == session_id, LoginSession.person_id == person_id)
    if session.execute(select(LoginSession.id).where(*mine)).first() is None:
        raise NotFound
    _end(session, *mine)


def end_other_sessions(session: Session, *, person_id: int, kept_id: int) -> None:
    """End every session of a person but the one in use."""
    _end(session, LoginSession.person_id == person_id, LoginSession.id != kept_id)


def end_all_sessions(session: Session, *, person_id: int) -> None:
    """Sign a person out everywhere."""
    _end(session, LoginSession.person_id == person_id)


def _end(session: Session, *conditions: object) -> None:
    statement = update(LoginSession).where(LoginSession.ended_at.is_(None), *conditions)  # type: ignore[arg-type]
    session.execute(statement.values(ended_at=clock.now()))


def viewer_loader(database: Database) -> Callable[[Session, str], Viewer | None]:
    """Who is signed in with a cookie; notes at most once a minute that the session was seen.

    The note is a transaction of its own, like the meter's, since a GET cannot write; a page never fails for it.
    """

    def load(session: Session, token: str) -> Viewer | None:
        found = viewer_and_last_seen(session, token)
        if found is None:
            return None
        viewer, last_seen = found
        if clock.now() - last_seen >= SEEN_EVERY:
            _note_seen(database, viewer.session_id)
        return viewer

    return load


def _note_seen(database: Database, session_id: int) -> None:
    now = clock.now()
    statement = (
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.last_seen_at <= now - SEEN_EVERY)
        .values(last_seen_at=now)
    )
    try:
        with database.transaction() as session:
            session.execute(statement)
    except SQLAlchemyError:
        log.warning("last seen not noted", session=session_id, exc_info=True)
